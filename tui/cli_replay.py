"""What `baton replay` plays: a kept run, or a file of events. Read before there is any screen."""

import os
from pathlib import Path
from typing import Final

from tui.cli_files import read_text
from tui.cockpit.sources.replay import Recording, file_recording, kept_recording
from tui.errors import UsageError

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
    from tui.cli_kept import opened, wanted

    with opened(journal, may_begin=True) as store:
        assert store is not None
        return kept_recording(store, wanted(store, which))
