"""Filters for what the next agent of a handoff is given."""

from __future__ import annotations

from collections.abc import Iterable

from tui.agents.handoffs import HandoffInputData
from tui.agents.items import (
    CompactionItem,
    InputItem,
    MessageOutputItem,
    RunItem,
    TResponseInputItem,
)


def remove_all_tools(handoff_input_data: HandoffInputData) -> HandoffInputData:
    """Leave messages only: no calls, no outputs, no handoffs, and no reasoning."""
    data = handoff_input_data
    history = data.input_history
    return data.clone(
        input_history=history if isinstance(history, str) else _messages(history),
        pre_handoff_items=_without_tools(data.pre_handoff_items),
        new_items=_without_tools(data.new_items),
        input_items=None if data.input_items is None else _without_tools(data.input_items),
    )


def _without_tools(items: Iterable[RunItem]) -> tuple[RunItem, ...]:
    kept = (MessageOutputItem, InputItem, CompactionItem)
    return tuple(item for item in items if isinstance(item, kept))


def _messages(items: Iterable[TResponseInputItem]) -> tuple[TResponseInputItem, ...]:
    return tuple(item for item in items if not _is_tool_item(str(item.get("type"))))


def _is_tool_item(kind: str) -> bool:
    return kind == "reasoning" or kind.startswith("mcp_") or kind.endswith(("_call", "_output"))
