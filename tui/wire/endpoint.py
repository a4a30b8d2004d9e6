"""One end of the line between screen and host: whole values in and out.

Stays out of what they mean and of who starts whom. Tests join two ends in one process.
"""

import asyncio
import socket
from collections import deque
from contextlib import suppress
from typing import Generic, Protocol, TypeVar

from tui.errors import WireError
from tui.wire.commands import AnyCommand
from tui.wire.frames import Downward, FrameReader, Hello, Upward, encode_frame

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")

_CHUNK_BYTES = 256 * 1024


class Endpoint(Protocol[T_co]):
    """What both sides need of a line. `T_co` is what the other side sends."""

    async def read(self) -> T_co | None:
        """Return the next value, or None after the other side has closed.

        Raises:
            WireError: If the bytes are not our wire, or end inside a frame.
        """

    def write(self, value: Upward | Downward) -> None:
        """Queue `value`; what is written to a closed line is dropped.

        Raises:
            WireError: If the value is over the limit of a frame.
        """

    async def drain(self) -> None:
        """Wait until the other side has taken most of what was written."""

    def close(self) -> None:
        """Close this end, sending what is queued."""


class StreamEndpoint(Generic[T]):
    """An end over asyncio streams."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, frames: FrameReader[T]
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._frames = frames
        self._values: deque[T] = deque()
        self._queued: list[bytes] = []

    @classmethod
    async def over(cls, line: socket.socket, frames: FrameReader[T]) -> "StreamEndpoint[T]":
        """Return an end over a connected socket, which it owns from now on."""
        reader, writer = await asyncio.open_connection(sock=line)
        return cls(reader, writer, frames)

    async def read(self) -> T | None:
        """Return the next value, or None at the end."""
        while not self._values:
            chunk = await self._next_chunk()
            if not chunk:
                self._check_whole()
                return None
            self._values.extend(self._frames.feed(chunk))
        return self._values.popleft()

    def write(self, value: Upward | Downward) -> None:
        """Queue `value`."""
        frame = encode_frame(value)
        if not self._queued:
            # A stream sends each piece at once, and each wakes the other side: together it is one.
            asyncio.get_running_loop().call_soon(self._send)
        self._queued.append(frame)

    async def drain(self) -> None:
        """Wait until the other side has taken most of what was written."""
        self._send()
        # The reading half meets the end and tells it.
        with suppress(ConnectionError):
            await self._writer.drain()

    def close(self) -> None:
        """Close this end, sending what is queued."""
        self._send()
        self._writer.close()

    async def wait_closed(self) -> None:
        """Wait until what was queued is sent, or the other side is gone."""
        with suppress(ConnectionError):
            await self._writer.wait_closed()

    def _send(self) -> None:
        queued, self._queued = self._queued, []
        if queued and not self._writer.is_closing():
            self._writer.write(b"".join(queued))

    async def _next_chunk(self) -> bytes:
        try:
            return await self._reader.read(_CHUNK_BYTES)
        except ConnectionError:
            return b""

    def _check_whole(self) -> None:
        if not self._frames.is_between_frames:
            raise WireError("the other side's last frame was cut off")


UpwardEnd = Endpoint[Hello | AnyCommand]
"""The host's end: it reads commands."""

DownwardEnd = Endpoint[Upward]
"""The screen's end: it reads events."""
