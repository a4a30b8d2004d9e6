"""Where Baton begins: the conversations of this session, the agents of the folder, the rehearsal.

Stays out of finding and of starting them: it says what was chosen.
"""

import time
from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from tui.cockpit.home_listing import HomeListing
from tui.cockpit.kept_rows import kept_rows
from tui.cockpit.runs import OpenRun
from tui.cockpit.screens.base import BatonScreen
from tui.cockpit.widgets.home_list import HomeList
from tui.cockpit.widgets.home_rows import RunRow, choice_row, run_row
from tui.journal.store import KeptRun
from tui.plain import plain, plain_line

ROOMY_FROM: Final = (60, 16)
"""Cells: a terminal with fewer columns or rows has room for the list alone."""

_TICK_S: Final = 1.0
_MINUTE_S: Final = 60.0
_LOOKING: Final = "Looking for agents …"


class HomeScreen(BatonScreen, inherit_bindings=False):
    """A list to choose from; Enter starts, or goes back.

    Of Textual's keys only those to copy are kept: there is no other pane for the focus to go to.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r,ctrl+r", "look_again", "Look again", id="look_again"),
        Binding("ctrl+c,super+c", "screen.copy_text", "Copy selected text", show=False),
    ]
    AUTO_FOCUS = "HomeList"

    class Chosen(Message):
        """An agent is to be started."""

        def __init__(self, target: str) -> None:
            super().__init__()
            self.target = target

    class Reopened(Message):
        """An open conversation is to be shown again."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class KeptChosen(Message):
        """A kept conversation is to be gone on with."""

        def __init__(self, run: KeptRun) -> None:
            super().__init__()
            self.run = run

    class LookAgainPressed(Message):
        """The folder may hold other agents by now."""

    listing: reactive[HomeListing | None] = reactive(None)

    def __init__(self, *, wall: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._wall = wall
        self._list = HomeList(id="home-list")
        self._notice = Static("", id="home-notice", markup=False)
        self._example = Static("", id="home-example", markup=False)
        self._open: tuple[OpenRun, ...] = ()
        self._kept: dict[str, KeptRun] = {}
        self._kept_rows: tuple[RunRow, ...] = ()
        self._unsubscribe: list[Callable[[], None]] = []

    def compose(self) -> ComposeResult:
        """A heading, what is to be known first, and the list."""
        yield self._banner
        with Vertical(id="home"):
            yield Static("Baton", id="home-title", markup=False)
            yield Static(
                "Watch agents work, and decide what they may do.", id="home-tagline", markup=False
            )
            yield self._notice
            yield self._example
            yield self._list
        yield self._key_bar

    def on_screen_resume(self) -> None:
        """Show how the conversations go on from now on."""
        self._unsubscribe += [run.subscribe(lambda _: self._show_runs()) for run in self._open]

    def on_screen_suspend(self) -> None:
        """Show it no longer: another screen does."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe.clear()
        self.tick_every(None, self._show_runs)

    def on_resize(self, event: events.Resize) -> None:
        """Keep the list in sight where there is no room for more."""
        columns, rows = ROOMY_FROM
        self.set_class(event.size.width < columns or event.size.height < rows, "-tight")

    def watch_listing(self, listing: HomeListing | None) -> None:
        """Show what can be started."""
        if listing is None:
            self._list.show_choices(_LOOKING, ())
            return
        rows = [choice_row(each.target, each.label, each.hint) for each in listing.choices]
        words = "Agents in" if listing.place else "Agents"
        self._list.show_choices(words, rows, listing.place)
        self._list.show_kept(self._kept_rows)
        for shown, text in (self._notice, listing.notice), (self._example, listing.example):
            shown.update("\n".join(map(plain_line, plain(text).split("\n"))))
            shown.set_class(bool(text), "-shown")

    def show_open(self, conversations: Sequence[OpenRun], left: str) -> None:
        """Show which conversations can be gone back to, the cursor on the one just left.

        Args:
            conversations: In the order to show them.
            left: The name of one, "" for none.
        """
        self._open = tuple(conversations)
        self._show_runs()
        if left:
            self._list.go_to(left)

    def show_kept(
        self,
        kept: Sequence[KeptRun],
        *,
        is_living: Callable[[KeptRun], bool],
        is_open: Callable[[KeptRun], bool],
    ) -> None:
        """Show what can be gone on with of earlier sessions; the arguments are `kept_rows`'."""
        self._kept = {run.run_id: run for run in kept}
        now = self._wall()
        self._kept_rows = tuple(kept_rows(kept, is_living=is_living, is_open=is_open, now=now))
        # Not before what can be started is there: the cursor begins on the first of that.
        if self.listing is not None:
            self._list.show_kept(self._kept_rows)

    def on_home_list_kept_chosen(self, message: HomeList.KeptChosen) -> None:
        """Say which kept conversation is to be gone on with."""
        message.stop()
        self.post_message(self.KeptChosen(self._kept[message.key]))

    def on_home_list_started(self, message: HomeList.Started) -> None:
        """Say what is to be started."""
        message.stop()
        self.post_message(self.Chosen(message.key))

    def on_home_list_reopened(self, message: HomeList.Reopened) -> None:
        """Say which conversation is to be shown."""
        message.stop()
        self.post_message(self.Reopened(message.key))

    def action_look_again(self) -> None:
        """Look at the folder's files once more."""
        self.listing = None
        self.post_message(self.LookAgainPressed())

    def _show_runs(self) -> None:
        now = self._wall()
        self._list.show_runs(
            [run_row(run.name, run.view, starting=run.starting, now=now) for run in self._open]
        )
        if any(run.is_working for run in self._open):
            self.tick_every(_TICK_S, self._show_runs)
        else:
            # Only how long ago things were still ages.
            self.tick_every(_MINUTE_S if self._open else None, self._show_runs)
