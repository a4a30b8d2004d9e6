"""Copies a conversation up to a place where it is to go another way. Begins no transaction.

Stays out of what is done there.
"""

import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from tui.journal.run_rows import Batch
from tui.wire.events import ENDINGS, RunCancelled, RunEvent, RunStarted

FORKED: Final = "forked"
_OF_A_FORK: Final = " (fork)"


def fork_title(title: str) -> str:
    """Return what a copy of the conversation with this title is called."""
    return f"{title.removesuffix(_OF_A_FORK)}{_OF_A_FORK}".strip()


class Fork:
    """A copy that is being made.

    Args:
        connection: Inside a transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._copies: dict[str, str] = {}

    def copy_run(self, run_id: str, events: Iterable[RunEvent]) -> str:
        """Copy a run; those it goes on from must be copied before it.

        Returns:
            The copy's id.
        """
        copy = secrets.token_hex(16)
        self._copies[run_id] = copy
        batch, last_seq = Batch(self._connection), -1
        for event in events:
            batch.add(_copied(event, copy, self._copies))
            last_seq = event.seq
        batch.finish()
        self._copy_checkpoints(run_id, copy, last_seq)
        return copy

    def name(self, copy: str, title: str, at: float) -> None:
        """Give the conversation of a copied run its title, and the time at which it was made."""
        self._connection.execute(
            "UPDATE conversation SET name = ?, moved_at = ? "
            "WHERE root = (SELECT root FROM run WHERE id = ?)",
            (fork_title(title), at, copy),
        )

    def _copy_checkpoints(self, run_id: str, copy: str, end: int) -> None:
        """Copy what another process needs to go on from before the event `end`, a run's last."""
        self._connection.execute(
            "INSERT INTO checkpoint (run, n, seq, kind, body) "
            "SELECT ?, n, seq, kind, body FROM checkpoint WHERE run = ? AND seq < ?",
            (copy, run_id, end),
        )


def kept_part(events: Iterable[RunEvent], before_seq: int) -> Sequence[RunEvent]:
    """Return what a fork takes along of the run in which it is made, with an end.

    Of a run in which nothing happened before that there is nothing to take.
    """
    part = list(_before(events, before_seq))
    if len(part) <= 1 or isinstance(part[-1], ENDINGS):
        return part if len(part) > 1 else ()
    last = part[-1]
    end = RunCancelled(run_id=last.run_id, seq=last.seq + 1, at=last.at, mode=FORKED)
    return (*part, end)


def _before(events: Iterable[RunEvent], seq: int) -> Iterator[RunEvent]:
    for event in events:
        if event.seq >= seq:
            return
        yield event


def _copied(event: RunEvent, copy: str, copies: Mapping[str, str]) -> RunEvent:
    if not isinstance(event, RunStarted):
        return replace(event, run_id=copy)
    continues, retries = (copies.get(of or "") for of in (event.continues, event.retries))
    return replace(event, run_id=copy, continues=continues, retries=retries, forks=event.run_id)
