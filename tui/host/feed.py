"""What goes up one line: the events of the runs that its screen follows, from where it wants them.

A line that takes little holds up nobody: what it is behind by is read from the journal, not held
in memory. Stays out of when an event may be shown.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

from tui.errors import JournalError, WireError
from tui.wire.endpoint import UpwardEnd
from tui.wire.events import ENDINGS, RunEvent, UnknownItem
from tui.wire.frames import Unready, Upward

Reread: TypeAlias = Callable[[str, int], Awaitable[Sequence[RunEvent]]]
"""Gives the next kept events of a run behind a `seq`, a page of them, none at the end."""

BACKLOG: Final = 2_000
"""Events that may wait for one line. At a tick each that is more than a minute of text."""
# What a line is handed before it is asked whether it takes more.
_BURST: Final = 64

_TOO_LARGE: Final = "an event of {kind} was too large for the wire and is not shown"
_TOO_SLOW: Final = "This screen did not keep up, and what it has missed is not kept"


class Feed:
    """The way up to one screen.

    Args:
        line: The host's end.
        reread: Reads what was kept; None where nothing is.
    """

    def __init__(self, line: UpwardEnd, reread: Callable[[], Reread | None]) -> None:
        self._line = line
        self._reread = reread
        self._sent: dict[str, int] = {}
        self._behind: dict[str, None] = {}
        self._backlog: deque[RunEvent] = deque()
        self._due = asyncio.Event()
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._is_closed = False
        self._writing = asyncio.ensure_future(self._write_on())

    def begin(self, run_id: str, last: int = -1) -> None:
        """Follow a run that begins, or goes on behind its event `last`."""
        self._sent[run_id] = last

    def catch_up(self, run_id: str, after: int) -> None:
        """Follow a run from behind `after` on: first what is kept, then what happens."""
        self._sent[run_id] = after
        self._fall_behind(run_id)
        self._wake()

    def put(self, events: Sequence[RunEvent]) -> None:
        """Take events that may be shown; those of runs that nobody follows here are dropped."""
        if self._is_closed:
            return
        for event in events:
            if event.run_id in self._sent and event.run_id not in self._behind:
                self._backlog.append(event)
        if len(self._backlog) > BACKLOG:
            self._shed()
        self._wake()

    def tell(self, value: Upward) -> None:
        """Send what is no event of a run."""
        if not self._is_closed:
            self._line.write(value)

    async def idle(self) -> None:
        """Wait until everything put so far was handed to the line, or the line is closed."""
        await self._is_idle.wait()

    def close(self) -> None:
        """Write no more."""
        self._is_closed = True
        self._writing.cancel()
        self._is_idle.set()

    def _wake(self) -> None:
        if self._backlog or self._behind:
            self._is_idle.clear()
            self._due.set()

    async def _write_on(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            try:
                while self._behind or self._backlog:
                    await self._write_some()
            except JournalError as error:
                self._give_up(f"{error}")
                return
            self._is_idle.set()

    async def _write_some(self) -> None:
        if self._behind:
            await self._write_kept(next(iter(self._behind)))
        for _ in range(min(_BURST, len(self._backlog))):
            self._write(self._backlog.popleft())
        await self._line.drain()

    async def _write_kept(self, run_id: str) -> None:
        """Send what is kept of a run."""
        # What happens from now on waits again; all before is kept, and so it is read.
        del self._behind[run_id]
        reread = self._reread()
        while reread and run_id in self._sent and run_id not in self._behind:
            page = await reread(run_id, self._sent[run_id])
            if not page:
                return
            for event in page:
                self._write(event)
            await self._line.drain()

    def _write(self, event: RunEvent) -> None:
        if event.seq <= self._sent.get(event.run_id, event.seq):
            return
        self._sent[event.run_id] = event.seq
        if isinstance(event, ENDINGS):
            del self._sent[event.run_id]
        try:
            self._line.write(event)
        except WireError:
            self._line.write(_stand_in(event))

    def _fall_behind(self, run_id: str) -> None:
        self._behind[run_id] = None

    def _shed(self) -> None:
        """Forget what waits, to read it again when the line takes it."""
        if self._reread() is None:
            self._give_up(_TOO_SLOW)
            return
        for event in self._backlog:
            self._fall_behind(event.run_id)
        self._backlog.clear()

    def _give_up(self, why: str) -> None:
        """Close a line that cannot be told all: half a run must not look like one."""
        advice = "What runs goes on: open the conversation again."
        self.tell(Unready(error_type="HostError", message=f"{why}.", advice=advice))
        self._line.close()
        self.close()


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
