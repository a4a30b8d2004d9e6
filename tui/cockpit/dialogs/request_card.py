"""The request in the approval panel: drawn line by line, and aware of what was drawn.

Stays out of deciding. A person may decide only what stood before them, so the card keeps which of
its rows were drawn since the request was put on it.
"""

from typing import ClassVar, Final, NamedTuple

from textual.binding import Binding, BindingType
from textual.dom import NoScreen
from textual.errors import NoWidget
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.cockpit.dialogs.approval_text import RequestText, position
from tui.cockpit.dialogs.sheets import Sheet, fitted_keys
from tui.cockpit.keymap import key_of
from tui.cockpit.widgets.lines import Line, Palette, line_width

_FEWEST_ARGUMENT_ROWS: Final = 3


class Standing(NamedTuple):
    """Where the card stands.

    Attributes:
        terminal: The terminal's size, which may be newer than the layout.
        region: The card's place in the layout, on the screen or beyond it.
        visible: The part of it that no ancestor and no edge of the terminal cuts off.
    """

    terminal: Size
    region: Region
    visible: Region


class RequestCard(Widget, can_focus=True):
    """Title, head, a body that scrolls, and a foot: "lines 1-12 of 240" and the keys."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"request--{name}"
        for name in (
            *("title", "rule", "agent", "tool", "label"),
            *("quiet", "code", "warning", "key", "added", "removed", "chosen"),
        )
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_rows(-1)", "Up", show=False),
        Binding("down,j", "scroll_rows(1)", "Down", show=False),
        Binding("pageup,ctrl+b", "scroll_pages(-1)", "Page up", show=False),
        Binding("pagedown,ctrl+f,space", "scroll_pages(1)", "Page down", show=False),
        Binding("home", "scroll_to(0)", "First line", show=False),
        Binding("end", "scroll_to(-1)", "Last line", show=False),
    ]

    now: reactive[float] = reactive(0.0, repaint=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.is_reachable = False
        self._sheet: Sheet | None = None
        self._first = 0
        self._laid_out: tuple[int, RequestText] | None = None
        self._drawn_rows: set[int] = set()
        self._drawn_size = Size()
        self._palette: Palette | None = None

    def allow_focus(self) -> bool:
        """Whether the focus may come here: only when a person moves it on purpose."""
        return self.is_reachable

    def show(self, sheet: Sheet) -> None:
        """Put something else on the card, to be drawn anew."""
        self._sheet = sheet
        self._first = 0
        self._laid_out = None
        self.forget_drawing()
        self.refresh(layout=True)

    def keep(self, sheet: Sheet) -> None:
        """Take the same again: its title, its foot and what stands last may be others."""
        if sheet != self._sheet:
            self._sheet = sheet
            self._laid_out = None
            self._first = min(self._first, max(self._body_length - self._body_rows, 0))
            self.refresh(layout=True)

    def show_end(self, lines: int) -> None:
        """Scroll so that the last `lines` of the body begin at its top."""
        # Once there is room for it: the card may grow.
        self.call_after_refresh(lambda: self._scroll_body(self._body_length - lines))

    def forget_drawing(self) -> None:
        """Count nothing drawn so far: it may have been behind another screen."""
        self._drawn_rows.clear()
        self.refresh()

    def start_over(self) -> None:
        """Scroll back to the first line: what must be read first is drawn again."""
        if self._first:
            self._first = 0
            self.forget_drawing()

    @property
    def standing(self) -> Standing:
        """Where the card stands now; what was painted while it stood elsewhere counts no more."""
        terminal = self.app.size
        try:
            place = self.screen.find_widget(self)
        except (NoScreen, NoWidget):
            return Standing(terminal, Region(), Region())
        visible = place.visible_region.intersection(terminal.region)
        return Standing(terminal, place.region, visible)

    @property
    def is_drawn(self) -> bool:
        """Whether all rows in sight were drawn at this size, among them all that must be read."""
        _, region, visible = self.standing
        rows = range(visible.y - region.y, visible.bottom - region.y)
        is_current = self._drawn_size == self.size
        return is_current and self.is_large_enough and self._drawn_rows.issuperset(rows)

    @property
    def is_large_enough(self) -> bool:
        """Whether title, head and the first lines of the arguments are in sight, uncut."""
        if self._sheet is None:
            return False
        _, region, visible = self.standing
        text = self._text(self.size.width)
        to_read = len(text.head) + 1 + min(_FEWEST_ARGUMENT_ROWS, text.argument_lines)
        # The last row of the card is its foot, whatever its height.
        has_room = min(visible.height, self.size.height - 1) >= to_read
        is_whole = visible.y == region.y and visible.width == region.width
        return has_room and is_whole and self._is_on_top(region.y + to_read - 1)

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Return the rows that show everything; the style sheet sets how many there may be."""
        if self._sheet is None:
            return 0
        text = self._text(width)
        return len(text.head) + len(text.body) + 2

    def render_line(self, y: int) -> Strip:
        """Draw row `y`."""
        width = self.size.width
        if self._sheet is None:
            return Strip.blank(width)
        if self._drawn_size != self.size:
            self._drawn_size = self.size
            self._drawn_rows.clear()
        self._drawn_rows.add(y)
        if self._palette is None:
            self._palette = Palette(self, "request")
        return self._palette.strip(self._line(y, width), width)

    def watch_now(self) -> None:
        """The age in the title goes on."""
        if self._sheet is not None:
            self.refresh(Region(0, 0, self.size.width, 1))

    def notify_style_update(self) -> None:
        """Take the colours anew."""
        self._palette = None
        super().notify_style_update()

    def action_scroll_rows(self, rows: int) -> None:
        """Scroll the body by `rows`."""
        self._scroll_body(self._first + rows)

    def action_scroll_pages(self, pages: int) -> None:
        """Scroll the body by whole pages, one line kept."""
        self._scroll_body(self._first + pages * max(self._body_rows - 1, 1))

    def action_scroll_to(self, line: int) -> None:
        """Scroll to the first line (0) or the last (-1)."""
        self._scroll_body(line if line == 0 else self._body_length)

    def on_mouse_scroll_down(self) -> None:
        """Scroll as the wheel turns."""
        self.action_scroll_rows(2)

    def on_mouse_scroll_up(self) -> None:
        """Scroll as the wheel turns."""
        self.action_scroll_rows(-2)

    def _is_on_top(self, row: int) -> bool:
        """Whether the card, and no docked line, has the screen's `row`."""
        try:
            widget, _ = self.screen.get_widget_at(self.region.x, row)
        except NoWidget:
            return False
        return widget is self

    def _scroll_body(self, first: int) -> None:
        last_first = max(self._body_length - self._body_rows, 0)
        self._first = min(max(first, 0), last_first)
        self.refresh()

    def _line(self, y: int, width: int) -> Line:
        assert self._sheet is not None
        text = self._text(width)
        if y == 0:
            return self._sheet.title(self.now, width)
        if y <= len(text.head):
            return text.head[y - 1]
        if y == self.size.height - 1:
            return self._foot(text, width)
        place = self._first + y - 1 - len(text.head)
        return text.body[place] if place < len(text.body) else ()

    def _foot(self, text: RequestText, width: int) -> Line:
        assert self._sheet is not None
        every = self._sheet.keys(
            has_focus=self.has_focus, leads_here=key_of(self.app, "go_to_request")
        )
        where = position(self._first, self._body_rows, len(text.body))
        is_cut = self.has_focus and self._body_rows < len(text.body)
        scrolls = f"{self._sheet.scroll_keys} " if is_cut else ""
        right: Line = ((scrolls, "quiet"), (where, "quiet"), (" ", ""))
        keys = fitted_keys(every, width - line_width(right))
        gap = max(width - line_width(keys) - line_width(right), 0)
        return (*keys, (" " * gap, ""), *right)

    def _text(self, width: int) -> RequestText:
        assert self._sheet is not None
        if self._laid_out is None or self._laid_out[0] != width:
            self._laid_out = (width, self._sheet.text(width))
        return self._laid_out[1]

    @property
    def _body_length(self) -> int:
        return len(self._text(self.size.width).body) if self._sheet else 0

    @property
    def _body_rows(self) -> int:
        head = len(self._text(self.size.width).head) if self._sheet else 0
        return max(self.size.height - head - 2, 0)
