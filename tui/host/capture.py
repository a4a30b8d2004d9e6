"""Catches what a process and its children print: Python's streams, and descriptors 1 and 2.

Stays out of whose prints they are.
"""

import codecs
import functools
import io
import os
import select
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TextIO

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


@dataclass(frozen=True, slots=True, eq=False)
class _Pipe:
    """What was in a descriptor's place, and where its bytes come out meanwhile."""

    descriptor: int
    kept: int
    stream: TextIO | None
    router: Router
    decoder: codecs.IncrementalDecoder


class Capture:
    """Holds descriptors 1 and 2 and Python's streams for a console, until it is released.

    A thread of its own reads the pipes: a tool that blocks the loop while its child prints more
    than a pipe holds would wait for ever.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._is_released = False
        self._pipes: dict[int, _Pipe] = {}
        for descriptor, name in _STREAMS.items():
            reading, pipe = _taken(descriptor, getattr(sys, name), console)
            self._pipes[reading] = pipe
            setattr(sys, name, pipe.router)
        self._held = tuple(self._pipes.values())
        _let_forks_print()
        threading.Thread(target=self._follow, name="console", daemon=True).start()

    @property
    def own_stderr(self) -> int:
        """Where the process's own last words go; no child inherits it."""
        return self._held[1].kept

    def drain(self) -> None:
        """Take what is in the pipes now, so that it comes before what is told next."""
        with self._lock:
            for reading in list(self._pipes):
                self._drain(reading)

    def release(self) -> None:
        """Put everything back. What a child that lives on prints goes where it would have gone."""
        self.drain()
        with self._lock:
            self._is_released = True
            for pipe in self._held:
                name = _STREAMS[pipe.descriptor]
                # Somebody may have put a stream of their own in its place since.
                if getattr(sys, name) is pipe.router:
                    setattr(sys, name, pipe.stream)
                os.dup2(pipe.kept, pipe.descriptor)
                os.close(pipe.kept)

    def _follow(self) -> None:
        waiting = select.poll()
        for reading in self._pipes:
            waiting.register(reading, select.POLLIN)
        while self._pipes:
            for reading, _ in waiting.poll():
                with self._lock:
                    if self._drain(reading):
                        continue
                    waiting.unregister(reading)
                    os.close(reading)

    def _drain(self, reading: int) -> bool:
        """Take what is in a pipe; return whether more can come."""
        if (pipe := self._pipes.get(reading)) is None:
            return False
        with suppress(BlockingIOError):
            while chunk := os.read(reading, _CHUNK_BYTES):
                self._take(pipe, chunk)
            del self._pipes[reading]
            return False
        return True

    def _take(self, pipe: _Pipe, chunk: bytes) -> None:
        if not self._is_released:
            text = pipe.decoder.decode(chunk)
            self._console.note_raw(text, _STREAMS[pipe.descriptor])
            return
        with suppress(OSError):
            os.write(pipe.descriptor, chunk)


def _taken(descriptor: int, stream: TextIO | None, console: Console) -> tuple[int, _Pipe]:
    """Put a pipe in a descriptor's place; return its reading end."""
    if stream is not None:
        with suppress(OSError, ValueError):
            stream.flush()
    kept = os.dup(descriptor)
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.dup2(writing, descriptor)
    os.close(writing)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    return reading, _Pipe(descriptor, kept, stream, Router(console, descriptor), decoder)


@functools.cache
def _let_forks_print() -> None:
    os.register_at_fork(after_in_child=_print_plainly)


def _print_plainly() -> None:
    """Give a forked child streams that write to the descriptors: its memory is its own."""
    for descriptor, name in _STREAMS.items():
        if isinstance(getattr(sys, name), Router):
            plain = open(  # noqa: SIM115 - the child's stream for good
                descriptor, "w", buffering=1, errors="backslashreplace", closefd=False
            )
            setattr(sys, name, plain)
