"""What a run keeps of the runs inside it: agents used as tools, paused or watched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.agents.items import ToolApprovalItem
from tui.agents.stream_events import AnyStreamEvent, nested_event

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.checkpoint_hook import Checkpoints
    from tui.agents.event_queue import EventQueue
    from tui.agents.lifecycle import HooksBase, RunHooks
    from tui.agents.run_state import RunState


@dataclass
class NestedRuns:
    """The nested runs of one run.

    Its watchers are the hooks of this run and of those around it, outermost first: all hear of
    requests for approval, and of what tools report.
    """

    paused: dict[str, RunState] = field(default_factory=dict)  # By the call that they answer.
    queue: EventQueue | None = None  # Where their events go if somebody asked to see them.
    watchers: tuple[RunHooks, ...] = ()
    checkpoints: Checkpoints | None = None  # Of this run; None if nobody wants to know.

    @property
    def are_watched(self) -> bool:
        """Whether the outer run's reader asked for nested events."""
        return self.queue is not None and self.queue.wants_nested

    def heard_by(self, agent: Agent) -> tuple[HooksBase, ...]:
        """Return who hears of what the calls of `agent` ask and report: its own hooks last."""
        return self.watchers if agent.hooks is None else (*self.watchers, agent.hooks)

    def interruptions(self, call_id: str) -> list[ToolApprovalItem]:
        """Return the requests that the nested run of a call waits for."""
        return self.paused[call_id].get_interruptions() if call_id in self.paused else []

    async def forward(self, event: AnyStreamEvent, call_id: str) -> None:
        """Pass an event of a nested run on to the outer run's reader."""
        if self.queue is not None:
            await self.queue.put(nested_event(event, call_id))
