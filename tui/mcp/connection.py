"""One connection to a server, entered and left in a task of its own. Knows nothing of tools."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Final

from tui.agents.exceptions import UserError
from tui.agents.kinds import UserValue

if TYPE_CHECKING:
    from mcp import Client

# A transport gives a process 2 s to end by itself and 2 s more each after SIGTERM and SIGKILL.
_CLOSE_S: Final = 8.0


def require_mcp(who: str) -> None:
    """Refuse to go on without the package that speaks the protocol.

    Raises:
        UserError: Naming what to install.
    """
    try:
        from mcp import Client  # noqa: F401 - version 1 had none
    except ImportError as error:
        raise UserError(
            f"{who} needs the mcp package, version 2 or newer: pip install 'baton-tui[mcp]'"
        ) from error


def protocol_errors() -> tuple[type[Exception], ...]:
    """Return what is raised when a server answers with an error; nothing without the package."""
    module = sys.modules.get("mcp")
    return () if module is None else (module.MCPError,)


def is_lost(error: Exception) -> bool:
    """Tell whether a request failed because the server is gone."""
    from mcp import MCPError
    from mcp.types import CONNECTION_CLOSED

    return isinstance(error, MCPError) and error.code == CONNECTION_CLOSED


class Connection:
    """A client of one server.

    What it is made of must be left by the task that entered it, and whoever opens it need not be
    who closes it: so a task of its own does both.
    """

    def __init__(self, **options: UserValue) -> None:
        """Take what a `mcp.Client` takes."""
        self._options = options
        self._is_closing = asyncio.Event()
        self._ready: asyncio.Future[Client] = asyncio.get_running_loop().create_future()

    async def open(self) -> Client:
        """Connect, and return the client.

        Raises:
            Exception: Whatever the transport or the handshake raises; never a group.
        """
        self._task = asyncio.create_task(self._live(), name="MCP connection")
        # Whoever is in the middle of a request hears of a lost connection from the request.
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())
        either: set[asyncio.Future[UserValue]] = {self._task, self._ready}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self._task.cancel()
            await asyncio.wait({self._task})
            raise
        if self._ready.done():
            return self._ready.result()
        raise _first(self._task.exception())

    async def close(self) -> None:
        """Disconnect. Ends in a few seconds, whatever the server does, and raises nothing of it."""
        self._is_closing.set()
        try:
            await asyncio.wait({self._task}, timeout=_CLOSE_S)
        finally:
            if not self._task.done():
                self._task.cancel()
                await asyncio.wait({self._task})

    async def _live(self) -> None:
        from mcp import Client

        async with Client(**self._options) as client:
            self._ready.set_result(client)
            await self._is_closing.wait()


def _first(error: BaseException | None) -> BaseException:
    """Return the error that task groups wrapped."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error or ConnectionError("it ended before it was ready")
