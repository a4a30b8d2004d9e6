"""How notices leave the cockpit: through the terminal's own stream, and by a person's command.

Stays out of when there is one.
"""

import os
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol

from tui.cockpit.alerts import alert
from tui.cockpit.attention import Notice
from tui.cockpit.hook import CommandHook
from tui.cockpit.settings import AttentionSettings


class Terminal(Protocol):
    """What takes what is no frame, between two frames."""

    def send(self, sequence: str) -> None:
        """Write a sequence that draws nothing."""

    def show_count(self, waiting: int) -> None:
        """Give the terminal a title that says how many things wait."""


class TerminalAlarms:
    """Calls the person in each way that the settings leave on.

    Args:
        settings: Which ways.
        terminal: Takes sequences.
        start_work: Runs the command beside the screens.
        say: Tells that the command failed.
        environ: Names the terminal.
    """

    def __init__(
        self,
        settings: AttentionSettings,
        terminal: Terminal,
        *,
        start_work: Callable[[Coroutine[Any, Any, None]], object],
        say: Callable[[str], None],
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._settings = settings
        self._terminal = terminal
        self._start_work = start_work
        self._environ = environ
        self._shown: int | None = None
        self._hook = (
            CommandHook(settings.command, settings.command_within_s, say, environ)
            if settings.command
            else None
        )

    def call(self, notice: Notice, waiting: int) -> None:
        """Tell the person what needs them."""
        if sequence := alert(notice.words, self._settings, self._environ):
            self._terminal.send(sequence)
        if self._hook is not None:
            self._start_work(self._hook.run(notice, waiting))

    def show_count(self, waiting: int) -> None:
        """Show in the terminal's title how many things wait for them."""
        if self._settings.title and waiting != self._shown:
            self._shown = waiting
            self._terminal.show_count(waiting)
