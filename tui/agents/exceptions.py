"""What can go wrong in a run, with the Agents SDK's names. Raises nothing itself.

AgentsException                  everything this package raises on purpose; has `run_data`
├── MaxTurnsExceeded             the run needed more model calls than allowed
├── ModelBehaviorError           the model's answer makes no sense (unknown tool, bad JSON, no end)
├── ModelRefusalError            the model refused to answer
├── ModelTimeoutError            a model call took longer than `ModelSettings.timeout`
├── GuardrailTripwireTriggered   a guardrail ends the run
│   ├── InputGuardrailTripwireTriggered        has `guardrail_result`
│   ├── OutputGuardrailTripwireTriggered       has `guardrail_result`
│   ├── ToolInputGuardrailTripwireTriggered    has `guardrail` and `output`
│   └── ToolOutputGuardrailTripwireTriggered   has `guardrail` and `output`
├── ToolTimeoutError             a tool with `timeout_behavior="raise_exception"` took too long
└── UserError                    this package was used wrongly; the message says what to do

Failures of the HTTP service are not wrapped: they stay the `openai` package's exceptions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.guardrail import InputGuardrailResult, OutputGuardrailResult
    from tui.agents.items import ModelResponse, RunItem, TResponseInputItem
    from tui.agents.run_context import RunContextWrapper
    from tui.agents.tool_guardrails import (
        ToolGuardrailFunctionOutput,
        ToolInputGuardrail,
        ToolInputGuardrailResult,
        ToolOutputGuardrail,
        ToolOutputGuardrailResult,
    )


@dataclass(frozen=True)
class RunErrorDetails:
    """What a run had done when it failed, oldest first; items are those of finished turns.

    The results of the run's guardrails include the one that ended it; those of tools are of
    settled turns.
    """

    input: str | Sequence[TResponseInputItem]
    new_items: list[RunItem]
    raw_responses: list[ModelResponse]
    last_agent: Agent
    context_wrapper: RunContextWrapper
    input_guardrail_results: list[InputGuardrailResult] = field(default_factory=list)
    output_guardrail_results: list[OutputGuardrailResult] = field(default_factory=list)
    tool_input_guardrail_results: list[ToolInputGuardrailResult] = field(default_factory=list)
    tool_output_guardrail_results: list[ToolOutputGuardrailResult] = field(default_factory=list)


class AgentsException(Exception):  # noqa: N818 - the Agents SDK's name
    """Base of this package's exceptions. `run_data` is set when one ends a run."""

    run_data: RunErrorDetails | None = None

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        self.message = str(self)


class MaxTurnsExceeded(AgentsException):
    """The run needed more model calls than `max_turns` allows."""


class ModelBehaviorError(AgentsException):
    """The model did something that cannot be carried out."""


class ModelRefusalError(AgentsException):
    """The model refused to produce the requested output."""

    def __init__(self, refusal: str) -> None:
        super().__init__(f"Model refused to produce output: {refusal}")
        self.refusal = refusal


class GuardrailTripwireTriggered(AgentsException):
    """A guardrail ends the run."""


class InputGuardrailTripwireTriggered(GuardrailTripwireTriggered):
    """An input guardrail ends the run."""

    def __init__(self, guardrail_result: InputGuardrailResult) -> None:
        kind = type(guardrail_result.guardrail).__name__
        super().__init__(f"Guardrail {kind} triggered tripwire")
        self.guardrail_result = guardrail_result


class OutputGuardrailTripwireTriggered(GuardrailTripwireTriggered):
    """An output guardrail ends the run."""

    def __init__(self, guardrail_result: OutputGuardrailResult) -> None:
        kind = type(guardrail_result.guardrail).__name__
        super().__init__(f"Guardrail {kind} triggered tripwire")
        self.guardrail_result = guardrail_result


class ToolInputGuardrailTripwireTriggered(GuardrailTripwireTriggered):
    """A tool's input guardrail ends the run; the tool has not run."""

    def __init__(self, guardrail: ToolInputGuardrail, output: ToolGuardrailFunctionOutput) -> None:
        super().__init__(f"Tool input guardrail {type(guardrail).__name__} triggered tripwire")
        self.guardrail = guardrail
        self.output = output


class ToolOutputGuardrailTripwireTriggered(GuardrailTripwireTriggered):
    """A tool's output guardrail ends the run; the tool has run."""

    def __init__(self, guardrail: ToolOutputGuardrail, output: ToolGuardrailFunctionOutput) -> None:
        super().__init__(f"Tool output guardrail {type(guardrail).__name__} triggered tripwire")
        self.guardrail = guardrail
        self.output = output


class ModelTimeoutError(AgentsException):
    """A model call took longer than its settings allow, in seconds."""

    def __init__(self, timeout_seconds: float) -> None:
        super().__init__(f"Model call timed out after {timeout_seconds:g} seconds.")
        self.timeout_seconds = timeout_seconds


class ToolTimeoutError(AgentsException):
    """A tool ran longer than its timeout, in seconds."""

    def __init__(self, tool_name: str, timeout_seconds: float) -> None:
        super().__init__(f"Tool '{tool_name}' timed out after {timeout_seconds:g} seconds.")
        self.tool_name = tool_name
        self.timeout_seconds = timeout_seconds


class UserError(AgentsException):
    """The caller used this package in a way that cannot work."""
