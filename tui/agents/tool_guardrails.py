"""Guardrails of tools: checks of one call's arguments and output. Says what they are, runs none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

from tui.agents.guardrail import GuardrailBase, GuardrailDecorator
from tui.agents.kinds import UserValue
from tui.agents.run_context import TContext
from tui.agents.tool_context import ToolContext

if TYPE_CHECKING:
    from tui.agents.agent import Agent


class ToolGuardrailBehavior(TypedDict):
    """What becomes of a call; if it is rejected, the model reads `message` as its output."""

    type: Literal["allow", "reject_content", "raise_exception"]
    message: NotRequired[str]


@dataclass
class ToolGuardrailFunctionOutput:
    """What a tool's guardrail found, and what follows: by default the call goes on."""

    output_info: UserValue
    behavior: ToolGuardrailBehavior = field(
        default_factory=lambda: ToolGuardrailBehavior(type="allow")
    )

    @classmethod
    def allow(cls, output_info: UserValue = None) -> ToolGuardrailFunctionOutput:
        """Let the call go on."""
        return cls(output_info)

    @classmethod
    def reject_content(
        cls, message: str, output_info: UserValue = None
    ) -> ToolGuardrailFunctionOutput:
        """Tell the model `message` in place of the output."""
        return cls(output_info, {"type": "reject_content", "message": message})

    @classmethod
    def raise_exception(cls, output_info: UserValue = None) -> ToolGuardrailFunctionOutput:
        """End the run."""
        return cls(output_info, {"type": "raise_exception"})


@dataclass
class ToolInputGuardrailData:
    """What a tool input guardrail is given: the call's context, and who calls."""

    context: ToolContext
    agent: Agent


@dataclass
class ToolOutputGuardrailData(ToolInputGuardrailData):
    """What a tool output guardrail is given: the call, and what came of it."""

    output: UserValue


@dataclass
class _ToolGuardrail(GuardrailBase[TContext]):
    async def run(self, data: ToolInputGuardrailData) -> ToolGuardrailFunctionOutput:
        """Check a call, or what came of it."""
        found: ToolGuardrailFunctionOutput = await self._found(data)
        return found


class ToolInputGuardrail(_ToolGuardrail[TContext]):
    """Checks a call before its tool runs, by a function of its `ToolInputGuardrailData`."""


class ToolOutputGuardrail(_ToolGuardrail[TContext]):
    """Checks what a tool has returned, by a function of its `ToolOutputGuardrailData`."""


@dataclass
class ToolInputGuardrailResult:
    """What a tool input guardrail found."""

    guardrail: ToolInputGuardrail
    output: ToolGuardrailFunctionOutput


@dataclass
class ToolOutputGuardrailResult:
    """What a tool output guardrail found."""

    guardrail: ToolOutputGuardrail
    output: ToolGuardrailFunctionOutput


tool_input_guardrail = GuardrailDecorator[ToolInputGuardrail](ToolInputGuardrail)
tool_output_guardrail = GuardrailDecorator[ToolOutputGuardrail](ToolOutputGuardrail)
