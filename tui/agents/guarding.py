"""Runs the guardrails of a run and of its calls, and ends the run when one of them says so.

Input guardrails check what the starting agent of a fresh run is given, and what is added to a
paused run. Output guardrails check what an agent would end the run with.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import TypeVar

from tui.agents.active_run import Run
from tui.agents.exceptions import (
    InputGuardrailTripwireTriggered,
    OutputGuardrailTripwireTriggered,
    ToolInputGuardrailTripwireTriggered,
    ToolOutputGuardrailTripwireTriggered,
    UserError,
)
from tui.agents.guardrail import (
    GuardrailFunctionOutput,
    InputGuardrail,
    InputGuardrailResult,
    OutputGuardrailResult,
)
from tui.agents.items import (
    ItemHelpers,
    ReasoningItem,
    RunItem,
    ToolCallItem,
    ToolCallOutputItem,
    TResponseInputItem,
)
from tui.agents.kinds import UserValue
from tui.agents.response import FunctionCall
from tui.agents.run_steps import Finish
from tui.agents.tool_context import ToolContext
from tui.agents.tool_guardrails import (
    ToolInputGuardrailData,
    ToolInputGuardrailResult,
    ToolOutputGuardrailData,
    ToolOutputGuardrailResult,
)

WITHHELD_TEXT = "Output withheld by an output guardrail."

TResult = TypeVar("TResult", InputGuardrailResult, OutputGuardrailResult)


async def check_input(run: Run) -> None:
    """Check what a fresh run is given: first by the guardrails that go before the agent.

    The others begin; `run.verdict` is what comes of them.

    Raises:
        InputGuardrailTripwireTriggered: If one of the first stops the run.
    """
    # A streamed run shows its guardrails a list, as the Agents SDK does.
    given = run.input if run.queue is None else ItemHelpers.input_to_new_input_list(run.input)
    guardrails = _input_guardrails(run)
    await _check_input(run, [g for g in guardrails if not g.run_in_parallel], given)
    beside = [g for g in guardrails if g.run_in_parallel]
    if beside:
        run.verdict.await_from(_check_input(run, beside, given))


async def check_added_input(run: Run) -> None:
    """Check what was added while the run was paused.

    Raises:
        InputGuardrailTripwireTriggered: If a guardrail stops the run; what was added still waits.
    """
    await _check_input(run, _input_guardrails(run), list(run.pending_input))


def check_history(run: Run) -> None:
    """Make sure that what an output guardrail rejects can be left out of the conversation.

    Raises:
        UserError: If the service keeps it.
    """
    if run.server is not None and (run.agent.output_guardrails or run.config.output_guardrails):
        raise UserError(
            "Output guardrails cannot be combined with conversation_id, previous_response_id, "
            "or auto_previous_response_id because rejected output cannot be removed from "
            "server-managed conversation history."
        )


async def check_output(run: Run, step: Finish) -> None:
    """Check what the run would end with.

    Raises:
        OutputGuardrailTripwireTriggered: If a guardrail stops the run. An output that tools
            made is then replaced in the run's record.
    """
    guardrails = [*run.agent.output_guardrails, *(run.config.output_guardrails or ())]
    checks = [guardrail.run(run.context, run.agent, step.output) for guardrail in guardrails]
    found: list[OutputGuardrailResult] = []
    try:
        trips = await _any_trips(checks, found)
        if trips and step.is_from_tools:
            _withhold_tool_outputs(run)
            found = [_without_data(result) for result in found]
        elif trips:
            # The session is not to have the answer either.
            run.saved_items = len(run.items)
    finally:
        run.guardrail_results.output.extend(found)
    if trips:
        raise OutputGuardrailTripwireTriggered(found[-1])


async def rejection_of(run: Run, call: FunctionCall, context: ToolContext) -> str | None:
    """Check a call before its tool runs; return what the model is told if it may not.

    Raises:
        ToolInputGuardrailTripwireTriggered: If a guardrail ends the run.
    """
    for guardrail in call.tool.tool_input_guardrails or ():
        found = await guardrail.run(ToolInputGuardrailData(context, run.agent))
        call.guardrail_results += (ToolInputGuardrailResult(guardrail, found),)
        if found.behavior["type"] == "raise_exception":
            raise ToolInputGuardrailTripwireTriggered(guardrail, found)
        if found.behavior["type"] == "reject_content":
            return found.behavior["message"]
    return None


async def checked_output(
    run: Run, call: FunctionCall, context: ToolContext, output: UserValue
) -> UserValue:
    """Check what a tool returned; return it, or what the model is told in its place.

    Raises:
        ToolOutputGuardrailTripwireTriggered: If a guardrail ends the run.
    """
    for guardrail in call.tool.tool_output_guardrails or ():
        found = await guardrail.run(ToolOutputGuardrailData(context, run.agent, output))
        call.guardrail_results += (ToolOutputGuardrailResult(guardrail, found),)
        if found.behavior["type"] == "raise_exception":
            raise ToolOutputGuardrailTripwireTriggered(guardrail, found)
        if found.behavior["type"] == "reject_content":
            return found.behavior["message"]
    return output


def _input_guardrails(run: Run) -> list[InputGuardrail]:
    return [*run.agent.input_guardrails, *(run.config.input_guardrails or ())]


async def _check_input(
    run: Run, guardrails: Sequence[InputGuardrail], given: str | list[TResponseInputItem]
) -> None:
    checks = [guardrail.run(run.agent, given, run.context) for guardrail in guardrails]
    if await _any_trips(checks, run.guardrail_results.input):
        raise InputGuardrailTripwireTriggered(run.guardrail_results.input[-1])


async def _any_trips(
    checks: Sequence[Coroutine[UserValue, UserValue, TResult]], found: list[TResult]
) -> bool:
    """Run checks side by side up to the first that trips, which is then the last of `found`."""
    tasks = [asyncio.ensure_future(check) for check in checks]
    try:
        for task in asyncio.as_completed(tasks):
            result = await task
            found.append(result)
            if result.output.tripwire_triggered:
                return True
    finally:
        for left in tasks:
            left.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return False


def _without_data(result: OutputGuardrailResult) -> OutputGuardrailResult:
    output = GuardrailFunctionOutput(None, result.output.tripwire_triggered)
    return replace(result, agent_output=WITHHELD_TEXT, output=output)


def _withhold_tool_outputs(run: Run) -> None:
    """Of the last response keep its answered calls only, with another output."""
    response = run.responses[-1]
    raws = {id(raw) for raw in response.output}
    start = next(at for at, item in enumerate(run.items) if id(item.raw_item) in raws)
    turn_items = run.items[start:]
    answered = {item.call_id for item in turn_items if isinstance(item, ToolCallOutputItem)}
    if any(isinstance(item, ReasoningItem) for item in turn_items):
        # A call may not stand without the reasoning that led to it, which may hold the output.
        answered.clear()
    kept = [_withheld(item) for item in turn_items if _call_of(item) in answered]
    gone = {id(item) for item in turn_items}
    run.items[start:] = kept
    run.rewrite(run.input, [*(item for item in run.model_items if id(item) not in gone), *kept])
    calls = [item.raw_item for item in kept if isinstance(item, ToolCallItem)]
    run.responses[-1] = replace(response, output=calls)


def _call_of(item: RunItem) -> str | None:
    return item.call_id if isinstance(item, (ToolCallItem, ToolCallOutputItem)) else None


def _withheld(item: RunItem) -> RunItem:
    if not isinstance(item, ToolCallOutputItem):
        return replace(item, raw_item=item.to_input_item())
    raw = {**item.raw_item, "output": WITHHELD_TEXT}
    return replace(item, raw_item=raw, output=WITHHELD_TEXT, failure=None)
