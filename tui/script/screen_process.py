"""Starts a program's screen and waits for its end. Stays out of what is said over the line."""

import asyncio
import functools
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from tui.cli import FRAMES
from tui.errors import ScreenError

_EXIT_S: Final = 3.0

# As with an agent process, no file of the working folder can hide a module of the screen.
_BOOTSTRAP: Final = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); import tui; del sys.path[0]; "
    "from tui.script.screen import main; main()"
)

_lines: set[int] = set()


class ScreenProcess:
    """The screen of this program. It has the terminal, and is of the same process group."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    @classmethod
    def start(cls, line: socket.socket, *said: str) -> Self:
        """Start it with what it is told on its command line.

        Raises:
            OSError: If the operating system does not.
        """
        home = str(Path(__file__).parents[2])
        return cls(
            subprocess.Popen(  # noqa: S603 - the interpreter of this program
                [sys.executable, "-P", "-c", _BOOTSTRAP, home, f"--line={line.fileno()}", *said],
                pass_fds=[line.fileno()],
                env={**FRAMES, **os.environ},
            )
        )

    async def ended(self, restore: Callable[[], None]) -> None:
        """Wait for its end, and end it if it does not; `restore` the terminal if it could not."""
        try:
            await asyncio.to_thread(self._process.wait, _EXIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.returncode < 0:
            restore()

    def check(self) -> None:
        """Raise ScreenError unless it ended by itself."""
        code = self._process.returncode
        if code < 0:
            raise ScreenError(f"the screen was ended by signal {-code}")
        if code > 0:
            raise ScreenError(f"the screen ended with exit code {code}")


@contextmanager
def closed_in_forks(line: socket.socket) -> Iterator[None]:
    """Keep forked children of this program from holding the line.

    One that lived on would keep the screen from seeing this program's end.
    """
    _close_in_forks()
    descriptor = line.fileno()
    _lines.add(descriptor)
    try:
        yield
    finally:
        _lines.discard(descriptor)


@functools.cache
def _close_in_forks() -> None:
    os.register_at_fork(after_in_child=_close_lines)


def _close_lines() -> None:
    for descriptor in _lines:
        os.close(descriptor)
