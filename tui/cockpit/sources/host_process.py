"""Starts and ends the agent process. Stays out of what is said over the line.

The process leads a session of its own: it has no terminal, and its group, with everything its
tools started, can be ended as one.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

from tui.cockpit.sources.host_options import HostOptions
from tui.errors import HostError
from tui.wire.endpoint import DownwardEnd, StreamEndpoint
from tui.wire.frames import upward_reader
from tui.wire.signals import END_SIGNAL

_POLL_S = 0.01
_EXIT_S = 0.5
_LAST_WORDS_BYTES = 8 * 1024

# Only `tui` itself is taken from where the screen has it; the process's search path is its own, so
# that no file of the working folder can hide a module of the host.
_BOOTSTRAP = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); import tui; del sys.path[0]; "
    "from tui.host.__main__ import main; main()"
)

_left: "list[subprocess.Popen[bytes]]" = []


class HostProcess(Protocol):
    """An agent process that was started."""

    @property
    def line(self) -> DownwardEnd:
        """The screen's end of the line to it."""

    async def ended(self) -> tuple[str, str]:
        """Wait a moment for its end; return how it ended, for "ended with ...", and last words.

        What it left behind is ended with it.
        """

    def ask_to_end(self) -> None:
        """Ask it to end its runs and itself."""

    def kill(self) -> None:
        """End it and everything its tools started, at once."""

    def leave(self) -> None:
        """Let it go on without this screen."""


class SpawnedHost:
    """An agent process of the operating system."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", line: DownwardEnd, last_words: IO[bytes]
    ) -> None:
        self._process = process
        self._line = line
        self._last_words = last_words

    @property
    def line(self) -> DownwardEnd:
        """The screen's end of the line to it."""
        return self._line

    async def ended(self) -> tuple[str, str]:
        """Wait a moment for its end, and end what is left of it."""
        with self._last_words:
            for _ in range(int(_EXIT_S / _POLL_S)):
                if self._process.poll() is not None:
                    break
                await asyncio.sleep(_POLL_S)
            self.kill()
            code = await asyncio.to_thread(self._process.wait)
            return _how(code), self._read_last_words()

    def ask_to_end(self) -> None:
        """Ask it to end its runs and itself."""
        self._process.send_signal(END_SIGNAL)

    def kill(self) -> None:
        """End its process group, at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def leave(self) -> None:
        """Let it go on without this screen."""
        self._line.close()
        self._last_words.close()
        # Nobody waits for it any more, and that is meant.
        _left.append(self._process)

    def _read_last_words(self) -> str:
        size = self._last_words.seek(0, os.SEEK_END)
        self._last_words.seek(max(0, size - _LAST_WORDS_BYTES))
        return self._last_words.read().decode(errors="backslashreplace")


async def spawn_host(target: str, options: HostOptions, folder: str = "") -> HostProcess:
    """Start the agent process, without holding up the loop.

    Args:
        target: What it is to run.
        options: What else it is told.
        folder: Where it is to work, "" for here.

    Raises:
        HostError: If it could not be started.
    """
    ours, theirs = socket.socketpair()
    # A crash writes its last words here; the process's own output it catches itself.
    last_words = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
    try:
        with theirs:
            process = await asyncio.to_thread(
                _start, target, options, theirs, last_words, folder or None
            )
    except OSError as error:
        ours.close()
        last_words.close()
        raise HostError(f"the agent process could not be started: {error.strerror}") from error
    line = await StreamEndpoint.over(ours, upward_reader())
    return SpawnedHost(process, line, last_words)


def _start(
    target: str,
    options: HostOptions,
    line: socket.socket,
    last_words: IO[bytes],
    folder: str | None,
) -> "subprocess.Popen[bytes]":
    home = Path(__file__).parents[3]
    arguments = ["--line", str(line.fileno()), *options.arguments, "--", target]
    return subprocess.Popen(  # noqa: S603 - the interpreter that runs the screen
        [sys.executable, "-P", "-c", _BOOTSTRAP, str(home), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=last_words,
        stderr=last_words,
        pass_fds=[line.fileno()],
        start_new_session=True,
        cwd=folder,
        env={**os.environ, **options.environment},
    )


def _how(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
