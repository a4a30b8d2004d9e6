"""Decides whether a turn ends the run, and with which output."""

from __future__ import annotations

from collections.abc import Sequence

from tui.agents.active_run import Run
from tui.agents.exceptions import ModelBehaviorError, ModelRefusalError, UserError
from tui.agents.item_helpers import ItemHelpers
from tui.agents.items import MessageOutputItem, ModelResponse
from tui.agents.kinds import UserValue
from tui.agents.maybe_await import maybe_await
from tui.agents.model_call import output_schema_of
from tui.agents.response import TurnPlan
from tui.agents.run_error_handlers import answer_to
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
    refusal = ItemHelpers.extract_refusal(last)
    items = [*run.model_items, *plan.items]
    if refusal:
        refused = ModelRefusalError(refusal)
        step = await answer_to(run, "model_refusal", refused, items, [response])
        if step is None:
            raise refused
        return step
    text = ItemHelpers.extract_text(last) or ""
    schema = output_schema_of(run)
    if schema is None or schema.is_plain_text():
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
    decided = await _decide(run, list(results)) if results else None
    if decided is None or not decided.is_final_output:
        return None
    schema = output_schema_of(run)
    output: UserValue = decided.final_output
    wants_text = schema is None or schema.is_plain_text()
    return Finish(str(output) if wants_text else output, is_from_tools=True)


async def _decide(run: Run, results: list[FunctionToolResult]) -> ToolsToFinalOutputResult | None:
    behavior = run.agent.tool_use_behavior
    if behavior == "run_llm_again":
        return None
    if behavior == "stop_on_first_tool":
        return ToolsToFinalOutputResult(True, results[0].output)
    if isinstance(behavior, dict):
        names = behavior.get("stop_at_tool_names", [])
        stops = (r for r in results if r.tool.name in names)
        return next((ToolsToFinalOutputResult(True, r.output) for r in stops), None)
    if not callable(behavior):
        raise UserError(f"Invalid tool_use_behavior: {behavior}")
    decided: object = await maybe_await(behavior(run.context, results))
    if not isinstance(decided, ToolsToFinalOutputResult):
        raise UserError("Agent tool_use_behavior callable must return ToolsToFinalOutputResult.")
    return decided
