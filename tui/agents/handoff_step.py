"""Carries out a handoff at the end of a turn."""

from __future__ import annotations

from collections.abc import Sequence

from tui.agents.active_run import Run
from tui.agents.exceptions import UserError
from tui.agents.handoffs import HandoffInputData, HandoffInputFilter
from tui.agents.items import HandoffOutputItem, ItemHelpers, RunItem, ToolCallOutputItem
from tui.agents.maybe_await import maybe_await
from tui.agents.response import HandoffCall
from tui.agents.run_steps import HandOver

IGNORED_TEXT = "Multiple handoffs detected, ignoring this one."


async def hand_over(
    run: Run, calls: Sequence[HandoffCall], answers: Sequence[RunItem]
) -> tuple[HandOver, list[RunItem]]:
    """Take the first handoff, answer the others, and bring the run up to date with the turn.

    `answers` are the turn's items that were not told to the reader yet. Returns the step, and the
    items that are to be told.
    """
    (first, *others), earlier = calls, run.told
    target = await first.handoff.on_invoke_handoff(run.context, first.raw.arguments)
    output = HandoffOutputItem(
        run.agent,
        ItemHelpers.tool_call_output_item(first.raw, first.handoff.get_transfer_message(target)),
        source_agent=run.agent,
        target_agent=target,
    )
    await run.hooks.on_handoff(context=run.context, from_agent=run.agent, to_agent=target)
    if run.agent.hooks is not None:
        await run.agent.hooks.on_handoff(run.context, agent=target, source=run.agent)
    items = [*answers, *(_ignored(run, call) for call in others), output]
    input_filter = first.handoff.input_filter or run.config.handoff_input_filter
    if input_filter is None:
        run.record([*earlier, *items])
    else:
        kept = await _filter(run, input_filter, [*earlier, *items])
        told = {id(item) for item in earlier}
        items = [item for item in kept if id(item) not in told]
    run.pass_to(target)
    return HandOver(target), items


def _ignored(run: Run, call: HandoffCall) -> ToolCallOutputItem:
    raw = ItemHelpers.tool_call_output_item(call.raw, IGNORED_TEXT)
    return ToolCallOutputItem(run.agent, raw, IGNORED_TEXT)


async def _filter(
    run: Run, input_filter: HandoffInputFilter, turn_items: Sequence[RunItem]
) -> Sequence[RunItem]:
    """Let the filter change what the next agent sees; return the turn's items it kept."""
    if run.server is not None:
        raise UserError(
            "Server-managed conversations do not support handoff input filters. "
            "Remove Handoff.input_filter or RunConfig.handoff_input_filter, "
            "or disable conversation_id, previous_response_id, and auto_previous_response_id."
        )
    if not callable(input_filter):
        raise UserError(f"Invalid input filter: {input_filter}")
    history = run.input
    data = HandoffInputData(
        input_history=history if isinstance(history, str) else tuple(history),
        pre_handoff_items=tuple(run.model_items),
        new_items=tuple(turn_items),
        run_context=run.context,
    )
    filtered: object = await maybe_await(input_filter(data))
    if not isinstance(filtered, HandoffInputData):
        raise UserError(f"Invalid input filter result: {filtered}")
    run.accept_answer()
    run.items.extend(filtered.new_items)
    seen = filtered.new_items if filtered.input_items is None else filtered.input_items
    base = filtered.input_history
    run.rewrite(base if isinstance(base, str) else list(base), [*filtered.pre_handoff_items, *seen])
    return filtered.new_items
