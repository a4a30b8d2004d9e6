"""What stands in a transcript where nothing has been said. Stays out of drawing it."""

from typing import Final

from tui.cockpit.projection.view import RunView
from tui.cockpit.widgets.lines import Line

OPENINGS: Final = (
    "I'd like a refund for order A-1042",
    "Please refund both A-1042 and A-1043",
    "Why was I charged twice for A-1060?",
    "The app shows a connection error",
    "A-1057 を返金してください",
)
"""Messages that the rehearsal has a play for; its own process suggests the same."""

_NOTHING: Final[Line] = (("Nothing has been said yet.", "detail"),)
_WRITE: Final[Line] = (("Write a message below.", "detail"),)
_WRITE_ONE: Final[Line] = (("Write a message below, such as one of these:", "detail"),)


def empty_lines(view: RunView | None) -> tuple[Line, ...]:
    """Return the lines: what to do, and in a rehearsal what it understands."""
    if view is None or not view.rehearsal:
        return (_NOTHING, _WRITE)
    return (_NOTHING, _WRITE_ONE, (), *((("  ", ""), (opening, "")) for opening in OPENINGS))
