"""One run as one stream, across approvals, steering and cancels: segment after segment.

Stays out of how a stream is read and of where the events go.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Agents, tools and approval items are of either library.
from typing import Any

from tui.host.live.approvals import Approvals, Request, call_id_of
from tui.host.live.calls import CallWatch
from tui.host.live.failures import guardrail_tripped, run_failed
from tui.host.live.gate import Gate
from tui.host.live.history import Conversation, closed, user_item
from tui.host.live.normalize import Ledger, Normalizer, output_text
from tui.host.live.runtime import Runtime
from tui.host.live.scope import INSIDE, RUN, Call
from tui.host.live.segment import follow
from tui.host.live.shapes import ForeignAgent, ForeignResult, field, name_of, safe, text_field
from tui.host.live.teller import Teller
from tui.wire.commands import Decide
from tui.wire.events import (
    AgentChanged,
    ConsoleOutput,
    Ending,
    RunCancelled,
    RunCompleted,
    RunEvent,
    RunPaused,
    RunResumed,
    RunStarted,
    ToolOutput,
    UserMessage,
)

# A stream that was cancelled ends by itself; one that does not is cut.
_CANCEL_GRACE_S = 0.5


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a run begins with.

    Attributes:
        target: What the person asked to run.
        continues: The run whose conversation goes on, None for a new one.
        conversation: That conversation, or the start agent and nothing said.
        notice: What the person must know before it begins, "" for nothing.
    """

    run_id: str
    target: str
    text: str
    conversation: Conversation
    continues: str | None = None
    rehearsal: bool = False
    notice: str = ""


class Chain:
    """A run from its first event to its last.

    Args:
        beginning: What it begins with.
        runtime: The agents library of its agent.
        gate: Stands in the tools.
        emit: Takes the events, in order, without `seq` and `at`.
        flush: Has `printed` called with what was printed so far, before a call or the run ends.
    """

    def __init__(
        self,
        beginning: Beginning,
        runtime: Runtime,
        gate: Gate,
        emit: Callable[[RunEvent], None],
        flush: Callable[[], None] = lambda: None,
    ) -> None:
        self.run_id = beginning.run_id
        self.conversation = beginning.conversation
        self._beginning = beginning
        self._runtime = runtime
        self._gate = gate
        self._flush = flush
        self._ledger = Ledger(self.run_id)
        self._teller = Teller(self.run_id, emit, self._ledger.new_id)
        self._calls = CallWatch(self._ledger, self._teller, flush)
        self._approvals = Approvals(self.run_id)
        self._normalizer = Normalizer(self._ledger, runtime.handoff_tools)
        self._path: list[str] = []
        self._said: list[str] = []
        self._messages = 0
        self._cancelled = ""
        self._changed = asyncio.Event()
        self._result: ForeignResult | None = None
        self._task: asyncio.Task[Any] | None = None

    async def follow(self) -> None:
        """Run to the end; every failure is an event."""
        self._task = asyncio.current_task()
        RUN.set(self._calls)
        self._begin()
        try:
            ending = await self._segments()
        except asyncio.CancelledError:
            # By `cancel` after its grace, or by the host that ends: both are a person's wish.
            ending = RunCancelled(run_id=self.run_id, mode=self._cancelled or "immediate")
        except Exception as error:  # noqa: BLE001 - whatever user code and services raise
            for event in guardrail_tripped(self.run_id, self._active_agent(), error):
                self._teller.tell(event)
            ending = run_failed(self.run_id, error)
        self._end(ending)

    def decide(self, wish: Decide) -> None:
        """Take a person's answer to a pending call."""
        self._teller.tell(self._approvals.decide(wish))
        self._changed.set()

    def say(self, text: str) -> None:
        """Give the run a message for its next model call."""
        self._said.append(safe(text))
        self._changed.set()
        if self._result is not None and self._runtime.can_steer and not self._cancelled:
            # The turn goes to its end; the next one begins with the message.
            self._result.cancel("after_turn")

    def cancel(self, mode: str) -> None:
        """End the run, "after_turn" or "immediate"; while a call waits both are the same."""
        self._cancelled = "after_turn" if mode == "after_turn" else "immediate"
        self._changed.set()
        if self._result is not None:
            self._stop(self._result)

    def printed(self, event: ConsoleOutput) -> None:
        """Tell what the run's code printed."""
        self._calls.printed(event)

    def agent_started(self, agent: Any) -> None:
        """Stand in the tools of an agent before it can call them."""
        self._gate.reach(agent)
        self._tell_unreached()

    def approval_known(self, agent: Any, tool: Any, item: Any) -> None:
        """Show a request while free tools of its turn still run."""
        self._request(item, agent, tool)

    def _begin(self) -> None:
        start, agent = self._beginning, self.conversation.agent
        self._tell(
            RunStarted(
                run_id=self.run_id,
                agent=name_of(agent),
                target=start.target,
                continues=start.continues,
                rehearsal=start.rehearsal,
            )
        )
        self._path = [name_of(agent)]
        if start.notice:
            self._notice(start.notice)
        self._tell_message(start.text, steering=False)
        self.agent_started(agent)

    async def _segments(self) -> Ending:
        agent: ForeignAgent = self.conversation.agent
        run_input: Any = self._first_input()
        while True:
            result = await self._segment(agent, run_input)
            items = list(result.interruptions)
            if self._cancelled:
                return self._ending_of_cancelled(result, items)
            if items:
                if not await self._all_decided(items):
                    return RunCancelled(run_id=self.run_id, mode=self._cancelled)
                run_input = self._resumed_from(result, items)
            elif self._said:
                agent, run_input = self._steered(result, agent)
            else:
                return self._completed(result)
            self._tell(RunResumed(run_id=self.run_id))

    async def _segment(self, agent: ForeignAgent, run_input: Any) -> ForeignResult:
        result = self._runtime.run_streamed(agent, run_input, self)
        self._result = result
        self._calls.shows_nested = self._runtime.shows_nested(result)
        if self._cancelled:
            self._stop(result)
        try:
            await follow(self._runtime, result, self._normalizer, self._tell)
        finally:
            self._keep(result)
            self._result = None
        self._teller.settle()
        return result

    def _first_input(self) -> Any:
        if not self.conversation.items:
            return self._beginning.text
        return self.conversation.with_message(self._beginning.text)

    def _keep(self, result: ForeignResult) -> None:
        """Remember what a follow-up goes on from, also of a run that failed."""
        try:
            items = closed(result.to_input_list())
            self.conversation = Conversation(items, result.last_agent)
        except Exception:  # noqa: BLE001 - a run that failed early may have nothing to give
            given = self.conversation.with_message(self._beginning.text)
            self.conversation = Conversation(closed(given), self.conversation.agent)

    async def _all_decided(self, items: Sequence[Any]) -> bool:
        """Wait until every call is decided; False if the run is cancelled instead."""
        for item in items:
            self._request(item, field(item, "agent"))
        if waiting := self._approvals.undecided():
            self._tell(RunPaused(run_id=self.run_id, waiting_for=waiting))
        while self._approvals.undecided() and not self._cancelled:
            self._changed.clear()
            await self._changed.wait()
        return not self._cancelled

    def _request(self, item: Any, agent: Any, tool: Any = None) -> None:
        call = self._call_of(item, agent)
        if self._approvals.is_shown(call):
            return
        tool = tool or _tool_named(agent, call.tool)
        path = tuple(self._path) if call.agent == self._path[-1] else (*self._path, call.agent)
        request = Request(call, path, text_field(tool, "description"))
        if call.within is not None and not self._calls.shows_nested:
            self._teller.announce(call)
        self._teller.tell_of_call(call, self._approvals.request(request))

    def _call_of(self, item: Any, agent: Any) -> Call:
        call_id = call_id_of(item)
        known, inside = self._ledger.calls.get(call_id), INSIDE.get()
        within = self._calls.around(agent) if inside is None else inside.call_id
        return Call(
            agent=name_of(agent),
            call_id=call_id,
            tool=text_field(item, "tool_name") or text_field(item, "name"),
            arguments=text_field(item, "arguments"),
            within=known.within if known is not None else within,
        )

    def _resumed_from(self, result: ForeignResult, items: Sequence[Any]) -> Any:
        state = result.to_state()
        self._approvals.apply(state, items)
        if self._runtime.can_steer and self._add_said(state):
            self._tell_said()
        return state

    def _steered(self, result: ForeignResult, agent: ForeignAgent) -> tuple[ForeignAgent, Any]:
        """Return the agent and the input of the segment that answers what was said."""
        if self._runtime.can_steer and result.final_output is None:
            state = result.to_state()
            if self._add_said(state):
                self._tell_said()
                return agent, state
        given = [*self.conversation.items, *(user_item(text) for text in self._said)]
        self._tell_said()
        return self.conversation.agent, given

    def _add_said(self, state: Any) -> bool:
        """Add what was said to a state that goes on; False where it takes no message now."""
        try:
            for text in self._said:
                state.add_input(text)
        except Exception:  # noqa: BLE001 - each library refuses with errors of its own
            return False
        return True

    def _tell_said(self) -> None:
        for text in self._said:
            self._tell_message(text, steering=True)
        self._said.clear()

    def _ending_of_cancelled(self, result: ForeignResult, items: Sequence[Any]) -> Ending:
        if items or result.final_output is None:
            return RunCancelled(run_id=self.run_id, mode=self._cancelled)
        # It had ended before the wish came true.
        return self._completed(result)

    def _completed(self, result: ForeignResult) -> RunCompleted:
        output = result.final_output
        return RunCompleted(
            run_id=self.run_id, final_output="" if output is None else output_text(output)
        )

    def _stop(self, result: ForeignResult) -> None:
        result.cancel(self._cancelled)
        if self._cancelled == "immediate" and self._task is not None:
            self._calls.is_ending = True
            asyncio.get_running_loop().call_later(_CANCEL_GRACE_S, self._task.cancel)

    def _end(self, ending: Ending) -> None:
        why = "the run failed" if not isinstance(ending, RunCancelled) else "the run was cancelled"
        for event in self._approvals.withdraw(why):
            self._teller.tell(event)
        self._flush()
        self._teller.end(ending)

    def _tell(self, event: RunEvent) -> None:
        if isinstance(event, AgentChanged) and event.within is None:
            self._gained_control(event.agent)
        if isinstance(event, ToolOutput):
            self._calls.before_output(event.call_id)
        self._teller.tell(event)

    def _gained_control(self, agent: str) -> None:
        if self._active_agent() != agent:
            self._path.append(agent)

    def _active_agent(self) -> str:
        return self._path[-1] if self._path else ""

    def _tell_message(self, text: str, *, steering: bool) -> None:
        item_id = f"{self.run_id}.user{self._messages}"
        self._messages += 1
        self._tell(
            UserMessage(run_id=self.run_id, item_id=item_id, text=safe(text), steering=steering)
        )

    def _tell_unreached(self) -> None:
        for name in self._gate.unreached:
            self._notice(f"{name}: not gated, its start and end are not seen")

    def _notice(self, text: str) -> None:
        self._tell(ConsoleOutput(run_id=self.run_id, text=f"{text}\n", stream="notice"))


def _tool_named(agent: Any, name: str) -> Any:
    tools = field(agent, "tools") or ()
    return next((tool for tool in tools if name_of(tool) == name), None)
