"""How a server that speaks the protocol is connected, asked, and asked again.

Stays out of how it is reached, and of what a tool's answer becomes.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from tui.agents.exceptions import UserError
from tui.agents.kinds import JsonObject, MCPTool, UserFunction, UserValue
from tui.agents.run_context import RunContextWrapper
from tui.mcp.approval import RequireApproval
from tui.mcp.connection import Connection, is_lost, require_mcp
from tui.mcp.filters import ToolFilter, shown_tools
from tui.mcp.server import MCPServer, shown_name

if TYPE_CHECKING:
    from mcp import Client, ClientSession
    from mcp.types import CallToolResult

    from tui.agents.agent_base import AgentBase


class ConnectedServer(MCPServer):
    """A server that speaks the protocol: `async with MCPServerStdio(...) as server:`.

    Args:
        params: How it is reached.
        cache_tools_list: Whether its tools are asked for once only; `invalidate_tools_cache()`
            makes the next run ask again.
        name: What it is called, instead of a name made of `params`.
        client_session_timeout_seconds: How long an answer may take; None and 0 are for ever.
        tool_filter: Which tools are shown.
        max_retry_attempts: How often a failed request is made again; -1 is for ever.
        retry_backoff_seconds_base: The wait before the first retry; each next one is twice as long.
        message_handler: Hears every message of the server.
        retry_backoff_seconds_max: The longest wait.
        max_list_pages: How many pages a listing may have.
        **of_the_base: What `MCPServer` takes.

    Raises:
        UserError: If the package `mcp` is missing, or an argument makes no sense.
    """

    def __init__(
        self,
        params: UserValue,
        cache_tools_list: bool = False,
        name: str | None = None,
        client_session_timeout_seconds: float | None = 5,
        tool_filter: ToolFilter = None,
        use_structured_content: bool = False,
        max_retry_attempts: int = 0,
        retry_backoff_seconds_base: float = 1.0,
        message_handler: UserFunction | None = None,
        require_approval: RequireApproval = None,
        *,
        retry_backoff_seconds_max: float | None = None,
        max_list_pages: int | None = None,
        **of_the_base: UserValue,
    ) -> None:
        require_mcp(type(self).__name__)
        super().__init__(use_structured_content, require_approval, **of_the_base)
        if (client_session_timeout_seconds or 0) < 0:
            raise ValueError("client_session_timeout_seconds must be zero or positive.")
        if max_list_pages is not None and max_list_pages < 1:
            raise ValueError("max_list_pages must be a positive integer or None.")
        self.params = params
        self.cache_tools_list = cache_tools_list
        self.client_session_timeout_seconds = client_session_timeout_seconds
        self.tool_filter = tool_filter
        self.max_retry_attempts = max_retry_attempts
        self.retry_backoff_seconds_base = retry_backoff_seconds_base
        self.retry_backoff_seconds_max = retry_backoff_seconds_max
        self.message_handler = message_handler
        self.max_list_pages = max_list_pages
        self._name = name or self.made_name
        self._connection: Connection | None = None
        self._client: Client | None = None
        self._tools: list[MCPTool] | None = None
        self._is_stale = True

    @property
    def name(self) -> str:
        """What it is called."""
        return self._name

    @property
    @abstractmethod
    def made_name(self) -> str:
        """A name made of how it is reached."""

    @property
    def session(self) -> ClientSession | None:
        """The open session, for what has no method here."""
        return self._client.session if self._client else None

    @property
    def cached_tools(self) -> list[MCPTool] | None:
        """The tools it listed last."""
        return self._tools and _copies(self._tools)

    @abstractmethod
    def create_streams(self) -> AbstractAsyncContextManager[UserValue]:
        """Return what is entered to reach it; gives a pair of streams."""

    @abstractmethod
    def explain_start(self, error: Exception) -> str:
        """Say why it could not be reached."""

    def last_words(self) -> str:
        """Return what it said before it ended, if that is known."""
        return ""

    async def connect(self) -> None:
        """Reach it and shake hands.

        Raises:
            UserError: If that fails; it says why.
        """
        if self._connection is not None:
            return
        connection = Connection(
            server=self.create_streams(),
            cache=None,
            read_timeout_seconds=self.client_session_timeout_seconds or None,
            message_handler=self.message_handler,
        )
        try:
            self._client = await connection.open()
        # A transport fails in many ways; what HTTP errors say may hold the secrets of an address.
        except Exception as error:  # noqa: BLE001
            raise UserError(self.explain_start(error)) from None
        self._connection = connection

    async def cleanup(self) -> None:
        """Leave it; that ends a process that was started for it."""
        connection, self._connection, self._client = self._connection, None, None
        if connection is not None:
            await connection.close()

    def invalidate_tools_cache(self) -> None:
        """Ask for its tools anew next time."""
        self._is_stale = True

    async def list_tools(
        self, run_context: RunContextWrapper | None = None, agent: AgentBase | None = None
    ) -> list[MCPTool]:
        """Return the tools that the filter lets through, as copies.

        Raises:
            UserError: If it is not connected, or does not end its list.
        """
        if self._tools is None or self._is_stale or not self.cache_tools_list:
            self._is_stale = False
            try:
                self._tools = await self._all_pages("tools")
            except BaseException:
                self._is_stale = True
                raise
        tools = _copies(self._tools)
        return await shown_tools(tools, self.tool_filter, self.name, run_context, agent)

    async def call_tool(
        self, tool_name: str, arguments: JsonObject | None, meta: JsonObject | None = None
    ) -> CallToolResult:
        """Call a tool.

        Raises:
            UserError: If it is not connected, lost, or the call lacks an argument.
            MCPError: If it answers with an error.
        """
        if missing := self._missing(tool_name, arguments or {}):
            why = f"missing required parameters: {', '.join(missing)}"
            raise self._failed(f"call tool '{tool_name}'", why)
        result: CallToolResult = await self._ask("call tool", tool_name, arguments, meta=meta)
        return result

    async def list_prompts(self) -> UserValue:
        """Return all its prompts: a `ListPromptsResult` of the package."""
        from mcp.types import ListPromptsResult

        return ListPromptsResult(prompts=await self._all_pages("prompts"))

    async def get_prompt(self, name: str, arguments: JsonObject | None = None) -> UserValue:
        """Return one of its prompts, filled in: a `GetPromptResult` of the package."""
        return await self._ask("get prompt", name, arguments)

    async def list_resources(self, cursor: str | None = None) -> UserValue:
        """Return a page of its resources: a `ListResourcesResult` of the package."""
        return await self._ask("list resources", cursor=cursor)

    async def list_resource_templates(self, cursor: str | None = None) -> UserValue:
        """Return a page of its templates: a `ListResourceTemplatesResult` of the package."""
        return await self._ask("list resource templates", cursor=cursor)

    async def read_resource(self, uri: str) -> UserValue:
        """Return what one of its resources holds: a `ReadResourceResult` of the package."""
        return await self._ask("read resource", uri)

    async def _all_pages(self, of_what: str) -> list[UserValue]:
        listing = f"list {of_what}"
        found: list[UserValue] = []
        cursors: list[str | None] = [None]
        while True:
            page = await self._ask(listing, cursor=cursors[-1])
            found += getattr(page, of_what)
            if page.next_cursor is None:
                return found
            if page.next_cursor in cursors:
                raise self._failed(listing, "it returned a repeated cursor")
            if len(cursors) == self.max_list_pages:
                raise self._failed(listing, "more pages than max_list_pages")
            cursors.append(page.next_cursor)

    def _missing(self, tool_name: str, arguments: JsonObject) -> list[str]:
        listed = () if self._is_stale else self._tools or ()
        schema: JsonObject = next(
            (tool.input_schema for tool in listed if tool.name == tool_name), {}
        )
        required = schema.get("required")
        return sorted(set(required if isinstance(required, list) else ()) - set(arguments))

    async def _ask(self, doing: str, *of_whom: UserValue, **how: UserValue) -> UserValue:
        """Make a request of the client's, and make it again as often as it may be."""
        if self._client is None:
            raise UserError("Server not initialized. Make sure you call `connect()` first.")
        request = getattr(self._client, doing.replace(" ", "_"))
        tried = 0
        while True:
            try:
                return await request(*of_whom, **how)
            # Whatever a transport raises: the last one is raised again.
            except Exception as error:  # noqa: BLE001
                if tried == self.max_retry_attempts:
                    raise self._explained(doing, of_whom, error) from None
            base_s, longest_s = self.retry_backoff_seconds_base, self.retry_backoff_seconds_max
            await asyncio.sleep(backoff_s(tried, base_s, longest_s))
            tried += 1

    def _explained(self, doing: str, of_whom: Sequence[UserValue], error: Exception) -> Exception:
        if not is_lost(error):
            return error
        said = self.last_words()
        lost = f"the connection is lost; it said: {said}" if said else "connection lost"
        return self._failed(f"{doing} '{of_whom[0]}'" if of_whom else doing, lost)

    def _failed(self, doing: str, why: str) -> UserError:
        return UserError(f"Failed to {doing} on MCP server '{shown_name(self.name)}': {why}")


def backoff_s(tried: int, base_s: float, longest_s: float | None) -> float:
    """Return how long to wait after so many tries: twice as long each time, up to the longest."""
    wait_s = base_s * 2.0 ** min(tried, 64)
    return wait_s if longest_s is None else min(wait_s, longest_s)


def _copies(tools: list[MCPTool]) -> list[MCPTool]:
    # Whoever changes a listed tool must not change what is remembered of it.
    return [tool.model_copy(deep=True) for tool in tools]
