"""What the loop needs of an agent to find its tools. Hands over to nobody and runs nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic

from tui.agents.exceptions import UserError
from tui.agents.handoffs import Handoff
from tui.agents.kinds import JsonObject, UserValue
from tui.agents.maybe_await import maybe_await
from tui.agents.run_context import RunContextWrapper, TContext
from tui.agents.tool import FunctionTool, Tool


@dataclass(eq=False)
class AgentBase(Generic[TContext]):
    """An agent's name and tools.

    Attributes:
        name: What it is called, also in `transfer_to_<name>`.
        handoff_description: What other agents' models are told of it.
        tools: What it can do.
    """

    name: str
    handoff_description: str | None = None
    tools: list[Tool] = field(default_factory=list)
    mcp_servers: list[UserValue] = field(default_factory=list)
    mcp_config: JsonObject = field(default_factory=dict)

    async def get_all_tools(self, run_context: RunContextWrapper[TContext]) -> list[Tool]:
        """Return the tools that are enabled now.

        Raises:
            UserError: If something in `tools` is no tool of this runtime.
        """
        for tool in self.tools:
            if not isinstance(tool, FunctionTool):
                raise UserError(f"Agent {self.name!r}: {type(tool).__name__} is not a known tool.")
        return [tool for tool in self.tools if await is_shown(tool, run_context, self)]


async def is_shown(shown: Tool | Handoff, context: RunContextWrapper, agent: AgentBase) -> bool:
    """Tell whether the model of `agent` is shown a tool or a handoff now."""
    if isinstance(shown.is_enabled, bool):
        return shown.is_enabled
    return bool(await maybe_await(shown.is_enabled(context, agent)))
