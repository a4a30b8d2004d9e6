"""Which agents an agent leads to, by handoffs and by agents used as tools.

Knows both libraries by shape. Stays out of what is done with them.
"""

from collections.abc import Iterator
from types import FunctionType

# Agents, handoffs and tools are of either library.
from typing import Any

from tui.host.live.shapes import field, name_of


def target_of(handoff: Any) -> Any:
    """Return the agent that a handoff, or an agent in its place, hands over to; None if unknown."""
    if field(handoff, "tools") is not None:
        return handoff
    reference = field(handoff, "_agent_ref")
    return field(handoff, "_agent_instance") or (reference() if callable(reference) else None)


def behind_tools(agent: Any) -> list[Any]:
    """Return the agents that an agent uses as tools."""
    inner = [field(tool, "_agent_instance") for tool in field(agent, "tools") or ()]
    return [each for each in inner if each is not None]


def behind_handoffs(agent: Any) -> list[Any]:
    """Return the agents that an agent can hand over to, as far as they are known."""
    targets = [target_of(each) for each in field(agent, "handoffs") or ()]
    return [each for each in targets if each is not None]


def agents_behind(start: Any) -> list[Any]:
    """Return every agent that `start` leads to, itself first, the nearest next."""
    return [agent for agent, _ in _reached(start)]


def agent_called(start: Any, name: str) -> Any:
    """Return the agent of this name that `start` leads to, None if there is none."""
    return next((agent for agent in agents_behind(start) if name_of(agent) == name), None)


def namesakes(start: Any) -> tuple[str, str] | None:
    """Return the ways to two agents of one name, as "A → B", or None if every name is its own."""
    ways: dict[str, tuple[Any, str]] = {}
    for agent, way in _reached(start):
        name = name_of(agent)
        first, first_way = ways.setdefault(name, (agent, way))
        if first is not agent:
            return first_way, way
    return None


def bare_function(start: Any) -> tuple[str, Any] | None:
    """Return a function that is no tool but stands among them, behind its agent's name, or None."""
    for agent, _ in _reached(start):
        for tool in field(agent, "tools") or ():
            if isinstance(tool, FunctionType):
                return name_of(agent), tool
    return None


def _reached(start: Any) -> Iterator[tuple[Any, str]]:
    """Yield each agent once, the nearest first, with the way to it."""
    waiting, seen = [(start, name_of(start))], {id(start)}
    while waiting:
        agent, way = waiting.pop(0)
        yield agent, way
        for each in (*behind_handoffs(agent), *behind_tools(agent)):
            if id(each) not in seen:
                seen.add(id(each))
                waiting.append((each, f"{way} → {name_of(each)}"))
