"""What a program's agents look like, so that a later process can tell what changed in them.

Knows both libraries by shape. What a function makes anew for each run is not compared.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping

# Agents and tools are of either library.
from typing import Any

from tui.host.live.reach import agents_behind, behind_handoffs
from tui.host.live.shapes import field, name_of, safe, text_field


def looks_of(start: Any) -> dict[str, Any]:
    """Return the looks of all agents that `start` leads to, by name, as JSON values."""
    return {name_of(agent): _looks(agent) for agent in agents_behind(start)}


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yield what changed, each in a few words; only what was there before."""
    for name, old in before.items():
        new = now.get(name)
        if new is None:
            yield f"the agent {name} is gone"
            continue
        if old.get("instructions") != new["instructions"]:
            yield f"{name} has other instructions"
        if old.get("model") != new["model"]:
            yield f"{name} has another model: {new['model'] or 'the default'}"
        yield from _changed_tools(name, old.get("tools", {}), new["tools"])
        for target in old.get("handoffs", ()):
            if target not in new["handoffs"]:
                yield f"{name} does not hand over to {target} any more"


def _changed_tools(agent: str, before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for tool, looks in before.items():
        if tool not in now:
            yield f"{agent} has no tool {tool} any more"
        elif now[tool] != looks:
            yield f"the tool {tool} of {agent} takes other arguments"
    for tool in now:
        if tool not in before:
            yield f"{agent} has a new tool {tool}"


def _looks(agent: Any) -> dict[str, Any]:
    instructions, model = field(agent, "instructions"), field(agent, "model")
    named = model if isinstance(model, str) else text_field(model, "model")
    return {
        "instructions": _hash(instructions) if isinstance(instructions, str) else "",
        "model": safe(named),
        "tools": {
            name_of(tool): _hash(_schema(tool))
            for tool in field(agent, "tools") or ()
            if name_of(tool)
        },
        "handoffs": sorted(map(name_of, behind_handoffs(agent))),
    }


def _schema(tool: Any) -> str:
    try:
        return json.dumps(field(tool, "params_json_schema"), sort_keys=True)
    except (TypeError, ValueError):
        return ""


def _hash(text: str) -> str:
    return hashlib.sha256(safe(text).encode()).hexdigest()[:16]
