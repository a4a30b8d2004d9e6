"""Runs an agent as a tool of another, also across pauses for approval."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from tui.agents.arguments import parse_arguments
from tui.agents.exceptions import ModelBehaviorError
from tui.agents.invoker import ToolInvoker
from tui.agents.item_helpers import ItemHelpers
from tui.agents.items import MessageOutputItem, ToolCallOutputItem
from tui.agents.kinds import JsonObject, RawItem, UserValue
from tui.agents.maybe_await import MaybeAwaitable, maybe_await
from tui.agents.names import function_name
from tui.agents.run_context import RunContextWrapper
from tui.agents.stream_events import AgentUpdatedStreamEvent, NestedStreamEvent, StreamEvent
from tui.agents.tool import FunctionTool
from tui.agents.tool_context import ToolContext

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.lifecycle import RunHooks
    from tui.agents.result import RunResult, RunResultStreaming
    from tui.agents.run import StartedRun
    from tui.agents.run_config import RunConfig
    from tui.agents.run_state import RunState

_log = logging.getLogger(__name__)


class AgentToolStreamEvent(TypedDict):
    """What `on_stream` is given: an event, the nested agent, and the outer call."""

    event: StreamEvent
    agent: Agent
    tool_call: RawItem


OnStream = Callable[[AgentToolStreamEvent], MaybeAwaitable[None]]
NestedStart = Callable[..., "StartedRun"]
"""`run.start_nested`: makes a nested run, ready to go."""
OutputExtractor = Callable[[UserValue], Awaitable[str]]

_SCHEMA = {
    "description": "Default input schema for agent-as-tool calls.",
    "properties": {"input": {"title": "Input", "type": "string"}},
    "required": ["input"],
    "title": "AgentAsToolInput",
    "type": "object",
}


def make_agent_tool(
    agent: Agent,
    start: NestedStart,
    *,
    name: str | None,
    description: str | None,
    extractor: OutputExtractor | None,
    on_stream: OnStream | None,
    run_config: RunConfig | None,
    max_turns: int | None,
    hooks: RunHooks | None,
    tool_options: JsonObject,
) -> FunctionTool:
    """Return a tool that runs `agent`; `tool_options` are attributes of the tool."""
    body = AgentBody(agent, start, extractor, on_stream, run_config, max_turns, hooks)
    return FunctionTool(
        name=name or function_name(agent.name),
        description=description or "",
        params_json_schema=_SCHEMA,
        on_invoke_tool=ToolInvoker(body, handles_failure=True),
        _is_agent_tool=True,
        _agent_instance=agent,
        **tool_options,
    )


@dataclass(frozen=True, eq=False)
class AgentBody:
    """The body of an agent's tool: one nested run a call."""

    agent: Agent
    start: NestedStart
    extractor: OutputExtractor | None
    on_stream: OnStream | None
    run_config: RunConfig | None
    max_turns: int | None
    hooks: RunHooks | None

    async def __call__(self, ctx: ToolContext, arguments: str) -> UserValue:
        """Run the agent, or take up its paused run; None if it waits for a decision."""
        text = _input_text(ctx.tool_name, arguments)
        nested = ctx._nested
        paused = nested.paused.get(ctx.tool_call_id) if nested else None
        if paused is not None and not paused.has_decisions:
            return None
        result = await self._run(ctx, text if paused is None else paused)
        if nested is not None:
            if result.interruptions:
                nested.paused[ctx.tool_call_id] = result.to_state()
                return None
            nested.paused.pop(ctx.tool_call_id, None)
        if self.extractor is not None:
            return await self.extractor(result)
        return _output_of(result)

    async def _run(self, ctx: ToolContext, input: str | RunState) -> RunResult | RunResultStreaming:
        run = self.start(
            self.agent,
            input,
            context=RunContextWrapper(ctx.context, usage=ctx.usage),
            max_turns=self.max_turns,
            hooks=self.hooks,
            run_config=self.run_config or ctx.run_config,
            watchers=ctx._nested.watchers if ctx._nested else (),
        )
        watched = ctx._nested is not None and ctx._nested.are_watched
        if self.on_stream is None and not watched:
            return await run.complete()
        return await self._follow(ctx, run.stream())

    async def _follow(self, ctx: ToolContext, result: RunResultStreaming) -> RunResultStreaming:
        agent = result.current_agent
        async with result:
            async for event in result.stream_events(nested=True):
                if isinstance(event, AgentUpdatedStreamEvent):
                    agent = event.new_agent
                if ctx._nested is not None and ctx._nested.are_watched:
                    await ctx._nested.forward(event, ctx.tool_call_id)
                if self.on_stream is not None and not isinstance(event, NestedStreamEvent):
                    await self._tell(event, agent, ctx.tool_call)
        return result

    async def _tell(self, event: StreamEvent, agent: Agent, tool_call: RawItem) -> None:
        assert self.on_stream is not None
        try:
            await maybe_await(
                self.on_stream({"event": event, "agent": agent, "tool_call": tool_call})
            )
        except Exception:  # noqa: BLE001 - a watcher's fault must not end what it watches
            _log.exception("on_stream of the agent tool %s failed", self.agent.name)


def _input_text(tool_name: str, arguments: str) -> str:
    text = parse_arguments(tool_name, arguments).get("input")
    if not isinstance(text, str):
        raise ModelBehaviorError(f"Invalid JSON input for tool {tool_name}")
    return text


def _output_of(result: RunResult | RunResultStreaming) -> UserValue:
    """Return the final output; if that is empty, the last text the nested run produced."""
    if result.final_output not in (None, ""):
        return result.final_output
    for item in reversed(result.new_items):
        if isinstance(item, MessageOutputItem) and (text := ItemHelpers.text_message_output(item)):
            return text
        if isinstance(item, ToolCallOutputItem) and isinstance(item.output, str) and item.output:
            return item.output
    return result.final_output
