"""One request over a WebSocket, and the messages of its answer. Does not know what they mean."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from tui.agents.kinds import UserValue
from tui.providers.retries import wait_s
from tui.providers.socket_errors import lost_error, opening_error, refusal_error, refusal_of
from tui.providers.sockets import Socket, SocketAddress, SocketLost, SocketPool

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_TOO_OLD = "websocket_connection_limit_reached"


@dataclass
class SocketExchange:
    """A request that is sent as soon as its answer is read.

    Up to the first message all that may pass is tried again: a connection that is lost, once, on
    a new one; a server that does not open one, as often as the client's `max_retries` says.

    Attributes:
        client: Whose errors are raised, and how often it tries.
        sockets: Where its connection comes from and goes to.
        address: Where to.
        message: The request.
        timeout: The client's kind of timeouts: `connect`, and `read` for each message.
    """

    client: AsyncOpenAI
    sockets: SocketPool
    address: SocketAddress
    message: bytes
    timeout: UserValue
    _socket: Socket | None = field(default=None, init=False)

    async def begin(self) -> bytes:
        """Send the request and return the first message.

        Raises:
            openai.APIError: If there is none.
            UserError: If the package for it is missing.
        """
        from openai import APIError

        may_be_lost = True
        for tries in count():
            try:
                return await self._try(is_fresh=not may_be_lost)
            except SocketLost as lost:
                self.end(is_usable=False)
                if not may_be_lost:
                    raise lost_error(lost, self.client, self.address.url) from lost
                may_be_lost = False
            except APIError as error:
                # A request that was refused leaves the connection as it was.
                self.end(is_usable=True)
                pause_s = wait_s(error, tries)
                if pause_s is None or tries >= self.client.max_retries:
                    raise
                await asyncio.sleep(pause_s)
        raise AssertionError("unreachable")

    async def receive(self) -> bytes:
        """Return the next message.

        Raises:
            openai.APIError: If the connection is lost.
        """
        assert self._socket is not None
        try:
            return await self._socket.receive()
        except SocketLost as lost:
            raise lost_error(lost, self.client, self.address.url) from lost

    def end(self, *, is_usable: bool) -> None:
        """Give the connection back, if there is one: to be used again, or broken."""
        socket, self._socket = self._socket, None
        if socket is not None:
            (self.sockets.keep if is_usable else self.sockets.drop)(socket)

    async def _try(self, *, is_fresh: bool) -> bytes:
        warm = None if is_fresh else self.sockets.warm(self.address)
        self._socket = warm or await self._open()
        first = await self._socket.begin(self.message, _seconds(self.timeout, "read"))
        refusal = refusal_of(first)
        if refusal is None:
            return first
        if _TOO_OLD in str(refusal.get("error")):
            raise SocketLost(_TOO_OLD, is_silent=False)
        raise refusal_error(refusal, self.client, self.address.url)

    async def _open(self) -> Socket:
        try:
            return await self.sockets.open(self.address, _seconds(self.timeout, "connect"))
        except Exception as error:
            known = opening_error(error, self.client, self.address.url)
            if known is None:
                raise
            raise known from error


def _seconds(timeout: UserValue, of: str) -> float | None:
    """Return one of a client's timeouts; a plain number is all of them."""
    seconds: float | None = getattr(timeout, of, timeout)
    return seconds
