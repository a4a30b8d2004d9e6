"""Runs an agent as a tool of another, also across pauses for approval."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from tui.agents.agent_tool_input import AgentInput, AgentToolInput
from tui.agents.coerced import function_name
from tui.agents.exceptions import UserError
from tui.agents.invoker import ToolInvoker
from tui.agents.items import ItemHelpers, MessageOutputItem, ToolCallOutputItem
from tui.agents.kinds import JsonObject, RawItem, UserValue
from tui.agents.maybe_await import MaybeAwaitable, maybe_await
from tui.agents.run import checked_options, complete, start_nested, stream
from tui.agents.stream_events import AgentUpdatedStreamEvent, NestedStreamEvent, StreamEvent
from tui.agents.teller import Teller
from tui.agents.tool import FunctionTool
from tui.agents.tool_context import ToolContext

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.result import RunResult, RunResultStreaming
    from tui.agents.run_state import RunState

_log = logging.getLogger(__name__)


class AgentToolStreamEvent(TypedDict):
    """What `on_stream` is given: an event, the nested agent, and the outer call."""

    event: StreamEvent
    agent: Agent
    tool_call: RawItem


OnStream = Callable[[AgentToolStreamEvent], MaybeAwaitable[None]]
OutputExtractor = Callable[[UserValue], Awaitable[str]]
_Teller = Teller[AgentToolStreamEvent]


class AgentToolBacklogError(UserError):
    """`on_stream` was too slow for its nested run."""


@dataclass(frozen=True, eq=False)
class AgentBody:
    """The body of an agent's tool: one nested run a call.

    Attributes:
        agent: Who runs.
        input: Makes what the run is given.
        extractor: Makes the tool's output of the result; None takes the final output.
        on_stream: Told of each event, of which `waiting_limit` may wait; None is any number.
        options: How the run is started, but for what the call says.
    """

    agent: Agent
    input: AgentToolInput
    extractor: OutputExtractor | None
    on_stream: OnStream | None
    waiting_limit: int | None
    options: JsonObject

    def __post_init__(self) -> None:
        checked_options(self.options["run_config"], self.options["hooks"])
        if self.on_stream is not None and not callable(self.on_stream):
            raise UserError("on_stream must be callable or None.")
        if self.waiting_limit is not None and self.waiting_limit <= 0:
            raise UserError("on_stream_max_pending_events must be a positive integer or None")

    def as_tool(
        self, name: str | None, description: str | None, **options: UserValue
    ) -> FunctionTool:
        """Return the tool; `options` are attributes of it."""
        return FunctionTool(
            name=name or function_name(self.agent.name),
            description=description or "",
            params_json_schema=self.input.schema,
            on_invoke_tool=ToolInvoker(self),
            _is_agent_tool=True,
            _agent_instance=self.agent,
            **options,
        )

    async def __call__(self, ctx: ToolContext, arguments: str) -> UserValue:
        """Run the agent, or take up its paused run; None if it waits for a decision."""
        params = self.input.read(ctx.tool_name, arguments)
        given = await self.input.build(params)
        nested = ctx._nested
        paused = nested.paused.get(ctx.tool_call_id) if nested else None
        if paused is not None and paused.interruptions and not paused.has_decisions:
            return None
        tool_input = params if self.input.is_structured else None
        result = await self._run(ctx, given if paused is None else paused, tool_input)
        if nested is not None:
            if result.interruptions:
                nested.paused[ctx.tool_call_id] = result._paused_state()
                return None
            nested.paused.pop(ctx.tool_call_id, None)
        if self.extractor is not None:
            return await self.extractor(result)
        return _output_of(result)

    async def _run(
        self, ctx: ToolContext, given: AgentInput | RunState, tool_input: JsonObject | None
    ) -> RunResult | RunResultStreaming:
        run = start_nested(self.agent, given, ctx, tool_input, **self.options)
        watched = ctx._nested is not None and ctx._nested.are_watched
        if self.on_stream is None and not watched:
            return await complete(run)
        async with _Teller(self._tell) as teller, stream(run) as result:
            await self._follow(ctx, result, teller)
        return result

    async def _follow(self, ctx: ToolContext, result: RunResultStreaming, teller: _Teller) -> None:
        agent = result.current_agent
        async for event in result.stream_events(nested=True):
            if isinstance(event, AgentUpdatedStreamEvent):
                agent = event.new_agent
            if ctx._nested is not None and ctx._nested.are_watched:
                await ctx._nested.forward(event, ctx.tool_call_id)
            if self.on_stream is not None and not isinstance(event, NestedStreamEvent):
                await self._have_room(teller)
                teller.add({"event": event, "agent": agent, "tool_call": ctx.tool_call})

    async def _tell(self, event: AgentToolStreamEvent) -> None:
        assert self.on_stream is not None
        try:
            await maybe_await(self.on_stream(event))
        except Exception:  # noqa: BLE001 - a watcher's fault must not end what it watches
            _log.exception("on_stream of the agent tool %s failed", self.agent.name)

    async def _have_room(self, teller: _Teller) -> None:
        if self.waiting_limit is None or len(teller.waiting) < self.waiting_limit:
            return
        # Of a burst that came at once, a handler that waits for nothing must not be the victim.
        teller.wake()
        await asyncio.sleep(0)
        if len(teller.waiting) >= self.waiting_limit:
            teller.drop()
            raise AgentToolBacklogError(
                "Agent tool on_stream backlog exceeded "
                f"on_stream_max_pending_events={self.waiting_limit}. "
                "Use a faster handler, increase the limit, or set it to None."
            )


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
