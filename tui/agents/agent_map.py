"""Finds agents by name among those an agent leads to. Runs none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.agents.exceptions import UserError
from tui.agents.handoffs import Handoff

if TYPE_CHECKING:
    from tui.agents.agent import Agent


class AgentMap:
    """The agents that `start` reaches by handoffs and by agents used as tools, by name."""

    def __init__(self, start: Agent) -> None:
        self._agents: dict[str, list[Agent]] = {}
        waiting = [start]
        while waiting:
            agent = waiting.pop()
            namesakes = self._agents.setdefault(agent.name, [])
            if agent not in namesakes:
                namesakes.append(agent)
                waiting.extend(reversed(_next_agents(agent)))

    def find(self, name: str) -> Agent:
        """Return the agent of this name.

        Raises:
            UserError: If there is none, or more than one.
        """
        if name not in self._agents:
            raise UserError(
                f"Run state agent not found in agent map: {name!r}. The starting agent leads to "
                f"{', '.join(sorted(self._agents))}."
            )
        if len(self._agents[name]) > 1:
            raise UserError(
                f"{len(self._agents[name])} agents are called {name!r}: a run state finds agents "
                "by name. Give each a name of its own."
            )
        return self._agents[name][0]


def _next_agents(agent: Agent) -> list[Agent]:
    targets = [h._agent_instance if isinstance(h, Handoff) else h for h in agent.handoffs]
    targets.extend(tool._agent_instance for tool in agent.tools)
    return [target for target in targets if target is not None]
