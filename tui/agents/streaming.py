"""Turns the items of a run into stream events. Requests for approval are left out.

An approval placeholder is no event: a pause shows in `result.interruptions`. Neither are
messages added during a pause, nor the service's own compaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tui.agents.items import (
    CompactionItem,
    HandoffCallItem,
    HandoffOutputItem,
    InputItem,
    MCPApprovalRequestItem,
    MCPListToolsItem,
    MessageOutputItem,
    ReasoningItem,
    RunItem,
    ToolApprovalItem,
    ToolCallItem,
    ToolCallOutputItem,
)
from tui.agents.stream_events import ItemEventName, RunItemStreamEvent

_NAMES: dict[type[RunItem], ItemEventName] = {
    MessageOutputItem: "message_output_created",
    ReasoningItem: "reasoning_item_created",
    HandoffCallItem: "handoff_requested",
    HandoffOutputItem: "handoff_occured",
    ToolCallItem: "tool_called",
    ToolCallOutputItem: "tool_output",
    MCPListToolsItem: "mcp_list_tools",
    MCPApprovalRequestItem: "mcp_approval_requested",
}

UNSTREAMED: frozenset[type[RunItem]] = frozenset({ToolApprovalItem, InputItem, CompactionItem})
"""Items that never become events."""


def events_of(items: Iterable[RunItem]) -> Iterator[RunItemStreamEvent]:
    """Yield the events of `items`, in their order."""
    for item in items:
        if type(item) not in UNSTREAMED:
            yield RunItemStreamEvent(name=_NAMES[type(item)], item=item)
