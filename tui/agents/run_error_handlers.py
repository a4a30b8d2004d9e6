"""What the caller may answer in place of a run that fails. Ends no run itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Literal, TypedDict

from tui.agents.agent_output import AgentOutputSchemaBase
from tui.agents.exceptions import (
    MaxTurnsExceeded,
    ModelBehaviorError,
    ModelRefusalError,
    UserError,
)
from tui.agents.item_helpers import ItemHelpers
from tui.agents.items import MessageOutputItem, ModelResponse, RunItem, TResponseInputItem
from tui.agents.kinds import UserValue
from tui.agents.maybe_await import MaybeAwaitable, maybe_await
from tui.agents.model_call import output_schema_of
from tui.agents.models.fake_id import FAKE_RESPONSES_ID
from tui.agents.run_context import RunContextWrapper, TContext
from tui.agents.run_steps import Finish

if TYPE_CHECKING:
    from tui.agents.active_run import Run
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


async def answer_to(
    run: Run,
    kind: ErrorKind,
    error: HandledError,
    items: Sequence[RunItem],
    responses: Sequence[ModelResponse],
) -> Finish | None:
    """Let the caller's handler, shown these items, end the run with an output; None if it does not.

    Raises:
        UserError: If what the handler returned is no result, or does not fit the output type.
    """
    handler = (run.error_handlers or {}).get(kind)
    if handler is None:
        return None
    output_items = [item.to_input_item() for item in items if item.type != "tool_approval_item"]
    data = RunErrorData(
        input=run.input,
        new_items=list(items),
        history=[*ItemHelpers.input_to_new_input_list(run.input), *output_items],
        output=output_items,
        raw_responses=list(responses),
        last_agent=run.agent,
    )
    answer = await maybe_await(handler(RunErrorHandlerInput(error, run.context, data)))
    if answer is None:
        return None
    result = _result_of(answer)
    output, text = _fitted(output_schema_of(run), result.final_output)
    message = _message(run.agent, text) if result.include_in_history else None
    return Finish(output, message=message)


def _result_of(answer: UserValue) -> RunErrorHandlerResult:
    if isinstance(answer, RunErrorHandlerResult):
        return answer
    if not isinstance(answer, dict) or "final_output" not in answer:
        return RunErrorHandlerResult(answer)
    if answer.keys() - {"final_output", "include_in_history"}:
        raise UserError("Invalid run error handler result.")
    return RunErrorHandlerResult(**answer)


def _fitted(schema: AgentOutputSchemaBase | None, output: UserValue) -> tuple[UserValue, str]:
    """Return an output as the agent's output type has it, and as a text."""
    if schema is None or schema.is_plain_text():
        return output, str(output)
    try:
        text = schema.dump_json(output)
        return schema.validate_json(text), text
    except (TypeError, ValueError, ModelBehaviorError) as error:
        raise UserError("Invalid run error handler final_output for structured output.") from error


def _message(agent: Agent, text: str) -> MessageOutputItem:
    from tui.agents.models.response_events import decode_item

    content = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    raw = {"id": FAKE_RESPONSES_ID, "type": "message", "role": "assistant", "status": "completed"}
    return MessageOutputItem(agent, decode_item({**raw, "content": [content]}))
