"""Writes decisions into a new file: whole or not at all, never over another. Knows no screen."""

from collections.abc import Iterable
from itertools import count
from pathlib import Path

from tui.errors import ExportError
from tui.journal.whole_file import written


def write_new(stem: str, lines: Iterable[bytes]) -> Path:
    """Return the path of a new file in the working folder, which its owner alone may read.

    Args:
        stem: How it is called, without an ending; a number follows where that is taken.
        lines: Bytes, line ends included.

    Raises:
        ExportError: If it cannot be written; then there is no such file.
    """
    try:
        folder = Path.cwd()
    except OSError as error:
        raise ExportError("The working folder is gone: the decisions were not written") from error
    try:
        with written(folder, stem, lines) as whole:
            return _named(whole, folder, stem)
    except OSError as error:
        why = error.strerror or str(error)
        raise ExportError(f"The decisions could not be written into {folder}: {why}") from error


def _named(whole: Path, folder: Path, stem: str) -> Path:
    """Give a file that is whole a name that nothing has."""
    for number in count(1):
        path = folder / (f"{stem}.jsonl" if number == 1 else f"{stem}-{number}.jsonl")
        try:
            # Unlike a rename, a link never takes the place of what is there.
            path.hardlink_to(whole)
        except FileExistsError:
            continue
        return path
    raise AssertionError("there is no end to the numbers")
