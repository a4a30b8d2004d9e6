"""What commands about kept runs share: opening the journal, finding a run, and plain lines.

Stays out of what is asked of the journal.
"""

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from tui.errors import UsageError
from tui.journal.sqlite_store import SqliteStore
from tui.journal.store import KeptRun, Store
from tui.plain import plain, plain_line

_ACTS: Final = re.compile(r"[^ -~]")
_SHORT_ID: Final = 8
_NAMED_AT_MOST: Final = 4


@contextmanager
def opened(path: Path, *, may_begin: bool = False) -> Iterator[Store | None]:
    """Give the journal in a file, None where nothing is kept yet.

    Args:
        path: The file.
        may_begin: Whether it is made where there is none.

    Raises:
        JournalError: If it cannot be opened.
    """
    # As os.path says it: a name that no file can have is no file.
    if not (may_begin or os.path.exists(path)):  # noqa: PTH110
        yield None
        return
    with closing(SqliteStore(path)) as store:
        yield store


def wanted(store: Store, run_id: str) -> KeptRun:
    """Return the run that an id, or its beginning, names.

    Raises:
        UsageError: If there is none, or more than one.
    """
    if not run_id:
        raise UsageError("an empty ID names no run: `baton runs` lists them")
    if (run := store.run(run_id)) is not None:
        return run
    near = store.beginning_with(run_id, _NAMED_AT_MOST)
    if not near:
        raise UsageError(f"no kept run begins with '{run_id}': `baton runs` lists them")
    ids = ", ".join(each.run_id[: max(_SHORT_ID, len(run_id) + 4)] for each in near)
    raise UsageError(f"more than one run begins with '{run_id}': give more of it, as in {ids}")


def short_id(run: KeptRun) -> str:
    """Return as much of an id as a list shows."""
    return run.run_id[:_SHORT_ID]


def minute(at: float) -> str:
    """Return UTC seconds as the minute on the clock here: `2026-11-29 22:30`."""
    return datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M")


def put(lines: Iterable[str]) -> None:
    """Print lines; what acts on a terminal is made visible."""
    for line in lines:
        sys.stdout.write(f"{plain(line)}\n")


def put_json(line: str) -> None:
    """Print a line of JSON; on a terminal, what could act on it is an escape of JSON's own."""
    shown = _ACTS.sub(_escaped, line) if sys.stdout.isatty() else line
    sys.stdout.write(f"{shown}\n")


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    return character if character.isprintable() else json.dumps(character)[1:-1]


def say(text: str) -> None:
    """Say a sentence on standard error."""
    sys.stderr.write(f"{plain_line(text)}\n")
