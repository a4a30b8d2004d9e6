"""Facts in two columns: a word for each, and its text, wrapped and never cut. Knows no widget."""

from collections.abc import Iterator
from typing import Final

from tui.cockpit.dialogs.approval_text import wrapped
from tui.cockpit.widgets.lines import Line, cell
from tui.plain import plain

_LABEL_CELLS: Final = 11
_MARGIN: Final = " "


def fact(label: str, text: str, width: int, look: str = "") -> Iterator[Line]:
    """Yield a fact in lines of at most `width` cells; nothing for an empty text."""
    if not text:
        return
    name = label
    for line in plain(text).split("\n"):
        for part in wrapped(line.expandtabs(4), max(width - _LABEL_CELLS - len(_MARGIN), 1)):
            yield ((_MARGIN, ""), cell(name, _LABEL_CELLS, "quiet"), (part, look))
            name = ""
