"""Kept runs as files to hand on, and runs that others handed on. Stays out of how they are written.

What looks like a secret, and what a person named, goes into no file.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, TypeAlias

from tui.cli_config import read_settings
from tui.cli_kept import put, put_json, say, wanted
from tui.errors import UsageError
from tui.journal.exchange import lines_of
from tui.journal.incoming import runs_in
from tui.journal.store import KeptRun, Store
from tui.journal.whole_file import write_whole
from tui.wire.events import RunEvent

Write: TypeAlias = Callable[[Store, Sequence[KeptRun], Sequence[str]], Iterable[str]]

_STREAM: Final = "-"
_EVENTS: Final = "jsonl"
_FORM_OF_ENDING: Final = {".html": "html", ".htm": "html", ".md": "markdown"}


def bring_in(store: Store, given: argparse.Namespace) -> None:
    """Keep the runs of a file, all or none.

    Raises:
        UsageError: If it cannot be read.
        JournalError: If it is no export, or a run in it is kept with other events.
    """
    runs = _read(given.file)
    new = store.bring_in(runs)
    old = len(runs) - len(new)
    if old:
        say(f"{_runs(old)} kept already, with the same events: left as {_they(old)}.")
    for run_id in new:
        say(f"Brought in run {run_id}.")


def export(store: Store, given: argparse.Namespace) -> None:
    """Write a run, or its conversation, to standard output or into a file.

    Raises:
        UsageError: If there is no such run, or the file cannot be written.
    """
    run = wanted(store, given.id)
    runs = store.conversation(run.root) if given.conversation else (run,)
    words = (*given.redact, *read_settings(given.config).export.redact)
    form = _form(given)
    lines = _WRITERS[form](store, runs, words)
    if given.output not in (None, _STREAM):
        _write(given.output, (f"{line}\n".encode() for line in lines), may_replace=given.force)
        return
    if form != _EVENTS:
        put(lines)
        return
    for line in lines:
        put_json(line)


def _read(name: str) -> tuple[tuple[RunEvent, ...], ...]:
    try:
        if name == _STREAM:
            return runs_in(sys.stdin.buffer, "standard input")
        with Path(name).open("rb") as file:
            return runs_in(file, Path(name).name)
    except FileNotFoundError as error:
        raise UsageError(f"there is no file {name}: check its path") from error
    except IsADirectoryError as error:
        raise UsageError(f"{name} is a folder: give a file") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{name} cannot be read: {why}") from error


def _write(name: str, lines: Iterable[bytes], *, may_replace: bool) -> None:
    try:
        write_whole(Path(name), lines, may_replace=may_replace)
    except FileExistsError as error:
        told = "name another, or add --force to replace it"
        raise UsageError(f"--output: {name} is there already: {told}") from error
    except FileNotFoundError as error:
        raise UsageError(f"--output: there is no folder for {name}: make it first") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"--output: {name} cannot be written: {why}") from error


def _form(given: argparse.Namespace) -> str:
    """Return the form that is asked for, else the one that the file's name ends in."""
    if given.format is not None:
        return str(given.format)
    ending = Path(given.output or "").suffix.lower()
    return _FORM_OF_ENDING.get(ending, _EVENTS)


def _events(store: Store, runs: Sequence[KeptRun], words: Sequence[str]) -> Iterable[str]:
    events = chain.from_iterable(store.events(run.run_id) for run in runs)
    return lines_of(events, words)


def _markdown(store: Store, runs: Sequence[KeptRun], words: Sequence[str]) -> Iterator[str]:
    from tui.report.markdown import markdown_of
    from tui.report.report import report_of

    return markdown_of(report_of(store, runs, words))


def _html(store: Store, runs: Sequence[KeptRun], words: Sequence[str]) -> Iterator[str]:
    from tui.report.page import page_of
    from tui.report.report import report_of

    return page_of(report_of(store, runs, words))


_WRITERS: Final[dict[str, Write]] = {_EVENTS: _events, "markdown": _markdown, "html": _html}


def _runs(count: int) -> str:
    return "1 run is" if count == 1 else f"{count} runs are"


def _they(count: int) -> str:
    return "it is" if count == 1 else "they are"
