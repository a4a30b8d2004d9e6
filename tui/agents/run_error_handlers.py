"""What the caller may answer in place of a run that fails. Ends no run itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypedDict

from tui.agents.exceptions import MaxTurnsExceeded, ModelBehaviorError, ModelRefusalError
from tui.agents.items import ModelResponse, RunItem, TResponseInputItem
from tui.agents.kinds import UserValue
from tui.agents.maybe_await import MaybeAwaitable
from tui.agents.run_context import RunContextWrapper, TContext

if TYPE_CHECKING:
    from tui.agents.agent import Agent

HandledError = MaxTurnsExceeded | ModelRefusalError | ModelBehaviorError


@dataclass
class RunErrorData:
    """What a run had done when it failed, oldest first.

    `output` is the items, and `history` the input and the items, in wire shape.
    """

    input: str | list[TResponseInputItem]
    new_items: list[RunItem]
    history: list[TResponseInputItem]
    output: list[TResponseInputItem]
    raw_responses: list[ModelResponse]
    last_agent: Agent


@dataclass
class RunErrorHandlerInput(Generic[TContext]):
    """What an error handler is given."""

    error: HandledError
    context: RunContextWrapper[TContext]
    run_data: RunErrorData


@dataclass
class RunErrorHandlerResult:
    """What an error handler answers: the run's output, and whether it is a message among items."""

    final_output: UserValue
    include_in_history: bool = True


RunErrorHandler = Callable[
    [RunErrorHandlerInput[TContext]], MaybeAwaitable[RunErrorHandlerResult | UserValue | None]
]
"""Returns a result, a dict of its fields, the output itself, or None: then the error is raised."""


class RunErrorHandlers(TypedDict, total=False):
    """Error handlers by the kind of error."""

    max_turns: RunErrorHandler
    model_refusal: RunErrorHandler
    invalid_final_output: RunErrorHandler


ErrorKind = Literal["max_turns", "model_refusal", "invalid_final_output"]
