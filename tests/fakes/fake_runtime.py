"""An agents library of its own, as far as a host relies on one: its runs follow a script.

It stands for both real libraries: a host finds `Runner`, `RunState` and `RunHooks` here by the
module of an agent's class.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

REJECTION = "Tool execution was not approved."


class RunHooks:
    """Hears of agents that begin and of calls that wait."""

    async def on_agent_start(self, context: Any, agent: Agent) -> None:
        """An agent begins."""

    async def on_approval_requested(self, context: Any, agent: Agent, tool: Any, item: Any) -> None:
        """A call waits."""


@dataclass(eq=False)
class Agent:
    """An agent whose runs are scripted: one segment a `run_streamed`."""

    name: str = "Triage"
    segments: list[Segment] = field(default_factory=list)
    tools: list[Any] = field(default_factory=list)
    handoffs: list[Any] = field(default_factory=list)
    inputs: list[Any] = field(default_factory=list)


@dataclass(eq=False)
class RunState:
    """What a resumed run starts from: what was decided and said since."""

    approved: list[str] = field(default_factory=list)
    rejected: dict[str, str | None] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    takes_input: bool = True

    def approve(self, approval_item: Any) -> None:
        self.approved.append(approval_item.call_id)

    def reject(self, approval_item: Any, *, rejection_message: str | None = None) -> None:
        self.rejected[approval_item.call_id] = rejection_message

    def add_input(self, input: str) -> None:
        if not self.takes_input:
            raise RuntimeError("the tool's result may end the run")
        self.added.append(input)


Step = Any
"""An event, an exception to raise, or an async function of the run's hooks and agent."""


@dataclass(eq=False)
class Segment:
    """One stream of a run.

    Attributes:
        steps: What happens, in order.
        interruptions: The calls that wait at its end.
        output: What the run comes to, None if it does not end here.
        items: The conversation afterwards.
        new_items: What of it the run's settled turns added.
        takes_input: Whether its state takes a message.
    """

    steps: list[Step] = field(default_factory=list)
    interruptions: list[Any] = field(default_factory=list)
    output: Any = None
    items: list[Any] = field(default_factory=list)
    new_items: list[Any] = field(default_factory=list)
    takes_input: bool = True


class RunResultStreaming:
    """A run that follows one segment."""

    def __init__(self, agent: Agent, segment: Segment, hooks: RunHooks) -> None:
        self.last_agent = agent
        self.new_items = segment.new_items
        self.interruptions: list[Any] = []
        self.final_output: Any = None
        self.run_loop_exception: BaseException | None = None
        self.cancelled: list[str] = []
        self.is_closed = False
        self._segment = segment
        self._hooks = hooks
        self._stopped = asyncio.Event()

    async def stream_events(self) -> AsyncIterator[Any]:
        try:
            for step in self._segment.steps:
                if "immediate" in self.cancelled:
                    return
                if isinstance(step, BaseException):
                    raise step
                if not callable(step):
                    yield step
                elif not await self._ran(step):
                    return
            self.interruptions = list(self._segment.interruptions)
            if not self.cancelled or not self.interruptions:
                self.final_output = self._segment.output
        finally:
            self.is_closed = True

    def cancel(self, mode: str = "immediate") -> None:
        self.cancelled.append(mode)
        if mode == "immediate":
            self._stopped.set()

    def to_state(self) -> RunState:
        return RunState(takes_input=self._segment.takes_input)

    def to_input_list(self) -> list[Any]:
        return list(self._segment.items)

    async def _ran(self, step: Callable[[RunHooks, Agent], Awaitable[None]]) -> bool:
        """Run a step, unless the run is cancelled before it ends."""
        running = asyncio.ensure_future(step(self._hooks, self.last_agent))
        stopped = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
            return running.done()
        finally:
            running.cancel()
            stopped.cancel()
            await asyncio.gather(running, stopped, return_exceptions=True)


class Runner:
    """Starts runs."""

    @staticmethod
    def run_streamed(
        agent: Agent, input: Any, context: Any = None, session: Any = None, *, hooks: RunHooks
    ) -> RunResultStreaming:
        agent.inputs.append(input)
        return RunResultStreaming(agent, agent.segments.pop(0), hooks)


def agent_updated(agent: Any) -> SimpleNamespace:
    """An agent gains the control."""
    return SimpleNamespace(type="agent_updated_stream_event", new_agent=agent)


def raw(data: Any) -> SimpleNamespace:
    """An event of the model's stream."""
    return SimpleNamespace(type="raw_response_event", data=data)


def run_item(kind: str, agent: Any, raw_item: Any, **fields: Any) -> SimpleNamespace:
    """A run item."""
    item = SimpleNamespace(type=kind, agent=agent, raw_item=raw_item, **fields)
    return SimpleNamespace(type="run_item_stream_event", name=kind, item=item)


def message(agent: Any, text: str, item_id: str = "") -> SimpleNamespace:
    """A message without a stream before it."""
    parts = [{"type": "output_text", "text": text}]
    raw_item = {"type": "message", "id": item_id, "content": parts}
    return run_item("message_output_item", agent, raw_item)


def called(agent: Any, call_id: str, name: str, arguments: str = "{}") -> SimpleNamespace:
    """A call without a stream before it."""
    raw_item = {
        "type": "function_call",
        "call_id": call_id,
        "name": name,
        "arguments": arguments,
    }
    return run_item("tool_call_item", agent, raw_item)


def tool_output(agent: Any, call_id: str, output: Any) -> SimpleNamespace:
    """The output of a call."""
    raw_item = {"type": "function_call_output", "call_id": call_id, "output": output}
    return run_item("tool_call_output_item", agent, raw_item, output=output)


def waiting(agent: Any, call_id: str, name: str, arguments: str = "{}") -> SimpleNamespace:
    """A call that waits for a person."""
    return SimpleNamespace(
        type="tool_approval_item",
        agent=agent,
        tool_name=name,
        name=name,
        call_id=call_id,
        arguments=arguments,
        raw_item={"call_id": call_id, "name": name, "arguments": arguments},
    )
