"""How the run that was started last ended, for the terminal that a screen has left.

A tap on the host's end of the line. Stays out of what the screen shows.
"""

from tui.plain import plain_line
from tui.wire.commands import AnyCommand
from tui.wire.endpoint import UpwardEnd
from tui.wire.events import ENDINGS, Ending, RunCancelled, RunCompleted, RunFailed, RunStarted
from tui.wire.frames import Downward, Hello, Upward


class LastRun:
    """The host's end of a line, and what went up it of the newest run.

    Args:
        line: The end itself.
    """

    def __init__(self, line: UpwardEnd) -> None:
        self._line = line
        self._run_id = ""
        self._ending: Ending | None = None

    @property
    def mishap(self) -> str:
        """How the newest run ended, in a line that is safe to show; "" if it came to an answer."""
        match self._ending:
            case RunFailed(message=message):
                return plain_line(f"the last run failed: {message}")
            case RunCancelled():
                return "the last run was cancelled"
            case RunCompleted():
                return ""
            case None:
                return "the last run was cut off" if self._run_id else ""

    async def read(self) -> Hello | AnyCommand | None:
        """Return the next value, or None after the other side has closed."""
        return await self._line.read()

    def write(self, value: Upward | Downward) -> None:
        """Queue `value`."""
        if isinstance(value, RunStarted):
            self._run_id, self._ending = value.run_id, None
        elif isinstance(value, ENDINGS) and value.run_id == self._run_id:
            self._ending = value
        self._line.write(value)

    async def drain(self) -> None:
        """Wait until the other side has taken most of what was written."""
        await self._line.drain()

    def close(self) -> None:
        """Close this end, sending what is queued."""
        self._line.close()
