"""Every conversation that is kept: a list in pages, a search, and what is done with one of them.

Stays out of opening and replaying: it says what was chosen. Each question to the journal is asked
off the loop.
"""

import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static, TextArea

from tui.cockpit.dialogs.filter_field import FilterField
from tui.cockpit.dialogs.name_field import NameField
from tui.cockpit.kept_runs import NO_PLACE, KeptRuns
from tui.cockpit.screens.base import BatonScreen
from tui.cockpit.screens.history_shown import MOST_HITS, Shown
from tui.cockpit.widgets.history_list import HistoryList
from tui.cockpit.widgets.markdown.wrap import wrap
from tui.cockpit.widgets.row_list import ListRow, RowList
from tui.cockpit.widgets.text_field import TextField
from tui.errors import JournalError
from tui.journal.living import living
from tui.journal.store import KeptRun, Store
from tui.plain import plain_line

PAGE: Final = 200
_SEARCHED_AFTER_S: Final = 0.15
"""Who types goes on typing: not every letter is a search."""
_ARMED_S: Final = 6.0
_STILL_RUNS: Final = "It still runs: cancel it there before you forget it"
_NOTHING: Final = "Nothing is kept yet: what you run is listed here."
_NO_MATCH: Final = "No kept conversation has all of these words."


class HistoryScreen(BatonScreen, inherit_bindings=False):
    """A heading that counts, the field for words, the list, and the field for a name."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "reopen", "Open"),
        Binding("p", "replay", "Replay"),
        # With priority: what is typed right behind it is for the field, and deletes nothing.
        Binding("slash", "search", "Search", priority=True),
        Binding("s", "star", "Star"),
        Binding("s", "unstar", "Take the star back"),
        Binding("n", "name", "Name", priority=True),
        Binding("d", "delete", "Delete"),
        Binding("y", "forget", "Forget it"),
        Binding("r,ctrl+r", "look_again", "Look again", show=False),
        Binding("escape", "app.leave_ledger", "Back"),
    ]
    AUTO_FOCUS = "HistoryList"

    class Reopened(Message):
        """A conversation is to be gone on with."""

        def __init__(self, run: KeptRun) -> None:
            super().__init__()
            self.run = run

    class ReplayPressed(Message):
        """A conversation is to be played, from an event (its run and number) if one is given."""

        def __init__(self, run: KeptRun, at: tuple[str, int] | None) -> None:
            super().__init__()
            self.run = run
            self.at = at

    def __init__(
        self,
        kept: KeptRuns,
        *,
        is_living: Callable[[KeptRun], bool],
        only_watches: bool = False,
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__()
        self._kept = kept
        self._is_living = is_living
        self._only_watches = only_watches
        self._wall = wall
        self._heading = Static("", id="history-heading", classes="heading", markup=False)
        self._search = FilterField(placeholder="Words that were said, asked of tools or answered")
        self._name_field = NameField(placeholder="Its first message, as it was", id="history-name")
        self._list = HistoryList(id="history-list")
        self._shown = Shown(is_living)
        self._is_loading = False
        self._fault = ""
        self._naming: KeptRun | None = None
        self._armed = ""
        self._searches: Timer | None = None
        self._disarms: Timer | None = None

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield self._banner
        yield self._heading
        yield self._search
        yield self._list
        yield self._name_field
        yield self._key_bar

    def on_screen_resume(self) -> None:
        """Look at what is kept by now."""
        self._look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what does something now."""
        chosen = self._chosen
        match action:
            case "reopen" | "replay":
                return chosen is not None
            case "name" | "star" | "unstar" | "delete" if self._only_watches:
                return False
            case "name":
                return chosen is not None and not self._is_writing
            case "star" | "unstar":
                return chosen is not None and chosen.is_starred is (action == "unstar")
            case "delete":
                return chosen is not None and not self._armed
            case "forget":
                return bool(self._armed)
            case "search":
                return self._kept.has_place and not self._is_writing
            case _:
                return super().check_action(action, parameters)

    # What a person wishes.

    def action_reopen(self) -> None:
        """Ask for the conversation."""
        if (chosen := self._chosen) is not None:
            self.post_message(self.Reopened(chosen))

    def action_replay(self) -> None:
        """Ask for it to be played, from the place that was found."""
        if (chosen := self._chosen) is not None:
            self.post_message(self.ReplayPressed(chosen, self._shown.place(self._list.cursor)))

    def action_search(self) -> None:
        """Let the person write words."""
        self._search.add_class("-shown")
        self.set_focus(self._search)

    def action_star(self) -> None:
        """Mark the conversation."""
        self._mark(is_starred=True)

    def action_unstar(self) -> None:
        """Take the mark back."""
        self._mark(is_starred=False)

    def action_name(self) -> None:
        """Let the person write a name."""
        self._naming = chosen = self._chosen
        if chosen is not None:
            self._name_field.text = chosen.title
            self._name_field.cursor_location = self._name_field.document.end
            self._name_field.add_class("-shown")
            self.set_focus(self._name_field)

    def action_delete(self) -> None:
        """Ask whether the conversation is to be forgotten."""
        chosen = self._chosen
        if chosen is None:
            return
        if self._is_living(chosen):
            self.say(_STILL_RUNS)
            return
        self._armed = self._list.cursor
        self.say(f"Forget '{chosen.title}', all its runs? y forgets it", _ARMED_S)
        self._disarms = self.set_timer(_ARMED_S, self._disarm)
        self.refresh_bindings()

    def action_forget(self) -> None:
        """Forget it, for good."""
        chosen = self._chosen
        self._disarm()
        if chosen is not None:
            self._do(self._forget(chosen))

    def action_look_again(self) -> None:
        """Ask the journal once more."""
        self._look()

    # What its parts tell.

    def on_row_list_moved(self, message: RowList.Moved) -> None:
        """Forget what was asked about another row."""
        message.stop()
        if message.key != self._armed:
            self._disarm()

    def on_history_list_near_end(self, message: HistoryList.NearEnd) -> None:
        """Show more."""
        message.stop()
        self._load_more()

    def on_text_area_changed(self, message: TextArea.Changed) -> None:
        """Search as it is typed."""
        message.stop()
        if message.text_area is self._search:
            if self._searches is not None:
                self._searches.stop()
            self._searches = self.set_timer(_SEARCHED_AFTER_S, self._search_now)

    def on_filter_field_left(self, message: FilterField.Left) -> None:
        """Go back to the list."""
        message.stop()
        if not message.keeps:
            self._search.clear()
        self._search.set_class(bool(self._search.text), "-shown")
        self.set_focus(self._list)

    def on_name_field_left(self, message: NameField.Left) -> None:
        """Go back to the list, with another name."""
        message.stop()
        self._name_field.remove_class("-shown")
        self.set_focus(self._list)
        naming, self._naming = self._naming, None
        if message.gives and naming is not None:
            name = self._name_field.text
            self._do(self._change(lambda store: store.rename(naming.root, name)))

    # The journal.

    def _look(self) -> None:
        # Textual tells of one coming back twice.
        if not self._is_loading:
            self._is_loading = True
            self._do(self._load_anew())

    def _search_now(self) -> None:
        self._do(self._find(self._search.text), "search")

    def _load_more(self) -> None:
        if self._shown.has_more and not self._is_loading and self._shown.hits is None:
            self._is_loading = True
            self._do(self._load(more=True))

    def _mark(self, *, is_starred: bool) -> None:
        if (chosen := self._chosen) is not None:
            self._do(self._change(lambda store: store.star(chosen.root, is_starred)))

    def _do(self, work: Coroutine[Any, Any, None], group: str = "") -> None:
        # On the app: a worker of a screen ends when another screen is shown.
        name, is_alone = f"history-{group}", bool(group)
        self.app.run_worker(self._told(work), group=name, exclusive=is_alone, exit_on_error=False)

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except JournalError as error:
            self._is_loading = False
            self._fault = str(error)
            self.say(self._fault)
            self._show()

    async def _load_anew(self) -> None:
        await self._load()
        if self._shown.hits is not None:
            await self._find(self._search.text)

    async def _load(self, *, more: bool = False) -> None:
        before = self._shown.last_moved_at if more else None
        count = PAGE if more else max(PAGE, len(self._shown.runs))
        if self._kept.has_place:
            found = await self._kept.newest(count, before)
            self._shown.take(found, has_more=len(found) == count, goes_on=more)
        self._is_loading, self._fault = False, ""
        self._show()

    async def _find(self, words: str) -> None:
        if not words.strip():
            self._shown.hits = None
        elif self._kept.has_place:
            self._shown.hits = await self._kept.found(words, MOST_HITS)
        self._show()

    async def _change(self, change: Callable[[Store], None]) -> None:
        await self._kept.ask(change)
        await self._load_anew()

    async def _forget(self, run: KeptRun) -> None:
        def forget(store: Store) -> None:
            # It may have been taken up since the list was read.
            if run.run_id in living(store):
                raise JournalError(_STILL_RUNS)
            store.delete(run.root)

        await self._kept.ask(forget)
        self._shown.forget(run.root)
        self._show()
        self.say(f"'{run.title}' is forgotten")

    # What is shown.

    def _show(self) -> None:
        now = self._wall()
        self._heading.update(self._shown.heading())
        self._list.show(lambda width: tuple(self._rows(width, now)))
        self.refresh_bindings()
        if self._list.is_near_end:
            self._load_more()

    def _rows(self, width: int, now: float) -> Iterator[ListRow]:
        yield from self._shown.rows(width, now)
        if not self._kept.has_place:
            yield ListRow("", ((NO_PLACE, "quiet"),))
        elif self._fault:
            yield from (
                ListRow("", line) for line in wrap([(plain_line(self._fault), "bad")], width)
            )
        elif self._shown.is_empty:
            yield ListRow("", ((_NOTHING if self._shown.hits is None else _NO_MATCH, "quiet"),))

    @property
    def _is_writing(self) -> bool:
        return isinstance(self.focused, TextField)

    @property
    def _chosen(self) -> KeptRun | None:
        return self._shown.run(self._list.cursor)

    def _disarm(self) -> None:
        if self._disarms is not None:
            self._disarms.stop()
        if self._armed:
            self._armed = ""
            self._key_bar.be_silent()
            self.refresh_bindings()
