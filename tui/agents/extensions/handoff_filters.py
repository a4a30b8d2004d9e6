"""Filters for what the next agent of a handoff is given."""

from __future__ import annotations

from collections.abc import Iterable

from tui.agents.handoffs import HandoffInputData
from tui.agents.items import (
    HandoffCallItem,
    HandoffOutputItem,
    MCPApprovalRequestItem,
    MCPListToolsItem,
    ReasoningItem,
    RunItem,
    ToolApprovalItem,
    ToolCallItem,
    ToolCallOutputItem,
    TResponseInputItem,
)

_TOOL_ITEMS = (
    HandoffCallItem,
    HandoffOutputItem,
    MCPApprovalRequestItem,
    MCPListToolsItem,
    ReasoningItem,
    ToolApprovalItem,
    ToolCallItem,
    ToolCallOutputItem,
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
    return tuple(item for item in items if not isinstance(item, _TOOL_ITEMS))


def _messages(items: Iterable[TResponseInputItem]) -> tuple[TResponseInputItem, ...]:
    return tuple(item for item in items if not _is_tool_item(item.get("type")))


def _is_tool_item(kind: object) -> bool:
    name = str(kind)
    suffixes = ("_call", "_call_output", "_output")
    return name == "reasoning" or name.startswith("mcp_") or name.endswith(suffixes)
