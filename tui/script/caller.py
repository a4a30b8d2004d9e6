"""The program that opened the screen, as the screen has it: it runs the agents.

Stays out of the terminal. The program is no child of the screen, which neither waits for it nor
ends it.
"""

import select
import socket
import threading
from collections.abc import Callable

from tui.cockpit.sources.host_process import HostProcess
from tui.wire.endpoint import DownwardEnd, StreamEndpoint
from tui.wire.frames import upward_reader


class Caller:
    """The other end of the line.

    Args:
        line: The line to it.
        is_gone: Called from a thread, once, when the program is gone and was not left: a loop
            that is held would tell it late.
    """

    def __init__(self, line: socket.socket, is_gone: Callable[[], None]) -> None:
        self._socket = line
        self._is_gone = is_gone
        self._is_left = False
        self._line: DownwardEnd | None = None
        threading.Thread(target=self._watch, name="caller watch", daemon=True).start()

    async def attach(self) -> HostProcess:
        """Return it as an agent process that was started."""
        line = await StreamEndpoint.over(self._socket, upward_reader())
        self._line = line
        return self

    @property
    def line(self) -> DownwardEnd:
        """The screen's end of the line to it."""
        assert self._line is not None, "attached first"
        return self._line

    async def ended(self) -> tuple[str, str]:
        """Tell that it is gone; how, nobody here knows."""
        return "the program that ran it", ""

    def ask_to_end(self) -> None:
        """Leave it: it ends its runs and goes on."""
        self._is_left = True
        self.line.close()

    def kill(self) -> None:
        """Leave it, for it is not the screen's to end."""
        self.ask_to_end()

    def leave(self) -> None:
        """Leave it."""
        self.ask_to_end()

    def _watch(self) -> None:
        hangup = select.poll()
        hangup.register(self._socket.fileno(), 0)
        hangup.poll()
        if not self._is_left:
            self._is_gone()
