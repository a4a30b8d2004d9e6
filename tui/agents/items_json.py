"""The JSON form of one item of a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from tui.agents.agent_map import AgentMap
from tui.agents.exceptions import UserError
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
    ToolFailure,
)
from tui.agents.kinds import Json, JsonObject, RawItem, UserValue

if TYPE_CHECKING:
    from tui.agents.agent import Agent

_PLAIN: dict[str, Callable[[Agent, RawItem], RunItem]] = {
    "message_output_item": MessageOutputItem,
    "reasoning_item": ReasoningItem,
    "handoff_call_item": HandoffCallItem,
    "mcp_list_tools_item": MCPListToolsItem,
    "mcp_approval_request_item": MCPApprovalRequestItem,
    "compaction_item": CompactionItem,
}


def write_item(item: RunItem) -> JsonObject:
    """Return an item as JSON values. An output that is none is written as the model got it."""
    data: JsonObject = {
        "type": item.type,
        "agent": item.agent.name,
        "raw": write_raw(item.raw_item),
    }
    match item:
        case HandoffOutputItem():
            data["source"] = item.source_agent.name
            data["target"] = item.target_agent.name
        case ToolCallItem():
            data["description"] = item.description
        case ToolCallOutputItem():
            data["output"] = _json_value(item.output, item.raw_item["output"])
            data["failure"] = asdict(item.failure) if item.failure else None
            data["edited_arguments"] = item.edited_arguments
        case ToolApprovalItem():
            data["tool_name"] = item.tool_name
            data["params_json_schema"] = item.params_json_schema
        case InputItem():
            data["input_id"] = item.input_id
    return data


def read_item(data: Mapping[str, Json], agents: AgentMap) -> RunItem:
    """Read what `write_item` wrote.

    Raises:
        UserError: If the kind of item or its agent is unknown.
    """
    agent, raw = agents.find(data["agent"]), read_raw(data["raw"])
    match data["type"]:
        case "handoff_output_item":
            source, target = agents.find(data["source"]), agents.find(data["target"])
            return HandoffOutputItem(agent, raw, source_agent=source, target_agent=target)
        case "tool_call_item":
            return ToolCallItem(agent, raw, description=data["description"])
        case "tool_call_output_item":
            failure = ToolFailure(**data["failure"]) if data["failure"] else None
            edited = data["edited_arguments"]
            return ToolCallOutputItem(
                agent, raw, data["output"], failure=failure, edited_arguments=edited
            )
        case "tool_approval_item":
            schema = data["params_json_schema"]
            return ToolApprovalItem(
                agent, raw, tool_name=data["tool_name"], params_json_schema=schema
            )
        case "input_item":
            return InputItem(agent, raw, input_id=data["input_id"])
        case kind if kind in _PLAIN:
            return _PLAIN[kind](agent, raw)
    raise UserError(f"This run state has an item of the unknown type {data['type']!r}.")


def write_raw(raw: RawItem) -> JsonObject:
    """Return a raw item as JSON values, and whether it was an openai object."""
    if isinstance(raw, Mapping):
        return {"value": dict(raw), "is_object": False}
    return {"value": raw.model_dump(mode="json", exclude_unset=True), "is_object": True}


def read_raw(data: Mapping[str, Json]) -> RawItem:
    """Read what `write_raw` wrote."""
    if not data["is_object"]:
        return dict(data["value"])
    from tui.agents.models.response_events import decode_item

    return decode_item(data["value"])


def _json_value(value: UserValue, fallback: Json) -> Json:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return fallback
    return value
