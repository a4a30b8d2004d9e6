"""The journal in one SQLite file. Stays out of when events come to be kept."""

import os
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from itertools import chain
from pathlib import Path

# Rows are what SQLite gives.
from typing import Any, Final

import msgspec

from tui.errors import JournalError
from tui.journal.forking import Fork, kept_part
from tui.journal.run_rows import Batch
from tui.journal.schema import bring_up_to_date
from tui.journal.store import Checkpoint, Hit, KeptRun, Record
from tui.wire.events import RunEvent

_BUSY_S: Final = 5.0
_PAGE: Final = 500
_NEVER: Final = float("inf")
_RUN: Final = """
SELECT run.id, run.root, run.target, run.agent,
       coalesce(nullif(c.name, ''), c.said) AS title,
       run.status, run.started_at, run.ended_at, run.last_seq + 1, run.size, c.starred,
       run.rehearsal, run.imported, c.moved_at, run.host, run.opened
FROM run JOIN conversation AS c ON c.root = run.root
"""
_HOST_OF: Final = "SELECT host FROM run WHERE id = ?"
_CLAIM: Final = "UPDATE run SET host = ? WHERE id = ? AND host = ? AND ended_at IS NULL"
_SEARCH: Final = """
SELECT run, seq, kind, snippet(word, 0, char(2), char(3), '…', 16)
FROM word WHERE word MATCH ? ORDER BY rowid DESC LIMIT ?
"""
# The tag is the first thing that an event says.
_DECIDED: Final = """
SELECT DISTINCT run FROM event
WHERE body GLOB '{"type":"approval_decided"*' OR body GLOB '{"type":"call_denied"*'
"""
_FORGET: Final = (
    """
    DELETE FROM word WHERE rowid IN (
        SELECT word FROM event
        WHERE run IN (SELECT id FROM run WHERE root = ?) AND word IS NOT NULL
    )
    """,
    "DELETE FROM event WHERE run IN (SELECT id FROM run WHERE root = ?)",
    "DELETE FROM checkpoint WHERE run IN (SELECT id FROM run WHERE root = ?)",
    "DELETE FROM run WHERE root = ?",
    "DELETE FROM conversation WHERE root = ?",
)

_FLAGS: Final = ("is_starred", "is_rehearsal", "is_imported")
_FIELDS: Final = tuple(field.name for field in fields(KeptRun))

_decoder = msgspec.json.Decoder(RunEvent)


class SqliteStore:
    """A `Store` in a file of its owner alone; its folder is made if it is not there.

    One thread at a time may use it.

    Args:
        path: The file.
        wall: UTC seconds.

    Raises:
        JournalError: If it cannot be opened, is damaged, or of a newer version.
    """

    def __init__(self, path: Path, *, wall: Callable[[], float] = time.time) -> None:
        self._path = path
        self._wall = wall
        self._host = self._opened = ""
        with self._told("opened"):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _make_private(path)
            self._connection = sqlite3.connect(
                path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            bring_up_to_date(self._connection, path.name)
            self._file = _identity(path)

    def begin_as(self, host: str, opened: str) -> None:
        """Have runs that begin from now on belong to a host."""
        self._host, self._opened = host, opened

    def append(self, records: Sequence[Record]) -> Collection[str]:
        """Keep events and checkpoints, all or none; an event that is kept is left as it is."""
        if not records:
            return ()
        with self._told("written"), self._transaction():
            self._check_place()
            batch = Batch(self._connection, self._host, self._opened)
            for record in records:
                batch.add(record)
            batch.finish()
        return batch.forgotten

    def bring_in(self, runs: Sequence[Sequence[RunEvent]]) -> Sequence[str]:
        """Keep whole runs from elsewhere, all or none; return which were not kept before."""
        with self._told("written"), self._transaction():
            new = [events for events in runs if not self._is_kept(events)]
            batch = Batch(self._connection)
            for event in chain.from_iterable(new):
                batch.add(event)
            batch.finish()
            ids = [events[0].run_id for events in new]
            marked = "UPDATE run SET imported = 1 WHERE id = ?"
            self._connection.executemany(marked, [(run_id,) for run_id in ids])
        return ids

    def events(self, run_id: str, after: int = -1) -> Iterator[RunEvent]:
        """Yield a run's events in `seq` order, those behind `after`."""
        while True:
            with self._told("read"):
                rows = self._connection.execute(
                    "SELECT seq, body FROM event WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?",
                    (run_id, after, _PAGE),
                ).fetchall()
            for after, body in rows:
                yield self._decoded(run_id, after, body)
            if len(rows) < _PAGE:
                return

    def checkpoints(self, run_id: str) -> Sequence[Checkpoint]:
        """Return a run's checkpoints, oldest first."""
        with self._told("read"):
            rows = self._connection.execute(
                "SELECT run, seq, kind, body FROM checkpoint WHERE run = ? ORDER BY n", (run_id,)
            ).fetchall()
        return [Checkpoint(*row) for row in rows]

    def run(self, run_id: str) -> KeptRun | None:
        """Return a run by its id, or by the beginning of it that no other id has."""
        exact = self._runs(f"{_RUN} WHERE run.id = ?", run_id)
        if exact or not run_id:
            return exact[0] if exact else None
        found = self.beginning_with(run_id, 2)
        return found[0] if len(found) == 1 else None

    def beginning_with(self, beginning: str, limit: int) -> Sequence[KeptRun]:
        """Return runs whose ids begin so, at most so many, in the order of their ids."""
        high = f"{beginning}\U0010ffff"
        within = "run.id >= ? AND run.id < ? ORDER BY run.id LIMIT ?"
        return self._runs(f"{_RUN} WHERE {within}", beginning, high, limit)

    def runs(self, limit: int = 100, before: float | None = None) -> Sequence[KeptRun]:
        """Return the newest run of each conversation, newest first; `before` moved earlier."""
        return self._runs(
            f"{_RUN} WHERE run.id = c.newest AND c.moved_at < ? ORDER BY c.moved_at DESC LIMIT ?",
            _NEVER if before is None else before,
            limit,
        )

    def unended(self) -> Sequence[KeptRun]:
        """Return the runs without an end, newest first."""
        return self._runs(f"{_RUN} WHERE run.ended_at IS NULL ORDER BY run.started_at DESC")

    def host_of(self, run_id: str) -> str:
        """Return where the host of a run can be, or could be, met; "" for nowhere."""
        with self._told("read"):
            row = self._connection.execute(_HOST_OF, (run_id,)).fetchone()
        return row[0] if row else ""

    def claim(self, run_id: str, mine: str, instead_of: str) -> bool:
        """Make a run without an end belong to another host; tell whether it does now.

        Args:
            run_id: The run.
            mine: Where the new host can be met.
            instead_of: Who must have it as yet; that nobody lives there is the caller's to know.
        """
        with self._told("written"):
            changed = self._connection.execute(_CLAIM, (mine, run_id, instead_of))
        return changed.rowcount == 1

    def conversation(self, root: str) -> Sequence[KeptRun]:
        """Return the runs of one conversation, oldest first."""
        return self._runs(f"{_RUN} WHERE run.root = ? ORDER BY run.started_at, run.rowid", root)

    def decided_in(self) -> Sequence[str]:
        """Return the ids of the runs in which a call was approved, rejected or denied."""
        with self._told("read"):
            return [run_id for (run_id,) in self._connection.execute(_DECIDED).fetchall()]

    def search(self, words: str, limit: int = 50) -> Sequence[Hit]:
        """Return where all these words stand, newest first; the last word may be a beginning."""
        wanted = _query(words)
        if not wanted:
            return ()
        with self._told("read"):
            rows = self._connection.execute(_SEARCH, (wanted, limit)).fetchall()
        known = {run: self.run(run) for run in {row[0] for row in rows}}
        return [
            Hit(run, seq, kind, excerpt)
            for run_id, seq, kind, excerpt in rows
            if (run := known[run_id]) is not None
        ]

    def star(self, root: str, is_starred: bool) -> None:
        """Mark a conversation, or take the mark back."""
        self._change("UPDATE conversation SET starred = ? WHERE root = ?", is_starred, root)

    def rename(self, root: str, title: str) -> None:
        """Give a conversation a name; "" gives its first message back."""
        name = " ".join(title.split())
        self._change("UPDATE conversation SET name = ? WHERE root = ?", name, root)

    def delete(self, root: str) -> None:
        """Forget a conversation, all its runs."""
        with self._told("written"), self._transaction():
            self._forget(root)

    def prune(self, older_than: float, *, keep_starred: bool) -> int:
        """Forget conversations whose newest run ended before `older_than`; return how many."""
        with self._told("written"), self._transaction():
            roots = self._connection.execute(
                "SELECT c.root FROM conversation AS c JOIN run ON run.id = c.newest "
                "WHERE coalesce(run.ended_at, iif(run.imported, c.moved_at, NULL)) < ? "
                "AND NOT (? AND c.starred)",
                (older_than, keep_starred),
            ).fetchall()
            for (root,) in roots:
                self._forget(root)
        return len(roots)

    def fork(self, run_id: str, before_seq: int) -> KeptRun:
        """Copy a conversation up to an event of a run, into new runs; return the last of them."""
        with self._told("written"), self._transaction():
            source = self.run(run_id)
            if source is None:
                raise JournalError(f"{self._path.name} has no run {run_id} to fork: see the list")
            runs = self.conversation(source.root)
            earlier = runs[: [each.run_id for each in runs].index(source.run_id)]
            fork, copy = Fork(self._connection), ""
            for each in earlier:
                copy = fork.copy_run(each.run_id, self.events(each.run_id))
            if part := kept_part(self.events(source.run_id), before_seq):
                copy = fork.copy_run(source.run_id, part)
            if not copy:
                raise JournalError("nothing was said or done before that: begin anew instead")
            fork.name(copy, source.title, self._wall())
        made = self.run(copy)
        assert made is not None
        return made

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _is_kept(self, events: Sequence[RunEvent]) -> bool:
        """Tell whether a run is kept with just these events.

        Raises:
            JournalError: If with others.
        """
        run_id, encode = events[0].run_id, msgspec.json.Encoder().encode
        kept = list(self.events(run_id))
        if kept and list(map(encode, kept)) != list(map(encode, events)):
            raise JournalError(
                f"run {run_id} is kept already, with other events ({len(kept)} here, "
                f"{len(events)} there): nothing was brought in; delete that one first if it is "
                "the one to go"
            )
        return bool(kept)

    def _forget(self, root: str) -> None:
        for statement in _FORGET:
            self._connection.execute(statement, (root,))

    def _change(self, statement: str, *values: object) -> None:
        with self._told("written"):
            self._connection.execute(statement, values)

    def _runs(self, statement: str, *values: object) -> list[KeptRun]:
        with self._told("read"):
            rows = self._connection.execute(statement, values).fetchall()
        return [_kept_run(row) for row in rows]

    def _decoded(self, run_id: str, seq: int, body: str) -> RunEvent:
        try:
            return _decoder.decode(body)
        except msgspec.DecodeError as error:
            where = f"{self._path.name}: event {seq} of run {run_id}"
            raise JournalError(f"{where} is not of our wire form: {error}") from error

    def _check_place(self) -> None:
        """Raise JournalError if the file is not there any more: SQLite would write on, unseen."""
        try:
            is_there = _identity(self._path) == self._file
        except FileNotFoundError:
            is_there = False
        if not is_there:
            raise JournalError(f"{self._path} was deleted or replaced while it was in use")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            # A full disk may have ended it already.
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Tell what fails in a sentence."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise JournalError(f"{self._path} cannot be {what}: {why or error}") from error


def _make_private(path: Path) -> None:
    """Make the file, which SQLite would make readable for everybody; leave one that is there alone.

    To close any descriptor of it would take SQLite's locks from this process, and with them the
    proof for other processes that somebody still writes.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _identity(path: Path) -> tuple[int, int]:
    file = path.stat()
    return file.st_dev, file.st_ino


def _kept_run(row: tuple[Any, ...]) -> KeptRun:
    named = dict(zip(_FIELDS, row, strict=True))
    flags = {name: bool(named[name]) for name in _FLAGS}
    return KeptRun(**{**named, **flags})


def _query(words: str) -> str:
    """Return the search in FTS5's own words: each as it stands, the last as a beginning."""
    quoted = ['"{}"'.format(word.replace('"', '""')) for word in words.replace("\0", " ").split()]
    return f"{' '.join(quoted)}*" if quoted else ""
