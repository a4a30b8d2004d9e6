"""The rows of the inbox: drawn, scrolled, with a cursor, and aware of which of them were in sight.

Stays out of ticking and of deciding: it is told what is ticked.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar, Final

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.cockpit.dialogs.approval_rule import Request
from tui.cockpit.dialogs.at_hand import request_of
from tui.cockpit.dialogs.inbox_rows import (
    Columns,
    InboxRow,
    columns,
    inbox_row,
    is_whole,
    row_lines,
)
from tui.cockpit.dialogs.painted import WhenHanded
from tui.cockpit.dialogs.sight import Sight
from tui.cockpit.projection.waiting import Waiting
from tui.cockpit.widgets.lines import Line, Palette

_CURSOR: Final = "▸ "
_NO_CURSOR: Final = "  "
_NOTHING: Final[Line] = ((" No call waits for you.", "quiet"),)


class InboxList(Widget, can_focus=True):
    """One cursor over calls in the order in which they began to wait."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"inbox--{word}"
        for word in (
            *("agent", "tool", "code", "quiet", "ticked", "doubt"),
            *("cursor", "cursor-blurred"),
        )
    }
    DEFAULT_CSS = """
    InboxList {
        height: 1fr;
        min-height: 4;
    }
    """

    class Pointed(Message):
        """The mouse went to a call."""

        def __init__(self, request: Request) -> None:
            super().__init__()
            self.request = request

    now: reactive[float] = reactive(0.0)

    def __init__(
        self,
        *,
        has_boxes: bool = True,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._has_boxes = has_boxes
        self.cursor: Request | None = None
        self._waiting: dict[Request, Waiting] = {}
        self._rows: dict[Request, InboxRow] = {}
        self._ticked: Collection[Request] = ()
        self._first = 0
        self._columns: tuple[int, Columns] | None = None
        self._painted: dict[Request, float] = {}
        self._listed_at: float | None = None
        self._sight = Sight(self)
        self._palette: Palette | None = None

    @property
    def listed_at(self) -> float | None:
        """Since when the rows stand on the terminal in this order; None while they do not."""
        self._note_painted()
        return self._listed_at

    @property
    def pointed_at(self) -> Waiting | None:
        """The call that the cursor is on."""
        return None if self.cursor is None else self._waiting.get(self.cursor)

    @property
    def requests(self) -> tuple[Request, ...]:
        """The calls, in the order of the rows."""
        return tuple(self._waiting)

    def waiting(self, request: Request) -> Waiting:
        """Return the call of a row."""
        return self._waiting[request]

    @property
    def painted(self) -> Mapping[Request, float]:
        """When rows were with the terminal first, since the window stands as it does."""
        self._note_painted()
        return self._painted

    def tells_whole(self, request: Request) -> bool:
        """Whether the row of a call tells all of it."""
        return is_whole(self._rows[request], self._cells)

    def show(self, waiting: Sequence[Waiting]) -> bool:
        """Show these calls, and tell whether they are others than before.

        The cursor stays on its call, or on the place where that was.
        """
        new = {request_of(each.pending): each for each in waiting}
        before = self.requests
        if tuple(new) == before:
            self._waiting = new
            return False
        self._note_painted()
        if not before or tuple(new)[: len(before)] != before:
            self._listed_at = None
        place = before.index(self.cursor) if self.cursor in before else 0
        self._waiting = new
        self._rows = {each: self._rows.get(each) or _row_of(new[each]) for each in new}
        self._painted = {each: at for each, at in self._painted.items() if each in new}
        self._columns = None
        if self.cursor not in new:
            self.cursor = self.requests[min(place, len(new) - 1)] if new else None
        self._follow_cursor()
        self._sight.change()
        return True

    def tick(self, ticked: Collection[Request]) -> None:
        """Mark these calls, and no others, as ticked."""
        self._ticked = ticked
        self.refresh()

    def move(self, rows: int) -> None:
        """Move the cursor by `rows`."""
        if (request := self._beside(rows)) is not None:
            self.point(request)

    def point(self, request: Request) -> None:
        """Move the cursor to a call."""
        self._note_painted()
        self.cursor = request
        if self._follow_cursor():
            self._sight.change()
        self.refresh()

    @property
    def page_rows(self) -> int:
        """How many calls have room at once."""
        return max(self.size.height // self._cells.lines, 1)

    def displayed(self, when_handed: WhenHanded) -> None:
        """Take notice that the screen was drawn."""
        self._note_painted()
        if self._sight.has_moved():
            self._forget_painted()
        self._sight.displayed(when_handed)

    def uncovered(self) -> None:
        """Take notice that another screen covered this one: nothing drawn before counts."""
        self._forget_painted()
        self._sight.change()

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._columns = None
        self._follow_cursor()
        self._sight.change()

    def watch_has_focus(self, value: bool) -> None:
        """Draw the cursor as one that answers to keys, or not."""
        super().watch_has_focus(value)
        self.refresh()

    def notify_style_update(self) -> None:
        """Take the colours anew."""
        super().notify_style_update()
        self._palette = None

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row under the mouse; that ticks nothing."""
        offset = event.get_content_offset(self)
        place = -1 if offset is None else self._first + offset.y // self._cells.lines
        if 0 <= place < len(self._waiting):
            self.post_message(self.Pointed(self.requests[place]))

    def on_mouse_scroll_down(self) -> None:
        """Move the cursor as the wheel turns."""
        self._point_beside(1)

    def on_mouse_scroll_up(self) -> None:
        """Move the cursor as the wheel turns."""
        self._point_beside(-1)

    def get_content_height(self, _container: Size, _viewport: Size, _width: int) -> int:
        """Return the rows that show everything."""
        return max(len(self._waiting) * self._cells.lines, 1)

    def render_line(self, y: int) -> Strip:
        """Draw screen line `y`."""
        self._sight.drew(y)
        width = self.size.width
        if self._palette is None:
            self._palette = Palette(self, "inbox")
        place, part = divmod(y, self._cells.lines)
        requests = self.requests[self._first + place : self._first + place + 1]
        if not requests:
            return self._palette.strip(() if self._waiting or y else _NOTHING, width)
        return self._strip(requests[0], part, width, self._palette)

    def _strip(self, request: Request, part: int, width: int, palette: Palette) -> Strip:
        row, room = self._rows[request], width - len(_CURSOR)
        is_ticked = request in self._ticked if self._has_boxes else None
        line = row_lines(row, self._cells, room, self.now, is_ticked=is_ticked)[part]
        if request != self.cursor:
            return palette.strip(((_NO_CURSOR, ""), *line), width)
        under = "cursor" if self.has_focus else "cursor-blurred"
        mark = _NO_CURSOR if part else _CURSOR
        return palette.strip(((mark, ""), *line), width, under)

    @property
    def _cells(self) -> Columns:
        width = max(self.size.width - len(_CURSOR), 0)
        if self._columns is None or self._columns[0] != width:
            self._columns = (width, columns(tuple(self._rows.values()), width))
        return self._columns[1]

    def _note_painted(self) -> None:
        """Keep since when the rows that are in sight now are with the terminal."""
        if (at := self._sight.at) is None:
            return
        for request in self._in_sight:
            self._painted.setdefault(request, at)
        if self._listed_at is None:
            self._listed_at = at

    def _forget_painted(self) -> None:
        self._painted.clear()
        self._listed_at = None

    def _beside(self, rows: int) -> Request | None:
        requests = self.requests
        if self.cursor not in requests:
            return None
        place = requests.index(self.cursor) + rows
        return requests[min(max(place, 0), len(requests) - 1)]

    def _point_beside(self, rows: int) -> None:
        if (request := self._beside(rows)) is not None:
            self.post_message(self.Pointed(request))

    @property
    def _in_sight(self) -> tuple[Request, ...]:
        """The calls all of whose lines have room."""
        rows = self._sight.rows
        if rows.start:
            return ()
        return self.requests[self._first : self._first + len(rows) // self._cells.lines]

    def _follow_cursor(self) -> bool:
        """Scroll until the cursor is in sight; tell whether that moved anything."""
        before, room = self._first, self.page_rows
        place = self.requests.index(self.cursor) if self.cursor is not None else 0
        last_first = max(len(self._waiting) - room, 0)
        first = min(max(before, place - room + 1), place)
        self._first = min(first, last_first)
        return self._first != before


def _row_of(waiting: Waiting) -> InboxRow:
    return inbox_row(waiting.pending)
