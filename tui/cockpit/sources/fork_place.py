"""Where a conversation can go another way: before a message, after a turn, after a run's end. Pure.

Knows events, and neither who asks nor what is done there.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from tui.journal.store import KeptRun
from tui.wire import events as wire

_BEFORE: Final = "before your message"


class ForkPlace(NamedTuple):
    """A place between two events of a run.

    Attributes:
        run_id: The run.
        before_seq: Its first event that is not taken along.
        text: What the person said there, to be said anew; "" after a turn.
        words: Where that is, for the person.
    """

    run_id: str
    before_seq: int
    text: str
    words: str

    def is_first_of(self, run: KeptRun) -> bool:
        """Whether nothing of a kept run's conversation comes before it."""
        return run.run_id == self.run_id == run.root and self.before_seq <= 1


def fork_place(events: Sequence[wire.RunEvent], position: int) -> ForkPlace | None:
    """Return the last such place among the first `position` events, None if there is none.

    Args:
        events: Of a conversation, all its runs in order.
        position: How many of them are looked at.
    """
    walk = _Walk()
    for event in events[:position]:
        walk.pass_by(event)
    return walk.place


def message_place(events: Iterable[wire.RunEvent], item_id: str) -> ForkPlace | None:
    """Return the place before a person's message, None if it is not among a run's `events`."""
    for event in events:
        if isinstance(event, wire.UserMessage) and event.item_id == item_id:
            return ForkPlace(event.run_id, event.seq, event.text, _BEFORE)
    return None


class _Walk:
    """Goes past events and keeps the last place."""

    def __init__(self) -> None:
        self.place: ForkPlace | None = None
        self._open: set[str] = set()
        self._has_just_ended = False

    def pass_by(self, event: wire.RunEvent) -> None:
        """Take notice of the next event."""
        # What ended a turn is told in several events: they belong to it.
        goes_along = isinstance(event, wire.AgentChanged | wire.UsageReported)
        if goes_along and self._has_just_ended and self.place is not None:
            self.place = self.place._replace(before_seq=event.seq + 1)
            return
        self._has_just_ended = False
        match event:
            case wire.RunStarted():
                self._open.clear()
            case wire.UserMessage():
                self.place = ForkPlace(event.run_id, event.seq, event.text, _BEFORE)
            case wire.ToolCalled(within=None) | wire.HandoffRequested(within=None):
                self._open.add(event.call_id)
            case wire.ToolOutput(within=None) | wire.HandoffOccurred(within=None):
                self._open.discard(event.call_id)
                if not self._open:
                    self._end(event, f"after that turn of {event.agent}")
            case wire.RunCompleted() | wire.RunFailed() | wire.RunCancelled():
                self._end(event, "after the end of the run")

    def _end(self, event: wire.RunEvent, words: str) -> None:
        self._has_just_ended = True
        self.place = ForkPlace(event.run_id, event.seq + 1, "", words)
