"""The inspector: all of what is selected in the timeline, scrolled, with its raw JSON on a key.

Stays out of what is said of an entry (`inspector_text`) and of how long text becomes rows
(`wrapped_text`). Only rows on screen are drawn, and text is measured a few milliseconds at a time.
"""

from time import perf_counter
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip

from tui.cockpit.projection import select
from tui.cockpit.projection.pages import LongText
from tui.cockpit.projection.view import AnyEntry, RunView
from tui.cockpit.widgets.inspector_text import Part, body_of, facts_of, raw_body, title_of
from tui.cockpit.widgets.line_view import LineView
from tui.cockpit.widgets.lines import Line, Palette
from tui.cockpit.widgets.wrapped_text import WrappedText, wrapped
from tui.plain import plain_line

_MEASURE_S: Final = 0.004
_PAUSE_S: Final = 1 / 120
_LABEL_CELLS: Final = 14
_NOTHING: Final = (
    "Nothing is selected.",
    "Enter on a row of the timeline shows all of it here.",
)


class Inspector(LineView, can_focus=True):
    """Arguments, output, timing and text of one item, each of them whole."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_rows(-1)", "Up", show=False),
        Binding("down,j", "scroll_rows(1)", "Down", show=False),
        Binding("pageup,ctrl+u", "scroll_pages(-1)", "Page up", show=False),
        Binding("pagedown,ctrl+d", "scroll_pages(1)", "Page down", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
        Binding("v", "toggle_raw", "Raw JSON"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"inspector--{word}"
        for word in (
            *("title", "label", "value", "heading", "text", "code", "console", "failure"),
            "quiet",
        )
    }

    view: reactive[RunView | None] = reactive(None, repaint=False)
    now: reactive[float] = reactive(0.0, repaint=False)
    item_id: reactive[str] = reactive("", repaint=False)
    is_raw: reactive[bool] = reactive(False, repaint=False)

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._place: int | None = None
        self._entry: AnyEntry | None = None
        self._live: LongText | None = None
        self._head: list[Line] = []
        self._parts: tuple[Part, ...] = ()
        self._body = WrappedText(0)
        self._anchor: int | None = None
        self._is_measuring = False
        self._palette: Palette | None = None

    def watch_view(self) -> None:
        """Show what became of the selected item; nothing at all if it is the same."""
        view, entry = self.view, self._selected()
        live = view.live.get(entry.item_id) if view and entry else None
        # Raw JSON of text in flight would be made anew each frame: it waits for the entry.
        if entry is self._entry and (self.is_raw or live is self._live):
            return
        self._entry, self._live = entry, live
        self._show_head()
        self._show_body()

    def watch_item_id(self) -> None:
        """Show another item, from its top."""
        self._place = None
        self._entry = None
        self._show_anew()

    def watch_is_raw(self) -> None:
        """Show the same item the other way, from its top."""
        self._show_anew()

    def watch_now(self) -> None:
        """Let the durations tick of what is still going on."""
        if self.view is not None and self.item_id in self.view.open_items:
            self._show_head()

    def notify_style_update(self) -> None:
        """Forget the styles of another theme."""
        super().notify_style_update()
        self._palette = None

    def scrolled(self, row: int, *, by_person: bool) -> None:  # noqa: ARG002 - LineView's names
        """Draw what has come into sight."""
        self.refresh()

    def resized(self) -> None:
        """Wrap for the new width, and keep the line in sight that was at the top."""
        if self._body.width == self._text_width:
            self._fit()
            return
        self._remember_place()
        self._show_head()
        self._wrap_anew()

    def render_line(self, y: int) -> Strip:
        """Draw one row of what is on screen."""
        if self._palette is None:
            self._palette = Palette(self, "inspector")
        row = int(self.scroll_y) + y
        return self._palette.strip(self._line(row), self.size.width)

    def action_scroll_rows(self, rows: int) -> None:
        """Scroll by rows."""
        self.scroll_relative(y=rows, animate=False)

    def action_scroll_pages(self, pages: int) -> None:
        """Scroll by pages, one row short, so that the eye finds its place."""
        self.scroll_relative(y=pages * max(self.size.height - 1, 1), animate=False)

    def action_first(self) -> None:
        """Go to the top."""
        self.scroll_home(animate=False)

    def action_last(self) -> None:
        """Go to the end, as far as it is measured."""
        self.scroll_end(animate=False)

    def action_toggle_raw(self) -> None:
        """Show the entry as JSON, or as text again."""
        self.is_raw = not self.is_raw

    @property
    def _text_width(self) -> int:
        return max(self.scrollable_content_region.width, 1)

    def _selected(self) -> AnyEntry | None:
        if self.view is None or not self.item_id:
            return None
        self._place = select.place_of(self.view, self.item_id, self._place)
        return None if self._place is None else self.view.entries[self._place]

    def _show_anew(self) -> None:
        self._entry = self._selected()
        live = self.view.live.get(self.item_id) if self.view else None
        self._live = live
        self._parts = ()
        self._anchor = None
        self.scroll_home(animate=False)
        self._show_head()
        self._show_body()

    def _show_head(self) -> None:
        before, self._head = self._head, self._head_lines()
        if len(self._head) != len(before):
            self._fit()
            self.refresh()
            return
        # Durations tick each second, and mostly on one row.
        for row, (old, new) in enumerate(zip(before, self._head, strict=True)):
            if old != new:
                self.refresh(Region(0, row - int(self.scroll_y), self.size.width, 1))

    def _head_lines(self) -> list[Line]:
        if self.view is None or self._entry is None or self._place is None:
            return [((text, "quiet"),) for text in _NOTHING]
        title = plain_line(title_of(self._entry))
        lines: list[Line] = [((row, "title"),) for row in wrapped(title, self._text_width)]
        if not self.is_raw:
            for name, value in facts_of(self.view, self._place, self.now):
                lines += self._fact_lines(name, value)
        return [*lines, ()]

    def _fact_lines(self, name: str, value: str) -> list[Line]:
        rows = wrapped(plain_line(value), max(self._text_width - _LABEL_CELLS, 1))
        labels = [name, *[""] * (len(rows) - 1)]
        return [
            ((f"{label:<{_LABEL_CELLS}}", "label"), (row, "value"))
            for label, row in zip(labels, rows, strict=True)
        ]

    def _show_body(self) -> None:
        old, self._parts = self._parts, self._new_parts()
        grown = _growth(old, self._parts)
        if grown is None:
            if old:
                self._remember_place()
            self._wrap_anew()
            return
        if grown:
            self._body.extend(grown)
            self._measure()

    def _new_parts(self) -> tuple[Part, ...]:
        if self.view is None or self._entry is None:
            return ()
        parts = raw_body if self.is_raw else body_of
        return parts(self._entry, self.view)

    def _wrap_anew(self) -> None:
        self._body = WrappedText(self._text_width)
        for number, part in enumerate(self._parts):
            if part.look == "heading" and number:
                self._body.add("", "")
            self._body.add(str(part.text), part.look)
        self._measure()

    def _measure(self) -> None:
        """Measure for a few milliseconds, and go on soon if that was not all."""
        follows = self.max_scroll_y > 0 and self.scroll_y >= self.max_scroll_y
        first_new = len(self._head) + self._body.row_count
        over_at = perf_counter() + _MEASURE_S
        is_whole = self._body.index(lambda: perf_counter() > over_at)
        self._fit()
        self._go_to_anchor()
        if follows and self._anchor is None:
            self.place(self.virtual_size.height, self.max_scroll_y)
        self._refresh_from(first_new)
        if not is_whole and not self._is_measuring:
            self._is_measuring = True
            self.set_timer(_PAUSE_S, self._measure_on)

    def _measure_on(self) -> None:
        self._is_measuring = False
        if not self._body.is_whole:
            self._measure()

    def _remember_place(self) -> None:
        row = int(self.scroll_y) - len(self._head)
        self._anchor = self._body.offset(row) if 0 <= row < self._body.row_count else None

    def _go_to_anchor(self) -> None:
        if self._anchor is None:
            return
        row = self._body.row_at(self._anchor)
        if row is not None:
            self._anchor = None
            self.scroll_to(y=len(self._head) + row, animate=False)

    def _fit(self) -> None:
        self.place(len(self._head) + self._body.row_count, self.scroll_y)

    def _refresh_from(self, row: int) -> None:
        """Draw again from a row on: text that grows below the screen is not drawn at all."""
        first = max(row - int(self.scroll_y), 0)
        if first < self.size.height:
            self.refresh(Region(0, first, self.size.width, self.size.height - first))

    def _line(self, row: int) -> Line:
        if row < len(self._head):
            return self._head[row]
        row -= len(self._head)
        return (self._body.row(row),) if row < self._body.row_count else ()


def _growth(old: tuple[Part, ...], new: tuple[Part, ...]) -> str | None:
    """Return what the last text grew by; None if anything else differs."""
    if not old or len(old) != len(new) or old[:-1] != new[:-1] or old[-1].look != new[-1].look:
        return None
    before, after = old[-1].text, new[-1].text
    if before is after:
        return ""
    if isinstance(before, LongText) and isinstance(after, LongText) and len(after) >= len(before):
        return after.since(len(before))
    return "" if isinstance(before, str) and before == after else None
