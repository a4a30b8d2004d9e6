"""What a host keeps of its runs: the journal, as its event loop uses it.

Stays out of how it lies on disk. A journal that fails is told of once; the runs go on.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from tui.errors import JournalError
from tui.host.outbox import Outbox
from tui.host.taking_up import KeptRemains, read_remains
from tui.journal.record import Recorder
from tui.journal.sqlite_store import SqliteStore
from tui.journal.store import Checkpoint, Record
from tui.wire.events import RunEvent
from tui.wire.meeting import lives

_NOT_KEPT: Final = "This run and those to come are not kept: {why}."
_FORGOTTEN: Final = "This run was deleted from the journal: what follows is not kept."
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Where runs are kept, and what is kept of their host.

    Attributes:
        path: The journal's file.
        host: The socket where the host can be met, "" for none.
        opened: How the host was opened, as `tui.journal.opened` writes it.
    """

    path: Path
    host: str = ""
    opened: str = ""


class Keeping:
    """The journal of one host, used in its loop's thread.

    Args:
        place: The journal; None keeps nothing.
        tell: Called once, with a sentence, if nothing can be kept any more; or with one about a
            run alone, and its id, if that one cannot.
    """

    def __init__(self, place: Place | None, tell: Callable[[str, str | None], None]) -> None:
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._place = place
        self._reader: SqliteStore | None = None
        self._reading = asyncio.Lock()
        self._has_failed = False
        self._recorder = None if place is None else self._open(place)

    @property
    def is_on(self) -> bool:
        """Whether anything is kept."""
        return self._recorder is not None and not self._has_failed

    def put(self, record: Record) -> None:
        """Take a record; it is kept when somebody waits for that."""
        if self._recorder is not None:
            self._recorder.put(record)

    def remains(self, run_id: str) -> KeptRemains:
        """Return what is kept of a run; reads the disk, in any thread.

        Raises:
            JournalError: If the journal cannot be read, or there is none.
            ResumeError: If there is no such run.
        """
        if self._place is None:
            raise JournalError("this host keeps no runs")
        with closing(SqliteStore(self._place.path)) as store:
            return read_remains(store, run_id)

    def claim(self, run_id: str) -> bool:
        """Make a kept run without an end this host's, unless another host lives that has it.

        Writes to the disk, in any thread.

        Raises:
            JournalError: If the journal cannot be read or written.
        """
        if self._place is None:
            return False
        mine = self._place.host
        with closing(SqliteStore(self._place.path)) as store:
            others = store.host_of(run_id)
            if others == mine:
                return True
            return not lives(others) and store.claim(run_id, mine, others)

    async def kept(self) -> None:
        """Wait until everything put so far is kept, or cannot be."""
        if self._recorder is None:
            return
        done = self._loop.create_future()
        self._recorder.ask(lambda: self._loop.call_soon_threadsafe(_settle, done))
        await done

    async def page(self, run_id: str, after: int) -> Sequence[RunEvent]:
        """Return the next kept events of a run behind `after`, none at the end.

        Raises:
            JournalError: If they cannot be read.
        """
        async with self._reading:
            return await asyncio.to_thread(self._read, run_id, after)

    async def close(self) -> None:
        """Keep what was put, and let go of the file."""
        if self._recorder is not None:
            await asyncio.to_thread(self._recorder.close)
        async with self._reading:
            if self._reader is not None:
                self._reader.close()

    def _read(self, run_id: str, after: int) -> Sequence[RunEvent]:
        if self._place is None:
            return ()
        # The recorder's thread has the other one.
        self._reader = self._reader or SqliteStore(self._place.path)
        return tuple(islice(self._reader.events(run_id, after), _PAGE))

    def _open(self, place: Place) -> Recorder | None:
        try:
            store = SqliteStore(place.path)
            store.begin_as(place.host, place.opened)
        except JournalError as error:
            self._tell(_NOT_KEPT.format(why=error), None)
            return None
        return Recorder(store, self._failed, self._forgot)

    def _failed(self, why: str) -> None:
        self._loop.call_soon_threadsafe(self._fail, why)

    def _fail(self, why: str) -> None:
        self._has_failed = True
        self._tell(_NOT_KEPT.format(why=why), None)

    def _forgot(self, run_id: str) -> None:
        """Tell it in the loop's thread."""
        self._loop.call_soon_threadsafe(self._tell, _FORGOTTEN, run_id)


class RunMemory:
    """What one run leaves for another process, behind its events told so far.

    Args:
        run_id: The run.
        outbox: Where its events get their places.
        keeping: Where they are kept.
    """

    def __init__(self, run_id: str, outbox: Outbox, keeping: Keeping) -> None:
        self._run_id = run_id
        self._outbox = outbox
        self._keeping = keeping

    def keep(self, kind: str, body: str) -> None:
        """Keep a body, JSON text."""
        self._outbox.stamp()
        seq = self._outbox.last_seq(self._run_id)
        self._keeping.put(Checkpoint(self._run_id, seq, kind, body))

    async def kept(self) -> None:
        """Wait until everything told and given so far is kept."""
        self._outbox.stamp()
        await self._keeping.kept()


def _settle(done: "asyncio.Future[None]") -> None:
    if not done.done():
        done.set_result(None)
