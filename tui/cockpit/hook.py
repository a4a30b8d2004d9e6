"""The command that a person has run when they are needed: no shell, facts in its environment.

Stays out of when that is.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress

from tui.cockpit.attention import Notice
from tui.plain import plain_line

_MOST_CHARACTERS = 1000
_GONE_S = 1.0
"""How long a killed command is waited for: only one that hangs in the kernel is there then."""


class CommandHook:
    """Runs the command once a notice, and says its first failure.

    Args:
        command: A program and its arguments.
        within_s: Seconds after which it is ended, and what it started.
        say: Tells the person a sentence.
        environ: What it gets beside the facts.
    """

    def __init__(
        self,
        command: tuple[str, ...],
        within_s: float,
        say: Callable[[str], None],
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._command = command
        self._within_s = within_s
        self._say = say
        self._environ = environ
        self._has_failed = False
        self._turn = asyncio.Lock()

    async def run(self, notice: Notice, waiting: int) -> None:
        """Run it to its end, or to the end of its time; one at a time."""
        async with self._turn:
            await self._run(facts(notice, waiting))

    async def _run(self, told: Mapping[str, str]) -> None:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                env={**self._environ, **told},
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            self._fail(f"cannot be run: {getattr(error, 'strerror', None) or error}")
            return
        await self._end(process)

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        try:
            async with asyncio.timeout(self._within_s):
                code = await process.wait()
        except TimeoutError:
            self._fail(f"was ended: it took longer than {self._within_s:g} s")
            return
        finally:
            # Not what an ended one left behind on purpose; also when the screen ends before it.
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                with suppress(TimeoutError):
                    await asyncio.wait_for(process.wait(), _GONE_S)
        if code:
            self._fail(f"ended with exit code {code}" if code > 0 else f"died of signal {-code}")

    def _fail(self, how: str) -> None:
        if not self._has_failed:
            self._has_failed = True
            self._say(f"The attention command {self._command[0]} {how}")


def facts(notice: Notice, waiting: int) -> dict[str, str]:
    """Return what the command is told of `notice`; all of it is plain text of one line."""
    first = notice.causes[0]
    told = {
        "BATON_EVENT": first.event,
        "BATON_MESSAGE": notice.words,
        "BATON_AGENT": first.agent,
        "BATON_TOOL": first.tool,
        "BATON_WAITING": str(waiting),
    }
    return {name: plain_line(value)[:_MOST_CHARACTERS] for name, value in told.items()}
