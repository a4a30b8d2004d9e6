"""The JSON form of one item of a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from tui.agents.agent_map import AgentMap
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
from tui.agents.run_state_form import damaged

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

_OWN_FIELDS: dict[str, tuple[str, ...]] = {
    "handoff_output_item": ("source", "target"),
    "tool_call_item": ("description",),
    "tool_call_output_item": ("output", "failure", "edited_arguments"),
    "tool_approval_item": ("tool_name", "params_json_schema"),
    "input_item": ("input_id",),
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
            data["output"] = item.output if is_json(item.output) else item.raw_item["output"]
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
        UserError: If the kind of item or its agent is unknown, or something of it is missing.
    """
    for name in _OWN_FIELDS.get(data["type"], ()):
        if name not in data:
            raise damaged(f"a {data['type']} has no {name}")
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
    raise damaged(f"it has an item of the unknown type {data['type']!r}")


def write_raw(raw: RawItem) -> JsonObject:
    """Return a raw item as JSON values, and whether it was an openai object."""
    if isinstance(raw, Mapping):
        return {"value": dict(raw), "is_object": False}
    return {
        "value": raw.model_dump(mode="json", exclude_unset=True, warnings=False),
        "is_object": True,
    }


def read_raw(data: Mapping[str, Json]) -> RawItem:
    """Read what `write_raw` wrote.

    Raises:
        UserError: If it is a call, and damaged.
    """
    value = data["value"]
    texts = (value.get(name) for name in ("call_id", "name", "arguments"))
    if value.get("type") == "function_call" and not all(isinstance(text, str) for text in texts):
        raise damaged("a call lacks its id, its name or its arguments")
    if not data["is_object"]:
        return dict(value)
    from tui.agents.models.response_events import decode_item

    return decode_item(value)


def is_json(value: UserValue) -> bool:
    """Tell whether a value can be written as JSON."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return True
