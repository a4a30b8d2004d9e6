"""An agent's name as a bar of one line shows it. Knows no widget."""

from typing import Final

from tui.cockpit.widgets.lines import clipped
from tui.plain import plain_line

_UNNAMED: Final = "(unnamed)"
_LEAST: Final = 12
_MOST: Final = 40


def bar_name(agent: str, width: int) -> str:
    """Return `agent` short enough to leave the most of a bar of `width` cells to the rest."""
    name = plain_line(agent)
    return clipped(name, max(_LEAST, min(_MOST, width // 3))) if name.strip() else _UNNAMED
