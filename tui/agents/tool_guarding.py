"""Runs the guardrails of one tool call, and says what becomes of the call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.agents.exceptions import (
    ToolInputGuardrailTripwireTriggered,
    ToolOutputGuardrailTripwireTriggered,
)
from tui.agents.kinds import UserValue
from tui.agents.response import FunctionCall
from tui.agents.tool_context import ToolContext
from tui.agents.tool_guardrails import (
    ToolInputGuardrailData,
    ToolInputGuardrailResult,
    ToolOutputGuardrailData,
    ToolOutputGuardrailResult,
)

if TYPE_CHECKING:
    from tui.agents.agent import Agent


async def rejection_of(call: FunctionCall, agent: Agent, context: ToolContext) -> str | None:
    """Check a call before its tool runs; return what the model is told if it may not.

    Raises:
        ToolInputGuardrailTripwireTriggered: If a guardrail ends the run.
    """
    for guardrail in call.tool.tool_input_guardrails or ():
        output = await guardrail.run(ToolInputGuardrailData(context, agent))
        call.guardrail_results.append(ToolInputGuardrailResult(guardrail, output))
        if output.behavior["type"] == "raise_exception":
            raise ToolInputGuardrailTripwireTriggered(guardrail, output)
        if output.behavior["type"] == "reject_content":
            return output.behavior["message"]
    return None


async def checked_output(
    call: FunctionCall, agent: Agent, context: ToolContext, output: UserValue
) -> UserValue:
    """Check what a tool returned; return it, or what the model is told in its place.

    Raises:
        ToolOutputGuardrailTripwireTriggered: If a guardrail ends the run.
    """
    for guardrail in call.tool.tool_output_guardrails or ():
        judged = await guardrail.run(ToolOutputGuardrailData(context, agent, output))
        call.guardrail_results.append(ToolOutputGuardrailResult(guardrail, judged))
        if judged.behavior["type"] == "raise_exception":
            raise ToolOutputGuardrailTripwireTriggered(guardrail, judged)
        if judged.behavior["type"] == "reject_content":
            return judged.behavior["message"]
    return output
