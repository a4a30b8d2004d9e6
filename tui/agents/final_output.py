"""Decides whether a turn ends the run, and with which output. Asks the caller's error handlers."""

from __future__ import annotations

from collections.abc import Sequence

from tui.agents.active_run import Run
from tui.agents.agent_output import AgentOutputSchemaBase
from tui.agents.exceptions import ModelBehaviorError, ModelRefusalError, UserError
from tui.agents.items import ItemHelpers, MessageOutputItem, ModelResponse, RunItem
from tui.agents.kinds import UserValue
from tui.agents.maybe_await import maybe_await
from tui.agents.model_call import output_schema_of
from tui.agents.models.fake_id import FAKE_RESPONSES_ID
from tui.agents.response import TurnPlan
from tui.agents.run_error_handlers import (
    ErrorKind,
    HandledError,
    RunErrorData,
    RunErrorHandlerInput,
    RunErrorHandlerResult,
)
from tui.agents.run_steps import Finish, RunAgain
from tui.agents.tool import FunctionToolResult, ToolsToFinalOutputResult

_NO_OUTPUT = "Model returned no final output for the structured output type."


async def finish_by_message(run: Run, response: ModelResponse, plan: TurnPlan) -> Finish | RunAgain:
    """End the run with the last message of a response that asks for nothing.

    Raises:
        ModelRefusalError: If the model refused, and no error handler answers.
        ModelBehaviorError: If the message does not fit the output type, and none does.
    """
    messages = [item for item in plan.items if isinstance(item, MessageOutputItem)]
    if not messages and plan.uses_tools:
        return RunAgain()
    last = messages[-1].raw_item if messages else None
    items = [*run.model_items, *plan.items]
    refusal = ItemHelpers.extract_refusal(last)
    if refusal:
        refused = ModelRefusalError(refusal)
        step = await answer_to(run, "model_refusal", refused, items, [response])
        if step is None:
            raise refused
        return step
    text = ItemHelpers.extract_text(last) or ""
    schema = _structure(run)
    if schema is None:
        return Finish(text)
    try:
        if text:
            return Finish(schema.validate_json(text))
        unfit = ModelBehaviorError(_NO_OUTPUT)
    except ModelBehaviorError as error:
        unfit = error
    step = await answer_to(run, "invalid_final_output", unfit, items, [response])
    if step is None and text:
        raise unfit
    return step or RunAgain()


async def finish_by_tools(run: Run, results: Sequence[FunctionToolResult]) -> Finish | None:
    """End the run with a tool's output, if the agent wants it so."""
    behavior = run.agent.tool_use_behavior
    if not results or behavior == "run_llm_again":
        return None
    if behavior == "stop_on_first_tool":
        return _finish(run, results[0].output)
    if isinstance(behavior, dict):
        names = behavior.get("stop_at_tool_names", [])
        return next((_finish(run, r.output) for r in results if r.tool.name in names), None)
    if not callable(behavior):
        raise UserError(f"Invalid tool_use_behavior: {behavior}")
    decided: object = await maybe_await(behavior(run.context, list(results)))
    if not isinstance(decided, ToolsToFinalOutputResult):
        raise UserError("Agent tool_use_behavior callable must return ToolsToFinalOutputResult.")
    return _finish(run, decided.final_output) if decided.is_final_output else None


def _finish(run: Run, output: UserValue) -> Finish:
    return Finish(str(output) if _structure(run) is None else output, is_from_tools=True)


def _structure(run: Run) -> AgentOutputSchemaBase | None:
    """Return the schema of the output, or None if it is a text."""
    schema = output_schema_of(run)
    return None if schema is None or schema.is_plain_text() else schema


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
    output, text = _fitted(_structure(run), result.final_output)
    message = _message(run, text) if result.include_in_history else None
    return Finish(output, message=message)


def _result_of(answer: UserValue) -> RunErrorHandlerResult:
    if isinstance(answer, RunErrorHandlerResult):
        return answer
    if not isinstance(answer, dict) or "final_output" not in answer:
        return RunErrorHandlerResult(answer)
    try:
        return RunErrorHandlerResult(**answer)
    except TypeError as error:
        raise UserError("Invalid run error handler result.") from error


def _fitted(schema: AgentOutputSchemaBase | None, output: UserValue) -> tuple[UserValue, str]:
    """Return an output as the agent's output type has it, and as a text."""
    if schema is None:
        return output, str(output)
    try:
        text = schema.dump_json(output)
        return schema.validate_json(text), text
    except (TypeError, ValueError, ModelBehaviorError) as error:
        raise UserError("Invalid run error handler final_output for structured output.") from error


def _message(run: Run, text: str) -> MessageOutputItem:
    from tui.responses.events import decode_item

    content = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    raw = {"id": FAKE_RESPONSES_ID, "type": "message", "role": "assistant", "status": "completed"}
    return MessageOutputItem(run.agent, decode_item({**raw, "content": [content]}))
