"""Home's list: conversations of this session and kept ones, and below what can be started.

Stays out of what a row says (`home_rows`), and of starting anything: it tells what was chosen.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from tui.cockpit.widgets.home_rows import (
    ChoiceRow,
    RunRow,
    choice_lines,
    heading,
    run_lines,
)
from tui.cockpit.widgets.lines import Line
from tui.cockpit.widgets.row_list import CURSOR, ListRow, RowList

_RUNS: Final = "Runs of this session"
_KEPT: Final = "Kept from before"


class HomeList(RowList):
    """Headed parts and one cursor, which stays on its row while others come and go."""

    LOOKS: ClassVar[str] = "home-list"
    HEADING: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "Start"),
        Binding("enter", "go_back", "Go back to it"),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"home-list--{word}"
        for word in (
            *("heading", "rule", "detail", "quiet", "working", "waiting", "done", "failed"),
            *("cancelled", "cursor", "cursor-blurred"),
        )
    }
    DEFAULT_CSS = """
    HomeList { min-height: 0; }
    """

    class Started(Message):
        """A person wants to start what has this key."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Reopened(Started):
        """A person wants to go back to the conversation that has this key."""

    class KeptChosen(Started):
        """A person wants to go on with the kept conversation that has this key."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._runs: tuple[RunRow, ...] = ()
        self._kept: tuple[RunRow, ...] = ()
        self._choices: tuple[ChoiceRow, ...] = ()
        self._heading, self._place = "", ""
        self._choice_lines: tuple[Line, ...] = ()

    def show_runs(self, rows: Sequence[RunRow]) -> None:
        """Show the conversations, in this order."""
        if tuple(rows) != self._runs:
            self._runs = tuple(rows)
            self.show(self._lay_out_all)

    def show_kept(self, rows: Sequence[RunRow]) -> None:
        """Show the conversations that are kept from before, in this order."""
        if tuple(rows) != self._kept:
            self._kept = tuple(rows)
            if not self.cursor and self._choices:
                # Enter, pressed at once, starts the first agent, whatever is listed above it.
                self.cursor = self._choices[0].key
            self.show(self._lay_out_all)

    def show_choices(self, words: str, rows: Sequence[ChoiceRow], place: str = "") -> None:
        """Show what can be started, under a heading of these words and where it was found."""
        self._heading, self._place, self._choices = words, place, tuple(rows)
        self._choice_lines = ()
        self.show(self._lay_out_all)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell what Enter does on this row."""
        match action:
            case "start":
                return any(row.key == self.cursor for row in self._choices)
            case "go_back":
                return self._is_on(self._runs) or self._is_on(self._kept)
            case _:
                return super().check_action(action, parameters)

    def on_resize(self) -> None:
        """Take what can be started anew; the list fits all rows then."""
        self._choice_lines = ()

    def on_click(self, event: events.Click) -> None:
        """Choose the row under the mouse."""
        event.prevent_default()
        if key := self.key_under(event):
            self.go_to(key)
            self._choose()

    def action_start(self) -> None:
        """Ask to start what the cursor is on."""
        self._choose()

    def action_go_back(self) -> None:
        """Ask for the conversation that the cursor is on."""
        self._choose()

    def _is_on(self, rows: Sequence[RunRow]) -> bool:
        return any(row.key == self.cursor for row in rows)

    def _choose(self) -> None:
        message = self.Started
        if self._is_on(self._runs):
            message = self.Reopened
        elif self._is_on(self._kept):
            message = self.KeptChosen
        self.post_message(message(self.cursor))

    def _lay_out_all(self, room: int) -> tuple[ListRow, ...]:
        here = self._lay_out_runs(_RUNS, self._runs, room)
        kept = self._lay_out_runs(_KEPT, self._kept, room)
        return (*here, *kept, *self._lay_out_choices(room))

    def _lay_out_runs(self, words: str, rows: Sequence[RunRow], room: int) -> Iterator[ListRow]:
        if rows:
            yield ListRow("", heading(words, room + len(CURSOR)))
            lines = run_lines(rows, room)
            yield from (ListRow(r.key, line) for r, line in zip(rows, lines, strict=True))
            yield ListRow("", ())

    def _lay_out_choices(self, room: int) -> Iterator[ListRow]:
        # Of hundreds of agents not every second, when a run's time moves on.
        if not self._choice_lines:
            self._choice_lines = choice_lines(self._choices, room)
        lines = self._choice_lines
        yield ListRow("", heading(self._heading, room + len(CURSOR), self._place))
        yield from (ListRow(c.key, line) for c, line in zip(self._choices, lines, strict=True))
