"""The app as what goes back to conversations that are kept: the history, replays and forks.

Stays out of what these screens show, and of how a kept conversation is gone on with.
"""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.binding import Binding, BindingType

from tui.cockpit.daemon_work import in_daemon
from tui.cockpit.kept_rows import LOOKED_AT
from tui.cockpit.kept_runs import KeptRuns
from tui.cockpit.screens.base import BatonScreen
from tui.cockpit.screens.home import HomeScreen
from tui.cockpit.screens.run import RunScreen
from tui.cockpit.sources.fork_place import ForkPlace, fork_place, message_place
from tui.cockpit.watchful_app import WatchfulApp
from tui.errors import JournalError
from tui.journal.store import KeptRun, Store

if TYPE_CHECKING:
    from tui.cockpit.screens.history import HistoryScreen
    from tui.cockpit.screens.replay import ReplayScreen
    from tui.cockpit.sources.replay import Recording

_TOLD_S: Final = 15.0
_NOTHING_BEFORE: Final = "Nothing was said yet: go on a little before you fork"


_FORKED: Final = "Forked {}: what you send goes on from there"
_FIRST_MESSAGE: Final = "Nothing was said before this: a new conversation begins with it"


class KeptApp(WatchfulApp):
    """An app that lists, plays and forks what is kept."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, as all that leads away from a request: a key behind it goes elsewhere.
        Binding("f10", "history", "History", priority=True, id="history"),
        # The same away from home, where a footer has no room for it.
        Binding("f10", "history_ahead", "History", show=False, priority=True, id="history"),
    ]

    _kept: KeptRuns
    _home: HomeScreen

    def __init__(self, theme: str) -> None:
        """Make it without a replay."""
        super().__init__(theme)
        self._replay: ReplayScreen | None = None
        self._replayed_from: BatonScreen | None = None
        self._replays = 0

    async def action_history(self) -> None:
        """Show what is kept."""
        shown = self.screen
        self._show_ledger(self._ledgers.history())
        if shown is self._replay:
            # It was left for good: the way back leads where it was asked for.
            self._came_from = self._home
            await self._end_replay()

    async def action_history_ahead(self) -> None:
        """Show what is kept, from a screen whose footer does not tell of it."""
        await self.action_history()

    async def action_leave_replay(self) -> None:
        """Go back to where a replay was asked for."""
        back = self._replayed_from or self._home
        if back is self._home:
            await self.run_action("home")
        await self._show(back)
        await self._end_replay()

    def on_history_screen_reopened(self, message: "HistoryScreen.Reopened") -> None:
        """Go on with a kept conversation."""
        self._show(self._conversations.reopen(message.run))

    def on_home_screen_kept_chosen(self, message: HomeScreen.KeptChosen) -> None:
        """Go on with a kept conversation."""
        self._show(self._conversations.reopen(message.run))

    def on_history_screen_replay_pressed(self, message: "HistoryScreen.ReplayPressed") -> None:
        """Play a kept conversation."""
        self.say("Reading …")
        self._do_kept(self._read_and_replay(message.run, message.at))

    def on_replay_screen_fork_pressed(self, message: "ReplayScreen.ForkPressed") -> None:
        """Go another way from where a replay is."""
        events, position = message.recording.events, message.position
        self._do_kept(self._fork(lambda _: fork_place(events, position)))

    def on_run_screen_fork_pressed(self, message: RunScreen.ForkPressed) -> None:
        """Go another way from before a message."""
        run_id, item_id = message.run_id, message.item_id
        self._do_kept(self._fork(lambda store: message_place(store.events(run_id), item_id)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what does something now."""
        if action in ("history", "history_ahead"):
            screen = self.screen if self._screen_stack else None
            is_elsewhere = self._ledgers.name_of(screen) != "history"
            return is_elsewhere and (screen is self._home) is (action == "history")
        return super().check_action(action, parameters)

    def _replay_screen(self, recording: "Recording", at: int | None = None) -> "ReplayScreen":
        """Make the screen of a replay: from its beginning, or standing at a position."""
        from tui.cockpit.screens.replay import ReplayScreen
        from tui.cockpit.sources.player import Player

        player = None if at is None else Player().at_position(recording, at)
        return ReplayScreen(recording, player)

    def _look_at_kept(self) -> None:
        """Have home list what is kept, if anything is."""
        if self._kept.has_place:
            self._do_kept(self._list_kept())

    async def _list_kept(self) -> None:
        kept = await self._kept.newest(LOOKED_AT)
        is_open = self._conversations.is_open
        self._home.show_kept(kept, is_living=self._ledgers.is_living, is_open=is_open)

    async def _read_and_replay(self, run: KeptRun, event: tuple[str, int] | None) -> None:
        from tui.cockpit.sources.replay import kept_recording

        recording = await self._kept.ask(lambda store: kept_recording(store, run))
        at = None if event is None else await in_daemon(lambda: recording.position_of(*event))
        await self._open_replay(self._replay_screen(recording, at))

    async def _open_replay(self, screen: "ReplayScreen") -> None:
        before, self._replayed_from = self._replay, self._came_back_to
        self._replays += 1
        self._modes_of[screen] = name = f"replay-{self._replays}"
        self.add_mode(name, lambda: screen)
        await self._show(screen)
        if before is not None:
            await self._end_replay()
        self._replay = screen

    @property
    def _came_back_to(self) -> BatonScreen | None:
        """Where to go back to from a replay that is asked for now."""
        screen = self.screen
        return screen if isinstance(screen, BatonScreen) and screen is not self._replay else None

    async def _end_replay(self) -> None:
        ended, self._replay = self._replay, None
        if ended is None:
            return
        if self._came_from is ended:
            self._came_from = self._home
        await self.remove_mode(self._modes_of.pop(ended))

    async def _fork(self, find: Callable[[Store], ForkPlace | None]) -> None:
        def fork(store: Store) -> tuple[ForkPlace, KeptRun, bool]:
            place = find(store)
            run = store.run(place.run_id) if place else None
            if place is None or run is None:
                raise JournalError(_NOTHING_BEFORE)
            if place.is_first_of(run):
                return place, run, True
            return place, store.fork(place.run_id, place.before_seq), False

        place, run, is_new = await self._kept.ask(fork)
        here = self._conversations
        screen = here.open(run.target) if is_new else here.reopen(run)
        await self._show(screen)
        await self._end_replay()
        screen.put_back(place.text)
        self.say(_FIRST_MESSAGE if is_new else _FORKED.format(place.words), _TOLD_S)

    def _do_kept(self, work: Coroutine[Any, Any, None]) -> None:
        self.run_worker(self._told_kept(work), group="kept", exit_on_error=False)

    async def _told_kept(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except JournalError as error:
            self.say(str(error), _TOLD_S)
