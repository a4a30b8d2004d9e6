"""Hears what a runtime tells its hooks, and has the pieces of a run act on it. Decides nothing."""

# Agents, tools and contexts are of either library.
from typing import Any

from tui.host.live.gate import Gate, call_of
from tui.host.live.parts import Parts
from tui.host.live.shapes import name_of, text_field


class Observer:
    """Who is told of one run, in its runtime's own time.

    Args:
        parts: The run's pieces.
        gate: Stands in the tools.
    """

    def __init__(self, parts: Parts, gate: Gate) -> None:
        self._parts = parts
        self._gate = gate

    def agent_started(self, agent: Any) -> None:
        """Stand in the tools of an agent before it can call them."""
        self._gate.reach(agent)

    def approval_known(self, agent: Any, tool: Any, item: Any) -> None:
        """Show a request while free tools of its turn still run."""
        self._parts.requests.show_early(item, agent, tool)

    async def model_asked(self, agent: Any) -> None:
        """Wait while a budget is used up."""
        await self._parts.admission.before_model(name_of(agent))

    def state_known(self, state: Any) -> None:
        """Keep a state that the runtime tells."""
        self._parts.checkpoints.state(state)

    async def tool_starts(self, context: Any, tool: Any) -> None:
        """Let a call wait for what it needs before its time limit begins."""
        call = call_of(context, tool)
        if call.call_id and self._gate.has(tool):
            await self._parts.admission.announce(call, tool)

    def tool_reported(self, context: Any, progress: Any) -> None:
        """Tell how far a running tool says it is."""
        self._parts.calls.reported(text_field(context, "tool_call_id"), progress)
