"""The JSON form of one item of a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import get_args

from tui.agents.agent_map import AgentMap
from tui.agents.items import HandoffOutputItem, RunItem, ToolCallOutputItem, ToolFailure
from tui.agents.kinds import JsonObject, RawItem, UserValue
from tui.agents.run_state_form import damaged

_KINDS: Mapping[str, Callable[..., RunItem]] = {kind.type: kind for kind in get_args(RunItem)}
_OWN_FIELDS: Mapping[str, tuple[str, ...]] = {
    "handoff_output_item": ("source", "target"),
    "tool_call_item": ("description",),
    "tool_call_output_item": ("output", "failure", "edited_arguments"),
    "tool_approval_item": ("tool_name", "params_json_schema"),
    "input_item": ("input_id",),
}


def write_item(item: RunItem) -> JsonObject:
    """Return an item as JSON values. An output that is none is written as the model got it."""
    common = {"type": item.type, "agent": item.agent.name, "raw": write_raw(item.raw_item)}
    if isinstance(item, HandoffOutputItem):
        return {**common, "source": item.source_agent.name, "target": item.target_agent.name}
    own = {name: getattr(item, name) for name in _OWN_FIELDS.get(item.type, ())}
    if isinstance(item, ToolCallOutputItem):
        own["output"] = item.output if is_json(item.output) else item.raw_item["output"]
        own["failure"] = item.failure and asdict(item.failure)
    return {**common, **own}


def read_item(data: JsonObject, agents: AgentMap) -> RunItem:
    """Read what `write_item` wrote.

    Raises:
        UserError: If the kind of item or its agent is unknown, or something of it is missing.
    """
    kind = data["type"]
    if kind not in _KINDS:
        raise damaged(f"it has an item of the unknown type {kind!r}")
    names = _OWN_FIELDS.get(kind, ())
    for name in names:
        if name not in data:
            raise damaged(f"a {kind} has no {name}")
    own = {name: data[name] for name in names}
    if kind == "handoff_output_item":
        own = {f"{name}_agent": agents.find(each) for name, each in own.items()}
    if own.get("failure"):
        own["failure"] = ToolFailure(**own["failure"])
    return _KINDS[kind](agents.find(data["agent"]), read_raw(data["raw"]), **own)


def write_raw(raw: RawItem) -> JsonObject:
    """Return a raw item as JSON values, and whether it was an openai object."""
    if isinstance(raw, Mapping):
        return {"value": dict(raw), "is_object": False}
    value = raw.model_dump(mode="json", exclude_unset=True, warnings=False)
    return {"value": value, "is_object": True}


def read_raw(data: JsonObject) -> RawItem:
    """Read what `write_raw` wrote.

    Raises:
        UserError: If what names it is damaged, or, of a call, what it calls.
    """
    value = data["value"]
    texts = (value.get(name) for name in ("call_id", "name", "arguments"))
    if value.get("type") == "function_call" and not all(isinstance(text, str) for text in texts):
        raise damaged("a call lacks its id, its name or its arguments")
    if not all(isinstance(value.get(name), str | None) for name in ("type", "id", "call_id")):
        raise damaged("the type or the id of an item is no text")
    if not data["is_object"]:
        return dict(value)
    from tui.responses.events import decode_item

    return decode_item(value)


def is_json(value: UserValue) -> bool:
    """Tell whether a value can be written as JSON."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return True
