"""What an agent needs of a server of tools. Asks none, and starts none."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from types import EllipsisType, TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar
from urllib.parse import urlsplit, urlunsplit

from tui.agents.kinds import JsonObject, MCPTool
from tui.agents.maybe_await import MaybeAwaitable
from tui.agents.run_context import RunContextWrapper
from tui.agents.unsupported import refuse
from tui.mcp.approval import RequireApproval, read_policy

if TYPE_CHECKING:
    from mcp.types import (
        CallToolResult,
    )

    from tui.agents.agent_base import AgentBase
    from tui.agents.tool import ToolErrorFunction
    from tui.agents.tool_guardrails import ToolInputGuardrail, ToolOutputGuardrail

T = TypeVar("T")


@dataclass
class MCPToolMetaContext:
    """The call that a resolver makes the request's `_meta` for."""

    run_context: RunContextWrapper
    server_name: str
    tool_name: str
    arguments: JsonObject | None


MCPToolMetaResolver: TypeAlias = Callable[[MCPToolMetaContext], MaybeAwaitable[JsonObject | None]]


class MCPServer(ABC):
    """A server of tools. Derive from it to give an agent tools of another kind of source.

    Attributes:
        use_structured_content: Whether the model is given a result's structured content instead.
        approval_policy: Which tools a person must allow.
        failure_error_function: What the model is told of a failure; None lets it end the run, and
            `...` leaves it to the agent.
        tool_meta_resolver: Makes the `_meta` of a call.
        tool_input_guardrails: Check each call of its tools.
        tool_output_guardrails: Check what its tools return.
    """

    def __init__(
        self,
        use_structured_content: bool = False,
        require_approval: RequireApproval = None,
        failure_error_function: ToolErrorFunction | EllipsisType | None = ...,
        tool_meta_resolver: MCPToolMetaResolver | None = None,
        *,
        tool_input_guardrails: list[ToolInputGuardrail] | None = None,
        tool_output_guardrails: list[ToolOutputGuardrail] | None = None,
        **unsupported: object,
    ) -> None:
        refuse(type(self).__name__, **unsupported)
        self.use_structured_content = use_structured_content
        self.approval_policy = read_policy(require_approval)
        self.failure_error_function = failure_error_function
        self.tool_meta_resolver = tool_meta_resolver
        self.tool_input_guardrails = tool_input_guardrails
        self.tool_output_guardrails = tool_output_guardrails

    @property
    @abstractmethod
    def name(self) -> str:
        """What it is called."""

    @abstractmethod
    async def connect(self) -> None:
        """Make it ready to be asked, until `cleanup`."""

    @abstractmethod
    async def cleanup(self) -> None:
        """Leave what `connect` entered."""

    @abstractmethod
    async def list_tools(
        self, run_context: RunContextWrapper | None = None, agent: AgentBase | None = None
    ) -> list[MCPTool]:
        """Return the tools that the agent is shown."""

    @abstractmethod
    async def call_tool(
        self, tool_name: str, arguments: JsonObject | None, meta: JsonObject | None = None
    ) -> CallToolResult:
        """Call a tool."""

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.cleanup()


def shown_name(name: str) -> str:
    """Return a server's name without the secrets of a URL in it: user, query and fragment."""
    kind, space, address = name.rpartition(" ")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return name
    host = parts.netloc.rpartition("@")[2]
    return kind + space + urlunsplit((parts.scheme, host, parts.path, "", ""))
