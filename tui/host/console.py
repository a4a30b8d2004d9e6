"""Catches what tools and their children print, and gives it to the run that it belongs to.

Python's own prints know their run, agent and call; bytes written to descriptors 1 and 2 know none
and go to the run that began last. Stays out of showing any of it.
"""

import codecs
import io
import os
import select
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from tui.host.live.scope import INSIDE, RUN
from tui.host.live.shapes import safe
from tui.wire.events import ConsoleOutput

# More than a person reads in a tick; what is over is counted and dropped.
MAX_CHARS_A_TICK: Final = 64 * 1024
_CHUNK_BYTES: Final = 64 * 1024
_STREAMS: Final = {1: "stdout", 2: "stderr"}


class _Text:
    """What one place printed since the last tick: its beginning, and how much more there was."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._chars = 0
        self._left_out = 0

    def add(self, text: str) -> None:
        kept = text[: max(0, MAX_CHARS_A_TICK - self._chars)]
        self._chars += len(kept)
        self._left_out += len(text) - len(kept)
        if kept:
            self._parts.append(kept)

    def take(self) -> str:
        text = "".join(self._parts)
        if self._left_out:
            text += f"\n[{self._left_out:,} characters more were printed and left out]\n"
        return text


# run id ("" for descriptor bytes), stream, agent, call id
_Place = tuple[str, str, str, str | None]


class Console:
    """Prints of all runs between two ticks. Safe from any thread.

    Args:
        wake: Called, from any thread, when there is something to take and there was nothing.
    """

    def __init__(self, wake: Callable[[], None] = lambda: None) -> None:
        self.wake = wake
        # Reentrant: an object that is collected meanwhile may print in its `__del__`.
        self._lock = threading.RLock()
        self._printed: dict[_Place, _Text] = {}

    def note(self, text: str, stream: str) -> None:
        """Take a print of the code that runs now."""
        run, call = RUN.get(), INSIDE.get()
        if run is None:
            self._add(("", stream, "", None), text)
        elif call is None:
            self._add((run.run_id, stream, "", None), text)
        else:
            self._add((run.run_id, stream, call.agent, call.call_id), text)

    def note_raw(self, text: str, stream: str) -> None:
        """Take what came out of a descriptor."""
        self._add(("", stream, "", None), text)

    def take(self, current_run: str | None) -> list[ConsoleOutput]:
        """Return what was printed since the last call, in order of its first character.

        Bytes of no run go to `current_run`; without one they are kept for the next.
        """
        with self._lock:
            taken, self._printed = self._printed, {}
            if current_run is None:
                self._printed = {place: text for place, text in taken.items() if not place[0]}
        return [
            ConsoleOutput(
                run_id=run_id or current_run or "",
                text=safe(text.take()),
                stream=stream,
                agent=agent,
                call_id=call_id,
            )
            for (run_id, stream, agent, call_id), text in taken.items()
            if run_id or current_run
        ]

    def _add(self, place: _Place, text: str) -> None:
        if not text:
            return
        with self._lock:
            was_empty = not self._printed
            self._printed.setdefault(place, _Text()).add(text)
        if was_empty:
            self.wake()


class Router(io.TextIOBase):
    """Stands in `sys.stdout` and `sys.stderr`: knows who prints. Bytes go the descriptor's way."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, console: Console, descriptor: int) -> None:
        super().__init__()
        self._console = console
        self._descriptor = descriptor
        self.buffer = io.FileIO(descriptor, "wb", closefd=False)

    @property
    def name(self) -> str:
        """The stream's name, as Python's own has one."""
        return f"<{_STREAMS[self._descriptor]}>"

    def write(self, text: str) -> int:
        """Take a print."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._console.note(text, _STREAMS[self._descriptor])
        return len(text)

    def writable(self) -> bool:
        """It is."""
        return True

    def isatty(self) -> bool:
        """It is not."""
        return False

    def fileno(self) -> int:
        """Return the descriptor, for whoever starts a child with it."""
        return self._descriptor


class Capture:
    """Holds descriptors 1 and 2 and Python's streams for a console, for good.

    A thread of its own reads the pipes: a tool that blocks the loop while its child prints more
    than a pipe holds would wait for ever.

    Attributes:
        own_stderr: Where the host's own last words go; no child inherits it.
    """

    def __init__(self, console: Console) -> None:
        self.own_stderr = os.dup(2)
        self._console = console
        self._lock = threading.Lock()
        decoder = codecs.getincrementaldecoder("utf-8")
        self._pipes: dict[int, tuple[str, codecs.IncrementalDecoder]] = {}
        for descriptor, stream in _STREAMS.items():
            reading, writing = os.pipe()
            os.set_blocking(reading, False)
            os.dup2(writing, descriptor)
            os.close(writing)
            self._pipes[reading] = stream, decoder("replace")
        sys.stdout, sys.stderr = Router(console, 1), Router(console, 2)
        os.register_at_fork(after_in_child=_print_plainly)
        threading.Thread(target=self._follow, name="console", daemon=True).start()

    def drain(self) -> None:
        """Take what is in the pipes now, so that it comes before what is told next."""
        with self._lock:
            for reading, (stream, decoder) in self._pipes.items():
                self._drain(reading, stream, decoder)

    def _follow(self) -> None:
        waiting = select.poll()
        for reading in self._pipes:
            waiting.register(reading, select.POLLIN)
        while True:
            waiting.poll()
            self.drain()

    def _drain(self, reading: int, stream: str, decoder: codecs.IncrementalDecoder) -> None:
        with suppress(BlockingIOError):
            while chunk := os.read(reading, _CHUNK_BYTES):
                self._console.note_raw(decoder.decode(chunk), stream)


def _print_plainly() -> None:
    """Give a forked child streams that write to the descriptors: its memory is its own."""
    sys.stdout, sys.stderr = (
        open(descriptor, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115
        for descriptor in _STREAMS
    )
