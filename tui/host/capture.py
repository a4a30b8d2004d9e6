"""Catches what a process and its children print: Python's streams, and descriptors 1 and 2.

Stays out of whose prints they are.
"""

import codecs
import io
import os
import select
import sys
import threading
from contextlib import suppress
from typing import Final

from tui.host.console import Console

_CHUNK_BYTES: Final = 64 * 1024
_STREAMS: Final = {1: "stdout", 2: "stderr"}


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

    def reconfigure(self, **options: object) -> None:
        """Take what programs ask of Python's own stream; nothing of it matters here."""

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
