"""Connects several servers and gives an agent those that could be reached."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from tui.mcp.server import MCPServer

_log = logging.getLogger(__name__)


class MCPServerManager:
    """Several servers: `async with MCPServerManager([a, b]) as manager:`.

    Args:
        servers: The servers.
        connect_timeout_seconds: How long each may take to be reached; None is for ever.
        cleanup_timeout_seconds: How long each may take to be left.
        drop_failed_servers: Whether `active_servers` is without those that failed.
        strict: Whether the first failure is raised.
        connect_in_parallel: Whether all are reached at once.
        suppress_cancelled_error: Of the Agents SDK; a cancelled caller is cancelled here.

    Attributes:
        all_servers: All of them, each once.
        errors: Why servers failed.
    """

    def __init__(
        self,
        servers: Iterable[MCPServer],
        *,
        connect_timeout_seconds: float | None = 10.0,
        cleanup_timeout_seconds: float | None = 10.0,
        drop_failed_servers: bool = True,
        strict: bool = False,
        suppress_cancelled_error: bool = True,  # noqa: ARG002 - taken, so that programs move over
        connect_in_parallel: bool = False,
    ) -> None:
        self.all_servers = list(dict.fromkeys(servers))
        self.connect_timeout_seconds = connect_timeout_seconds
        self.cleanup_timeout_seconds = cleanup_timeout_seconds
        self.drop_failed_servers = drop_failed_servers
        self.strict = strict
        self.connect_in_parallel = connect_in_parallel
        self.errors: dict[MCPServer, Exception] = {}
        self._connected: set[MCPServer] = set()

    @property
    def active_servers(self) -> list[MCPServer]:
        """The servers to give an agent, in the order given."""
        return [s for s in self.all_servers if s in self._connected or not self.drop_failed_servers]

    @property
    def failed_servers(self) -> list[MCPServer]:
        """The servers that could not be reached."""
        return [server for server in self.all_servers if server in self.errors]

    async def __aenter__(self) -> Self:
        await self.connect_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.cleanup_all()

    async def connect_all(self) -> list[MCPServer]:
        """Reach all that are not reached yet, and return the active ones.

        Raises:
            Exception: The first failure, if `strict`; none is left open then.
        """
        self.errors.clear()
        waiting = [server for server in self.all_servers if server not in self._connected]
        try:
            if self.connect_in_parallel:
                ends = [asyncio.ensure_future(self._connect(server)) for server in waiting]
                # All of them end before one's failure is told: none is left half open.
                await asyncio.gather(*ends, return_exceptions=True)
                _ = [end.result() for end in ends]
            else:
                for server in waiting:
                    await self._connect(server)
        except BaseException:
            await self.cleanup_all()
            raise
        return self.active_servers

    async def reconnect(self, *, failed_only: bool = True) -> list[MCPServer]:
        """Reach those that failed, or all anew, and return the active ones."""
        if not failed_only:
            await self.cleanup_all()
        return await self.connect_all()

    async def cleanup_all(self) -> None:
        """Leave all, the last first; what goes wrong is logged."""
        for server in reversed(self.all_servers):
            if server in self._connected:
                self._connected.discard(server)
                await self._leave(server)

    async def _connect(self, server: MCPServer) -> None:
        try:
            async with asyncio.timeout(self.connect_timeout_seconds):
                await server.connect()
        # Any kind of server may fail in its own way; the others go on.
        except Exception as error:
            _log.warning("The MCP server %r could not be reached: %s", server.name, error)
            self.errors[server] = error
            await self._leave(server)
            if self.strict:
                raise
        else:
            self._connected.add(server)

    async def _leave(self, server: MCPServer) -> None:
        try:
            async with asyncio.timeout(self.cleanup_timeout_seconds):
                await server.cleanup()
        # What cannot be left must not keep the others from being left.
        except Exception as error:  # noqa: BLE001
            _log.warning("The MCP server %r could not be left: %s", server.name, error)
