"""What the loop needs of an agent to find its tools. Hands over to nobody and runs nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic

from tui.agents.exceptions import UserError
from tui.agents.handoffs import Handoff
from tui.agents.kinds import JsonObject
from tui.agents.maybe_await import maybe_await
from tui.agents.run_context import RunContextWrapper, TContext
from tui.agents.tool import FunctionTool, Tool

if TYPE_CHECKING:
    from tui.mcp.server import MCPServer


@dataclass(eq=False)
class AgentBase(Generic[TContext]):
    """An agent's name and tools.

    Attributes:
        handoff_description: What other agents' models are told of it.
        mcp_servers: Servers of more tools; connected already.
        mcp_config: How their tools are made: `convert_schemas_to_strict`,
            `failure_error_function`, `include_server_in_tool_names`.
    """

    name: str
    handoff_description: str | None = None
    tools: list[Tool] = field(default_factory=list)
    mcp_servers: list[MCPServer] = field(default_factory=list)
    mcp_config: JsonObject = field(default_factory=dict)

    async def get_all_tools(self, run_context: RunContextWrapper[TContext]) -> list[Tool]:
        """Return the tools of its servers, and its own that are enabled now.

        Raises:
            UserError: If something in `tools` is no tool of this runtime, or a server is lost.
        """
        for tool in self.tools:
            if not isinstance(tool, FunctionTool):
                raise UserError(f"Agent {self.name!r}: {type(tool).__name__} is not a known tool.")
        of_servers = await self.get_mcp_tools(run_context)
        own = [tool for tool in self.tools if await is_shown(tool, run_context, self)]
        return [*of_servers, *own]

    async def get_mcp_tools(self, run_context: RunContextWrapper[TContext]) -> list[Tool]:
        """Return the tools of its servers, under names that nothing else of its has."""
        if not self.mcp_servers:
            return []
        from tui.mcp.tools import tools_of_servers

        taken = [tool.name for tool in self.tools]
        taken.extend(handoff.tool_name for handoff in await self.get_handoffs(run_context))
        return await tools_of_servers(self, run_context, taken)

    async def get_handoffs(self, run_context: RunContextWrapper[TContext]) -> list[Handoff]:  # noqa: ARG002
        """Return the handoffs that are enabled now: none but an `Agent` has any."""
        return []


async def is_shown(shown: Tool | Handoff, context: RunContextWrapper, agent: AgentBase) -> bool:
    """Tell whether the model of `agent` is shown a tool or a handoff now."""
    if isinstance(shown.is_enabled, bool):
        return shown.is_enabled
    return bool(await maybe_await(shown.is_enabled(context, agent)))
