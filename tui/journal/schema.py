"""The tables of the journal, version by version. Stays out of what is asked of them."""

import sqlite3
from typing import Final

from tui.errors import JournalError

_FIRST: Final = """
CREATE TABLE run (
    id          TEXT PRIMARY KEY,
    root        TEXT NOT NULL,
    target      TEXT NOT NULL,
    agent       TEXT NOT NULL,
    status      TEXT NOT NULL,
    started_at  REAL NOT NULL,
    ended_at    REAL,
    last_seq    INTEGER NOT NULL,
    size        INTEGER NOT NULL,
    rehearsal   INTEGER NOT NULL
) STRICT;
CREATE INDEX run_by_root ON run (root, started_at);

CREATE TABLE conversation (
    root      TEXT PRIMARY KEY,
    newest    TEXT NOT NULL,
    moved_at  REAL NOT NULL,
    said      TEXT NOT NULL DEFAULT '',
    name      TEXT NOT NULL DEFAULT '',
    starred   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX conversation_by_time ON conversation (moved_at);

CREATE TABLE event (
    run   TEXT NOT NULL,
    seq   INTEGER NOT NULL,
    body  TEXT NOT NULL,
    word  INTEGER,
    PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE word USING fts5 (
    text, run UNINDEXED, seq UNINDEXED, kind UNINDEXED, tokenize = 'unicode61 remove_diacritics 2'
);
"""

_CHECKPOINTS: Final = """
CREATE TABLE checkpoint (
    run   TEXT NOT NULL,
    n     INTEGER NOT NULL,
    seq   INTEGER NOT NULL,
    kind  TEXT NOT NULL,
    body  TEXT NOT NULL,
    PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;
"""

# Runs that came from a file: no host of this journal ever had them.
_IMPORTED: Final = """
ALTER TABLE run ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;
"""

# Where its host can be met, and how that was opened.
_HOSTS: Final = """
ALTER TABLE run ADD COLUMN host TEXT NOT NULL DEFAULT '';
ALTER TABLE run ADD COLUMN opened TEXT NOT NULL DEFAULT '';
CREATE INDEX run_by_end ON run (started_at) WHERE ended_at IS NULL;
"""

# One script a version; what was released is never changed, only added to.
_STEPS: Final = (_FIRST, _CHECKPOINTS, _IMPORTED, _HOSTS)
VERSION: Final = len(_STEPS)


def bring_up_to_date(connection: sqlite3.Connection, name: str) -> None:
    """Make the tables, or the newest of older ones.

    Raises:
        JournalError: If a newer version of Baton made the file.
        sqlite3.Error: If it cannot be written.
    """
    found = _version(connection)
    if found > VERSION:
        raise JournalError(
            f"{name} was made by a newer Baton (its form is {found}, this one knows {VERSION}): "
            "update Baton, or name another folder with --data-dir"
        )
    if found == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it meanwhile.
        for step in _STEPS[_version(connection) :]:
            for statement in _statements(step):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _statements(script: str) -> list[str]:
    """Return the statements of a script: `executescript` would end the transaction."""
    statements, begun = [], ""
    for line in script.splitlines():
        begun += f"{line}\n"
        if sqlite3.complete_statement(begun):
            statements.append(begun)
            begun = ""
    return statements
