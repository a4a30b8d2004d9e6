"""What a host keeps of its runs: the journal, as its event loop uses it.

Stays out of how it lies on disk. A journal that fails is told of once; the runs go on.
"""

import asyncio
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from tui.errors import JournalError
from tui.host.outbox import Outbox
from tui.host.taking_up import KeptRemains, read_remains
from tui.journal.record import Recorder
from tui.journal.sqlite_store import SqliteStore
from tui.journal.store import Checkpoint, Record
from tui.wire.events import ENDINGS, ApprovalDecided, ApprovalRequested, RunPaused

_NOT_KEPT: Final = "This run and those to come are not kept: {why}."
_FORGOTTEN: Final = "This run was deleted from the journal: what follows is not kept."
# What a person would miss most if the machine went out now.
_AT_ONCE: Final = (ApprovalRequested, ApprovalDecided, RunPaused, *ENDINGS)


class Keeping:
    """The journal of one host, used in its loop's thread.

    Args:
        path: The file; None keeps nothing.
        tell: Called once, with a sentence, if nothing can be kept any more; or with one about a
            run alone, and its id, if that one cannot.
    """

    def __init__(self, path: Path | None, tell: Callable[[str, str | None], None]) -> None:
        self._path = path
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._recorder = None if path is None else self._open(path)

    @property
    def is_on(self) -> bool:
        """Whether anything is kept."""
        return self._recorder is not None

    def put(self, record: Record) -> None:
        """Keep a record soon, or at once if a person would miss it."""
        if self._recorder is None:
            return
        self._recorder.put(record)
        if isinstance(record, _AT_ONCE):
            self._recorder.ask(lambda: None)

    def remains(self, run_id: str) -> KeptRemains:
        """Return what is kept of a run; reads the disk, in any thread.

        Raises:
            JournalError: If the journal cannot be read, or there is none.
            ResumeError: If there is no such run.
        """
        if self._path is None:
            raise JournalError("this host keeps no runs")
        with closing(SqliteStore(self._path)) as store:
            return read_remains(store, run_id)

    async def kept(self) -> None:
        """Wait until everything put so far is kept, or cannot be."""
        if self._recorder is None:
            return
        done = self._loop.create_future()
        self._recorder.ask(lambda: self._loop.call_soon_threadsafe(_settle, done))
        await done

    async def close(self) -> None:
        """Keep what was put, and let go of the file."""
        if self._recorder is not None:
            await asyncio.to_thread(self._recorder.close)

    def _open(self, path: Path) -> Recorder | None:
        try:
            store = SqliteStore(path)
        except JournalError as error:
            self._tell(_NOT_KEPT.format(why=error), None)
            return None
        return Recorder(store, self._failed, self._forgot)

    def _failed(self, why: str) -> None:
        """Tell it in the loop's thread."""
        self._loop.call_soon_threadsafe(self._tell, _NOT_KEPT.format(why=why), None)

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
