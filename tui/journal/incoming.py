"""Runs from a file, checked before anything of them is kept. Knows no disk, and no journal."""

import re
from collections.abc import Iterable
from typing import Final

from tui.errors import JournalError
from tui.journal.exchange import numbered_events_in
from tui.wire.events import RunEvent, RunStarted

_LAST_AT: Final = 253_402_300_799.0
"""The last second of the year 9999: behind it no calendar has a day."""
# Ids become arguments on a command line, names in lists and keys in the journal.
_ID: Final = re.compile(r"[!-~]{1,200}")
_GAP: Final = "a line is missing, or stands twice: export the run again"


def runs_in(lines: Iterable[str | bytes], name: str) -> tuple[tuple[RunEvent, ...], ...]:
    """Return the runs of a file called `name`, in the order in which they begin there.

    Args:
        lines: As `lines_of` makes them. Those of one run stand in order; runs may alternate.
        name: As a person is told it.

    Raises:
        JournalError: `name:line: what is wrong; what to do`, for the first fault.
    """
    runs: dict[str, list[RunEvent]] = {}
    for number, event in numbered_events_in(lines, name):
        known = runs.get(event.run_id, [])
        if fault := _fault(event, known, runs):
            raise JournalError(f"{name}:{number}: {fault}")
        runs.setdefault(event.run_id, known).append(event)
    if not runs:
        raise JournalError(f"{name}: no run is in it: give a file of `baton runs export`")
    return tuple(map(tuple, runs.values()))


def _fault(event: RunEvent, before: list[RunEvent], runs: dict[str, list[RunEvent]]) -> str:
    """Return why an event cannot follow those of its run and of the others, "" if it can."""
    if event.seq != len(before):
        told = f"event {event.seq} of run {_shown(event)} where {len(before)} should stand"
        return f"{told}; {_GAP}"
    if isinstance(event, RunStarted) == bool(before):
        told = "begins a second time" if before else f"begins with {type(event).__name__}"
        return f"run {_shown(event)} {told}; it is no export of Baton"
    if not _ID.fullmatch(event.run_id):
        return f"{_shown(event)!r} is no id of a run; it is no export of Baton"
    if not 0 <= event.at <= _LAST_AT:
        return f"{event.at} is no time of ours; it is no export of Baton"
    return "" if before else _misplaced(event, runs)


def _misplaced(event: RunEvent, runs: dict[str, list[RunEvent]]) -> str:
    """Return which run should stand behind this one, which begins: it goes on with it."""
    for run_id, events in runs.items():
        first = events[0]
        assert isinstance(first, RunStarted)
        if event.run_id in (first.continues, first.retries):
            return f"run {run_id} goes on with run {event.run_id}; put that one first"
    return ""


def _shown(event: RunEvent) -> str:
    return event.run_id[:40]
