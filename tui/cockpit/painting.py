"""When what was drawn is with the terminal: a driver that knows what it has handed over.

Textual writes from a thread behind a queue, so "drawn" is not "on the terminal" yet. Stays out of
what was drawn.
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import IO, Any, TypeAlias

from textual._time import get_time

from tui.cockpit.terminal import GuardedDriver

Handed: TypeAlias = Callable[[float], None]


class HandedFile:
    """The terminal's file, which tells when all that was written by a certain write is flushed."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._queued = 0
        self._written = 0
        self._flushed = 0
        self._lock = threading.Lock()
        self._awaited: deque[tuple[int, Handed]] = deque()

    def count_queued(self) -> None:
        """Take notice that one more write will come."""
        self._queued += 1

    def when_handed(self, handed: Handed) -> None:
        """Call `handed` with the time once all writes so far are out: now, or from the writer."""
        with self._lock:
            if self._flushed < self._queued:
                self._awaited.append((self._queued, handed))
                return
        handed(get_time())

    def write(self, text: str) -> int:
        """Write `text`."""
        self._written += 1
        return self._file.write(text)

    def flush(self) -> None:
        """Flush, and tell who waits for it."""
        written = self._written
        self._file.flush()
        now = get_time()
        for handed in self._out(written):
            handed(now)

    def _out(self, written: int) -> list[Handed]:
        out: list[Handed] = []
        with self._lock:
            self._flushed = written
            while self._awaited and self._awaited[0][0] <= written:
                out.append(self._awaited.popleft()[1])
        return out

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class PaintingDriver(GuardedDriver):
    """The guarded driver, which tells when the terminal has what was drawn."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        assert self._file is not None, "a terminal that was there at the start"
        self._handed_file = HandedFile(self._file)
        self._file = self._handed_file  # type: ignore[assignment] # a file by its shape

    def write(self, data: str) -> None:
        """Queue `data` for the terminal."""
        self._handed_file.count_queued()
        super().write(data)

    def when_handed(self, handed: Handed) -> None:
        """Call `handed` with the time once all that was written so far is with the terminal."""
        self._handed_file.when_handed(handed)
