"""Finds agents by name among those an agent leads to. Runs none."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tui.agents.exceptions import UserError
from tui.agents.handoffs import Handoff

if TYPE_CHECKING:
    from tui.agents.agent import Agent


class AgentMap:
    """The agents that `start` reaches by handoffs and by agents used as tools, by name."""

    def __init__(self, start: Agent) -> None:
        self._agents: defaultdict[str, list[Agent]] = defaultdict(list)
        waiting = [start]
        while waiting:
            agent = waiting.pop()
            if agent not in self._agents[agent.name]:
                self._agents[agent.name].append(agent)
                waiting.extend(_next_agents(agent))

    def find(self, name: str) -> Agent:
        """Return the agent of this name; a `UserError` if there is none, or more than one."""
        found = self._agents.get(name, [])
        if not found:
            raise UserError(
                f"Run state agent not found in agent map: {name!r}. The starting agent leads to "
                f"{', '.join(sorted(self._agents))}."
            )
        if len(found) > 1:
            raise UserError(
                f"{len(found)} agents are called {name!r}: a run state finds agents by name. "
                "Give each a name of its own."
            )
        return found[0]


def _next_agents(agent: Agent) -> list[Agent]:
    targets = [h._agent_instance if isinstance(h, Handoff) else h for h in agent.handoffs]
    targets.extend(tool._agent_instance for tool in agent.tools)
    return [target for target in targets if target is not None]
