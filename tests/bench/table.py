"""What a benchmark finds, as rows of one table: what, the bar, what was measured, whether it holds.

Stays out of measuring.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """What one measurement came to.

    Attributes:
        measured: In words, with the numbers of both sides.
        holds: Whether the bar holds.
    """

    measured: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table.

    Attributes:
        name: What the command line calls it.
        what: What is measured.
        bar: What must hold.
        measure: Takes seconds to minutes.
    """

    name: str
    what: str
    bar: str
    measure: Callable[[], Found]


HEAD = "| what | bar | measured | holds |\n| --- | --- | --- | --- |"


def line(row: Row) -> str:
    """Measure and return the row's line."""
    found = row.measure()
    verdict = "yes" if found.holds else "**no**"
    return f"| {row.what} | {row.bar} | {found.measured} | {verdict} |"
