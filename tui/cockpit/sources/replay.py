"""A conversation that is kept, as something to go through: its events, and the view at any of them.

Stays out of how it is played (`player`), and of any screen. A position is how many events are
folded: 0 is before the first.
"""

import time
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

from tui.cockpit.projection.reduce import reduce
from tui.cockpit.projection.view import RunView
from tui.errors import JournalError
from tui.journal.exchange import events_in
from tui.journal.store import KeptRun, Store
from tui.wire import events as wire

SNAPSHOT_EVERY: Final = 500
"""Events between two kept views: what a jump folds at most. Views share what did not change."""
SILENCE_S: Final = 10.0
"""Seconds without an event that are not played out."""
SHORTENED_S: Final = 3.0
"""What a longer silence takes when it is played."""

_CHUNK: Final = 32
"""Events that are folded in a fraction of a millisecond."""

Landmark: TypeAlias = Literal["message", "handoff", "approval", "error"]


class Silence(NamedTuple):
    """A silence that is played shortened, from `begins_s` to `ends_s` of the played time."""

    begins_s: float
    ends_s: float
    lasted_s: float


class Recording:
    """The events of a conversation, all its runs in order.

    To make one folds all of them: not for the loop that draws.

    Attributes:
        events: As they were kept.
        name: What a person calls it: its title, or a file's name.
        kept: The conversation in the journal, by its newest run; None for a file.
        played_s: When each event comes, in seconds of play at the usual speed.
        silences: Those that are shortened, in order.
        landmarks: The positions at which something of a kind just happened, in order.
    """

    def __init__(
        self, events: Iterable[wire.RunEvent], name: str, kept: KeptRun | None = None
    ) -> None:
        self.events: Sequence[wire.RunEvent] = tuple(events)
        self.name = name
        self.kept = kept
        self.played_s, self.silences = _played(self.events)
        self.landmarks = _landmarks(self.events)
        self._snapshots = _snapshots(self.events)
        self._newest = (0, self._snapshots[0])

    @property
    def length_s(self) -> float:
        """How long it plays at the usual speed."""
        return self.played_s[-1] if self.played_s else 0.0

    def view_at(self, position: int) -> RunView:
        """Return what the conversation looked like after `position` events."""
        near = position // SNAPSHOT_EVERY
        begin, view = near * SNAPSHOT_EVERY, self._snapshots[near]
        if begin < self._newest[0] <= position:
            begin, view = self._newest
        for event in self.events[begin:position]:
            view = reduce(view, event)
        self._newest = (position, view)
        return view

    def position_of(self, run_id: str, seq: int) -> int | None:
        """Return where an event just happened, None if it is not here."""
        places = enumerate(self.events, 1)
        return next((at for at, e in places if e.seq == seq and e.run_id == run_id), None)


def kept_recording(store: Store, run: KeptRun) -> Recording:
    """Return the whole conversation of a kept run, up to now if one still runs.

    Raises:
        JournalError: If it cannot be read.
    """
    runs = store.conversation(run.root)
    events = [event for each in runs for event in store.events(each.run_id)]
    return Recording(events, run.title, runs[-1] if runs else run)


def file_recording(lines: Iterable[str | bytes], name: str) -> Recording:
    """Return the conversation of a file called `name`, one event a line.

    Raises:
        JournalError: If a line is no event, or there is none.
    """
    recording = Recording(events_in(lines, name), name)
    if not recording.events:
        raise JournalError(f"{name} has no event: give a file that `baton runs export` wrote")
    return recording


def _played(events: Sequence[wire.RunEvent]) -> tuple["array[float]", tuple[Silence, ...]]:
    played, silences, at_s = array("d"), list[Silence](), 0.0
    before = events[0].at if events else 0.0
    for event in events:
        # A clock that was set back took no time.
        gap_s = max(event.at - before, 0.0)
        if gap_s > SILENCE_S:
            silences.append(Silence(at_s, at_s + SHORTENED_S, gap_s))
            gap_s = SHORTENED_S
        at_s, before = at_s + gap_s, event.at
        played.append(at_s)
    return played, tuple(silences)


def _snapshots(events: Sequence[wire.RunEvent]) -> tuple[RunView, ...]:
    view = RunView()
    snapshots = [view]
    for count, event in enumerate(events, 1):
        view = reduce(view, event)
        if count % _CHUNK == 0:
            # Two threads that compute share badly: the screen's would get a turn each 5 ms.
            time.sleep(0)
        if count % SNAPSHOT_EVERY == 0:
            snapshots.append(view)
    return tuple(snapshots)


def _landmarks(events: Sequence[wire.RunEvent]) -> Mapping[Landmark, tuple[int, ...]]:
    found: dict[Landmark, list[int]] = {"message": [], "handoff": [], "approval": [], "error": []}
    for position, event in enumerate(events, 1):
        if (kind := _landmark(event)) is not None:
            found[kind].append(position)
    return {kind: tuple(positions) for kind, positions in found.items()}


def _landmark(event: wire.RunEvent) -> Landmark | None:
    match event:
        case wire.UserMessage():
            return "message"
        case wire.HandoffOccurred():
            return "handoff"
        case wire.ApprovalRequested():
            return "approval"
        case wire.RunFailed() | wire.GuardrailTripped():
            return "error"
        case wire.ToolFinished() if event.error_type or event.error:
            return "error"
    return None


def silence_at(recording: Recording, at_s: float, said_for_s: float) -> Silence | None:
    """Return the shortened silence that goes on, or went on until `said_for_s` ago."""
    place = bisect_left(recording.silences, at_s, key=lambda silence: silence.begins_s) - 1
    if place < 0:
        return None
    silence = recording.silences[place]
    return silence if at_s < silence.ends_s + said_for_s else None
