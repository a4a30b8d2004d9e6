"""What is kept, as the screens ask for it: each question in a thread of its own, off the loop.

Stays out of what is asked. The store is opened for a question and closed after it, so nobody holds
a file that another process writes.
"""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, TypeVar

from tui.cockpit.daemon_work import in_daemon
from tui.errors import JournalError
from tui.journal.living import living
from tui.journal.store import Hit, KeptRun, Store

T = TypeVar("T")

NO_PLACE: Final = "Nothing is kept: there is no home folder; name one with --data-dir"
"""What is said where there is no journal."""


class KeptRuns:
    """The journal, for who draws.

    Args:
        path: Its file, which need not be there yet; None where nothing is kept.

    Attributes:
        living: The runs whose process was there when the newest were read.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.living: frozenset[str] = frozenset()

    @property
    def has_place(self) -> bool:
        """Whether anything is kept at all."""
        return self._path is not None

    async def newest(self, count: int, before: float | None = None) -> tuple[KeptRun, ...]:
        """Return what `Store.runs` does; nothing while nothing was ever kept."""
        nothing: tuple[frozenset[str], tuple[KeptRun, ...]] = (frozenset(), ())
        self.living, runs = await self.ask(
            lambda store: (living(store), tuple(store.runs(count, before))), nothing
        )
        return runs

    async def found(self, words: str, count: int) -> tuple[Hit, ...]:
        """Return what `Store.search` does; nothing while nothing was ever kept."""
        nothing: tuple[Hit, ...] = ()
        return await self.ask(lambda store: tuple(store.search(words, count)), nothing)

    async def ask(self, question: Callable[[Store], T], otherwise: T | None = None) -> T:
        """Return what `question` makes of the store.

        Args:
            question: Called in another thread; what it gives must not need the store any more.
            otherwise: What to return while nothing was ever kept; without it, the file is made.

        Raises:
            JournalError: If there is no journal, or it cannot be read or written.
        """
        path = self._path
        if path is None:
            raise JournalError(NO_PLACE)

        def answer() -> T:
            # Late: no first frame needs the database.
            from tui.journal.sqlite_store import SqliteStore

            if otherwise is not None and not _may_be_there(path):
                return otherwise
            with closing(SqliteStore(path)) as store:
                return question(store)

        return await in_daemon(answer)


def _may_be_there(path: Path) -> bool:
    """Whether there is a file, or nobody can tell: then to open it says why."""
    try:
        return path.exists()
    except OSError:
        return True
