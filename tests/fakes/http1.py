"""The little of HTTP/1.1 that a loopback test server needs. Knows nothing of the Responses API."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """One request as it came in.

    Attributes:
        number: 0 for the server's first request, then upward.
        method: `POST`, `GET` ...
        path: With the query.
        headers: Names in lower case; the last of equal names wins.
        body: The parsed JSON object; empty where there was no body.
    """

    number: int
    method: str
    path: str
    headers: Mapping[str, str]
    body: dict[str, object]


class Reader(asyncio.StreamReader):
    """A stream reader that tells at once when the client has hung up."""

    def __init__(self) -> None:
        super().__init__(limit=64 * 1024 * 1024)
        self.hung_up = asyncio.Event()

    def feed_eof(self) -> None:
        """Note that nothing more will come."""
        super().feed_eof()
        self.hung_up.set()

    def set_exception(self, exc: BaseException) -> None:
        """Note that the connection broke."""
        super().set_exception(exc)
        self.hung_up.set()


async def read_request(reader: Reader, number: int) -> ReceivedRequest | None:
    """Return the connection's next request; None when the client has closed it."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    method, path, _version = first.split(" ", 2)
    fields = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in fields}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return ReceivedRequest(number, method, path, headers, json.loads(body) if body else {})


def break_off(transport: asyncio.BaseTransport, *, resets: bool) -> None:
    """Break a connection without a word."""
    sock = transport.get_extra_info("socket")
    if resets and sock is not None:
        # Closed with nothing lingering, a socket sends a reset.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert isinstance(transport, asyncio.WriteTransport)
    transport.abort()


class ResponseWriter:
    """Writes one response at a time to a kept connection."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def whole(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        """Send a response whose length is known."""
        self._head(status, {"content-length": str(len(body)), **headers})
        self._writer.write(body)
        await self._writer.drain()

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        """Send the head of a response that comes in chunks."""
        self._head(status, {"transfer-encoding": "chunked", **headers})
        await self._writer.drain()

    async def chunk(self, content: bytes) -> None:
        """Send one chunk; the empty one would end the response and is not sent."""
        if content:
            self._writer.write(b"%x\r\n%s\r\n" % (len(content), content))
            await self._writer.drain()

    async def end(self) -> None:
        """End the chunks; the connection stays."""
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    def cut(self, *, resets: bool = False) -> None:
        """Break the connection without a word."""
        break_off(self._writer.transport, resets=resets)

    def _head(self, status: int, headers: Mapping[str, str]) -> None:
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
