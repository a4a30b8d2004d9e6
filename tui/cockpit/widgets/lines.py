"""Lines of styled text, as the line-drawing panes make them, and their way to the screen.

Stays out of what a line says. A run names its look by words (`"heading strong"`); a `Palette`
turns them into the widget's component classes, so that all colours stay in the style sheets.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

Run: TypeAlias = tuple[str, str]
"""Text that is safe to show, and the words of its look, "" for the pane's own."""

Line: TypeAlias = tuple[Run, ...]


class Palette:
    """The Rich styles of a widget's component classes, joined by words and kept.

    Make a new one when the widget's styles change.
    """

    def __init__(self, widget: Widget, prefix: str) -> None:
        self._resolve: Callable[[str], Style] = lambda word: widget.get_component_rich_style(
            f"{prefix}--{word}", partial=True
        )
        self._styles: dict[str, Style] = {"": widget.rich_style}

    def style(self, look: str) -> Style:
        """Return the style of `look`; later words win over earlier ones."""
        if (style := self._styles.get(look)) is None:
            style = self._styles[""]
            for word in look.split():
                style += self._resolve(word)
            self._styles[look] = style
        return style

    def strip(self, line: Sequence[Run], width: int, under: str = "") -> Strip:
        """Return `line` as a strip of exactly `width` cells.

        Args:
            line: The runs; cells beyond `width` are cut off.
            width: Cells.
            under: A look laid over all runs and the empty rest.
        """
        segments: list[Segment] = []
        held, held_look = "", under
        left = width
        for text, look in (*line, (" " * width, "")):
            size = cell_len(text)
            if size > left:
                text, size = set_cell_size(text, left), left
            look = f"{look} {under}" if under else look
            if look != held_look and text:
                # Runs that look alike are one segment: each costs its own way to the terminal.
                if held:
                    segments.append(Segment(held, self.style(held_look)))
                held, held_look = "", look
            held += text
            left -= size
        if held:
            segments.append(Segment(held, self.style(held_look)))
        return Strip(segments, width)


def line_width(line: Sequence[Run]) -> int:
    """Return the cells that `line` takes."""
    return sum(cell_len(text) for text, _ in line)


def clipped(text: str, width: int) -> str:
    """Return `text` in at most `width` cells, with an ellipsis where it was cut."""
    if cell_len(text) <= width:
        return text
    return f"{set_cell_size(text, width - 1).rstrip()}…" if width > 0 else ""


def clipped_front(text: str, width: int) -> str:
    """Return the end of `text` in at most `width` cells, with an ellipsis where it was cut."""
    if cell_len(text) <= width:
        return text
    while text and cell_len(text) > width - 1:
        text = text[1:]
    return f"…{text}" if width > 0 else ""


def cell(text: str, width: int, look: str) -> Run:
    """Return `text` in exactly `width` cells: cut with an ellipsis, or filled up."""
    shown = clipped(text, width)
    return (shown + " " * (width - cell_len(shown)), look)


def clip_line(line: Sequence[Run], width: int) -> Line:
    """Return `line` in at most `width` cells, with an ellipsis where it was cut."""
    kept: list[Run] = []
    left = width
    for text, look in line:
        size = cell_len(text)
        if size > left:
            return (*kept, (clipped(text, left), look)) if left else tuple(kept)
        kept.append((text, look))
        left -= size
    return tuple(kept)
