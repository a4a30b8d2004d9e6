"""The events of a streamed run. Three kinds as in the Agents SDK, and one of ours."""

from __future__ import annotations

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
    """An event of an agent that runs as a tool; only with `stream_events(nested=True)`.

    Attributes:
        event: The nested run's own event.
        tool_call_id: The call that the nested run answers.
        depth: 1 for a tool of the outer run, 2 for a tool of that tool's agent, and so on.
        path: The ids of all calls it runs inside, outermost first; the last is `tool_call_id`.
    """

    event: RawResponsesStreamEvent | RunItemStreamEvent | AgentUpdatedStreamEvent
    tool_call_id: str
    depth: int
    path: tuple[str, ...]
    type: Literal["nested_stream_event"] = "nested_stream_event"


StreamEvent = RawResponsesStreamEvent | RunItemStreamEvent | AgentUpdatedStreamEvent
"""What `stream_events()` yields."""

AnyStreamEvent = StreamEvent | NestedStreamEvent
"""What `stream_events(nested=True)` yields."""
