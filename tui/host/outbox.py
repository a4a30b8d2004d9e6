"""What goes up to the screen: stamps every event in one place, and joins deltas while they wait.

A run never waits for a slow screen: events wait here, deltas of one item as one, and of a tool's
reports the last. Stays out of what an event means.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec

from tui.errors import WireError
from tui.wire.endpoint import UpwardEnd
from tui.wire.events import (
    DELTAS,
    ENDINGS,
    ArgumentsDelta,
    ConsoleOutput,
    ReasoningDelta,
    RunEvent,
    TextDelta,
    ToolProgress,
    UnknownItem,
)
from tui.wire.frames import Upward

TICK_S = 1 / 30

_TOO_LARGE = "an event of {kind} was too large for the wire and is not shown"


@dataclass(slots=True)
class _Waiting:
    """An event that waits, with the texts that were joined to it since."""

    event: RunEvent
    at: float
    texts: list[str]

    def whole(self) -> RunEvent:
        if len(self.texts) < 2:
            return self.event
        return msgspec.structs.replace(self.event, text="".join(self.texts))


class Outbox:
    """The events of all runs of one host, on their way up.

    Args:
        line: The host's end.
        now: The clock, UTC seconds.
        record: Takes every event, stamped, before it goes out.
    """

    def __init__(
        self,
        line: UpwardEnd,
        now: Callable[[], float] = time.time,
        record: Callable[[RunEvent], None] = lambda _: None,
    ) -> None:
        self._line = line
        self._record = record
        self._stamped: deque[RunEvent] = deque()
        self._now = now
        self._waiting: list[_Waiting] = []
        self._by_text: dict[tuple[str, ...], _Waiting] = {}
        self._reports: dict[tuple[str, str, str], _Waiting] = {}
        self._next_seq: dict[str, int] = {}
        self._due = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._is_empty = asyncio.Event()
        self._is_empty.set()

    def go_on(self, run_id: str, last: int) -> None:
        """Number the next event of a kept run behind its event `last`."""
        self._next_seq[run_id] = last + 1

    def last_seq(self, run_id: str) -> int:
        """Return the number of the newest event of a run that has not ended, -1 for none."""
        return self._next_seq.get(run_id, 0) - 1

    def put(self, event: RunEvent) -> None:
        """Take an event; it goes out at once, a delta or a tool's report within one tick."""
        self._is_empty.clear()
        if isinstance(event, ToolProgress):
            self._replace(event)
        elif isinstance(event, (*DELTAS, ConsoleOutput)):
            self._join(event)
        else:
            self._waiting.append(_Waiting(event, self._now(), []))
            self._due.set()
            return
        if self._timer is None and not self._due.is_set():
            self._timer = asyncio.get_running_loop().call_later(TICK_S, self._due.set)

    async def pump(self) -> None:
        """Write what waits, for ever; only this waits for the screen."""
        while True:
            await self._due.wait()
            self.stamp()
            self._due.clear()
            while self._stamped:
                self._write(self._stamped.popleft())
            await self._line.drain()
            if not self._waiting and not self._stamped:
                self._is_empty.set()

    async def emptied(self) -> None:
        """Wait until everything put so far was handed to the line."""
        self._due.set()
        await self._is_empty.wait()

    def stamp(self) -> None:
        """Give everything put so far its place and have it recorded; what is joined ends here."""
        for event in self._take():
            self._record(event)
            self._stamped.append(event)
        if self._stamped:
            self._due.set()

    def _replace(self, event: ToolProgress) -> None:
        key = (event.run_id, event.within or "", event.call_id)
        waiting = self._reports.get(key)
        if waiting is None:
            waiting = self._reports[key] = _Waiting(event, self._now(), [])
            self._waiting.append(waiting)
        waiting.event = event

    def _join(self, event: TextDelta | ReasoningDelta | ArgumentsDelta | ConsoleOutput) -> None:
        key = _text_of(event)
        waiting = self._by_text.get(key)
        if waiting is None:
            waiting = self._by_text[key] = _Waiting(event, self._now(), [])
            self._waiting.append(waiting)
        waiting.texts.append(event.text)

    def _take(self) -> Iterator[RunEvent]:
        """Yield what waits, stamped; what is put from now on waits for the next turn."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        taken, self._waiting, self._by_text, self._reports = self._waiting, [], {}, {}
        for each in taken:
            event = each.whole()
            seq = self._next_seq.get(event.run_id, 0)
            self._next_seq[event.run_id] = seq + 1
            if isinstance(event, ENDINGS):
                del self._next_seq[event.run_id]
            yield msgspec.structs.replace(event, seq=seq, at=each.at)

    def _write(self, event: RunEvent) -> None:
        try:
            self._line.write(event)
        except WireError:
            self._line.write(_stand_in(event))


def _text_of(event: TextDelta | ReasoningDelta | ArgumentsDelta | ConsoleOutput) -> tuple[str, ...]:
    """Return what the texts of one place have in common."""
    if isinstance(event, ConsoleOutput):
        return (event.run_id, event.stream, event.agent, event.call_id or "")
    return (event.item_id,)


def _stand_in(event: RunEvent) -> Upward:
    kind = type(event).__name__
    return UnknownItem(
        run_id=event.run_id,
        seq=event.seq,
        at=event.at,
        item_id=f"{event.run_id}.large{event.seq}",
        agent="",
        kind=kind,
        text=_TOO_LARGE.format(kind=kind),
    )
