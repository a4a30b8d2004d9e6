"""The transcript: what people and agents say, as it is said, and in one line each what was done.

Stays out of layout (`transcript_column`) and of where its view comes from. A frame costs the lines
on the screen and the block that grows, however long the conversation is.
"""

from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.selection import Selection
from textual.strip import Strip

from tui.cockpit.projection.view import MessageEntry, RunView, UserEntry
from tui.cockpit.widgets.agent_names import shown_name
from tui.cockpit.widgets.cast import TONES
from tui.cockpit.widgets.changes import NOTHING, goes_on
from tui.cockpit.widgets.line_view import LineView
from tui.cockpit.widgets.lines import Palette
from tui.cockpit.widgets.transcript_column import Column, Position, Shown
from tui.cockpit.widgets.transcript_empty import empty_lines
from tui.cockpit.widgets.transcript_items import text_of
from tui.plain import plain

_NEAR_SCREENS: Final = 4
"""Scrolling by no more than this moves line by line; farther, the place is a guess."""
_MOST_SELECTED_ROWS: Final = 5_000


class Transcript(LineView):
    """A conversation as lines of text. Goes with the end until the person scrolls up.

    Then the line at the top holds still, whatever arrives below or is resized.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll_rows(-1)", "Up", show=False),
        Binding("down,j", "scroll_rows(1)", "Down", show=False),
        Binding("pageup", "scroll_screens(-1.0)", "Page up", show=False),
        Binding("pagedown,space", "scroll_screens(1.0)", "Page down", show=False),
        Binding("ctrl+u", "scroll_screens(-0.5)", "Half a page up", show=False),
        Binding("ctrl+d", "scroll_screens(0.5)", "Half a page down", show=False),
        Binding("home,g", "first", "Beginning", show=False),
        Binding("end,G", "last", "End", show=False),
        Binding("o", "fold", "Reasoning"),
        Binding("c", "copy", "Copy message"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"transcript--{word}"
        for word in (
            *(f"agent-{tone}" for tone in range(TONES)),
            *("name", "user", "reasoning", "handoff", "console", "notice", "notice-mark"),
            *("failure", "advice", "cancelled", "detail", "waited", "below", "selected"),
            *("tool-writing", "tool-called", "tool-waiting", "tool-approved", "tool-rejected"),
            *("tool-withdrawn", "tool-running", "tool-done", "tool-failed", "tool-cancelled"),
            *("tool-answered", "tool-skipped", "tool-denied", "tool-held"),
            *("heading", "heading-1", "heading-2", "heading-3", "strong", "emphasis", "strike"),
            *("code", "link", "url", "marker", "rule", "quote", "fence", "keyword", "string"),
            *("number", "comment", "added", "removed"),
        )
    }

    class Copied(Message):
        """The person asked for a message's text, to be put where it can be pasted.

        Attributes:
            item_id: Which message it is.
            text: Its source, with control and hidden characters made visible.
            of: Whose message it is, in words.
        """

        def __init__(self, item_id: str, text: str, of: str) -> None:
            self.item_id = item_id
            self.text = text
            self.of = of
            super().__init__()

    view: reactive[RunView | None] = reactive(None, repaint=False)

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._column: Column | None = None
        self._top = Position()
        self._window: list[Shown] = []
        self._follows = True
        self._known = 0
        self._known_shown = 0
        self._grown: set[int] = set()
        self._eye: int | None = None
        self._wanted = ""
        self._stale = False

    @property
    def follows_end(self) -> bool:
        """Whether the newest line is kept in sight."""
        return self._follows

    @property
    def new_below(self) -> int:
        """How many entries came or grew since the person scrolled away from the end."""
        shown = self._column.shown_entries if self._column else 0
        return shown - self._known_shown + len(self._grown)

    @property
    def window(self) -> tuple[Shown, ...]:
        """The lines on the screen."""
        return tuple(self._window)

    def watch_view(self, old: RunView | None, new: RunView | None) -> None:
        """Take the newest view; draw again only the lines that look different."""
        if self._column is None:
            return
        was_empty = not len(self._column)
        changed = self._column.show(new or RunView())
        if old is not None and not goes_on(old.entries, new.entries if new else NOTHING):
            self._start_over()
        if not self._follows:
            below = self._window[-1].entry if self._window else 0
            self._grown.update(place for place in changed if below <= place < self._known)
        self._settle()
        if was_empty:
            self.refresh()

    def scrolled(self, row: int, *, by_person: bool) -> None:
        """Go where the person scrolled to."""
        if not by_person or self._column is None:
            return
        self._eye = None
        self._follows = row >= self.max_scroll_y
        away = row - self._column.row(self._top)
        if abs(away) <= _NEAR_SCREENS * self.room.height:
            self._top = self._column.moved(self._top, away)
        else:
            self._top = self._column.at_row(row)
        self._settle()

    def resized(self) -> None:
        """Lay out for the new size with the same line at the top."""
        if self._column is None:
            self._column = Column(self.room.width, Palette(self, "transcript"))
            self.watch_view(None, self.view)
            if self._wanted:
                self.jump_to(self._wanted)
            return
        if self._column.width != self.room.width:
            # Counted once: from resize to resize the line would creep to its own beginning.
            if self._eye is None and len(self._column):
                self._eye = self._column.characters_above(self._top)
            self._column.set_width(self.room.width)
            self._top = self._column.line_with(self._column.inside(self._top), self._eye or 0)
        self._settle()
        self.refresh()

    def notify_style_update(self) -> None:
        """Draw in the styles of another theme."""
        super().notify_style_update()
        # The style sheet is applied after this, so the new styles are looked up when we draw.
        self._stale = True

    def on_click(self, event: events.Click) -> None:
        """Fold or unfold the reasoning whose head was clicked."""
        offset = event.get_content_offset(self)
        if offset is None or self._column is None or offset.y >= len(self._window):
            return
        place = self._window[offset.y].entry
        if self._window[offset.y].is_head and self._column.foldable(place):
            self._fold([place], folded=not self._column.is_folded(place))
            event.prevent_default()

    def jump_to(self, item_id: str) -> None:
        """Bring an item's first line to the top; an unknown item changes nothing.

        Before the pane was ever on the screen, the item is kept in mind until it is.
        """
        if self.view is None or self._column is None:
            self._wanted = item_id
            return
        for place, entry in enumerate(self.view.entries):
            if entry.item_id == item_id:
                self._go_to(self._column.first_line(place))
                return

    def action_scroll_rows(self, rows: int) -> None:
        """Scroll by `rows`."""
        if self._column is not None:
            self._go_to(self._column.moved(self._top, rows))

    def action_scroll_screens(self, screens: float) -> None:
        """Scroll by a part of the screen."""
        self.action_scroll_rows(int(screens * max(self.room.height - 1, 1)))

    def action_first(self) -> None:
        """Go to the beginning."""
        self._go_to(Position())

    def action_last(self) -> None:
        """Go to the end and stay with it."""
        self._follows = True
        self._settle()

    def action_fold(self) -> None:
        """Unfold the reasoning on the screen, or fold it if none is folded."""
        if self._column is None:
            return
        places = {line.entry for line in self._window if self._column.foldable(line.entry)}
        unfold = any(self._column.is_folded(place) for place in places)
        self._fold(sorted(places), folded=not unfold)

    def action_copy(self) -> None:
        """Ask for a message to be copied: at the end the last one, else the first in sight."""
        if self.view is None:
            return
        entries = self.view.entries
        places = dict.fromkeys(line.entry for line in self._window)
        for place in reversed(places) if self._follows else places:
            entry = entries[place]
            if isinstance(entry, MessageEntry | UserEntry):
                text = plain(str(text_of(entry, self.view)))
                of = "your message" if isinstance(entry, UserEntry) else _message_of(entry)
                self.post_message(self.Copied(entry.item_id, text, of))
                return

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text, line by line as it is shown."""
        if self._column is None:
            return None
        first = selection.start.y if selection.start else 0
        last = selection.end.y if selection.end else self._column.total
        count = min(last - first + 1, _MOST_SELECTED_ROWS)
        lines = self._column.text_from(self._column.at_row(first), count)
        for place, line in enumerate(lines):
            start, end = selection.get_span(first + place) or (0, -1)
            lines[place] = line[start : None if end < 0 else end].rstrip()
        return "\n".join(lines), "\n"

    def render_line(self, y: int) -> Strip:
        """Draw screen line `y`."""
        if self._stale:
            self._restyle()
        palette = self._column.palette if self._column else Palette(self, "transcript")
        width = self.room.width
        if not self._window:
            empty = empty_lines(self.view)
            return palette.strip(empty[y] if y < len(empty) else (), width)
        if y == self.room.height - 1 and not self._follows and (new := self.new_below):
            return palette.strip(((f" ↓ {new} new below · End", "below"),), width, "below")
        if y >= len(self._window):
            return palette.strip((), width)
        strip = self._window[y].strip
        row = y + self.scroll_offset.y
        if (selection := self.text_selection) and (span := selection.get_span(row)):
            strip = _selected(strip, span, palette)
        return strip.apply_offsets(0, row)

    def _restyle(self) -> None:
        self._stale = False
        if self._column is not None:
            self._column.set_palette(Palette(self, "transcript"))
            self._window = self._column.lines_from(self._top, self.room.height)

    def _start_over(self) -> None:
        self._top = Position()
        self._follows = True
        self._known = 0
        self._known_shown = 0
        self._grown.clear()

    def _fold(self, places: list[int], *, folded: bool) -> None:
        if self._column is None:
            return
        for place in places:
            self._column.fold(place, folded=folded)
        self._settle()

    def _go_to(self, top: Position) -> None:
        if self._column is None or not self.room:
            return
        last = self._column.last_top(self.room.height)
        self._follows = top >= last
        self._top = min(top, last)
        self._eye = None
        self._settle()

    def _settle(self) -> None:
        """Make the window follow from the top line, and the scroll bar from both."""
        if self._column is None or not self.room:
            return
        height = self.room.height
        window = []
        if not self._follows:
            self._top = self._column.inside(self._top)
            window = self._column.lines_from(self._top, height)
        if len(window) < height:
            self._top, self._eye = self._column.last_top(height), None
            self._follows = True
            window = self._column.lines_from(self._top, height)
        if self._follows:
            self._known = len(self._column)
            self._known_shown = self._column.shown_entries
            self._grown.clear()
        self._show(window)

    def _show(self, window: list[Shown]) -> None:
        assert self._column is not None
        old, self._window = self._window, window
        self.place(self._column.total, self._column.row(self._top))
        self._refresh_changed(old, window)

    def _refresh_changed(self, old: list[Shown], new: list[Shown]) -> None:
        count = max(len(old), len(new))
        changed = [
            y
            for y in range(count)
            if y >= len(old) or y >= len(new) or old[y].strip is not new[y].strip
        ]
        if not self._follows and self.new_below:
            changed.append(self.room.height - 1)
        if changed:
            first, last = changed[0], changed[-1]
            self.refresh(Region(0, first, self.room.width, last - first + 1))


def _message_of(entry: MessageEntry) -> str:
    return f"the message of {shown_name(entry.agent)}"


def _selected(strip: Strip, span: tuple[int, int], palette: Palette) -> Strip:
    start, end = span
    width = strip.cell_length
    before, inside, after = strip.divide([start, width if end < 0 else min(end, width), width])
    return Strip.join([before, inside.apply_style(palette.style("selected")), after])
