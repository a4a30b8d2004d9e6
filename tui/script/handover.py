"""A program's descriptors and its terminal, handed over while a screen has them.

Stays out of the screen. All is given back but the controlling terminal, which no process that does
not lead its session can take again.
"""

import fcntl
import os
import sys
import termios
from contextlib import suppress
from types import TracebackType
from typing import Self

from tui.errors import UsageError
from tui.host.capture import Capture, Router
from tui.host.console import Console
from tui.terminal_state import attributes_of, give_back


def check_free() -> None:
    """Raise UsageError where this process is shown on a screen already."""
    if isinstance(sys.stdout, Router):
        raise UsageError(
            "tui.run: this program is shown in Baton already: put the call under "
            '`if __name__ == "__main__":`'
        )


class Handover:
    """Standard input at its end, prints caught, no terminal: as long as it is entered.

    Enter it when the screen was started: a child keeps the terminal that its parent gives up.

    Attributes:
        console: What was printed.
    """

    def __init__(self) -> None:
        self.console = Console()
        self._attributes = attributes_of(0)

    def __enter__(self) -> Self:
        self._input = os.dup(0)
        self._output = os.dup(2)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        self._capture = Capture(self.console)
        if os.getsid(0) != os.getpid():
            # What the agents' tools start could draw on it.
            with suppress(OSError):
                fcntl.ioctl(self._input, termios.TIOCNOTTY)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._capture.release()
        os.dup2(self._input, 0)
        os.close(self._input)
        os.close(self._output)
        for event in self.console.take("none"):
            # No run was there to show it.
            print(event.text, end="", file=getattr(sys, event.stream))

    def drain(self) -> None:
        """Take what lies in the pipes of the prints."""
        self._capture.drain()

    def give_terminal_back(self) -> None:
        """Restore the terminal in the place of a screen that could not do it."""
        give_back(self._output, self._input, self._attributes)
