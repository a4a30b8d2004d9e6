"""What `baton replay` plays: a kept run, or a file of events. Read before there is any screen."""

import os
from pathlib import Path
from typing import Final

from tui.cli_files import read_text
from tui.cockpit.sources.replay import Recording, file_recording, kept_recording
from tui.errors import UsageError
from tui.journal.store import KeptRun, Store

_EXPORTED: Final = ".jsonl"


def recording_of(which: str, journal: Path | None) -> Recording:
    """Return what a person named.

    Args:
        which: A file, or else a kept run's id or the beginning of it.
        journal: The journal's file, None where there is none.

    Raises:
        UsageError: If there is no such run or file.
        JournalError: If it cannot be read, or the file is none of ours or cut off.
    """
    # As os.path says it: a name that no file can have is no file.
    if os.path.exists(which) or "/" in which or which.endswith(_EXPORTED):  # noqa: PTH110
        # No other line end than that: what was said may have some of its own.
        return file_recording(read_text(which, which, "").split("\n"), which)
    if journal is None or not os.path.exists(journal):  # noqa: PTH110
        raise UsageError(f"'{which}' is no file, and no run is kept yet: give the path of a file")
    from contextlib import closing

    from tui.journal.sqlite_store import SqliteStore

    with closing(SqliteStore(journal)) as store:
        return kept_recording(store, wanted_run(store, which))


def wanted_run(store: Store, run_id: str) -> KeptRun:
    """Return the kept run that a person named.

    Raises:
        UsageError: If there is none, or more than one.
    """
    run = store.run(run_id)
    if run is None:
        raise UsageError(f"no kept run, or more than one, begins with '{run_id}': see `baton runs`")
    return run
