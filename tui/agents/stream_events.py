"""The events of a streamed run. Three kinds as in the Agents SDK, and one of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tui.agents.items import RunItem, TResponseStreamEvent

if TYPE_CHECKING:
    from tui.agents.agent import Agent

ItemEventName = Literal[
    "message_output_created",
    "handoff_requested",
    # Misspelled in the Agents SDK, and so part of its vocabulary.
    "handoff_occured",
    "tool_called",
    "tool_output",
    "reasoning_item_created",
    "mcp_approval_requested",
    "mcp_list_tools",
]

# A pause shows in `result.interruptions`; neither what was added during one nor the service's own
# compaction is an event.
_NAMES: dict[str, ItemEventName] = {
    "message_output_item": "message_output_created",
    "reasoning_item": "reasoning_item_created",
    "handoff_call_item": "handoff_requested",
    "handoff_output_item": "handoff_occured",
    "tool_call_item": "tool_called",
    "tool_call_output_item": "tool_output",
    "mcp_list_tools_item": "mcp_list_tools",
    "mcp_approval_request_item": "mcp_approval_requested",
}


@dataclass(eq=False, slots=True)
class RawResponsesStreamEvent:
    """An event of the model's own stream, passed through; `data` is an openai event."""

    data: TResponseStreamEvent
    type: Literal["raw_response_event"] = "raw_response_event"


@dataclass(eq=False, slots=True)
class RunItemStreamEvent:
    """An item of the run is complete."""

    name: ItemEventName
    item: RunItem
    type: Literal["run_item_stream_event"] = "run_item_stream_event"


@dataclass(eq=False, slots=True)
class AgentUpdatedStreamEvent:
    """`new_agent` is in control from here on."""

    new_agent: Agent
    type: Literal["agent_updated_stream_event"] = "agent_updated_stream_event"


@dataclass(eq=False, slots=True)
class NestedStreamEvent:
    """An event of an agent that runs as a tool; only with `stream_events(nested=True)`."""

    event: RawResponsesStreamEvent | RunItemStreamEvent | AgentUpdatedStreamEvent
    tool_call_id: str  # The call that the nested run answers.
    depth: int  # 1 for a tool of the outer run, 2 for a tool of that tool's agent, and so on.
    path: tuple[str, ...]  # The calls it runs inside, outermost first; the last is `tool_call_id`.
    type: Literal["nested_stream_event"] = "nested_stream_event"


StreamEvent = RawResponsesStreamEvent | RunItemStreamEvent | AgentUpdatedStreamEvent
"""What `stream_events()` yields."""

AnyStreamEvent = StreamEvent | NestedStreamEvent
"""What `stream_events(nested=True)` yields."""


def events_of(items: Iterable[RunItem]) -> Iterator[RunItemStreamEvent]:
    """Yield the events of `items`, in their order; not every kind of item has one."""
    for item in items:
        name = _NAMES.get(item.type)
        if name is not None:
            yield RunItemStreamEvent(name, item)


def nested_event(event: AnyStreamEvent, call_id: str) -> NestedStreamEvent:
    """Return an event of the run that answers `call_id`, as the run around it tells it."""
    if isinstance(event, NestedStreamEvent):
        path = (call_id, *event.path)
        return NestedStreamEvent(event.event, event.tool_call_id, event.depth + 1, path)
    return NestedStreamEvent(event, call_id, 1, (call_id,))
