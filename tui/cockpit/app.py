"""The cockpit's application: which screen shows, and what works from everywhere.

Stays out of what a screen shows. Nothing here waits: the first frame comes before any agent.
"""

import os
import sys
import time
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, ClassVar, Final

from rich.segment import Segments
from rich.text import Text
from textual import events
from textual._time import get_time
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.widget import AwaitMount
from textual.worker import Worker, WorkerState

from tui.cockpit.actions import commands_of
from tui.cockpit.clipboard import copied, lines_of
from tui.cockpit.conversations import Conversations
from tui.cockpit.daemon_work import in_daemon
from tui.cockpit.home_listing import HomeListing
from tui.cockpit.keys import pressed_at
from tui.cockpit.screens.help import HelpScreen
from tui.cockpit.screens.home import HomeScreen
from tui.cockpit.screens.run import RunScreen
from tui.cockpit.sources.base import AgentHost
from tui.cockpit.stylesheets import style_sheets
from tui.cockpit.theme import DARK, LIGHT, THEMES, theme_called
from tui.cockpit.widgets.key_bar import NOTICE_S, working_keys
from tui.cockpit.widgets.transcript import Transcript

QUIT_ARMED_S: Final = 3.0
_FIRST: Final = "first"
_HOME: Final = "home"


class BatonApp(App[None]):
    """Home, and a screen for each conversation."""

    TITLE = "Baton"
    # Each screen is a mode: it keeps its panes, and what lies over it, while another is shown.
    DEFAULT_MODE = _FIRST
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+g", "go_to_request", "Go to the request", priority=True),
        # With priority, as all that leads away from a request: a key behind it goes elsewhere.
        Binding("ctrl+o", "home", "Home", priority=True),
        Binding("ctrl+n", "new_conversation", "New conversation", priority=True),
        Binding("ctrl+p", "command_palette", "Commands", priority=True),
        Binding("ctrl+q", "quit", "Quit", priority=True),
        Binding("f1", "help", "Keys", key_display="F1", priority=True),
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
        wall: Callable[[], float] = time.time,
    ) -> None:
        """Make the app; it opens nothing yet.

        Args:
            open_host: Gives the host of a target; called once a target.
            target: What to open first; None for the home screen.
            prompt: The first message to it.
            theme: As `theme_called` takes it.
            list_home: Finds what home offers; called in a thread, after the first frame.
            wall: UTC seconds, what ages and durations are counted with.
        """
        super().__init__(css_path=[str(sheet) for sheet in style_sheets()])
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme_called(theme).name
        self._conversations = Conversations(
            open_host=open_host, start_work=self._start_work, wall=wall
        )
        self._target = target
        self._prompt = prompt
        self._list_home = list_home
        self._home = HomeScreen(wall=wall)
        self._modes_of: dict[Screen[Any], str] = {}
        self.add_mode(_FIRST, self._first_screen)
        self._quit_armed_at: float | None = None

    # The order of the screen.

    def get_driver_class(self) -> type[Driver]:
        """Return the driver that restores the terminal and knows what it has handed over."""
        from tui.cockpit.painting import PaintingDriver

        return PaintingDriver

    def on_mount(self) -> None:
        """Begin with the work once the first frame is out."""
        # Back in the foreground the terminal is empty.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        self.call_after_refresh(self._begin)

    async def on_unmount(self) -> None:
        """End the runs and the processes of their agents."""
        await self._conversations.close()

    async def on_event(self, event: events.Event) -> None:
        """Let what handles a key know when it was pressed."""
        if not isinstance(event, events.Key | events.MouseDown):
            await super().on_event(event)
            return
        pressed = pressed_at.set(event.time)
        try:
            if isinstance(event, events.MouseDown) and not event.is_forwarded:
                self._go_to_request_under(event)
            await super().on_event(event)
        finally:
            pressed_at.reset(pressed)

    def post_display_hook(self) -> None:
        """Tell the shown screen that it was drawn."""
        if self._batch_count or not self._screen_stack:
            return
        if isinstance(screen := self.screen, RunScreen):
            screen.displayed(self._when_handed)

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
        self._show(self._home)

    async def action_new_conversation(self) -> None:
        """Begin anew with the same agent; the conversation so far goes on and stays at Home."""
        screen = self.screen
        self._leave_request()
        if isinstance(screen, RunScreen):
            begun = self._conversations.open(screen.conversation.host.target)
            # What is typed behind the key is for the new conversation.
            await self._show(begun)
            begun.action_write()
            if screen.conversation.is_working:
                self.say("The other conversation goes on: Ctrl+O leads back to it")

    def action_go_to_request(self) -> None:
        """Move the focus to a pending call of what is shown; else show the one that waits longest.

        Shown like that it waits for a key of its own: it was not painted before this one.
        """
        screen, waiting = self.screen, self._conversations.waiting
        if isinstance(screen, RunScreen) and screen in waiting:
            screen.action_go_to_request("ctrl+g")
        elif isinstance(screen, RunScreen | HomeScreen) and waiting:
            self._show(waiting[0])

    def action_help(self) -> None:
        """Show the keys that work now."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(working_keys(self.screen, hidden=True)))

    def on_transcript_copied(self, message: Transcript.Copied) -> None:
        """Copy a message, and say whose."""
        self._copy(message.text, f"{message.of}, {lines_of(message.text)}")

    def copy_to_clipboard(self, text: str) -> None:
        """Copy what a person selected, and say so."""
        self._copy(text, lines_of(text))

    def action_toggle_theme(self) -> None:
        """Change between dark and light."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    async def action_quit(self) -> None:
        """Leave; where a run would be lost, only when asked twice."""
        now = get_time()
        armed = self._quit_armed_at is not None and now - self._quit_armed_at <= QUIT_ARMED_S
        if armed or not self._conversations.would_lose:
            self.exit()
            return
        self._quit_armed_at = now
        # A `y` that is to confirm this must not approve a call.
        self._leave_request()
        self.say("A run would be lost: Ctrl+Q again quits", QUIT_ARMED_S)

    def action_help_quit(self) -> None:
        """Tell how to leave to a person who tries Ctrl+C."""
        self._leave_request()
        self.say("Ctrl+Q quits")

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
        match action:
            case "go_to_request":
                return bool(self._conversations.waiting) and not self._is_at_request
            case "home":
                return bool(self._screen_stack) and isinstance(self.screen, RunScreen)
            case "new_conversation":
                return self._has_begun_here
            case _:
                return super().check_action(action, parameters)

    def say(self, text: str, seconds: float = NOTICE_S) -> None:
        """Tell the person `text` in the last line of what is shown."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, RunScreen | HomeScreen):
                screen.say(text, seconds)
                return

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",  # noqa: ARG002 - Textual's signature
        timeout: float | None = None,
        markup: bool = True,  # noqa: ARG002 - Textual's signature
    ) -> None:
        """Say what Textual and panes have to tell in the last line: never markup, never a toast.

        A toast would lie over a request.
        """
        self.say(f"{title}: {message}" if title else message, timeout or NOTICE_S)

    # What goes on behind it.

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell of a worker that failed, and follow its conversation again."""
        if event.state is not WorkerState.ERROR:
            return
        self.say(f"Something failed inside Baton: {event.worker.error!r}")
        self._conversations.follow_again(event.worker.group)

    def _begin(self) -> None:
        self._conversations.begin(self._prompt)
        if self._target is None:
            self._look_for_agents()

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
        first = self._home if self._target is None else self._conversations.open(self._target)
        self._modes_of[first] = _FIRST
        return first

    def _show(self, screen: RunScreen | HomeScreen) -> AwaitMount:
        if screen not in self._modes_of:
            name = screen.conversation.name if isinstance(screen, RunScreen) else _HOME
            self._modes_of[screen] = name
            self.add_mode(name, lambda: screen)
        return self.switch_mode(self._modes_of[screen])

    def _leave_request(self) -> None:
        if isinstance(self.screen, RunScreen):
            self.screen.leave_request()

    @property
    def _has_begun_here(self) -> bool:
        """Whether what is shown is a conversation in which something was said."""
        screen = self.screen if self._screen_stack else None
        return isinstance(screen, RunScreen) and not screen.conversation.is_blank

    @property
    def _is_at_request(self) -> bool:
        return isinstance(self.screen, RunScreen) and self.screen.is_at_request

    def _copy(self, text: str, what: str) -> None:
        super().copy_to_clipboard(text)
        self.say(copied(what, os.environ))

    def _when_handed(self, handed: Callable[[float], None]) -> None:
        from tui.cockpit.painting import PaintingDriver

        if isinstance(self._driver, PaintingDriver):
            self._driver.when_handed(handed)
        else:
            handed(get_time())

    def _go_to_request_under(self, event: events.MouseDown) -> None:
        if isinstance(screen := self.screen, RunScreen):
            screen.pressed_mouse(event.screen_x, event.screen_y)

    def _fatal_error(self) -> None:
        """Leave with a sentence; Textual's traceback would print the locals of every frame."""
        from tui.cockpit.crash_file import told_of

        error = sys.exception() or RuntimeError("no error was kept")
        told = Text(told_of(error), overflow="fold")
        self._exit_renderables.append(Segments(self.console.render(told, self.console.options)))
        self._close_messages_no_wait()
