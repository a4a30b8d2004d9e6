"""Keeps WebSocket connections warm between requests. Does not look into their messages."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

from tui.agents.exceptions import UserError
from tui.agents.kinds import UserValue

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection, connect

T = TypeVar("T")

INSTALL = 'pip install "baton-tui[websocket]"'

_CLOSE_S = 1.0
_log = logging.getLogger(__name__)
# On that level the library writes down the handshake, and with it the API key.
_log.setLevel(logging.INFO)


class SocketLost(Exception):  # noqa: N818 - what happened, not yet what it means
    """The connection ended, or nothing came over it for too long."""

    def __init__(self, reason: str, *, is_silent: bool) -> None:
        super().__init__(reason)
        self.is_silent = is_silent


@dataclass(frozen=True)
class SocketAddress:
    """What a connection is opened with; requests of equal addresses can share one."""

    url: str
    headers: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, UserValue], ...] = ()


class Socket:
    """One connection, carrying one request at a time.

    While somebody waits for it, `idle_s` is how long it may be silent; None is for ever.
    """

    def __init__(self, connection: ClientConnection, address: SocketAddress) -> None:
        from websockets.exceptions import ConnectionClosed

        self.address = address
        self._closed_error = ConnectionClosed
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._waits_since: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_silent = False

    @property
    def is_open(self) -> bool:
        """Whether it can carry a request, as far as this end knows."""
        return self._connection.state.name == "OPEN"

    async def begin(self, message: bytes, idle_s: float | None) -> bytes:
        """Send a request and return the first message of its answer.

        Raises:
            SocketLost: If the connection ends before.
        """
        if idle_s is not None:
            self._timer = self._loop.call_later(idle_s, self._look, idle_s)
        await self._watched(self._connection.send(message, text=True))
        return await self.receive()

    async def receive(self) -> bytes:
        """Return the next message.

        Raises:
            SocketLost: If the connection ends before.
        """
        return await self._watched(self._connection.recv(decode=False))

    def rest(self) -> None:
        """Stop watching: the answer is whole."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def abort(self) -> None:
        """Break the connection at once."""
        self.rest()
        self._connection.transport.abort()

    async def close(self) -> None:
        """Close the connection in form."""
        self.rest()
        await self._connection.close()

    async def wait_closed(self) -> None:
        """Return once nothing of the connection is left."""
        await self._connection.wait_closed()

    async def _watched(self, act: Coroutine[None, None, T]) -> T:
        self._waits_since = self._loop.time()
        try:
            return await act
        except self._closed_error as error:
            raise SocketLost(str(error), is_silent=self._is_silent) from error
        finally:
            self._waits_since = None

    def _look(self, idle_s: float) -> None:
        # One timer a request: one a message would cost as much as the message.
        now = self._loop.time()
        due_s = idle_s if self._waits_since is None else self._waits_since + idle_s - now
        if due_s <= 0:
            self._is_silent = True
            self.abort()
            return
        self._timer = self._loop.call_later(due_s, self._look, idle_s)


class SocketPool:
    """The connections of one event loop: warm ones are used again, a busy one is not waited for.

    A second request at the same time gets a connection of its own. Waiting could last for ever: a
    reader that is slow holds its answer back, and may itself be waiting for the second one.
    """

    def __init__(self) -> None:
        self._idle: list[Socket] = []
        self._busy: set[Socket] = set()
        self._is_closed = False
        self._tls: ssl.SSLContext | None = None

    def warm(self, address: SocketAddress) -> Socket | None:
        """Return the open connection that was used last, or None."""
        self._idle = [socket for socket in self._idle if socket.is_open]
        for socket in reversed(self._idle):
            if socket.address == address:
                self._idle.remove(socket)
                self._busy.add(socket)
                return socket
        return None

    async def open(self, address: SocketAddress, timeout_s: float | None) -> Socket:
        """Return a new connection.

        Raises:
            UserError: If the package for it is missing, or the pool is closed.
            OSError: If there is no way to the server, or the time is over.
            websockets.exceptions.WebSocketException: If the server does not want it.
        """
        connect = await load_connect()
        self._check_open()
        tls = {}
        if address.url.startswith("wss:"):
            # Reading the certificates takes tens of milliseconds: not on the loop.
            self._tls = self._tls or await asyncio.to_thread(ssl.create_default_context)
            tls = {"ssl": self._tls}
        options = {"max_size": None, "close_timeout": _CLOSE_S, **tls, **dict(address.options)}
        connection = await connect(
            address.url,
            additional_headers=address.headers,
            user_agent_header=None,
            # Deflating a long conversation would hold the loop.
            compression=None,
            open_timeout=timeout_s,
            logger=_log,
            **options,
        )
        socket = Socket(connection, address)
        if self._is_closed:
            socket.abort()
        self._check_open()
        self._busy.add(socket)
        return socket

    def keep(self, socket: Socket) -> None:
        """Take a connection back whose answer is whole."""
        socket.rest()
        self._busy.discard(socket)
        if self._is_closed:
            socket.abort()
        else:
            self._idle.append(socket)

    def drop(self, socket: Socket) -> None:
        """Take a connection back that is of no use any more."""
        self._busy.discard(socket)
        socket.abort()

    async def close_idle(self) -> None:
        """Close what no request uses."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(socket.close() for socket in idle))

    async def close(self) -> None:
        """Close everything for good; a request that still goes on fails."""
        self._is_closed = True
        await self.close_idle()
        await self.abort()

    async def abort(self) -> None:
        """Break every connection at once."""
        every = [*self._idle, *self._busy]
        self._idle.clear()
        for socket in every:
            socket.abort()
        await asyncio.gather(*(socket.wait_closed() for socket in every))

    def _check_open(self) -> None:
        if self._is_closed:
            raise UserError(
                "This WebSocket session has ended: read its runs to their end before leaving it."
            )


async def load_connect() -> type[connect]:
    """Return what opens connections, imported off the loop.

    Raises:
        UserError: If the package for it is missing.
    """
    return await asyncio.to_thread(_load_connect)


def _load_connect() -> type[connect]:
    try:
        from websockets.asyncio.client import connect
    except ImportError as error:
        raise UserError(
            f"Responses over WebSocket need a package that is missing. Install it: {INSTALL}"
        ) from error

    class Connect(connect):
        def process_redirect(self, exc: Exception) -> Exception:
            # The API key would go along.
            return exc

    return Connect


_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[SocketPool, AsyncGenerator[SocketPool]]]
_pools = WeakKeyDictionary()


async def default_sockets() -> SocketPool:
    """Return the event loop's own connections, which are closed with it."""
    loop = asyncio.get_running_loop()
    if loop not in _pools:
        life = _until_loop_ends()
        _pools[loop] = await anext(life), life
    return _pools[loop][0]


async def _until_loop_ends() -> AsyncGenerator[SocketPool]:
    # A loop closes its generators as it ends. To close connections in form new ones were needed.
    pool = SocketPool()
    try:
        yield pool
    finally:
        _pools.pop(asyncio.get_running_loop(), None)
        await pool.abort()
