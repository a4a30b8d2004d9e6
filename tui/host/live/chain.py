"""One run as one stream, across approvals, steering and cancels: segment after segment.

Stays out of how a stream is read and of where the events go.
"""

import asyncio
from collections.abc import Callable, Sequence

# Agents, tools and approval items are of either library.
from typing import Any

from tui.errors import PolicyError
from tui.host.live.approvals import call_id_of
from tui.host.live.beginning import Beginning
from tui.host.live.begins import first_input, tell_begin, tell_message
from tui.host.live.checkpoints import Memory
from tui.host.live.endings import completed, failed
from tui.host.live.failures import run_failed
from tui.host.live.gate import Gate
from tui.host.live.history import Conversation
from tui.host.live.observer import Observer
from tui.host.live.parts import parts_of
from tui.host.live.remains import Unfinished
from tui.host.live.rulebook import News, Rulebook
from tui.host.live.runtime import Runtime
from tui.host.live.scope import RUN
from tui.host.live.segment import follow
from tui.host.live.shapes import ForeignAgent, ForeignResult, field
from tui.wire.commands import Decide
from tui.wire.events import (
    ApprovalDecided,
    ConsoleOutput,
    Ending,
    RunCancelled,
    RunCompleted,
    RunEvent,
    RunFailed,
    RunPaused,
    RunResumed,
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
        parts = self._parts = parts_of(
            beginning,
            runtime,
            gate,
            rulebook,
            emit=emit,
            flush=flush,
            memory=memory,
            waits=self._gate_waits,
        )
        self._observer = Observer(parts, gate)
        self._teller, self._calls, self._requests = parts.teller, parts.calls, parts.requests
        self._admission, self._messages = parts.admission, parts.messages
        self._remains, self._checkpoints = parts.remains, parts.checkpoints
        self._approvals = parts.requests.approvals
        self._cancelled = ""
        self._lost = ""
        self._result: ForeignResult | None = None
        self._task: asyncio.Task[Any] | None = None

    async def follow(self) -> None:
        """Run to the end; every failure is an event."""
        self._task = asyncio.current_task()
        RUN.set(self._calls)
        try:
            self._begin()
            ending = await self._segments(await first_input(self._parts, self._beginning))
        except asyncio.CancelledError as error:
            # By `cancel` after its grace, or by the host that ends; else by a tool that raised it.
            is_wish = self._cancelled or (self._task is not None and self._task.cancelling())
            ending = (
                self._as_cancelled()
                if is_wish
                else failed(self._parts, error, self._beginning.opened)
            )
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
        self._parts.spending.extend(by)

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

    def _begin(self) -> None:
        tell_begin(self._parts, self._beginning)
        self._rulebook.add_reader(self._rules_changed)
        tell_message(self._parts, self._beginning)
        self._observer.agent_started(self.conversation.agent)

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
            self._parts.tell(RunResumed(run_id=self.run_id))

    async def _segment(self, agent: ForeignAgent, run_input: Any) -> ForeignResult:
        options = self.conversation.options
        self._remains.begin_segment(run_input)
        result = self._runtime.run_streamed(agent, run_input, self._observer, options)
        self._result = result
        self._calls.shows_nested = self._runtime.shows_nested(result)
        if self._cancelled:
            self._stop(result)
        elif self._messages.are_waiting:
            # Said while a call waited, to a runtime whose states take no message.
            self._interrupt(result)
        try:
            tell, look = self._parts.tell, self._checkpoints.turns_of(result)
            await follow(self._runtime, result, self._parts.normalizer, tell, look)
        finally:
            self._result = None
            self._remains.keep(result)
        self._teller.settle()
        return result

    async def _all_decided(self, items: Sequence[Any]) -> bool:
        """Wait until every call is decided; False if the run is cancelled instead."""
        shared = self._requests.refuse_shared(items)
        for item in items:
            if call_id_of(item) not in shared:
                self._requests.show(item, field(item, "agent"))
        for withdrawn in self._approvals.narrow(items):
            self._parts.tell(withdrawn)
        self._teller.settle()
        waiting = self._approvals.undecided()
        if waiting and not self._cancelled:
            self._parts.tell(RunPaused(run_id=self.run_id, waiting_for=waiting))
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
        self.final_output = result.final_output
        return completed(self.run_id, result)

    def _failed(self, error: BaseException) -> RunFailed:
        return failed(self._parts, error, self._beginning.opened)

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

    def notice(self, text: str) -> None:
        """Tell something that the host itself has to say."""
        self._parts.notice(text)
