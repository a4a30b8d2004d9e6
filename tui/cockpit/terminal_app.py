"""The app as its terminal knows it: what was handed over, when a key was pressed, what is said.

Stays out of which screen shows, and of what a key does.
"""

import os
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rich.segment import Segments
from rich.text import Text
from textual import events
from textual._time import get_time
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.notifications import SeverityLevel
from textual.screen import Screen

from tui.cockpit.clipboard import copied, lines_of
from tui.cockpit.kept_stylesheet import KeptStylesheet
from tui.cockpit.keys import pressed_at
from tui.cockpit.painting import PaintingDriver
from tui.cockpit.screens.base import BatonScreen
from tui.cockpit.screens.leaving import LeavingDialog
from tui.cockpit.stylesheets import style_sheets
from tui.cockpit.terminal import GuardedDriver
from tui.cockpit.theme import THEMES, theme_called
from tui.cockpit.widgets.key_bar import NOTICE_S
from tui.cockpit.widgets.transcript import Transcript

if TYPE_CHECKING:
    from textual.actions import ActionParseResult


class TerminalApp(App[None]):
    """An app that knows what the terminal has, and says what it has to say in the last line.

    Args:
        theme: The theme that it shows first, as `theme_called` takes it.
    """

    def __init__(self, theme: str) -> None:
        super().__init__(css_path=[str(sheet) for sheet in style_sheets()])
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme_called(theme).name
        # With that theme's variables: else all would be parsed twice before the first frame.
        self.stylesheet = KeptStylesheet(variables=self.get_css_variables())

    def get_driver_class(self) -> type[Driver]:
        """Return the driver that restores the terminal and knows what it has handed over."""
        return PaintingDriver

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do an action, unless it is of a screen that still opens: nothing stands on it."""
        opens = isinstance(default_namespace, Screen) and not default_namespace.is_mounted
        if opens and not str(action).startswith("app."):
            return False
        return await super().run_action(action, default_namespace, namespaces)

    async def on_event(self, event: events.Event) -> None:
        """Let what handles a key know when it was pressed."""
        if not isinstance(event, events.Key | events.MouseDown):
            await super().on_event(event)
            return
        pressed = pressed_at.set(event.time)
        try:
            if isinstance(event, events.MouseDown) and not event.is_forwarded:
                self._press_under(event)
            await super().on_event(event)
        finally:
            pressed_at.reset(pressed)

    def post_display_hook(self) -> None:
        """Tell the shown screen that it was drawn."""
        if self._batch_count or not self._screen_stack:
            return
        if isinstance(screen := self.screen, BatonScreen | LeavingDialog):
            screen.displayed(self._when_handed)

    def on_transcript_copied(self, message: Transcript.Copied) -> None:
        """Copy a message, and say whose."""
        self._copy(message.text, f"{message.of}, {lines_of(message.text)}")

    def copy_to_clipboard(self, text: str) -> None:
        """Copy what a person selected, and say so."""
        self._copy(text, lines_of(text))

    def say(self, text: str, seconds: float = NOTICE_S) -> None:
        """Tell the person `text` in the last line of what is shown."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, BatonScreen):
                screen.say(text, seconds)
                return

    def send(self, sequence: str) -> None:
        """Write to the terminal what draws nothing; never in the midst of a frame."""
        if isinstance(self._driver, GuardedDriver):
            self._driver.send(sequence)

    def show_count(self, waiting: int) -> None:
        """Give the terminal a title that says how many things wait."""
        if isinstance(self._driver, GuardedDriver):
            self._driver.show_count(waiting)

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

    def _copy(self, text: str, what: str) -> None:
        super().copy_to_clipboard(text)
        self.say(copied(what, os.environ))

    def _when_handed(self, handed: Callable[[float], None]) -> None:
        if isinstance(self._driver, PaintingDriver):
            self._driver.when_handed(handed)
        else:
            handed(get_time())

    def _press_under(self, event: events.MouseDown) -> None:
        if isinstance(screen := self.screen, BatonScreen):
            screen.pressed_mouse(event.screen_x, event.screen_y)

    def _fatal_error(self) -> None:
        """Leave with a sentence; Textual's traceback would print the locals of every frame."""
        from tui.cockpit.crash_file import told_of

        error = sys.exception() or RuntimeError("no error was kept")
        told = Text(told_of(error), overflow="fold")
        self._exit_renderables.append(Segments(self.console.render(told, self.console.options)))
        self._close_messages_no_wait()
