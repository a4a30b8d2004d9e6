"""An agent's name as panes show it, and as a bar of one line does. Knows no widget."""

from typing import Final

from tui.cockpit.widgets.lines import clipped
from tui.plain import plain_line

_UNNAMED: Final = "(unnamed)"
_LEAST: Final = 12
_MOST: Final = 40


def shown_name(agent: str) -> str:
    """Return `agent` safe to show, or what stands for a name of nothing or of spaces."""
    name = plain_line(agent)
    return name if name.strip() else _UNNAMED


def bar_name(agent: str, width: int) -> str:
    """Return `agent` short enough to leave the most of a bar of `width` cells to the rest."""
    return clipped(shown_name(agent), max(_LEAST, min(_MOST, width // 3)))
