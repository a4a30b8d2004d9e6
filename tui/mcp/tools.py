"""Makes function tools of what servers list. Stays out of how a server is asked."""

from __future__ import annotations

import copy
import json
import logging
import re
from collections import Counter
from collections.abc import Sequence
from hashlib import sha1
from types import EllipsisType
from typing import TYPE_CHECKING, Final

from tui.agents.arguments import parse_arguments
from tui.agents.exceptions import AgentsException, UserError
from tui.agents.invoker import ToolInvoker
from tui.agents.kinds import JsonObject, MCPTool, UserValue
from tui.agents.maybe_await import maybe_await
from tui.agents.run_context import RunContextWrapper
from tui.agents.strict_schema import ensure_strict_json_schema
from tui.agents.tool import FunctionTool, default_tool_error_function
from tui.agents.tool_context import ToolContext
from tui.mcp.approval import needs_approval
from tui.mcp.connection import protocol_errors
from tui.mcp.server import MCPServer, MCPToolMetaContext, shown_name

if TYPE_CHECKING:
    from mcp.types import CallToolResult

    from tui.agents.agent_base import AgentBase

_log = logging.getLogger(__name__)
_NAME_CHARACTERS: Final = 64
_HASH_CHARACTERS: Final = 8


async def tools_of_servers(
    agent: AgentBase, context: RunContextWrapper, reserved: Sequence[str]
) -> list[FunctionTool]:
    """Return what an agent's servers give it, server by server.

    Args:
        agent: The agent; `mcp_config` says how.
        context: The run's context.
        reserved: Names that are taken, if those of the tools are made of their servers'.

    Raises:
        UserError: If two tools have one name.
    """
    listed: list[tuple[MCPServer, MCPTool]] = []
    for server in agent.mcp_servers:
        listed += [(server, tool) for tool in await server.list_tools(context, agent)]
    names = [tool.name for _, tool in listed]
    if agent.mcp_config.get("include_server_in_tool_names"):
        names = _prefixed(listed, set(reserved))
    if twice := sorted(repr(name) for name, count in Counter(names).items() if count > 1):
        raise UserError(
            f"Duplicate tool names found across MCP servers: {', '.join(twice)}. Set "
            "`mcp_config={'include_server_in_tool_names': True}` on the agent to prefix tool "
            "names with their server name."
        )
    return [
        _tool(agent, server, tool, name) for (server, tool), name in zip(listed, names, strict=True)
    ]


def _tool(agent: AgentBase, server: MCPServer, tool: MCPTool, name: str) -> FunctionTool:
    schema, is_strict = _schema(tool, agent.mcp_config.get("convert_schemas_to_strict", False))
    explain = server.failure_error_function
    if isinstance(explain, EllipsisType):
        explain = agent.mcp_config.get("failure_error_function", default_tool_error_function)
    return FunctionTool(
        name=name,
        description=tool.description or _title(tool) or "",
        params_json_schema=schema,
        on_invoke_tool=ToolInvoker(ServerCall(server, tool, name)),
        strict_json_schema=is_strict,
        needs_approval=needs_approval(server.approval_policy, tool, agent),
        failure_error_function=explain,
        tool_input_guardrails=server.tool_input_guardrails,
        tool_output_guardrails=server.tool_output_guardrails,
    )


class ServerCall:
    """Calls one tool of a server."""

    def __init__(self, server: MCPServer, tool: MCPTool, name: str) -> None:
        self.server = server
        self.tool = tool
        self.name = name

    async def __call__(self, ctx: ToolContext, input: str) -> UserValue:
        """Call it and return what the model is told.

        Raises:
            ModelBehaviorError: If the arguments are no JSON object.
            AgentsException: If the call cannot be made.
        """
        arguments = parse_arguments(self.name, input)
        try:
            meta = await self._meta(ctx, arguments)
            result = await self.server.call_tool(self.tool.name, arguments, **meta)
        except Exception as error:
            if isinstance(error, (AgentsException, *protocol_errors())):
                raise
            raise AgentsException(
                f"Error invoking MCP tool {self.name} on server "
                f"'{shown_name(self.server.name)}': {error}"
            ) from error
        return _output(result, self.server.use_structured_content)

    async def _meta(self, ctx: ToolContext, arguments: JsonObject) -> dict[str, JsonObject]:
        """Return the argument `meta`, if there is any: not every server of a user's takes it."""
        merged: JsonObject = {}
        if resolve := self.server.tool_meta_resolver:
            server, copied = self.server.name, copy.deepcopy(arguments)
            call = MCPToolMetaContext(ctx, server, self.tool.name, copied)
            made: JsonObject | None = await maybe_await(resolve(call))
            merged.update(made or {})
        merged.update(self.tool.meta or {})
        return {"meta": merged} if merged else {}


def _schema(tool: MCPTool, wants_strict: bool) -> tuple[JsonObject, bool]:
    """Return the schema of a tool's arguments, and whether it is strict."""
    # The service wants the key; the protocol does not.
    schema = {
        **copy.deepcopy(tool.input_schema),
        "properties": tool.input_schema.get("properties", {}),
    }
    if wants_strict:
        try:
            is_told = bool(tool.input_schema)
            return ensure_strict_json_schema(schema, must_accept_the_same=is_told), True
        # A schema that cannot be made strict is still a schema.
        except (UserError, TypeError, ValueError, LookupError) as error:
            _log.info("The schema of the MCP tool %r stays as it is: %s", tool.name, error)
    return schema, False


def _title(tool: MCPTool) -> str | None:
    title: str | None = tool.title or (tool.annotations and tool.annotations.title)
    return title


def _output(result: CallToolResult, wants_structured: bool) -> UserValue:
    if wants_structured and result.structured_content and not result.is_error:
        return json.dumps(result.structured_content)
    parts = [_part(block) for block in result.content]
    return parts[0] if len(parts) == 1 else parts


def _part(block: UserValue) -> JsonObject:
    match block.type:
        case "text":
            return {"type": "text", "text": block.text}
        case "image":
            return {"type": "image", "image_url": f"data:{block.mime_type};base64,{block.data}"}
    return {"type": "text", "text": block.model_dump_json()}


def _prefixed(listed: Sequence[tuple[MCPServer, MCPTool]], used: set[str]) -> list[str]:
    """Return names with the servers' names in them: no two the same, none in use, none too long."""
    seeds = [(shown_name(server.name), tool.name) for server, tool in listed]
    bases = [f"mcp_{_safe(server, 'server')}__{_safe(tool, 'tool')}" for server, tool in seeds]
    counts = Counter(bases)
    wished = [
        _short(base, "\0".join(seed), is_marked=counts[base] > 1 or base in used)
        for base, seed in zip(bases, seeds, strict=True)
    ]
    names = list(wished)
    used = set(used)
    # In an order of their own, so that a tool's name does not hang on how servers list.
    for index in sorted(range(len(names)), key=lambda each: (wished[each], seeds[each], each)):
        tries = 0
        while names[index] in used:
            tries += 1
            seed = "\0".join((*seeds[index], str(tries)))
            names[index] = _short(bases[index], seed, is_marked=True)
        used.add(names[index])
    return names


def _safe(name: str, otherwise: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", name).strip("_-") or otherwise


def _short(name: str, seed: str, *, is_marked: bool) -> str:
    if len(name) <= _NAME_CHARACTERS and not is_marked:
        return name
    mark = sha1(seed.encode(), usedforsecurity=False).hexdigest()[:_HASH_CHARACTERS]
    stem = name[: _NAME_CHARACTERS - _HASH_CHARACTERS - 1].rstrip("_-") or "mcp"
    return f"{stem}_{mark}"
