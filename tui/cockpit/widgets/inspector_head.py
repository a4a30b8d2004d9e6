"""The head of the inspector as lines: the title, and the facts as a table. Knows no widget."""

from typing import Final

from tui.cockpit.projection.view import RunView
from tui.cockpit.widgets.inspector_text import facts_of, title_of
from tui.cockpit.widgets.lines import Line
from tui.cockpit.widgets.wrapped_text import wrapped
from tui.plain import plain_line

_LABEL_CELLS: Final = 14
_NOTHING: Final[tuple[Line, ...]] = (
    (("Nothing is selected.", "quiet"),),
    (("Enter on a row of the timeline shows all of it here.", "quiet"),),
    (),
)


def head_lines(
    view: RunView | None, place: int | None, now: float, width: int, *, has_facts: bool
) -> tuple[Line, ...]:
    """Return what stands above the texts of the entry at `place`, with an empty line below.

    Args:
        view: Where the entry is.
        place: Its place among the entries, None if none is selected.
        now: UTC seconds.
        width: Cells.
        has_facts: Whether more than the title is wanted.
    """
    if view is None or place is None:
        return _NOTHING
    title = plain_line(title_of(view.entries[place]))
    lines: list[Line] = [((row, "title"),) for row in wrapped(title, width)]
    for name, value in facts_of(view, place, now) if has_facts else ():
        lines += _fact_lines(name, value, width)
    return (*lines, ())


def _fact_lines(name: str, value: str, width: int) -> list[Line]:
    rows = wrapped(plain_line(value), max(width - _LABEL_CELLS, 1))
    labels = [name, *[""] * (len(rows) - 1)]
    return [
        ((f"{label:<{_LABEL_CELLS}}", "label"), (row, "value"))
        for label, row in zip(labels, rows, strict=True)
    ]
