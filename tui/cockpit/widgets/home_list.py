"""Home's list: the conversations of this session, and below them what can be started.

Stays out of what a row says (`home_rows`), and of starting anything: it tells what was chosen.
"""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.cockpit.widgets.home_rows import (
    ChoiceRow,
    RunRow,
    choice_lines,
    heading,
    run_lines,
)
from tui.cockpit.widgets.lines import Line, Palette

_MARK: Final = "▸ "
_NO_MARK: Final = "  "
_RUNS: Final = "Runs of this session"


class HomeList(ScrollView, can_focus=True, inherit_bindings=False):
    """Two headed parts and one cursor, which stays on its row while others come and go."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "Start"),
        Binding("enter", "go_back", "Go back to it"),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"home-list--{word}"
        for word in (
            *("heading", "rule", "detail", "quiet", "working", "waiting", "done", "failed"),
            *("cancelled", "cursor", "cursor-blurred"),
        )
    }
    DEFAULT_CSS = """
    HomeList {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size: 0 1;
    }
    """

    class Started(Message):
        """A person wants to start what has this key."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Reopened(Started):
        """A person wants to go back to the conversation that has this key."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._runs: tuple[RunRow, ...] = ()
        self._choices: tuple[ChoiceRow, ...] = ()
        self._heading, self._place = "", ""
        self._choice_lines: tuple[Line, ...] = ()
        self._rows: list[tuple[str, Line]] = []
        self._chosen = ""
        self._palette: Palette | None = None

    def show_runs(self, rows: Sequence[RunRow]) -> None:
        """Show the conversations, in this order."""
        if tuple(rows) != self._runs:
            self._runs = tuple(rows)
            self._lay_out()

    def show_choices(self, words: str, rows: Sequence[ChoiceRow], place: str = "") -> None:
        """Show what can be started, under a heading of these words and where it was found."""
        self._heading, self._place, self._choices = words, place, tuple(rows)
        self._choice_lines = ()
        self._lay_out()

    def select(self, key: str) -> None:
        """Put the cursor on the row of `key`, now or when it comes."""
        self._chosen = key
        self._go_to(self._cursor)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell what Enter does on this row."""
        match action:
            case "start":
                return bool(self._keys) and not self._is_on_run
            case "go_back":
                return self._is_on_run
            case _:
                return super().check_action(action, parameters)

    def on_resize(self) -> None:
        """Fit the rows to the new width."""
        self._choice_lines = ()
        self._lay_out()

    def watch_has_focus(self, value: bool) -> None:
        """Draw the cursor as one that answers to keys, or not."""
        super().watch_has_focus(value)
        self.refresh()

    def notify_style_update(self) -> None:
        """Take the colours anew."""
        super().notify_style_update()
        self._palette = None

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        offset = event.get_content_offset(self)
        row = -1 if offset is None else offset.y + self.scroll_offset.y
        if 0 <= row < len(self._rows) and (key := self._rows[row][0]):
            self.select(key)
            self._choose()

    def action_start(self) -> None:
        """Ask to start what the cursor is on."""
        self._choose()

    def action_go_back(self) -> None:
        """Ask for the conversation that the cursor is on."""
        self._choose()

    def action_move(self, rows: int) -> None:
        """Move the cursor by `rows`."""
        self._move_to(self._cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by a screenful."""
        self._move_to(self._cursor + pages * max(self.size.height - 1, 1))

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self._move_to(0)

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self._move_to(len(self._keys) - 1)

    def render_line(self, y: int) -> Strip:
        """Draw the row on screen line `y`."""
        width, place = self.size.width, y + self.scroll_offset.y
        if self._palette is None:
            self._palette = Palette(self, "home-list")
        if place >= len(self._rows):
            return self._palette.strip((), width)
        key, line = self._rows[place]
        if not key:
            return self._palette.strip(line, width)
        if key != self._chosen:
            return self._palette.strip(((_NO_MARK, ""), *line), width)
        under = "cursor" if self.has_focus else "cursor-blurred"
        return self._palette.strip(((_MARK, ""), *line), width, under)

    @property
    def _keys(self) -> list[str]:
        return [row.key for row in self._runs] + [row.key for row in self._choices]

    @property
    def _cursor(self) -> int:
        """Which of the rows that can be chosen the cursor is on."""
        keys = self._keys
        return keys.index(self._chosen) if self._chosen in keys else 0

    @property
    def _is_on_run(self) -> bool:
        return any(row.key == self._chosen for row in self._runs)

    def _choose(self) -> None:
        if self._chosen:
            message = self.Reopened if self._is_on_run else self.Started
            self.post_message(message(self._chosen))

    def _move_to(self, cursor: int) -> None:
        if keys := self._keys:
            self._chosen = keys[min(max(cursor, 0), len(keys) - 1)]
            self._go_to(self._cursor)

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        if not width:
            return
        room = width - len(_MARK)
        if not self._choice_lines:
            self._choice_lines = choice_lines(self._choices, room)
        rows = [("", heading(self._heading, width, self._place))]
        rows += [
            (row.key, line) for row, line in zip(self._choices, self._choice_lines, strict=True)
        ]
        if self._runs:
            lines = run_lines(self._runs, room)
            above = [(row.key, line) for row, line in zip(self._runs, lines, strict=True)]
            rows = [("", heading(_RUNS, width)), *above, ("", ()), *rows]
        self._rows = rows
        if self.virtual_size != (size := Size(width, len(rows))):
            self.virtual_size = size
        keys = self._keys
        if keys and self._chosen not in keys:
            self._chosen = keys[0]
        self._go_to(self._cursor)

    def _go_to(self, cursor: int) -> None:
        """Draw the cursor, keep it in sight and tell what Enter does there."""
        self.refresh()
        self.refresh_bindings()
        place = next(
            (at for at, (key, _) in enumerate(self._rows) if key and key == self._chosen), 0
        )
        # Above the first row there is only its heading.
        region = Region(0, place if cursor else 0, self.size.width, 1 if cursor else place + 1)
        self.scroll_to_region(region, animate=False, force=True, immediate=True)
