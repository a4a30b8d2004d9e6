"""An agent process that another screen started, met at its socket. Ends none."""

import asyncio
import socket

from tui.cockpit.sources.host_process import HostProcess
from tui.errors import HostError
from tui.wire.endpoint import DownwardEnd, StreamEndpoint
from tui.wire.frames import upward_reader


class MetHost:
    """The other end of a line to it."""

    def __init__(self, line: DownwardEnd) -> None:
        self._line = line

    @property
    def line(self) -> DownwardEnd:
        """The screen's end of the line to it."""
        return self._line

    async def ended(self) -> tuple[str, str]:
        """Tell that it is gone; how, only who started it knows."""
        return "no word", ""

    def ask_to_end(self) -> None:
        """Leave it: other screens may be there."""
        self._line.close()

    def kill(self) -> None:
        """Leave it, for it is not this screen's to end."""
        self._line.close()

    def leave(self) -> None:
        """Let it go on without this screen."""
        self._line.close()


async def meet_host(path: str) -> HostProcess:
    """Go to the agent process that listens at `path`.

    Raises:
        HostError: If none does.
    """
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.setblocking(False)
    try:
        await asyncio.get_running_loop().sock_connect(made, path)
    except OSError as error:
        made.close()
        raise HostError(f"the agent process cannot be reached: {error.strerror}") from error
    line = await StreamEndpoint.over(made, upward_reader())
    return MetHost(line)
