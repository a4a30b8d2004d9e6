"""What a run came to, and how a streamed one is read. Drives nothing."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar, overload

from tui.agents.active_run import Run, RunStatus
from tui.agents.event_queue import EventQueue, EventStream
from tui.agents.exceptions import AgentsException
from tui.agents.guardrail import InputGuardrailResult, OutputGuardrailResult
from tui.agents.item_helpers import ItemHelpers
from tui.agents.items import ModelResponse, RunItem, ToolApprovalItem, TResponseInputItem
from tui.agents.kinds import UserValue
from tui.agents.run_context import RunContextWrapper
from tui.agents.run_state import RunState
from tui.agents.stream_events import AnyStreamEvent, StreamEvent
from tui.agents.tool_guardrails import ToolInputGuardrailResult, ToolOutputGuardrailResult

if TYPE_CHECKING:
    from typing import Self

    from tui.agents.agent import Agent


T = TypeVar("T")


@dataclass(frozen=True)
class AgentToolInvocation:
    """The call that an agent used as a tool answers; the arguments are the model's own JSON."""

    tool_name: str
    tool_call_id: str
    tool_arguments: str


class RunResultBase:
    """What a run has come to so far. After a pause, the earlier part is included."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._released: weakref.ref[Agent] | None = None

    @property
    def input(self) -> str | list[TResponseInputItem]:
        """What the run was started with, or what a handoff's filter made of it."""
        return self._run.input

    @property
    def new_items(self) -> list[RunItem]:
        """The items of all settled turns, oldest first."""
        return self._run.items

    @property
    def raw_responses(self) -> list[ModelResponse]:
        """The model's responses, oldest first."""
        return self._run.responses

    @property
    def final_output(self) -> UserValue:
        """The output, or None if the run has not come to one."""
        return self._run.final_output

    @property
    def interruptions(self) -> list[ToolApprovalItem]:
        """The requests for approval the run waits for."""
        return self._run.interruptions

    @property
    def last_agent(self) -> Agent:
        """The agent that was in control last.

        Raises:
            AgentsException: If it was released, and nobody else holds it.
        """
        agent = self._agent
        if agent is None:
            raise AgentsException("Last agent reference is no longer available.")
        return agent

    def release_agents(self, *, release_new_items: bool = True) -> None:
        """Let go of the agents of a run that has stopped, and if wanted its items' too."""
        run = self._run
        if run.status == "running" or self._released is not None:
            return
        for item in (*run.items, *run.model_items) if release_new_items else ():
            item.release_agent()
        run.output_schemas.clear()
        self._released = weakref.ref(run.agent)
        del run.agent
        run.heir = None

    @property
    def _agent(self) -> Agent | None:
        return self._run.agent if self._released is None else self._released()

    @property
    def context_wrapper(self) -> RunContextWrapper:
        """The run's context, with its usage."""
        return self._run.context

    @property
    def input_guardrail_results(self) -> list[InputGuardrailResult]:
        """What the input guardrails found, also the one that ended the run."""
        return self._run.guardrail_results.input

    @property
    def output_guardrail_results(self) -> list[OutputGuardrailResult]:
        """What the output guardrails found, also the one that ended the run."""
        return self._run.guardrail_results.output

    @property
    def tool_input_guardrail_results(self) -> list[ToolInputGuardrailResult]:
        """What the guardrails of called tools found in settled turns."""
        return self._run.guardrail_results.tool_input

    @property
    def tool_output_guardrail_results(self) -> list[ToolOutputGuardrailResult]:
        """What the guardrails of tools' outputs found in settled turns."""
        return self._run.guardrail_results.tool_output

    @property
    def last_response_id(self) -> str | None:
        """The service's id of the last response."""
        return self._run.responses[-1].response_id if self._run.responses else None

    @property
    def agent_tool_invocation(self) -> AgentToolInvocation | None:
        """The call that this run answers; None if its agent is not used as a tool."""
        return self._run.invocation

    @property
    def run_id(self) -> str:
        """Names the run, over all its pauses."""
        return self._run.run_id

    @property
    def status(self) -> RunStatus:
        """What the run came to; "running" until it has stopped."""
        return self._run.status

    @property
    def max_turns(self) -> int | None:
        """How many model calls the run may make."""
        return self._run.max_turns

    def final_output_as(self, cls: type[T], raise_if_incorrect_type: bool = False) -> T:
        """Return the final output as a `cls`, for type checkers.

        Raises:
            TypeError: If it is none, and `raise_if_incorrect_type` is set.
        """
        output: T = self._run.final_output
        if raise_if_incorrect_type and not isinstance(output, cls):
            raise TypeError(f"Final output is not of type {cls.__name__}")
        return output

    def to_input_list(
        self, *, mode: Literal["preserve_all", "normalized"] = "preserve_all"
    ) -> list[TResponseInputItem]:
        """Return input and items as the input of a following run.

        Args:
            mode: "normalized" leaves out what a handoff's filter has hidden from the model.
        """
        items = self._run.items if mode == "preserve_all" else self._run.model_items
        made = [item.to_input_item() for item in items if item.type != "tool_approval_item"]
        return [*ItemHelpers.input_to_new_input_list(self._run.input), *made]

    def to_state(self) -> RunState:
        """Return the run as a state that can be kept, decided on and taken up again.

        Raises:
            AgentsException: If its agent was released, and nobody else holds it.
        """
        self._run.agent, self._released = self.last_agent, None
        return RunState.of_run(self._run)

    def _paused_state(self) -> RunState:
        """Return the state for the run around this one: it still takes decisions."""
        return RunState.of_run(self._run, keeps_up=True)

    def __str__(self) -> str:
        run = self._run
        return (
            f"{type(self).__name__}({run.status}, agent={self._agent and self._agent.name!r}, "
            f"{len(run.items)} items, final_output={run.final_output!r})"
        )


class RunResult(RunResultBase):
    """What a run that was not streamed came to."""


class RunResultStreaming(RunResultBase):
    """A run that is going on. It was started already; reading it is up to you.

    Read it by `async for event in result.stream_events()`, or `async for event in result`. With
    `async with result:` around, leaving the block cancels a run that has not ended.
    """

    def __init__(self, run: Run, queue: EventQueue) -> None:
        super().__init__(run)
        self._queue = queue
        self._task: asyncio.Task[None] | None = None
        self._error: BaseException | None = None

    @property
    def current_agent(self) -> Agent:
        """The agent in control. To attribute a text, use the events: this may be ahead."""
        return self.last_agent

    @property
    def current_turn(self) -> int:
        """How many model calls were begun."""
        return self._run.turn

    @property
    def is_complete(self) -> bool:
        """Whether the run has stopped."""
        return self._run.status != "running"

    @property
    def run_loop_task(self) -> asyncio.Task[None] | None:
        """The task that drives the run; it never raises."""
        return self._task

    @property
    def run_loop_exception(self) -> BaseException | None:
        """What the run failed with, or None."""
        return self._error

    @property
    def result(self) -> RunResultStreaming:
        """The result once the run has stopped: this object.

        Raises:
            AgentsException: While it has not.
        """
        if not self.is_complete:
            raise AgentsException("the run has not finished: consume the stream first")
        return self

    @overload
    def stream_events(self, *, nested: Literal[False] = False) -> AsyncIterator[StreamEvent]: ...

    @overload
    def stream_events(self, *, nested: bool) -> AsyncIterator[AnyStreamEvent]: ...

    def stream_events(self, *, nested: bool = False) -> AsyncIterator[AnyStreamEvent]:
        """Read the run's events, once and in one place.

        The stream ends when the run does, also at a pause (see `interruptions`) and after
        `cancel()`. A failure is raised after the events before it.

        Args:
            nested: Also yield, each as a `NestedStreamEvent`, the events of agents used as tools
                whose runs begin after this call.

        Raises:
            UserError: If the run is already being read elsewhere.
            Exception: What the run failed with.
        """
        self._queue.wants_nested = self._queue.wants_nested or nested
        return EventStream(self._queue, self.cancel)

    def __aiter__(self) -> AsyncIterator[StreamEvent]:
        return self.stream_events()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Cancel the run if it goes on, and wait until it has stopped."""
        if self._task is not None and not self._task.done():
            self.cancel()
            await asyncio.wait([self._task])

    def cancel(self, mode: Literal["immediate", "after_turn"] = "immediate") -> None:
        """Stop the run; a run that has stopped is left as it is.

        Args:
            mode: "immediate" ends the stream now and discards the turn in progress. "after_turn"
                lets the turn end, tools included; the state can then be taken up again.
        """
        if self.is_complete:
            return
        if mode == "after_turn":
            self._run.stops_after_turn = True
            return
        self._run.status = "cancelled"
        self._queue.close(discard=True)
        if self._task is not None:
            self._task.cancel()
