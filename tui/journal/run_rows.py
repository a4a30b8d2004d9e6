"""Puts events and checkpoints into the tables, and with them what the list of runs says.

Begins no transaction.
"""

import sqlite3
from dataclasses import dataclass
from typing import Final

import msgspec

from tui.journal.store import Checkpoint, Record
from tui.journal.summary import Change, change_by, text_of
from tui.wire.events import RunEvent, RunStarted, UserMessage

TITLE_CHARACTERS: Final = 200

_NOTHING: Final = Change()

_encoder = msgspec.json.Encoder()


@dataclass(slots=True)
class _Grown:
    """What a run's row grows by."""

    last_seq: int
    size: int
    change: Change = _NOTHING


class Batch:
    """Records that are kept together.

    Args:
        connection: Inside a transaction.
        host: Where the host of the runs that begin can be met, "" for nowhere.
        opened: How it was opened.

    Attributes:
        forgotten: The runs that were deleted while they went on: nothing more of them is kept.
    """

    def __init__(self, connection: sqlite3.Connection, host: str = "", opened: str = "") -> None:
        self._connection = connection
        self._host = host
        self._opened = opened
        self._grown: dict[str, _Grown] = {}
        self._known: set[str] = set()
        self.forgotten: set[str] = set()

    def add(self, record: Record) -> None:
        """Keep a checkpoint, or an event unless it is kept."""
        if isinstance(record, RunStarted):
            self._begin(record)
        if not self._knows(record.run_id):
            self.forgotten.add(record.run_id)
        elif isinstance(record, Checkpoint):
            self._add_checkpoint(record)
        else:
            self._add_event(record)

    def _add_checkpoint(self, record: Checkpoint) -> None:
        self._connection.execute(
            "INSERT INTO checkpoint (run, n, seq, kind, body) VALUES "
            "(?1, (SELECT coalesce(max(n), -1) + 1 FROM checkpoint WHERE run = ?1), ?2, ?3, ?4)",
            (record.run_id, record.seq, record.kind, record.body),
        )

    def _add_event(self, event: RunEvent) -> None:
        body = _encoder.encode(event).decode()
        word = self._add_words(event)
        added = self._connection.execute(
            "INSERT OR IGNORE INTO event (run, seq, body, word) VALUES (?, ?, ?, ?)",
            (event.run_id, event.seq, body, word),
        )
        if not added.rowcount:
            self._connection.execute("DELETE FROM word WHERE rowid = ?", (word,))
            return
        if isinstance(event, UserMessage):
            self._title(event)
        self._grow(event, len(body))

    def finish(self) -> None:
        """Write what the runs are now."""
        for run_id, grown in self._grown.items():
            change = grown.change
            self._connection.execute(
                "UPDATE run SET last_seq = max(last_seq, ?), size = size + ?, "
                "status = coalesce(?, status), agent = coalesce(?, agent), "
                "ended_at = coalesce(?, ended_at) WHERE id = ?",
                (grown.last_seq, grown.size, *change, run_id),
            )

    def _knows(self, run_id: str) -> bool:
        """Tell whether a run is listed: what is kept of another would never be found again."""
        if run_id not in self._known:
            found = self._connection.execute("SELECT 1 FROM run WHERE id = ?", (run_id,))
            if found.fetchone() is None:
                return False
            self._known.add(run_id)
        return True

    def _begin(self, event: RunStarted) -> None:
        before = event.continues or event.retries
        root = self._root_of(before) if before else event.run_id
        self._connection.execute(
            "INSERT OR IGNORE INTO run (id, root, target, agent, status, started_at, "
            "last_seq, size, rehearsal, host, opened) "
            "VALUES (?, ?, ?, ?, 'running', ?, -1, 0, ?, ?, ?)",
            (
                event.run_id,
                root,
                event.target,
                event.agent or "",
                event.at,
                event.rehearsal,
                self._host,
                self._opened,
            ),
        )
        self._move(root, event.run_id, event.at)
        if root != event.run_id:
            self._join(event.run_id, root)

    def _move(self, root: str, newest: str, at: float) -> None:
        self._connection.execute(
            "INSERT INTO conversation (root, newest, moved_at) VALUES (?, ?, ?) "
            "ON CONFLICT (root) DO UPDATE SET newest = excluded.newest, "
            "moved_at = excluded.moved_at WHERE excluded.moved_at >= moved_at",
            (root, newest, at),
        )

    def _join(self, run_id: str, root: str) -> None:
        """Let runs that go on with this one, and were kept before it, be of its conversation."""
        change = self._connection.execute
        if not change("UPDATE run SET root = ? WHERE root = ?", (root, run_id)).rowcount:
            return
        kept = "SELECT newest, moved_at, starred FROM conversation WHERE root = ?"
        newest, at, is_starred = change(kept, (run_id,)).fetchone()
        change("DELETE FROM conversation WHERE root = ?", (run_id,))
        self._move(root, newest, at)
        change(
            "UPDATE conversation SET starred = max(starred, ?) WHERE root = ?", (is_starred, root)
        )

    def _root_of(self, run_id: str) -> str:
        row = self._connection.execute("SELECT root FROM run WHERE id = ?", (run_id,)).fetchone()
        return row[0] if row else run_id

    def _title(self, event: UserMessage) -> None:
        self._connection.execute(
            "UPDATE conversation SET said = ? WHERE said = '' AND root = "
            "(SELECT root FROM run WHERE id = ?)",
            (" ".join(event.text.split())[:TITLE_CHARACTERS], event.run_id),
        )

    def _add_words(self, event: RunEvent) -> int | None:
        text = text_of(event)
        if not text.strip():
            return None
        tag = type(event).__struct_config__.tag
        return self._connection.execute(
            "INSERT INTO word (text, run, seq, kind) VALUES (?, ?, ?, ?)",
            (text, event.run_id, event.seq, tag),
        ).lastrowid

    def _grow(self, event: RunEvent, size: int) -> None:
        grown = self._grown.setdefault(event.run_id, _Grown(event.seq, 0))
        grown.last_seq = max(grown.last_seq, event.seq)
        grown.size += size
        if (change := change_by(event)) is not None:
            grown.change = grown.change.then(change)
