"""Which of a server's tools an agent is shown. Asks no server."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from tui.agents.exceptions import UserError
from tui.agents.kinds import MCPTool
from tui.agents.maybe_await import MaybeAwaitable, maybe_await
from tui.agents.run_context import RunContextWrapper

if TYPE_CHECKING:
    from tui.agents.agent_base import AgentBase

_log = logging.getLogger(__name__)


@dataclass
class ToolFilterContext:
    """Who asks for a server's tools.

    Attributes:
        run_context: The run's context.
        agent: The agent that will be shown them.
        server_name: The server's name.
    """

    run_context: RunContextWrapper
    agent: AgentBase
    server_name: str


class ToolFilterStatic(TypedDict, total=False):
    """Names of tools: only the allowed ones, without the blocked ones."""

    allowed_tool_names: list[str]
    blocked_tool_names: list[str]


ToolFilterCallable: TypeAlias = Callable[[ToolFilterContext, MCPTool], MaybeAwaitable[bool]]
"""Says of one tool whether it is shown."""

ToolFilter: TypeAlias = ToolFilterCallable | ToolFilterStatic | None


def create_static_tool_filter(
    allowed_tool_names: list[str] | None = None, blocked_tool_names: list[str] | None = None
) -> ToolFilterStatic | None:
    """Return a filter by name, or None if neither list is given."""
    made = ToolFilterStatic()
    if allowed_tool_names is not None:
        made["allowed_tool_names"] = allowed_tool_names
    if blocked_tool_names is not None:
        made["blocked_tool_names"] = blocked_tool_names
    return made or None


async def shown_tools(
    tools: Sequence[MCPTool],
    wanted: ToolFilter,
    server_name: str,
    run_context: RunContextWrapper | None,
    agent: AgentBase | None,
) -> list[MCPTool]:
    """Return the tools that a filter lets through; one that it fails on is left out.

    Raises:
        UserError: If the filter is a function, and nobody asks for the tools.
    """
    if wanted is None:
        return list(tools)
    if not isinstance(wanted, dict):
        if run_context is None or agent is None:
            raise UserError("run_context and agent are required for dynamic tool filtering")
        context = ToolFilterContext(run_context, agent, server_name)
        return [tool for tool in tools if await _is_wanted(tool, wanted, context)]
    blocked = wanted.get("blocked_tool_names", ())
    allowed = wanted.get("allowed_tool_names")
    return [
        tool
        for tool in tools
        if tool.name not in blocked and (allowed is None or tool.name in allowed)
    ]


async def _is_wanted(tool: MCPTool, wanted: ToolFilterCallable, context: ToolFilterContext) -> bool:
    try:
        return bool(await maybe_await(wanted(context, tool.model_copy(deep=True))))
    # The filter is the user's: what it cannot judge is safest left out.
    except Exception:  # noqa: BLE001
        _log.warning("The tool filter of an MCP server failed on %r", tool.name, exc_info=True)
        return False
