"""Conversations out of the journal, as if they had been watched. Stays out of what goes on."""

import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final, Protocol

from tui.cockpit.projection.reduce import reduce
from tui.cockpit.projection.view import RunView
from tui.cockpit.sources.base import AgentHost, Run
from tui.errors import JournalError
from tui.journal.store import KeptRun
from tui.wire.events import RunEvent
from tui.wire.meeting import lives

# Events that are folded in a fraction of a millisecond.
_CHUNK: Final = 32


@dataclass(frozen=True, slots=True)
class Reopened:
    """A conversation as it stands in the journal.

    Attributes:
        view: All its runs, folded.
        run: The newest of them.
        met_at: The socket of the host that has it, "" if none lives.
    """

    view: RunView
    run: KeptRun
    met_at: str = ""

    @property
    def is_over(self) -> bool:
        """Whether the newest run has its end."""
        return self.view.status not in ("running", "waiting")

    def go_on(self, host: AgentHost, *, accepts_changes: bool) -> Run | None:
        """Return the newest run where it lives, or taken up by `host`; None if it is over."""
        if self.is_over:
            return None
        run_id, after = self.run.run_id, self.view.seq
        if self.met_at:
            return host.attach(run_id, after, self.met_at)
        return host.resume(run_id, after, accepts_changes=accepts_changes)


class Journal(Protocol):
    """Where kept conversations are read."""

    def reopened(self, run_id: str) -> Reopened:
        """Return the conversation of a run. It may take its time: not for the screen's thread.

        Raises:
            JournalError: If it cannot be read, or has no such run.
        """


class KeptConversations:
    """The journal in a file.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def reopened(self, run_id: str) -> Reopened:
        """Return the conversation of a run.

        Raises:
            JournalError: If it cannot be read, or has no such run.
        """
        # SQLite is loaded when something is read: the first frame waits for nothing it shows not.
        from tui.journal.sqlite_store import SqliteStore

        with closing(SqliteStore(self._path)) as store:
            asked = store.run(run_id)
            if asked is None:
                raise JournalError(f"run {run_id} is not kept in {self._path} any more")
            runs = store.conversation(asked.root)
            events = chain.from_iterable(store.events(run.run_id) for run in runs)
            view = _folded(RunView(target=asked.target, rehearsal=asked.is_rehearsal), events)
        newest = runs[-1]
        return Reopened(view, newest, newest.host if lives(newest.host) else "")


def _folded(view: RunView, events: Iterable[RunEvent]) -> RunView:
    for count, event in enumerate(events):
        view = reduce(view, event)
        if count % _CHUNK == 0:
            # Two threads that compute share badly: the screen's would get a turn each 5 ms.
            time.sleep(0)
    return view
