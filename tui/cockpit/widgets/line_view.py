"""A pane of lines that knows how many it has and where it stands, and tells who moved it.

Stays out of what the lines are. Keeps Textual from laying the screen out, and from drawing the
scroll bar, when a line is added: neither shows anything new.
"""

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.widget import Widget

_THUMB_STEPS = 8
"""Steps of the scroll bar's thumb in a cell: less than that cannot be seen."""


class LineView(ScrollView, can_focus=True, inherit_bindings=False):
    """Scrolls over lines drawn one by one.

    Textual's keys to scroll sideways are left out: they would be told and do nothing.

    Attributes:
        room: The cells that lines are drawn in; empty before the pane is on a screen.
    """

    # The bar is always there: one that comes and goes would lay the whole screen out again.
    DEFAULT_CSS = """
    LineView {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.room = Size(0, 0)
        self._placing = False
        self._thumb = (0, 0)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell where the view is now, and whether a person put it there."""
        self._move_bar()
        if round(old_value) != round(new_value):
            # A new size clamps the place before we hear of it: that is nobody's wish.
            resizing = self.room != self.scrollable_content_region.size
            self.scrolled(round(new_value), by_person=not self._placing and not resizing)

    def on_resize(self) -> None:
        """Take the new room."""
        self.room = self.scrollable_content_region.size
        if self.room:
            self.resized()
            # A frame can come before this message: it was drawn for the room of before.
            self.refresh()

    def scrolled(self, row: int, *, by_person: bool) -> None:
        """`row` is the first one on the screen now; for panes to act on."""

    def resized(self) -> None:
        """The room is another; for panes to act on."""

    def place(self, rows: int, row: float) -> None:
        """Have `rows` lines, of which `row` is the first on the screen, if it can be."""
        if rows != self.virtual_size.height or self.room.width != self.virtual_size.width:
            # Not by assignment: that lays the screen out, and nothing of it depends on this size.
            self.set_reactive(Widget.virtual_size, Size(self.room.width, rows))
        self._placing = True
        self.scroll_to(y=min(max(row, 0), self.max_scroll_y), animate=False, force=True)
        self._placing = False
        self._move_bar()

    def _move_bar(self) -> None:
        rows = max(self.virtual_size.height, 1)
        steps = self.room.height * _THUMB_STEPS
        thumb = (int(self.scroll_y * steps / rows), self.room.height * steps // rows)
        if thumb != self._thumb and self.show_vertical_scrollbar:
            self._thumb = thumb
            self.vertical_scrollbar.window_virtual_size = rows
            self.vertical_scrollbar.position = self.scroll_y
