"""What a host keeps of its runs: the journal, as its event loop uses it.

Stays out of how it lies on disk. A journal that fails is told of once; the runs go on.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tui.errors import JournalError
from tui.journal.record import Recorder
from tui.journal.sqlite_store import SqliteStore
from tui.wire.events import ENDINGS, ApprovalDecided, ApprovalRequested, RunEvent, RunPaused

_NOT_KEPT: Final = "This run and those to come are not kept: {why}."
# What a person would miss most if the machine went out now.
_AT_ONCE: Final = (ApprovalRequested, ApprovalDecided, RunPaused, *ENDINGS)


class Keeping:
    """The journal of one host, used in its loop's thread.

    Args:
        path: The file; None keeps nothing.
        tell: Called once, with a sentence, if nothing can be kept any more.
    """

    def __init__(self, path: Path | None, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._recorder = None if path is None else self._open(path)

    @property
    def is_on(self) -> bool:
        """Whether anything is kept."""
        return self._recorder is not None

    def put(self, event: RunEvent) -> None:
        """Keep an event soon, or at once if a person would miss it."""
        if self._recorder is None:
            return
        self._recorder.put(event)
        if isinstance(event, _AT_ONCE):
            self._recorder.ask(lambda: None)

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
            self._tell(_NOT_KEPT.format(why=error))
            return None
        return Recorder(store, self._failed)

    def _failed(self, why: str) -> None:
        """Tell it in the loop's thread."""
        self._loop.call_soon_threadsafe(self._tell, _NOT_KEPT.format(why=why))


def _settle(done: "asyncio.Future[None]") -> None:
    if not done.done():
        done.set_result(None)
