"""A real MCP server over HTTP on loopback, with the tools a test gives it. Knows no agents."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import mcp.types as t
import uvicorn
from mcp.server.lowlevel import Server
from mcp.server.mcpserver import MCPServer

DEADLINE_S = 60.0


@dataclass
class Served:
    """A tool of the service.

    Attributes:
        name: What it is called.
        answer: What every call is answered with, or makes that of the arguments; may raise.
        schema: The schema of its arguments.
        listed: What else is told of it: description, title, `_meta`.
    """

    name: str
    answer: Any = "done"
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "object", "properties": {}})
    listed: dict[str, Any] = field(default_factory=dict)


def text(*parts: str, **fields: Any) -> t.CallToolResult:
    """Return a result of text blocks."""
    content = [t.TextContent(type="text", text=part) for part in parts]
    return t.CallToolResult(content=content, **fields)


class FakeToolService:
    """Serves tools while it is entered.

    Args:
        *served: The tools.
        page_size: How many of them one page of the listing has.

    Attributes:
        heard: Every call so far: the tool, its arguments and what a client said about it.
        listings: How many pages of tools were asked for.
    """

    def __init__(self, *served: Served, page_size: int = 100) -> None:
        self.served = list(served)
        self.page_size = page_size
        self.heard: list[tuple[str, dict[str, Any], dict[str, Any]]] = []
        self.listings = 0

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._http.port}/mcp"

    async def __aenter__(self) -> Self:
        tools = Server("tools", on_list_tools=self._list, on_call_tool=self._call)
        self._http = await HttpApp(tools.streamable_http_app()).__aenter__()
        return self

    async def __aexit__(self, *of_the_end: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """End it before its time."""
        await self._http.stop()

    async def _list(self, _context: Any, params: Any) -> t.ListToolsResult:
        self.listings += 1
        start = int(params.cursor) if params and params.cursor else 0
        end = start + self.page_size
        tools = [
            t.Tool(name=each.name, input_schema=each.schema, **each.listed)
            for each in self.served[start:end]
        ]
        more = str(end) if end < len(self.served) else None
        return t.ListToolsResult(tools=tools, next_cursor=more)

    async def _call(self, _context: Any, params: t.CallToolRequestParams) -> t.CallToolResult:
        arguments = params.arguments or {}
        meta = {key: said for key, said in (params.meta or {}).items() if "/" not in key}
        self.heard.append((params.name, arguments, meta))
        tool = next(each for each in self.served if each.name == params.name)
        answer = tool.answer(arguments) if callable(tool.answer) else tool.answer
        if asyncio.iscoroutine(answer):
            answer = await answer
        if isinstance(answer, Exception):
            raise answer
        return text(answer) if isinstance(answer, str) else answer


class HttpApp:
    """An ASGI app on a port of loopback while it is entered."""

    def __init__(self, app: Any) -> None:
        config = uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1)
        self._server = _Told(config)

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._server.servers[0].sockets[0].getsockname()[1]
        return port

    async def __aenter__(self) -> Self:
        self._task = asyncio.ensure_future(self._server.serve())
        async with asyncio.timeout(DEADLINE_S):
            await self._server.is_up.wait()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        """End it."""
        self._server.should_exit = True
        await self._task


class _Told(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


def fuller_server(answer: Callable[[str], str]) -> MCPServer:
    """Return a server with a prompt and resources besides its tool `shout`."""
    server = MCPServer("fuller", log_level="ERROR")

    @server.tool()
    def shout(word: str) -> str:
        return answer(word)

    @server.prompt()
    def greet(name: str) -> str:
        return f"Greet {name}."

    @server.resource("file://readme")
    def readme() -> str:
        return "read me"

    @server.resource("file://pages/{number}")
    def page(number: str) -> str:
        return f"page {number}"

    return server
