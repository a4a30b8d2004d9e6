"""A line without a socket: two ends in one process, with real frames between them."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from tui.wire.commands import AnyCommand
from tui.wire.frames import (
    FrameReader,
    Hello,
    Upward,
    downward_reader,
    encode_frame,
    upward_reader,
)


class FakeEnd:
    """One end: what it writes the other reads, as bytes in between.

    Attributes:
        takes: Cleared by a test to make this end a reader that takes nothing more.
        written: Every value that was written here.
    """

    def __init__(self, frames: FrameReader[Any]) -> None:
        self.other: FakeEnd
        self.takes = asyncio.Event()
        self.takes.set()
        self.written: list[Any] = []
        self._frames = frames
        self._chunks: asyncio.Queue[bytes] = asyncio.Queue()
        self._values: deque[Any] = deque()
        self._is_closed = False

    async def read(self) -> Any | None:
        while not self._values:
            chunk = await self._chunks.get()
            if not chunk:
                # The end stays the end, for whoever reads again.
                self._chunks.put_nowait(b"")
                return None
            self._values.extend(self._frames.feed(chunk))
        return self._values.popleft()

    def write(self, value: Upward | Hello | AnyCommand) -> None:
        frame = encode_frame(value)
        if not self._is_closed:
            self.written.append(value)
            self.other.feed(frame)

    async def drain(self) -> None:
        await self.other.takes.wait()

    def close(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self.other.feed(b"")

    def feed(self, chunk: bytes) -> None:
        """Take bytes from the other end, or b"" for its end."""
        self._chunks.put_nowait(chunk)


def endpoint_pair() -> tuple[FakeEnd, FakeEnd]:
    """Return (the screen's end, the host's end)."""
    screen, host = FakeEnd(upward_reader()), FakeEnd(downward_reader())
    screen.other, host.other = host, screen
    return screen, host
