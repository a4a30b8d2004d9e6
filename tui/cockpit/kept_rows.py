"""Which kept conversations home lists, and in which order. Reads nothing itself."""

from collections.abc import Callable, Sequence
from typing import Final

from tui.cockpit.widgets.home_rows import RunRow
from tui.cockpit.widgets.kept_rows import home_row
from tui.journal.store import KeptRun

LOOKED_AT: Final = 200
"""Conversations, the newest, among which home looks for what has no end."""
MOST_UNENDED: Final = 6
RECENT: Final = 3
"""How many without and with an end home lists: the history has all."""
UNENDED: Final = ("running", "waiting")


def kept_rows(
    kept: Sequence[KeptRun],
    *,
    is_living: Callable[[KeptRun], bool],
    is_open: Callable[[KeptRun], bool],
    now: float,
) -> list[RunRow]:
    """Return home's rows: what still runs, waits or was interrupted, then a few that ended.

    Args:
        kept: The newest conversations, newest first.
        is_living: Whether the process of a run is there.
        is_open: Whether a conversation is open in this session: those are listed elsewhere.
        now: UTC seconds.
    """
    others = [run for run in kept if not is_open(run)]
    unended = [run for run in others if run.status in UNENDED]
    recent = [run for run in others if run.status not in UNENDED]
    # What still runs comes before what was interrupted.
    unended.sort(key=is_living, reverse=True)
    shown = (*unended[:MOST_UNENDED], *recent[:RECENT])
    return [home_row(run, is_living=is_living(run), now=now) for run in shown]
