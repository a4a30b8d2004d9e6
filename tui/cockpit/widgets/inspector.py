"""The inspector: all of what is selected in the timeline, scrolled, with its raw JSON on a key.

Stays out of what is said of an entry (`inspector_text`) and of how it becomes rows that fold
(`inspector_body`). Only rows on screen are drawn, and text is measured a few milliseconds at a
time.
"""

from time import perf_counter
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip

from tui.cockpit.projection import select
from tui.cockpit.projection.pages import LongText
from tui.cockpit.projection.view import AnyEntry, RunView
from tui.cockpit.widgets.inspector_body import Body, Fold
from tui.cockpit.widgets.inspector_head import head_lines
from tui.cockpit.widgets.inspector_parts import Part
from tui.cockpit.widgets.inspector_text import body_of, raw_body
from tui.cockpit.widgets.line_view import LineView
from tui.cockpit.widgets.lines import Line, Palette

_MEASURE_S: Final = 0.004
_PAUSE_S: Final = 1 / 120


class Inspector(LineView, can_focus=True):
    """Arguments, output, timing and text of one item, each of them whole."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_rows(-1)", "Up", show=False),
        Binding("down,j", "scroll_rows(1)", "Down", show=False),
        Binding("pageup,ctrl+u", "scroll_pages(-1)", "Page up", show=False),
        Binding("pagedown,ctrl+d", "scroll_pages(1)", "Page down", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
        Binding("o,enter", "fold", "Fold"),
        Binding("O", "fold_all", "Fold all", show=False),
        Binding("left,h", "go_to_fold(-1)", "Fold above", show=False),
        Binding("right,l", "go_to_fold(1)", "Fold below", show=False),
        Binding("v", "toggle_raw", "Raw JSON"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"inspector--{word}"
        for word in (
            *("title", "label", "value", "heading", "text", "code", "console", "failure"),
            *("quiet", "cursor"),
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
        self._head: tuple[Line, ...] = ()
        self._body = Body(0)
        self._anchor: int | None = None
        self._fold_offset: int | None = None
        self._could_fold = False
        self._follows = False
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
        self._body.forget()
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
        self._body.resize(self._text_width)
        self._measure()

    def on_click(self, event: events.Click) -> None:
        """Open or fold what was clicked."""
        if (offset := event.get_content_offset(self)) is None:
            return
        if (fold := self._fold_on(offset.y + int(self.scroll_y) - len(self._head))) is not None:
            self._turn(fold)
            event.prevent_default()

    def watch_has_focus(self, value: bool) -> None:
        """Mark the line that the keys fold, or no longer."""
        super().watch_has_focus(value)
        self.refresh()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to fold only where something can be."""
        if action in ("fold", "fold_all", "go_to_fold"):
            return self._body.can_fold
        return super().check_action(action, parameters)

    def render_line(self, y: int) -> Strip:
        """Draw one row of what is on screen."""
        if self._palette is None:
            self._palette = Palette(self, "inspector")
        row = int(self.scroll_y) + y
        fold = self._fold_on(row - len(self._head)) if self.has_focus else None
        is_current = fold is not None and fold == self._current_fold()
        under = "cursor" if is_current else ""
        return self._palette.strip(self._line(row), self.size.width, under)

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

    def action_fold(self) -> None:
        """Open what is folded under the marked line, or fold it."""
        if (fold := self._current_fold()) is not None:
            self._turn(fold)

    def action_fold_all(self) -> None:
        """Open all there is; once all is open, fold it."""
        self._body.turn_all()
        self._fold_offset = None
        self.scroll_home(animate=False)
        self._measure()

    def action_go_to_fold(self, step: int) -> None:
        """Mark the next line that can be folded, or the one before."""
        if (fold := self._current_fold()) is None:
            return
        if self._is_in_sight(fold) or step > 0:
            fold = self._body.fold_from(fold.offset, step) or fold
        self._mark(fold)

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
        self._anchor = self._fold_offset = None
        self._body.show(())
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

    def _head_lines(self) -> tuple[Line, ...]:
        place = None if self._entry is None else self._place
        return head_lines(self.view, place, self.now, self._text_width, has_facts=not self.is_raw)

    def _show_body(self) -> None:
        parts = self._new_parts()
        self._follows = 0 < self.max_scroll_y <= self.scroll_y
        if not self._body.grow(parts):
            self._follows = False
            self._remember_place()
            self._body.resize(self._text_width)
            self._body.show(parts)
        self._measure()

    def _new_parts(self) -> tuple[Part, ...]:
        if self.view is None or self._entry is None:
            return ()
        parts = raw_body if self.is_raw else body_of
        return parts(self._entry, self.view)

    def _measure(self) -> None:
        """Measure for a few milliseconds, and go on soon if that was not all."""
        first_new = len(self._head) + self._body.row_count
        over_at = perf_counter() + _MEASURE_S
        is_whole = self._body.index(lambda: perf_counter() > over_at)
        self._fit()
        self._offer_to_fold()
        self._go_to_anchor()
        if self._follows and self._anchor is None:
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

    # What can be folded.

    def _offer_to_fold(self) -> None:
        if self._body.can_fold != self._could_fold:
            self._could_fold = self._body.can_fold
            self.refresh_bindings()

    def _fold_on(self, row: int) -> Fold | None:
        """Return what can be folded on a row of the body."""
        if not 0 <= row < self._body.row_count:
            return None
        return self._body.fold_at(self._body.offset(row))

    def _current_fold(self) -> Fold | None:
        """Return what the keys fold: what was marked, else the first in sight, else around it."""
        top = max(int(self.scroll_y) - len(self._head), 0)
        if top >= self._body.row_count:
            return None
        offset = self._body.offset(top)
        marked = None if self._fold_offset is None else self._body.fold_at(self._fold_offset)
        for fold in (marked, self._body.fold_from(offset)):
            if fold is not None and self._is_in_sight(fold):
                return fold
        return self._body.fold_from(offset, -1)

    def _is_in_sight(self, fold: Fold) -> bool:
        row = self._body.row_at(fold.offset)
        top = self.scroll_y - len(self._head)
        return row is not None and top <= row < top + self.size.height

    def _turn(self, fold: Fold) -> None:
        self._body.turn(fold)
        self._follows = False
        self._measure()
        self._mark(fold)

    def _mark(self, fold: Fold) -> None:
        """Mark a fold, and bring it into sight."""
        self._fold_offset = fold.offset
        row = self._body.row_at(fold.offset)
        if row is None:
            self._anchor = fold.offset
            return
        if not self._is_in_sight(fold):
            self.scroll_to(y=len(self._head) + row, animate=False)
        self.refresh()

    def _fit(self) -> None:
        rows = len(self._head) + self._body.row_count
        if not self._body.is_whole:
            # What the person looks at stays where it is until it is measured again.
            rows = max(rows, int(self.scroll_y) + self.size.height)
        self.place(rows, self.scroll_y)

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
