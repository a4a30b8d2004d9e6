"""What an agent does once its tools have run. Names the choices; `final_output` makes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypedDict

from tui.agents.kinds import UserValue
from tui.agents.maybe_await import MaybeAwaitable
from tui.agents.run_context import RunContextWrapper
from tui.agents.tool import FunctionToolResult


@dataclass(frozen=True)
class ToolsToFinalOutputResult:
    """Whether tool results end the run, and with which output."""

    is_final_output: bool
    final_output: UserValue = None


class StopAtTools(TypedDict):
    """The first of these tools that is called ends the run with its output."""

    stop_at_tool_names: list[str]


ToolUseFunction = Callable[
    [RunContextWrapper, list[FunctionToolResult]], MaybeAwaitable[ToolsToFinalOutputResult]
]
ToolUseBehavior = Literal["run_llm_again", "stop_on_first_tool"] | StopAtTools | ToolUseFunction
"""Whether the model is asked again after its tools have run."""
