"""One run as one stream, across approvals, steering and cancels: segment after segment.

Stays out of how a stream is read and of where the events go.
"""

import asyncio
from collections.abc import Callable, Sequence

# Agents, tools and approval items are of either library.
from typing import Any

from msgspec.structs import replace

from tui.errors import PolicyError
from tui.host.live.admission import Admission
from tui.host.live.approvals import call_id_of
from tui.host.live.beginning import Beginning
from tui.host.live.calls import CallWatch
from tui.host.live.checkpoints import Checkpoints, Memory
from tui.host.live.failures import guardrail_tripped, run_failed
from tui.host.live.gate import Gate, call_of
from tui.host.live.history import Conversation
from tui.host.live.looks import looks_of
from tui.host.live.messages import Messages
from tui.host.live.nested import NestedRuns
from tui.host.live.normalize import Normalizer, output_text
from tui.host.live.recovery import Recovery, ledger_of, settled_calls
from tui.host.live.remains import Remains, Unfinished
from tui.host.live.requests import Requests
from tui.host.live.rulebook import News, Rulebook
from tui.host.live.runtime import Runtime
from tui.host.live.scope import RUN
from tui.host.live.segment import follow
from tui.host.live.shapes import ForeignAgent, ForeignResult, field, name_of, text_field
from tui.host.live.spending import Spending
from tui.host.live.teller import Teller
from tui.wire.commands import Decide
from tui.wire.events import (
    AgentChanged,
    ApprovalDecided,
    ConsoleOutput,
    Ending,
    RunCancelled,
    RunCompleted,
    RunEvent,
    RunFailed,
    RunPaused,
    RunRecovered,
    RunResumed,
    RunStarted,
    ToolOutput,
)
from tui.wire.rules import Rule

# A stream that was cancelled ends by itself; one that does not is cut.
_CANCEL_GRACE_S = 0.2
_NEW_PROCESS = "Send another message: a new process begins anew, and tools that ran may run again."
_WHY_WITHDRAWN: dict[type[Ending], str] = {
    RunCompleted: "the run ended without it",
    RunFailed: "the run failed",
    RunCancelled: "the run was cancelled",
}


class Chain:
    """A run from its first event to its last.

    Args:
        beginning: What it begins with.
        runtime: The agents library of its agent.
        gate: Stands in the tools.
        rulebook: What its calls must pass.
        emit: Takes the events, in order, without `seq` and `at`.
        flush: Has `printed` called with what was printed so far, before a call or the run ends.
        memory: Keeps what another process would need to go on with it; None keeps nothing.

    Attributes:
        unfinished: What trying it again takes up, if it failed and that makes sense.
        final_output: What the run came to, of any type; None until it completes.
    """

    def __init__(
        self,
        beginning: Beginning,
        runtime: Runtime,
        gate: Gate,
        rulebook: Rulebook,
        emit: Callable[[RunEvent], None],
        flush: Callable[[], None] = lambda: None,
        memory: Memory | None = None,
    ) -> None:
        self.run_id = beginning.run_id
        self.unfinished: Unfinished | None = None
        self.final_output: Any = None
        self._beginning = beginning
        self._runtime = runtime
        self._gate = gate
        self._rulebook = rulebook
        self._flush = flush
        before = beginning.recovery.before if beginning.recovery is not None else None
        ledger = ledger_of(self.run_id, before)
        self._checkpoints = Checkpoints(runtime, memory)
        self._teller = Teller(self.run_id, emit, ledger.new_id, before)
        self._normalizer = Normalizer(ledger, runtime.handoff_tools)
        nested = NestedRuns(ledger, self._normalizer, self._teller)
        self._calls = CallWatch(ledger, nested, self._teller, flush, self._checkpoints, before)
        root = beginning.root or self.run_id
        self._requests = Requests(
            ledger, self._calls, self._teller, rulebook, root, gate.tool_named, before
        )
        self._approvals = self._requests.approvals
        self._spending = Spending(self.run_id, rulebook, self._teller.tell)
        self._admission = Admission(
            self.run_id,
            rulebook,
            self._requests,
            self._spending,
            self._teller,
            self._gate_waits,
            before,
        )
        self._calls.admission = self._admission
        self._messages = Messages(self.run_id, self._teller.tell, before.messages if before else 0)
        self._remains = Remains(runtime, self._calls.fates, beginning.start, beginning.text)
        self._cancelled = ""
        self._lost = ""
        self._result: ForeignResult | None = None
        # How many responses the runtime has counted when the next one begins.
        self._responses = 0
        self._task: asyncio.Task[Any] | None = None

    async def follow(self) -> None:
        """Run to the end; every failure is an event."""
        self._task = asyncio.current_task()
        RUN.set(self._calls)
        try:
            self._begin()
            ending = await self._segments(await self._first_input())
        except asyncio.CancelledError as error:
            # By `cancel` after its grace, or by the host that ends; else by a tool that raised it.
            is_wish = self._cancelled or (self._task is not None and self._task.cancelling())
            ending = self._as_cancelled() if is_wish else self._failed(error)
        except BaseException as error:  # noqa: BLE001 - whatever user code and services raise
            ending = self._failed(error)
        finally:
            self._rulebook.remove_reader(self._rules_changed)
        self._end(ending)

    @property
    def conversation(self) -> Conversation:
        """What a follow-up goes on from."""
        return self._remains.conversation

    def fail(self, error: BaseException) -> None:
        """Tell that the run failed, unless its end was told: the net under `follow`."""
        self._teller.end(run_failed(self.run_id, error, self._beginning.opened))

    def decide(self, wish: Decide) -> None:
        """Take a person's answer to a pending call, and the rule that comes with it."""
        told = self._requests.decide(wish)
        self._teller.tell(told)
        if wish.grant is not None and isinstance(told, ApprovalDecided):
            self._grant(wish, wish.grant)
        self._rulebook.changed.change()

    def extend_budget(self, by: str) -> None:
        """Give as much again to what is used up."""
        self._spending.extend(by)

    def say(self, text: str) -> None:
        """Give the run a message for its next model call."""
        self._messages.add(text)
        self._rulebook.changed.change()
        if self._result is not None and not self._cancelled:
            self._interrupt(self._result)

    def cancel(self, mode: str) -> None:
        """End the run, "after_turn" or "immediate"; while a call waits both are the same."""
        # Where a call waits at the gate there is no turn left that could end.
        is_soft = mode == "after_turn" and not self._admission.is_waiting
        self._cancelled = "after_turn" if is_soft else "immediate"
        self._rulebook.changed.change()
        if self._result is not None:
            self._stop(self._result)

    def _gate_waits(self) -> None:
        """Do not wait for the end of a turn that has none by itself, if a person wished that."""
        if self._cancelled == "after_turn":
            self.cancel("immediate")

    def lose(self, why: str) -> None:
        """End the run at once and as failed, for no person wished it: `why` is a sentence."""
        if not self._cancelled:
            self._lost = why
        self.cancel("immediate")

    def printed(self, event: ConsoleOutput) -> None:
        """Tell what the run's code printed."""
        self._calls.printed(event)

    def agent_started(self, agent: Any) -> None:
        """Stand in the tools of an agent before it can call them."""
        self._gate.reach(agent)

    def approval_known(self, agent: Any, tool: Any, item: Any) -> None:
        """Show a request while free tools of its turn still run."""
        self._requests.show_early(item, agent, tool)

    async def model_asked(self, agent: Any) -> None:
        """Wait while a budget is used up."""
        await self._admission.before_model(name_of(agent))

    async def tool_starts(self, context: Any, tool: Any) -> None:
        """Let a call wait for what it needs before its time limit begins."""
        call = call_of(context, tool)
        if call.call_id and self._gate.has(tool):
            await self._admission.announce(call, tool)

    def tool_reported(self, context: Any, progress: Any) -> None:
        """Tell how far a running tool says it is."""
        self._calls.reported(text_field(context, "tool_call_id"), progress)

    def _begin(self) -> None:
        if self._beginning.recovery is not None:
            self._begin_again(self._beginning.recovery)
            return
        start, agent = self._beginning, self.conversation.agent
        self._tell(
            RunStarted(
                run_id=self.run_id,
                agent=name_of(agent),
                target=start.target,
                continues=start.continues,
                retries=start.retries,
                rehearsal=start.rehearsal,
            )
        )
        self._rulebook.add_reader(self._rules_changed)
        self._requests.gained_control(name_of(agent))
        if start.notice:
            self.notice(start.notice)
        if isinstance(start.start, Conversation):
            self._messages.begin(start.text)
        program = looks_of(agent) if self._checkpoints.are_kept else {}
        self._checkpoints.begin(
            self._remains.before, start.text, self._remains.first_input, program
        )
        self.agent_started(agent)

    def _begin_again(self, recovery: Recovery) -> None:
        dropped = recovery.before.drop_after(recovery.seq)
        self._spending.recall(recovery.before.events)
        self._tell(RunRecovered(run_id=self.run_id, dropped=dropped))
        self._rulebook.add_reader(self._rules_changed)
        if self._beginning.notice:
            self.notice(self._beginning.notice)
        self.agent_started(self.conversation.agent)

    async def _first_input(self) -> Any:
        """Return what the first segment is given; of a lost turn, once its calls are settled."""
        recovery = self._beginning.recovery
        if recovery is None or recovery.from_state:
            return self._remains.first_input
        fates = await settled_calls(recovery, self._admission)
        for fate in fates:
            self._teller.tell(
                ToolOutput(
                    run_id=self.run_id,
                    agent=fate.call.agent,
                    call_id=fate.call.call_id,
                    output=fate.text,
                )
            )
        return self._remains.go_on_from(fates)

    async def _segments(self, run_input: Any) -> Ending:
        agent: ForeignAgent = self.conversation.agent
        while True:
            result = await self._segment(agent, run_input)
            items = list(result.interruptions)
            if items:
                self._checkpoints.paused(result)
                if not await self._all_decided(items):
                    return self._as_cancelled()
                run_input = self._resumed_from(result, items)
            elif self._cancelled:
                # It may have ended by itself before the wish came true.
                is_done = result.final_output is not None
                return self._completed(result) if is_done else self._as_cancelled()
            elif self._messages.are_waiting:
                agent, run_input = self._steered(result, agent)
            else:
                return self._completed(result)
            self._tell(RunResumed(run_id=self.run_id))

    async def _segment(self, agent: ForeignAgent, run_input: Any) -> ForeignResult:
        options = self.conversation.options
        self._remains.begin_segment(run_input)
        result = self._runtime.run_streamed(agent, run_input, self, options)
        self._result = result
        self._responses = _count_of_responses(result)
        self._calls.shows_nested = self._runtime.shows_nested(result)
        if self._cancelled:
            self._stop(result)
        elif self._messages.are_waiting:
            # Said while a call waited, to a runtime whose states take no message.
            self._interrupt(result)
        try:
            await follow(self._runtime, result, self._normalizer, self._tell, self._look)
        finally:
            self._result = None
            self._remains.keep(result)
        self._teller.settle()
        return result

    def _look(self, event: Any) -> None:
        """Keep what stands before a turn, unless the runtime is a turn ahead of its stream."""
        data = field(event, "data")
        if self._result is None or text_field(event, "type") != "raw_response_event":
            return
        if text_field(data, "type") == "response.created":
            if _count_of_responses(self._result) == self._responses:
                self._checkpoints.turn(self._result)
            self._responses += 1

    def state_known(self, state: Any) -> None:
        """Keep a state that the runtime tells."""
        self._checkpoints.state(state)

    async def _all_decided(self, items: Sequence[Any]) -> bool:
        """Wait until every call is decided; False if the run is cancelled instead."""
        shared = self._requests.refuse_shared(items)
        for item in items:
            if call_id_of(item) not in shared:
                self._requests.show(item, field(item, "agent"))
        for withdrawn in self._approvals.narrow(items):
            self._tell(withdrawn)
        self._teller.settle()
        waiting = self._approvals.undecided()
        if waiting and not self._cancelled:
            self._tell(RunPaused(run_id=self.run_id, waiting_for=waiting))
        await self._rulebook.changed.until(
            lambda: bool(self._cancelled) or not self._approvals.undecided()
        )
        return not self._cancelled

    def _resumed_from(self, result: ForeignResult, items: Sequence[Any]) -> Any:
        state = result.to_state()
        self._approvals.apply(state, items, edits=self._runtime.can_edit)
        if self._runtime.can_steer:
            self._messages.put_into(state)
        return state

    def _steered(self, result: ForeignResult, agent: ForeignAgent) -> tuple[ForeignAgent, Any]:
        """Return the agent and the input of the segment that answers what was said."""
        if self._runtime.can_steer and result.final_output is None:
            state = result.to_state()
            if self._messages.put_into(state):
                return agent, state
        # The turn was the last, and what was said is answered in one more; or the runtime's states
        # take no message, and the run goes on from what was said so far.
        return self.conversation.agent, self._remains.steer(*self._messages.take())

    def _completed(self, result: ForeignResult) -> RunCompleted:
        output = self.final_output = result.final_output
        return RunCompleted(
            run_id=self.run_id, final_output="" if output is None else output_text(output)
        )

    def _failed(self, error: BaseException) -> RunFailed:
        self._tell_guardrail(error)
        failed = run_failed(self.run_id, error, self._beginning.opened)
        has_context = self.conversation.options.get("context") is not None
        if has_context or not isinstance(error, AttributeError) or error.obj is not None:
            return failed
        how = self._beginning.opened.with_context
        advice = f"If the program expects a context, {how}."
        return replace(failed, advice=advice, can_retry=False)

    def _tell_guardrail(self, error: BaseException) -> None:
        for event in guardrail_tripped(self.run_id, self._requests.active_agent, error):
            self._remains.stopped(event.stage, self._calls.unanswered())
            self._teller.tell(event)

    def _as_cancelled(self) -> Ending:
        if self._lost:
            return RunFailed(
                run_id=self.run_id, error_type="HostError", message=self._lost, advice=_NEW_PROCESS
            )
        return RunCancelled(run_id=self.run_id, mode=self._cancelled or "immediate")

    def _rules_changed(self, news: News) -> None:
        self._teller.tell(news(self.run_id))
        self._requests.judge_again()

    def _grant(self, wish: Decide, rule: Rule) -> None:
        by = wish.by or "a person"
        try:
            self._rulebook.grant(rule, by=by, call_id=wish.call_id, is_kept=wish.keeps)
        except PolicyError as error:
            self.notice(f"{error}. The rule holds until the agent process ends.")
            self._rulebook.grant(rule, by=by, call_id=wish.call_id)

    def _interrupt(self, result: ForeignResult) -> None:
        """Let the turn go to its end; the next one begins with what was said."""
        result.cancel("after_turn")

    def _stop(self, result: ForeignResult) -> None:
        if self._cancelled == "immediate" and self._task is not None:
            self._calls.is_ending = True
            asyncio.get_running_loop().call_later(_CANCEL_GRACE_S, self._task.cancel)
        result.cancel(self._cancelled)

    def _end(self, ending: Ending) -> None:
        self._remains.say(*self._messages.take())
        if isinstance(ending, RunFailed) and ending.can_retry:
            self.unfinished = self._remains.unfinished()
        for event in self._approvals.withdraw(_WHY_WITHDRAWN[type(ending)]):
            self._teller.tell(event)
        self._flush()
        self._calls.tell_unread()
        self._checkpoints.end(self.conversation)
        self._teller.end(ending)

    def _tell(self, event: RunEvent) -> None:
        self._spending.note(event)
        if isinstance(event, AgentChanged) and event.within is None:
            self._requests.gained_control(event.agent)
        if isinstance(event, ToolOutput):
            self._calls.before_output(event.call_id)
        self._teller.tell(event)

    def notice(self, text: str) -> None:
        """Tell something that the host itself has to say."""
        self._tell(ConsoleOutput(run_id=self.run_id, text=f"{text}\n", stream="notice"))


def _count_of_responses(result: ForeignResult) -> int:
    return len(field(result, "raw_responses") or ())
