"""The cockpit's application: which screen shows, and what works from everywhere.

Stays out of what a screen shows. Nothing here waits: the first frame comes before any agent.
"""

import time
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from rich.text import Text
from textual._time import get_time
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from tui.cockpit.actions import commands_of
from tui.cockpit.conversations import Conversations, Kept
from tui.cockpit.daemon_work import in_daemon
from tui.cockpit.home_listing import HomeListing
from tui.cockpit.kept_app import KeptApp
from tui.cockpit.kept_runs import KeptRuns
from tui.cockpit.keymap import key_of
from tui.cockpit.ledgers import Ledgers
from tui.cockpit.lookout import Alarms
from tui.cockpit.projection.overview import Overview
from tui.cockpit.screens.base import BatonScreen
from tui.cockpit.screens.help import HelpScreen
from tui.cockpit.screens.home import HomeScreen
from tui.cockpit.screens.leaving import Answer as Leaving
from tui.cockpit.screens.leaving import LeavingDialog, left_running
from tui.cockpit.screens.run import RunScreen
from tui.cockpit.settings import Settings
from tui.cockpit.sources.base import AgentHost
from tui.cockpit.theme import DARK, LIGHT
from tui.cockpit.widgets.key_bar import working_keys
from tui.journal.store import KeptRun
from tui.policy.settings import PolicyFile

if TYPE_CHECKING:
    from tui.cockpit.sources.replay import Recording

QUIT_ARMED_S: Final = 3.0
_FIRST: Final = "first"


class BatonApp(KeptApp):
    """Home, and a screen for each conversation."""

    TITLE = "Baton"
    DEFAULT_MODE = _FIRST
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+g", "go_to_request", "Go to the request", priority=True, id="go_to_request"),
        Binding("ctrl+g", "next_request", "Next that waits", priority=True, id="go_to_request"),
        # With priority, as all that leads away from a request: a key behind it goes elsewhere.
        Binding("ctrl+o", "home", "Home", priority=True, id="home"),
        Binding(
            "ctrl+n", "new_conversation", "New conversation", priority=True, id="new_conversation"
        ),
        Binding("ctrl+p", "command_palette", "Commands", priority=True, id="commands"),
        Binding("ctrl+q", "quit", "Quit", priority=True, id="quit"),
        Binding("f9", "hold", "Hold all calls", priority=True, id="hold"),
        # The same where nothing runs: no news for a footer.
        Binding("f9", "hold_ahead", "Hold all calls", show=False, priority=True, id="hold"),
        Binding("f9", "release", "Release calls", priority=True, id="hold"),
        Binding("f1", "help", "Keys", priority=True, id="help"),
        Binding("question_mark", "help", "Keys", show=False),
        Binding("ctrl+z", "suspend_process", "Suspend", show=False),
    ]

    def __init__(
        self,
        *,
        open_host: Callable[[str], AgentHost],
        target: str | None = None,
        prompt: str | None = None,
        theme: str = "dark",
        list_home: Callable[[], HomeListing] | None = None,
        read_policy: Callable[[], PolicyFile] | None = None,
        read_only: bool = False,
        approves_all: bool = False,
        journal: Path | None = None,
        replay: "Recording | None" = None,
        settings: Settings = Settings(),  # noqa: B008 - a frozen value
        alarms: Alarms | None = None,
        kept: Kept | None = None,
        reopens: KeptRun | None = None,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """Make the app; it opens nothing yet.

        Args:
            open_host: Gives the host of a target; called once a target.
            target: What to open first; None for the home screen.
            prompt: The first message to it.
            theme: As `theme_called` takes it.
            list_home: Finds what home offers; called in a thread, after the first frame.
            read_policy: Reads the policy file; None without one.
            read_only: Whether nothing can be decided here.
            approves_all: Whether the agent processes ask nobody, for the screens to say it.
            journal: The file in which runs are kept; None where none are.
            replay: What to play first, in place of a target.
            settings: What the person has set: ways to call them, and keys.
            alarms: How they are called; by default through the terminal, as they have set it.
            kept: What reopens conversations; None where nothing is kept.
            reopens: The conversation to open first, instead of `target`.
            wall: UTC seconds, what ages and durations are counted with.
        """
        super().__init__(theme)
        self.set_keymap(dict(settings.keys))
        self._is_read_only = read_only
        self._conversations = Conversations(
            open_host=open_host, start_work=self._start_work, wall=wall, kept=kept
        )
        self._look_out(settings.attention, alarms, wall)
        self._kept = KeptRuns(journal)
        self._ledgers = Ledgers(self._conversations, self._kept, only_watches=read_only, wall=wall)
        self._read_policy = read_policy
        self.set_reactive(
            BatonApp.overview, Overview(approves_all=approves_all, only_watches=read_only)
        )
        self._target = target
        self._reopens = reopens
        self._ends_runs = False
        self._prompt = prompt
        self._list_home = list_home
        self._home = self._came_from = HomeScreen(wall=wall)
        self._first_replay = replay
        self.add_mode(_FIRST, self._first_screen)
        self._quit_armed_at: float | None = None

    # The order of the screen.

    def on_mount(self) -> None:
        """Begin with the work once the first frame is out."""
        # Back in the foreground the terminal is empty.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        self.call_after_refresh(self._begin)

    async def on_unmount(self) -> None:
        """End the runs and the processes of their agents, or let them go on.

        Only a person ends what can go on: a signal, a terminal that is gone, or a fault does not.
        """
        await self._conversations.close(leaves=not self._ends_runs)

    # What a person wishes.

    def on_home_screen_chosen(self, message: HomeScreen.Chosen) -> None:
        """Start an agent."""
        self._show(self._conversations.open(message.target))

    def on_home_screen_reopened(self, message: HomeScreen.Reopened) -> None:
        """Go back to a conversation."""
        self._show(self._conversations[message.name])

    def on_home_screen_look_again_pressed(self) -> None:
        """Find what home offers anew."""
        self._look_for_agents()

    def action_home(self) -> None:
        """Show the home screen; runs go on."""
        left = ""
        self._leave_request()
        if isinstance(self.screen, RunScreen):
            left = self.screen.conversation.name
        newest_first = reversed(self._conversations.screens)
        self._home.show_open([screen.conversation for screen in newest_first], left)
        if self._list_home is not None and self._home.listing is None:
            self._look_for_agents()
        self._look_at_kept()
        self._show(self._home)

    async def action_new_conversation(self) -> None:
        """Begin anew with the same agent; the conversation so far goes on and stays at Home."""
        screen = self.screen
        self._leave_request()
        if isinstance(screen, RunScreen):
            begun = self._conversations.open_with(screen.conversation.host)
            # What is typed behind the key is for the new conversation.
            await self._show(begun)
            begun.action_write()
            if screen.conversation.is_working:
                self.say(f"The other conversation goes on: {key_of(self, 'home')} leads back to it")

    def action_go_to_request(self) -> None:
        """Move the focus to a pending call of what is shown; else show the one that waits longest.

        Shown like that it waits for a key of its own: it was not painted before this one.
        """
        screen = self.screen
        if isinstance(screen, RunScreen) and screen.conversation.view.pending:
            screen.action_go_to_request("ctrl+g")
        elif isinstance(screen, BatonScreen):
            self.action_next_request()

    def action_next_request(self) -> None:
        """Leave what is shown for a call of another conversation, which needs its own key."""
        self._leave_request()
        if (following := self._conversations.waiting_after(self.screen)) is not None:
            self._show(following)

    def action_help(self) -> None:
        """Show the keys that work now."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(working_keys(self.screen, hidden=True)))

    def action_hold(self) -> None:
        """Let no new tool call begin, anywhere, until it is released."""
        self._conversations.hold()

    def action_hold_ahead(self) -> None:
        """Hold what does not run yet."""
        self._conversations.hold()

    def action_release(self) -> None:
        """Let calls begin again."""
        self._conversations.release()

    def action_toggle_theme(self) -> None:
        """Change between dark and light."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    async def action_quit(self) -> None:
        """Leave; where a run is under way, only when asked twice or told what becomes of it."""
        if isinstance(self.screen, LeavingDialog):
            self._answer_leaving("leave")
        elif not self._conversations.would_lose:
            self.exit()
        elif self._conversations.all_outlive:
            self._leave_request()
            working = sum(run.is_working for run in self._conversations.open_runs)
            dialog = LeavingDialog(working, len(self._conversations.waiting))
            self.push_screen(dialog, self._answer_leaving)
        else:
            self._quit_twice()

    def _answer_leaving(self, answer: Leaving | None) -> None:
        if answer == "end":
            self._ends_runs = True
            self.exit()
        elif answer == "leave":
            self.exit(message=Text(left_running(self._conversations.open_runs)))

    def _quit_twice(self) -> None:
        now = get_time()
        if self._quit_armed_at is not None and now - self._quit_armed_at <= QUIT_ARMED_S:
            self._ends_runs = True
            self.exit()
            return
        self._quit_armed_at = now
        # A `y` that is to confirm this must not approve a call.
        self._leave_request()
        self.say(f"A run would be lost: {key_of(self, 'quit')} again quits", QUIT_ARMED_S)

    def action_help_quit(self) -> None:
        """Tell how to leave to a person who tries Ctrl+C."""
        self._leave_request()
        self.say(f"{key_of(self, 'quit')} quits")

    def action_suspend_process(self) -> None:
        """Give the terminal back to the shell; a request is gone to anew after that."""
        self._leave_request()
        super().action_suspend_process()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Yield every action for the command palette."""
        yield SystemCommand(
            "Change the theme", "Dark or light", self.action_toggle_theme, discover=True
        )
        yield from commands_of(screen)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what does something now."""
        if action != "quit" and self._screen_stack and isinstance(self.screen, LeavingDialog):
            return False
        match action:
            case "go_to_request":
                return self._has_request and not self._goes_on
            case "next_request":
                return self._waits_elsewhere and self._goes_on
            case "home":
                return bool(self._screen_stack) and self.screen is not self._home
            case "new_conversation":
                return self._has_begun_here
            case "hold" | "hold_ahead" | "release" if self._is_read_only:
                return False
            case "hold" | "hold_ahead":
                is_working = self._conversations.would_lose
                return not self._conversations.is_held and is_working is (action == "hold")
            case "release":
                return self._conversations.is_held
            case _:
                return super().check_action(action, parameters)

    # What goes on behind it.

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell of a worker that failed, and follow its conversation again."""
        if event.state is not WorkerState.ERROR:
            return
        self.say(f"Something failed inside Baton: {event.worker.error!r}")
        self._conversations.follow_again(event.worker.group)

    def _begin(self) -> None:
        self._conversations.begin(self._prompt)
        self._read_sentinel()
        if self._target is None and self._reopens is None:
            self._look_for_agents()
            self._look_at_kept()

    def _look_for_agents(self) -> None:
        if self._list_home is not None:
            self.run_worker(self._list(self._list_home), group="home", exit_on_error=False)
        else:
            self._home.listing = HomeListing(())

    async def _list(self, list_home: Callable[[], HomeListing]) -> None:
        self._home.listing = await in_daemon(list_home)

    def _start_work(self, work: Coroutine[Any, Any, None], group: str) -> None:
        # On the app: a worker of a screen would end with it.
        self.run_worker(work, group=group, exclusive=True, exit_on_error=False)

    def _first_screen(self) -> Screen[Any]:
        first: BatonScreen = self._home
        if self._first_replay is not None:
            first = self._replay = self._replay_screen(self._first_replay)
        elif self._reopens is not None:
            first = self._conversations.reopen(self._reopens)
        elif self._target is not None:
            first = self._conversations.open(self._target)
        self._modes_of[first] = _FIRST
        return first

    @property
    def _goes_on(self) -> bool:
        """Whether a key that leads to a request leads away from others that are shown."""
        return self._is_at_request or (bool(self._screen_stack) and self.screen in self._ledgers)

    @property
    def _has_request(self) -> bool:
        screen = self.screen if self._screen_stack else None
        is_here = isinstance(screen, RunScreen) and bool(screen.conversation.view.pending)
        return is_here or self._waits_elsewhere

    @property
    def _waits_elsewhere(self) -> bool:
        return self._conversations.waiting_after(self.screen) is not None

    @property
    def _has_begun_here(self) -> bool:
        """Whether what is shown is a conversation in which something was said."""
        screen = self.screen if self._screen_stack else None
        return isinstance(screen, RunScreen) and not screen.conversation.is_blank
