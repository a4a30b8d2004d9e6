"""Servers that are reached over HTTP: streamable, and the older kind with server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NotRequired, TypedDict

from tui.agents.kinds import UserFunction, UserValue
from tui.mcp.connected import ConnectedServer
from tui.mcp.server import shown_name

if TYPE_CHECKING:
    import httpx2

_HANDSHAKE: Final = (b'"method":"server/discover"', b'"method":"initialize"')


class MCPServerSseParams(TypedDict):
    """Where the server is. Timeouts are in seconds: 5 for a request, 300 between two events."""

    url: str
    headers: NotRequired[dict[str, str]]
    timeout: NotRequired[float | timedelta]
    sse_read_timeout: NotRequired[float | timedelta]
    httpx_client_factory: NotRequired[UserFunction]
    auth: NotRequired[UserValue]


class MCPServerStreamableHttpParams(MCPServerSseParams):
    """Where the server is, and whether leaving it ends its session there (by default yes)."""

    terminate_on_close: NotRequired[bool]


class _HttpServer(ConnectedServer):
    params: MCPServerSseParams

    def explain_start(self, error: Exception) -> str:
        """Say in a few words what kind of failure it was; an error's own may hold secrets."""
        return f"Failed to connect to MCP server '{shown_name(self.name)}': {_reason(error)}"

    def _client_of(
        self,
        headers: dict[str, str] | None = None,
        timeout: UserValue = None,
        auth: UserValue = None,
    ) -> httpx2.AsyncClient:
        import httpx2

        make = self.params.get("httpx_client_factory", httpx2.AsyncClient)
        client: httpx2.AsyncClient = make(headers=headers, timeout=timeout, auth=auth)
        client.event_hooks.setdefault("response", []).append(_refuse_failed_handshake)
        return client


class MCPServerStreamableHttp(_HttpServer):
    """A server that is reached over streamable HTTP."""

    params: MCPServerStreamableHttpParams

    @property
    def made_name(self) -> str:
        """A name made of the address."""
        return f"streamable_http: {self.params['url']}"

    @asynccontextmanager
    async def create_streams(self) -> AsyncIterator[UserValue]:
        """Open a client and the session's streams."""
        import httpx2
        from mcp.client.streamable_http import streamable_http_client

        given = self.params
        limits = httpx2.Timeout(
            _seconds(given.get("timeout", 5)), read=_seconds(given.get("sse_read_timeout", 300))
        )
        async with (
            self._client_of(given.get("headers"), limits, given.get("auth")) as client,
            streamable_http_client(
                given["url"],
                http_client=client,
                terminate_on_close=given.get("terminate_on_close", True),
            ) as streams,
        ):
            yield streams


class MCPServerSse(_HttpServer):
    """A server that is reached over HTTP with server-sent events, as the protocol had it first."""

    @property
    def made_name(self) -> str:
        """A name made of the address."""
        return f"sse: {self.params['url']}"

    def create_streams(self) -> AbstractAsyncContextManager[UserValue]:
        """Open a client and the session's streams."""
        from mcp.client.sse import sse_client

        return sse_client(
            self.params["url"],
            self.params.get("headers"),
            _seconds(self.params.get("timeout", 5)),
            _seconds(self.params.get("sse_read_timeout", 300)),
            self._client_of,
            self.params.get("auth"),
        )


def _seconds(value: float | timedelta) -> float:
    return value.total_seconds() if isinstance(value, timedelta) else value


async def _refuse_failed_handshake(response: httpx2.Response) -> None:
    # The package takes a server that fails now for one of an earlier version, and goes on.
    asked = response.request.content
    if response.status_code >= 500 and any(method in asked for method in _HANDSHAKE):
        response.raise_for_status()


def _reason(error: Exception) -> str:
    import httpx2

    match error:
        case httpx2.HTTPStatusError():
            return f"HTTP error {error.response.status_code} ({error.response.reason_phrase})"
        case httpx2.TimeoutException():
            return "Connection timeout."
        case httpx2.ConnectError():
            return "Could not reach the server."
        case httpx2.RequestError():
            return "Request failed."
    return str(error)
