"""The timeline: a row for each thing that happened, in a lane for each agent.

Stays out of what a row says (`timeline_rows`) and of where its view comes from. A row is drawn
when it is on screen and at no other time, so that neither an append nor a frame depends on how
many there are.
"""

from collections.abc import Container
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tui.cockpit.projection.pages import Pages
from tui.cockpit.projection.stuck import Finding
from tui.cockpit.projection.view import AnyEntry, ConsoleEntry, RunView
from tui.cockpit.widgets.cast import TONES, Cast
from tui.cockpit.widgets.changes import NOTHING, changed_places, goes_back, goes_on
from tui.cockpit.widgets.line_view import LineView
from tui.cockpit.widgets.lines import Line, Palette
from tui.cockpit.widgets.stuck_words import stuck_badge
from tui.cockpit.widgets.timeline_rows import row_line, row_of
from tui.cockpit.widgets.words import speaker_of

_EMPTY: tuple[Line, ...] = (
    (("Nothing has happened yet.", "detail"),),
    (("What the agents do shows here.", "detail"),),
)


class Timeline(LineView):
    """Everything that happened in a run, a row each, with a cursor.

    While the cursor is on the last row and in sight, it goes with the end.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
        Binding("enter", "open", "Inspect"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"timeline--{word}"
        for word in (
            *(f"agent-{tone}" for tone in range(TONES)),
            *("name", "user", "message", "reasoning", "handoff", "console", "notice"),
            *(
                "failure",
                "cancelled",
                "detail",
                "time",
                "waited",
                "asking",
                "cursor",
                "cursor-blurred",
            ),
            *("tool-writing", "tool-called", "tool-waiting", "tool-approved", "tool-rejected"),
            *("tool-withdrawn", "tool-running", "tool-done", "tool-failed", "tool-cancelled"),
            *("tool-answered", "tool-skipped", "tool-denied", "tool-held"),
        )
    }

    class Selected(Message):
        """The cursor is on another row: a person moved it, or it went with the end."""

        def __init__(self, item_id: str) -> None:
            self.item_id = item_id
            super().__init__()

    class Opened(Message):
        """The person wants to see the item whole."""

        def __init__(self, item_id: str) -> None:
            self.item_id = item_id
            super().__init__()

    view: reactive[RunView | None] = reactive(None, repaint=False)
    now: reactive[float] = reactive(0.0, repaint=False)
    stuck: reactive[tuple[Finding, ...]] = reactive((), repaint=False)

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._entries: Pages[AnyEntry] = NOTHING
        self._cast = Cast()
        self._cursor = 0
        self._follows = True
        self._selected = ""
        self._palette: Palette | None = None

    @property
    def selected(self) -> str:
        """The item id of the cursor's row, "" while there is none."""
        return self._selected

    @property
    def selected_entry(self) -> AnyEntry | None:
        """The entry of the cursor's row, None while there is none."""
        return self._entries[self._cursor] if self._cursor < len(self._entries) else None

    def watch_view(self, old: RunView | None, new: RunView | None) -> None:
        """Take the new entries; draw again only what is on screen."""
        entries = new.entries if new else NOTHING
        if goes_back(self._entries, entries):
            self._follows = True
            self.refresh()
        elif not goes_on(self._entries, entries):
            self._start_over()
        was_empty = not self._entries
        known, top = len(self._entries), self.scroll_offset.y
        in_sight = range(top, top + self.room.height)
        for place in changed_places(self._entries, entries):
            if place >= known:
                self._cast.meet(entries, place)
            if place in in_sight:
                self._refresh_rows(place)
        self._entries = entries
        if new is not None and (old is None or new.live is not old.live):
            self._refresh_those_in(new.live)
        if was_empty:
            self.refresh()
        if len(entries) != known:
            self._fit()

    def watch_now(self) -> None:
        """Let the durations tick of what is still going on."""
        if self.view is not None:
            self._refresh_those_in(self.view.open_items)

    def watch_stuck(self, old: tuple[Finding, ...], new: tuple[Finding, ...]) -> None:
        """Mark the rows of what looks stuck."""
        self._refresh_those_in({finding.item_id for finding in (*old, *new)})

    def watch_has_focus(self, value: bool) -> None:
        """Draw the cursor as one that answers to keys, or not."""
        super().watch_has_focus(value)
        self._refresh_rows(self._cursor)

    def scrolled(self, row: int, *, by_person: bool) -> None:
        """Follow the end no longer once the person scrolled away from it."""
        self.refresh()
        if by_person:
            at_end = row >= self.max_scroll_y
            self._follows = at_end and self._cursor >= len(self._entries) - 1

    def notify_style_update(self) -> None:
        """Forget the styles of another theme."""
        super().notify_style_update()
        self._palette = None

    def resized(self) -> None:
        """Keep in sight what was in sight."""
        self._fit()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row under the mouse; open it on the second click."""
        if (offset := event.get_content_offset(self)) is None:
            return
        row = offset.y + self.scroll_offset.y
        if row < len(self._entries):
            self._move_to(row)
            if event.chain > 1:
                self.action_open()

    def select(self, item_id: str) -> None:
        """Put the cursor on an item's row; an unknown item changes nothing."""
        for place, entry in enumerate(self._entries):
            if entry.item_id == item_id:
                self._move_to(place)
                return

    def action_move(self, rows: int) -> None:
        """Move the cursor by `rows`."""
        self._move_to(self._cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by a screenful."""
        self._move_to(self._cursor + pages * max(self.room.height - 1, 1))

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self._move_to(0)

    def action_last(self) -> None:
        """Move the cursor to the last row and go with the end."""
        self._move_to(len(self._entries) - 1)

    def action_open(self) -> None:
        """Ask for the whole item under the cursor."""
        if self._selected:
            self.post_message(self.Opened(self._selected))

    def render_line(self, y: int) -> Strip:
        """Draw the row on screen line `y`."""
        if self._palette is None:
            self._palette = Palette(self, "timeline")
        width = self.room.width
        if not self._entries or self.view is None:
            line = _EMPTY[y] if y < len(_EMPTY) else ()
            return self._palette.strip(line, width)
        place = y + self.scroll_offset.y
        if place >= len(self._entries):
            return self._palette.strip((), width)
        if place != self._cursor:
            return self._palette.strip(((" ", ""), *self._row(place, width - 1)), width)
        under = "cursor" if self.has_focus else "cursor-blurred"
        return self._palette.strip((("▸", ""), *self._row(place, width - 1)), width, under)

    def _row(self, place: int, width: int) -> Line:
        assert self.view is not None
        entry = self._entries[place]
        row = row_of(entry, self.view, self.now)
        badges = (stuck_badge(each) for each in self.stuck if each.item_id == entry.item_id)
        row = row._replace(alarm=next(badges, ""))
        speaker = speaker_of(entry)
        named = speaker is not None and self._speaker_above(place) != entry.agent
        return row_line(row, entry, self._cast, width, named=named)

    def _speaker_above(self, place: int) -> str | None:
        """Return whose turn it is above the row; what was printed is nobody's turn."""
        for above in range(place - 1, -1, -1):
            if not isinstance(self._entries[above], ConsoleEntry):
                return speaker_of(self._entries[above])
        return None

    def _start_over(self) -> None:
        self._entries = NOTHING
        self._cast = Cast()
        self._cursor = 0
        self._selected = ""
        self._follows = True
        self.refresh()

    def _fit(self) -> None:
        if self.room:
            self._place(self.scroll_y)
        # Also before it was ever shown: the inspector shows what is selected here.
        if self._follows:
            self._move_to(len(self._entries) - 1)

    def _move_to(self, row: int) -> None:
        if not self._entries:
            return
        row = min(max(row, 0), len(self._entries) - 1)
        self._refresh_rows(self._cursor, row)
        self._cursor = row
        self._follows = row == len(self._entries) - 1
        self._show_cursor()
        item_id = self._entries[row].item_id
        if item_id != self._selected:
            self._selected = item_id
            self.post_message(self.Selected(item_id))

    def _show_cursor(self) -> None:
        if not self.room:
            return
        top, height = round(self.scroll_y), self.room.height
        if self._cursor < top:
            self._place(self._cursor)
        elif self._cursor >= top + height:
            self._place(self._cursor - height + 1)

    def _place(self, row: float) -> None:
        self.place(len(self._entries), row)

    def _refresh_those_in(self, items: Container[str]) -> None:
        top = self.scroll_offset.y
        for place in range(top, min(top + self.room.height, len(self._entries))):
            if self._entries[place].item_id in items:
                self._refresh_rows(place)

    def _refresh_rows(self, *places: int) -> None:
        for place in places:
            y = place - self.scroll_offset.y
            if 0 <= y < self.room.height:
                self.refresh(Region(0, y, self.room.width, 1))
