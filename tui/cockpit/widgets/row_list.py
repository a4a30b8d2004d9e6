"""A list of one-line rows, some of them headings, with a cursor that stays on its row.

Stays out of what the rows say, and of what is done with one: it tells where the cursor is.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar, Final, NamedTuple, TypeAlias

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.cockpit.widgets.lines import Line, Palette

CURSOR: Final = "▸ "
_NO_CURSOR: Final = "  "


class ListRow(NamedTuple):
    """A row; one without a key is a heading, or a gap."""

    key: str
    line: Line


LayOutRows: TypeAlias = Callable[[int], Sequence[ListRow]]
"""Gives the rows for a width in cells."""


class RowList(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows in their order, and one cursor.

    Attributes:
        cursor: The key of the row it is on, or was on before there were none.
        LOOKS: What its component classes begin with.
        HEADING: What stands before a heading.
    """

    LOOKS: ClassVar[str] = "row-list"
    HEADING: ClassVar[str] = " "

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("ctrl+u", "page(-1)", "Page up", show=False),
        Binding("ctrl+d", "page(1)", "Page down", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"row-list--{word}"
        for word in (
            *("heading", "rule", "agent", "tool", "code", "quiet", "good", "bad", "waiting"),
            *("cursor", "cursor-blurred"),
        )
    }
    DEFAULT_CSS = """
    RowList {
        height: 1fr;
        min-height: 3;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size: 0 1;
    }
    """

    class Moved(Message):
        """The cursor is on another row now, "" for none."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.cursor = ""
        self._lay_out: LayOutRows = lambda _: ()
        self._rows: tuple[ListRow, ...] = ()
        self._palette: Palette | None = None

    def show(self, lay_out: LayOutRows) -> None:
        """Show other rows; the cursor stays on its row, or on the place where that was."""
        self._lay_out = lay_out
        self._draw_anew()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what does something now."""
        if action in ("move", "page", "first", "last"):
            return bool(self._keys)
        return super().check_action(action, parameters)

    def on_resize(self) -> None:
        """Fit the rows to the new width."""
        self._draw_anew()

    def watch_has_focus(self, value: bool) -> None:
        """Draw the cursor as one that answers to keys, or not."""
        super().watch_has_focus(value)
        self.refresh()

    def notify_style_update(self) -> None:
        """Take the colours anew."""
        super().notify_style_update()
        self._palette = None

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row under the mouse."""
        if key := self.key_under(event):
            self.go_to(key)

    def action_move(self, rows: int) -> None:
        """Move the cursor by `rows`."""
        if keys := self._keys:
            place = keys.index(self.cursor) + rows
            self.go_to(keys[min(max(place, 0), len(keys) - 1)])

    def action_page(self, pages: int) -> None:
        """Move the cursor by a screenful."""
        self.action_move(pages * max(self.size.height - 1, 1))

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self.action_move(-len(self._rows))

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self.action_move(len(self._rows))

    def render_line(self, y: int) -> Strip:
        """Draw the row on screen line `y`."""
        width, place = self.size.width, y + self.scroll_offset.y
        if self._palette is None:
            self._palette = Palette(self, self.LOOKS)
        if place >= len(self._rows):
            return self._palette.strip((), width)
        key, line = self._rows[place]
        if not key or key != self.cursor:
            return self._palette.strip(((_NO_CURSOR if key else self.HEADING, ""), *line), width)
        under = "cursor" if self.has_focus else "cursor-blurred"
        return self._palette.strip(((CURSOR, ""), *line), width, under)

    def key_under(self, event: events.Click) -> str:
        """Return the key of the row under the mouse, "" if there is none."""
        offset = event.get_content_offset(self)
        row = -1 if offset is None else offset.y + self.scroll_offset.y
        return self._rows[row].key if 0 <= row < len(self._rows) else ""

    def go_to(self, key: str) -> None:
        """Put the cursor on a row, keep it in sight and say so."""
        self.cursor = key
        self.refresh()
        self.refresh_bindings()
        place = next((at for at, row in enumerate(self._rows) if row.key == key), 0)
        # Above the first row there is only its heading.
        is_first = key in self._keys[:1]
        region = Region(0, 0 if is_first else place, self.size.width, place + 1 if is_first else 1)
        self.scroll_to_region(region, animate=False, force=True, immediate=True)
        self.post_message(self.Moved(key if key in self._keys else ""))

    @property
    def _keys(self) -> list[str]:
        return [row.key for row in self._rows if row.key]

    def _draw_anew(self) -> None:
        width = self.scrollable_content_region.width
        if not width:
            return
        before = self._keys
        self._rows = tuple(self._lay_out(width - len(CURSOR)))
        if self.virtual_size != (size := Size(width, len(self._rows))):
            self.virtual_size = size
        self.go_to(self._following(before))

    def _following(self, before: list[str]) -> str:
        """Return where the cursor is among other rows than `before`."""
        keys = self._keys
        if self.cursor in keys or not keys:
            # The row may come again: home's list is empty while files are looked at.
            return self.cursor
        place = before.index(self.cursor) if self.cursor in before else 0
        return keys[min(place, len(keys) - 1)]
