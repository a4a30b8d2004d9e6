"""A pane of lines below a rule that says which of them are in sight. Stays out of what they say."""

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeAlias

from rich.cells import cell_len
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from tui.cockpit.widgets.lines import Line, Palette, clip_line

LayOut: TypeAlias = Callable[[int], Sequence[Line]]
"""Gives the lines for a width in cells."""

RULE_ROWS = 1


class LinesPane(Widget):
    """Shows one thing at a time; takes no focus: whoever has it scrolls here."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"lines-pane--{name}"
        for name in (
            *("rule", "agent", "tool", "label", "quiet", "code", "warning"),
            *("good", "bad", "added", "removed"),
        )
    }

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._key: object = None
        self._lay_out: LayOut | None = None
        self._laid_out: tuple[int, tuple[Line, ...]] | None = None
        self._first = 0
        self._palette: Palette | None = None

    def show(self, key: object, lay_out: LayOut | None) -> None:
        """Show something else, from its first line on; what has the same key stays where it is.

        Args:
            key: Names it.
            lay_out: Gives its lines; None for nothing.
        """
        if key != self._key:
            self._first = 0
        self._key, self._lay_out, self._laid_out = key, lay_out, None
        self.refresh(layout=True)

    def start_over(self) -> None:
        """Scroll back to the first line."""
        self._first = 0
        self.refresh()

    def scroll_pages(self, pages: int) -> None:
        """Scroll by whole pages, one line kept."""
        rows = max(self.size.height - RULE_ROWS, 1)
        last = max(len(self._lines(self.size.width)) - rows, 0)
        self._first = min(max(self._first + pages * max(rows - 1, 1), 0), last)
        self.refresh()

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Return the rows that show everything; the style sheet sets how many there may be."""
        return RULE_ROWS + len(self._lines(width))

    def notify_style_update(self) -> None:
        """Take the colours anew."""
        super().notify_style_update()
        self._palette = None

    def on_mouse_scroll_down(self) -> None:
        """Scroll as the wheel turns."""
        self.scroll_pages(1)

    def on_mouse_scroll_up(self) -> None:
        """Scroll as the wheel turns."""
        self.scroll_pages(-1)

    def render_line(self, y: int) -> Strip:
        """Draw row `y`."""
        width = self.size.width
        if self._palette is None:
            self._palette = Palette(self, "lines-pane")
        lines = self._lines(width)
        if y == 0:
            return self._palette.strip(self._rule(len(lines), width), width)
        place = self._first + y - RULE_ROWS
        return self._palette.strip(lines[place] if place < len(lines) else (), width)

    def _rule(self, total: int, width: int) -> Line:
        rows = self.size.height - RULE_ROWS
        if not total or (total <= rows and not self._first):
            return (("─" * width, "rule"),)
        last = min(self._first + rows, total)
        where = f" lines {self._first + 1}-{last} of {total} · PgDn PgUp "
        left = "─" * max(width - cell_len(where) - 2, 0)
        return clip_line(((left, "rule"), (where, "quiet"), ("──", "rule")), width)

    def _lines(self, width: int) -> tuple[Line, ...]:
        if self._lay_out is None or width <= 0:
            return ()
        if self._laid_out is None or self._laid_out[0] != width:
            lines = (clip_line(line, width) for line in self._lay_out(width))
            self._laid_out = (width, tuple(lines))
        return self._laid_out[1]
