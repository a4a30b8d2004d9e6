"""What a run came to, and how a streamed one is read. Drives nothing."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncIterator
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, TypeVar, overload

from tui.agents.active_run import Run, RunStatus
from tui.agents.event_queue import EventQueue, EventStream
from tui.agents.exceptions import AgentsException
from tui.agents.guardrail import InputGuardrailResult, OutputGuardrailResult
from tui.agents.items import (
    ItemHelpers,
    ModelResponse,
    RunItem,
    ToolApprovalItem,
    TResponseInputItem,
)
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


def _held(path: str) -> UserValue:
    """Return a property that says what the run holds at `path`, also while it goes on."""
    return property(attrgetter(f"_run.{path}"))


class RunResultBase:
    """What a run has come to so far. After a pause, the earlier part is included."""

    input: str | list[TResponseInputItem] = _held("input")
    """What the run was started with, or what a handoff's filter made of it."""
    new_items: list[RunItem] = _held("items")
    """The items of all settled turns, oldest first."""
    raw_responses: list[ModelResponse] = _held("responses")
    """The model's responses, oldest first."""
    final_output: UserValue = _held("final_output")
    """The output, or None if the run has not come to one."""
    interruptions: list[ToolApprovalItem] = _held("interruptions")
    """The requests for approval the run waits for."""
    context_wrapper: RunContextWrapper = _held("context")
    """The run's context, with its usage."""
    input_guardrail_results: list[InputGuardrailResult] = _held("guardrail_results.input")
    """What the input guardrails found, also the one that ended the run."""
    output_guardrail_results: list[OutputGuardrailResult] = _held("guardrail_results.output")
    """What the output guardrails found, also the one that ended the run."""
    tool_input_guardrail_results: list[ToolInputGuardrailResult] = _held(
        "guardrail_results.tool_input"
    )
    """What the guardrails of called tools found in settled turns."""
    tool_output_guardrail_results: list[ToolOutputGuardrailResult] = _held(
        "guardrail_results.tool_output"
    )
    """What the guardrails of tools' outputs found in settled turns."""
    agent_tool_invocation: AgentToolInvocation | None = _held("invocation")
    """The call that this run answers; None if its agent is not used as a tool."""
    run_id: str = _held("run_id")
    """Names the run, over all its pauses."""
    status: RunStatus = _held("status")
    """What the run came to; "running" until it has stopped."""
    max_turns: int | None = _held("max_turns")
    """How many model calls the run may make."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._released: weakref.ref[Agent] | None = None

    @property
    def last_agent(self) -> Agent:
        """The agent that was in control last; an error if it was released and nobody holds it."""
        if self._agent is None:
            raise AgentsException("Last agent reference is no longer available.")
        return self._agent

    @property
    def last_response_id(self) -> str | None:
        """The service's id of the last response."""
        return self._run.responses[-1].response_id if self._run.responses else None

    @property
    def _agent(self) -> Agent | None:
        return self._run.agent if self._released is None else self._released()

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

    def final_output_as(self, cls: type[T], raise_if_incorrect_type: bool = False) -> T:
        """Return the final output as a `cls`, for type checkers; if wanted, check that it is."""
        output: T = self._run.final_output
        if raise_if_incorrect_type and not isinstance(output, cls):
            raise TypeError(f"Final output is not of type {cls.__name__}")
        return output

    def to_input_list(
        self, *, mode: Literal["preserve_all", "normalized"] = "preserve_all"
    ) -> list[TResponseInputItem]:
        """Return input and items as the input of a following run.

        "normalized" leaves out what a handoff's filter has hidden from the model.
        """
        items = self._run.items if mode == "preserve_all" else self._run.model_items
        made = [item.to_input_item() for item in items if item.type != "tool_approval_item"]
        return [*ItemHelpers.input_to_new_input_list(self._run.input), *made]

    def to_state(self) -> RunState:
        """Return the run as a state that can be kept, decided on and taken up again."""
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

    current_agent = RunResultBase.last_agent
    """The agent in control. To attribute a text, use the events: this may be ahead."""
    current_turn: int = _held("turn")
    """How many model calls were begun."""

    def __init__(self, run: Run, queue: EventQueue) -> None:
        super().__init__(run)
        self._queue = queue
        self.run_loop_task: asyncio.Task[None] | None = None
        """The task that drives the run; it never raises."""
        self.run_loop_exception: BaseException | None = None
        """What the run failed with, or None."""

    @property
    def is_complete(self) -> bool:
        """Whether the run has stopped."""
        return self._run.status != "running"

    @property
    def result(self) -> RunResultStreaming:
        """The result, which is this object, once the run has stopped; an error before."""
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
        `cancel()`. A failure is raised after the events before it. If `nested`, the events of
        agents used as tools whose runs begin after this call come, too, each as a
        `NestedStreamEvent`.

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
        if self.run_loop_task is not None and not self.run_loop_task.done():
            self.cancel()
            await asyncio.wait([self.run_loop_task])

    def cancel(self, mode: Literal["immediate", "after_turn"] = "immediate") -> None:
        """Stop the run; a run that has stopped is left as it is.

        "immediate" ends the stream now and discards the turn in progress; "after_turn" lets the
        turn end, tools included, and the state can then be taken up again.
        """
        if self.is_complete:
            return
        if mode == "after_turn":
            self._run.stops_after_turn = True
            return
        self._run.status = "cancelled"
        self._queue.close(discard=True)
        if self.run_loop_task is not None:
            self.run_loop_task.cancel()
