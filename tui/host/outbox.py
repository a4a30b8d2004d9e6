"""What goes up to the screens: stamps every event in one place, and joins deltas while they wait.

Where runs are kept an event is shown when it is: nobody saw what a crash can lose. A run waits
neither for the disk nor for a screen: events wait here, deltas of one item as one, and of a tool's
reports the last. Stays out of what an event means, and of what each screen follows.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from tui.host.feed import Feed
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
)

TICK_S = 1 / 30
_TEXTS = (*DELTAS, ConsoleOutput)


class Journal(Protocol):
    """Where events are kept before they are shown."""

    @property
    def is_on(self) -> bool:
        """Whether anything is kept."""

    def put(self, event: RunEvent) -> None:
        """Take an event to be kept. Never blocks."""

    async def kept(self) -> None:
        """Wait until everything put so far is kept, or cannot be."""

    async def page(self, run_id: str, after: int) -> Sequence[RunEvent]:
        """Return the next kept events of a run behind `after`, none at the end."""


class _NoJournal:
    """Keeps nothing."""

    is_on = False

    def put(self, event: RunEvent) -> None:
        """Take an event."""

    async def kept(self) -> None:
        """Wait for nothing."""

    async def page(self, run_id: str, after: int) -> Sequence[RunEvent]:  # noqa: ARG002 - as asked
        """Return nothing."""
        return ()


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
        now: The clock, UTC seconds.
        journal: Keeps every event, stamped, before it goes out.
    """

    def __init__(
        self, now: Callable[[], float] = time.time, journal: Journal | None = None
    ) -> None:
        self._journal: Journal = journal or _NoJournal()
        self._feeds: list[Feed] = []
        self._stamped: list[RunEvent] = []
        self._is_silent = False
        self._now = now
        self._waiting: list[_Waiting] = []
        self._by_text: dict[tuple[str, ...], _Waiting] = {}
        self._reports: dict[tuple[str, str, str], _Waiting] = {}
        self._next_seq: dict[str, int] = {}
        self._due = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self._is_empty = asyncio.Event()
        self._is_empty.set()

    def add(self, line: UpwardEnd) -> Feed:
        """Return the way up to one more screen, which follows no run yet."""
        feed = Feed(line, lambda: self._journal.page if self._journal.is_on else None)
        self._feeds.append(feed)
        return feed

    def remove(self, feed: Feed) -> None:
        """Forget a screen that is gone."""
        feed.close()
        if feed in self._feeds:
            self._feeds.remove(feed)

    def go_on(self, run_id: str, last: int) -> None:
        """Number the next event of a kept run behind its event `last`."""
        self._next_seq[run_id] = last + 1

    def last_seq(self, run_id: str) -> int:
        """Return the number of the newest event of a run that has not ended, -1 for none."""
        return self._next_seq.get(run_id, 0) - 1

    def put(self, event: RunEvent) -> None:
        """Take an event; it goes out at once, a delta or a tool's report within a tick."""
        if self._is_silent:
            return
        self._is_empty.clear()
        if isinstance(event, ToolProgress):
            self._replace(event)
        elif isinstance(event, _TEXTS):
            self._join(event)
        else:
            self._waiting.append(_Waiting(event, self._now(), []))
            self._due.set()
            return
        if self._timer is None and not self._due.is_set():
            self._timer = asyncio.get_running_loop().call_later(TICK_S, self._due.set)

    async def pump(self) -> None:
        """Keep and hand on what waits, for ever."""
        while True:
            await self._due.wait()
            self.stamp()
            self._due.clear()
            batch, self._stamped = self._stamped, []
            if batch:
                # What comes meanwhile goes into the next transaction together.
                await self._journal.kept()
            for feed in tuple(self._feeds):
                feed.put(batch)
            if not self._journal.is_on:
                await self._taken()
            if not self._waiting and not self._stamped:
                self._is_empty.set()

    async def emptied(self) -> None:
        """Wait until everything put so far was handed to the lines."""
        self._due.set()
        await self._is_empty.wait()
        for feed in tuple(self._feeds):
            await feed.idle()

    def fall_silent(self) -> None:
        """Take nothing any more: what ends now ends unseen, and in the journal it goes on."""
        self._is_silent = True
        self._waiting, self._by_text, self._reports = [], {}, {}

    def stamp(self) -> None:
        """Give everything put so far its place and have it recorded; what is joined ends here."""
        for event in self._take():
            self._journal.put(event)
            self._stamped.append(event)
        if self._stamped:
            self._due.set()

    async def _taken(self) -> None:
        """Wait until some screen has taken what was written: what is not kept waits here, joined.

        The quickest one sets the pace, so that a slow one holds up no other.
        """
        if len(self._feeds) < 2:
            for feed in tuple(self._feeds):
                await feed.idle()
            return
        waits = [asyncio.ensure_future(feed.idle()) for feed in self._feeds]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()

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


def _text_of(event: TextDelta | ReasoningDelta | ArgumentsDelta | ConsoleOutput) -> tuple[str, ...]:
    """Return what the texts of one place have in common."""
    if isinstance(event, ConsoleOutput):
        return (event.run_id, event.stream, event.agent, event.call_id or "")
    return (event.item_id,)
