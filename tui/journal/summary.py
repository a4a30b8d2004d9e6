"""What of an event a list of runs and a search tell. Knows no disk."""

from typing import NamedTuple

from tui.journal.store import Status
from tui.wire import events as wire


class Change(NamedTuple):
    """What a run is from an event on; None leaves it as it was."""

    status: Status | None = None
    agent: str | None = None
    ended_at: float | None = None

    def then(self, later: "Change") -> "Change":
        """Return both together; what both change, as the later one says."""
        return Change(
            later.status or self.status,
            self.agent if later.agent is None else later.agent,
            self.ended_at if later.ended_at is None else later.ended_at,
        )


def change_by(event: wire.RunEvent) -> Change | None:
    """Return what an event changes of its run, None for nothing."""
    match event:
        case wire.RunPaused():
            return Change("waiting")
        case wire.RunResumed() | wire.RunRecovered():
            return Change("running")
        case wire.AgentChanged(within=None):
            return Change(agent=event.agent)
        case wire.RunCompleted():
            return Change("completed", ended_at=event.at)
        case wire.RunFailed():
            return Change("failed", ended_at=event.at)
        case wire.RunCancelled():
            return Change("cancelled", ended_at=event.at)
    return None


def text_of(event: wire.RunEvent) -> str:
    """Return what a search looks through: what was said, asked of tools and answered by them."""
    match event:
        case wire.UserMessage() | wire.MessageOutput() | wire.ReasoningOutput():
            return event.text
        case wire.ToolCalled() | wire.ApprovalRequested() | wire.CallDenied():
            return f"{event.tool} {event.arguments}"
        case wire.ToolOutput():
            return event.output
        case wire.HandoffOccurred():
            return f"{event.agent} {event.target}"
        case wire.RunFailed():
            return f"{event.error_type} {event.message}"
    return ""
