"""A session in an SQLite database, with the Agents SDK's tables: either reads the other's files.

All work on the database is done by one thread a session, in the order it was asked for: the event
loop never waits for a disk, and a cancelled run leaves no work half done.
"""

from __future__ import annotations

import asyncio
import json
import weakref
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tui.agents.coerced import coerced
from tui.agents.exceptions import UserError
from tui.agents.items import TResponseInputItem
from tui.agents.memory.session import SessionABC, SessionSettings

if TYPE_CHECKING:
    from sqlite3 import Connection, Cursor

T = TypeVar("T")
Execute = Callable[..., "Cursor"]
"""Runs a statement about the session, whose further values follow."""

LOCK_TIMEOUT_S = 5.0
"""How long somebody else may hold the file before that is an error."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS {sessions} (
    session_id TEXT PRIMARY KEY,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE IF NOT EXISTS {messages} (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL,
    message_data TEXT NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    FOREIGN KEY (session_id) REFERENCES {sessions} (session_id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_{messages}_session_id ON {messages} (session_id, id);
"""
_POP = """
DELETE FROM {messages}
WHERE id = (SELECT id FROM {messages} WHERE session_id = ? ORDER BY id DESC LIMIT 1)
RETURNING message_data
"""


class SQLiteSession(SessionABC):
    """A conversation in a database; several may share a file, also with other processes.

    The file is made when it is first needed; in memory, a conversation ends with its session.
    Whatever asks for items raises a `UserError` if the database is damaged or locked, or cannot
    be opened.
    """

    def __init__(
        self,
        session_id: str,
        db_path: str | Path = ":memory:",
        sessions_table: str = "agent_sessions",
        messages_table: str = "agent_messages",
        session_settings: SessionSettings | None = None,
    ) -> None:
        self.session_id = session_id
        settings = session_settings or SessionSettings()
        self.session_settings: SessionSettings = coerced(settings, SessionSettings)
        self.db_path = db_path
        self._tables = {"sessions": sessions_table, "messages": messages_table}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="SQLiteSession")
        self._connection: Connection | None = None
        self._at_end = ExitStack()
        weakref.finalize(self, self._at_end.close)
        self._is_closed = False

    async def get_items(self, limit: int | None = None) -> list[TResponseInputItem]:
        """Return the newest `limit` items, or all, oldest first; without a limit the settings'."""
        if limit is None:
            limit = self.session_settings.limit
        # To SQLite a negative limit is none.
        count = None if limit is None or limit < 0 else limit

        def read(execute: Execute) -> list[TResponseInputItem]:
            newest = "SELECT message_data FROM {messages} WHERE session_id = ? ORDER BY id DESC"
            with closing(execute(newest)) as rows:
                return list(islice(_readable(rows), count))[::-1]

        return await self._do(read)

    async def add_items(self, items: list[TResponseInputItem]) -> None:
        """Add items behind those there are, all or none."""
        texts = [json.dumps(item) for item in items]

        def add(execute: Execute) -> None:
            if not texts:
                return
            execute("INSERT OR IGNORE INTO {sessions} (session_id) VALUES (?)")
            for text in texts:
                execute("INSERT INTO {messages} (session_id, message_data) VALUES (?, ?)", text)
            execute("UPDATE {sessions} SET updated_at = CURRENT_TIMESTAMP WHERE session_id = ?")

        await self._do(add)

    async def pop_item(self) -> TResponseInputItem | None:
        """Take the newest item away and return it; None if there is none."""

        def pop(execute: Execute) -> TResponseInputItem | None:
            while rows := execute(_POP).fetchall():
                for item in _readable(rows):
                    return item
            return None

        return await self._do(pop)

    async def clear_session(self) -> None:
        """Take all items away."""

        def clear(execute: Execute) -> None:
            execute("DELETE FROM {messages} WHERE session_id = ?")
            execute("DELETE FROM {sessions} WHERE session_id = ?")

        await self._do(clear)

    def close(self) -> None:
        """Close the connection behind what was begun; the session is of no more use."""
        if not self._is_closed:
            self._is_closed = True
            self._thread.submit(self._at_end.close)
            self._thread.shutdown(wait=False)

    async def _do(self, work: Callable[[Execute], T]) -> T:
        if self._is_closed:
            raise RuntimeError("SQLiteSession is closed")
        working = asyncio.get_running_loop().run_in_executor(self._thread, self._committed, work)
        # Whoever is cancelled stops waiting; what was begun is done all the same.
        return await asyncio.shield(working)

    def _committed(self, work: Callable[[Execute], T]) -> T:
        import sqlite3

        try:
            if self._connection is None:
                self._connection = self._opened()
            with self._connection as connection:
                return work(partial(self._execute, connection))
        except sqlite3.Error as error:
            raise UserError(
                f"The session {self.session_id!r} in {self.db_path}: {error}. "
                "Is the file damaged, or in use by somebody else?"
            ) from error

    def _opened(self) -> Connection:
        import sqlite3

        # Who forgets the session closes it, too: in another thread.
        connection = sqlite3.connect(self.db_path, LOCK_TIMEOUT_S, check_same_thread=False)
        try:
            # Readers do not wait for writers then. Another session may be asking for the same.
            with suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(_SCHEMA.format(**self._tables))
        except sqlite3.Error:
            connection.close()
            raise
        self._at_end.callback(connection.close)
        return connection

    def _execute(self, connection: Connection, template: str, *values: str) -> Cursor:
        return connection.execute(template.format(**self._tables), [self.session_id, *values])


def _readable(rows: Iterable[tuple[str]]) -> Iterator[TResponseInputItem]:
    for (text,) in rows:
        # What is no JSON stands for nothing, as in the Agents SDK.
        with suppress(ValueError, TypeError):
            yield json.loads(text)
