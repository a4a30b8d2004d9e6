"""What the gate saw of a run's calls, told as their start and end. Decides nothing."""

from collections.abc import Callable, Mapping

# Tools are of either library.
from typing import Any, Protocol

from tui.host.live.checkpoints import Checkpoints
from tui.host.live.fates import Fates
from tui.host.live.normalize import Ledger, output_text
from tui.host.live.recalled import Recalled
from tui.host.live.scope import Call, Inside, Outcome, Passing, is_same_call
from tui.host.live.teller import Teller
from tui.wire.events import ConsoleOutput, ToolFinished, ToolOutput, ToolProgress, ToolStarted


class Admission(Protocol):
    """What calls and models wait for."""

    async def admit(self, call: Call, tool: Any) -> Passing:
        """Say what becomes of a call."""

    def ended(self, call: Call) -> None:
        """Learn that a call ended which was admitted."""

    async def before_model(self, agent: str) -> None:
        """Wait until the model of an agent may be asked."""


class CallWatch:
    """The calls of one run between their start and their end.

    Args:
        ledger: The run's items.
        inside: Hears of what runs inside a call.
        teller: Where the events go.
        flush: Has everything told that was printed so far.
        checkpoints: Keeps what calls come to.
        before: What was told of the run in a process that was lost, None for a new run.

    Attributes:
        run_id: The run's id.
        shows_nested: Whether the runtime's stream tells of calls inside agents used as tools.
        is_ending: Whether the run is being cancelled: what stops now is no failure of a tool.
        fates: What became of calls whose results no model has read.
        admission: What a call must pass before it begins.
    """

    def __init__(
        self,
        ledger: Ledger,
        inside: Inside,
        teller: Teller,
        flush: Callable[[], None],
        checkpoints: Checkpoints,
        before: Recalled | None = None,
    ) -> None:
        self.run_id = ledger.run_id
        self.inside = inside
        self._ledger = ledger
        self._flush = flush
        self._checkpoints = checkpoints
        self._before = before
        self.shows_nested = False
        self.is_ending = False
        self.fates = Fates()
        self._teller = teller
        self.admission: Admission | None = None
        self._running: dict[str, tuple[Call, object | None]] = {}
        self._suspended: set[str] = set()

    def has_tools(self, agent: str, tools: Mapping[str, bool], *, is_all: bool) -> None:
        """Learn which tools of an agent pass the gate; say of the others that they do not."""
        self._teller.unseen.has_tools(agent, tools, is_all=is_all)

    def out_of_reach(self, what: str) -> None:
        """Say of some tools that their calls do not pass the gate."""
        self._teller.unseen.out_of_reach(what)

    def any_running_besides(self, call: Call) -> bool:
        """Whether another call runs, but for those that `call` is made inside of."""
        return any(each not in (call.call_id, call.within) for each in self._running)

    async def admit(self, call: Call, tool: Any) -> Passing:
        """Say what becomes of a call; one that goes on after a pause inside it was admitted."""
        if self.admission is None or self._is_suspended(call):
            return Passing()
        passing = await self.admission.admit(call, tool)
        if passing.outcome is not None:
            self._stand_in(call, passing.outcome)
        return passing

    async def before_model(self, agent: str) -> None:
        """Wait until the model of an agent may be asked."""
        if self.admission is not None:
            await self.admission.before_model(agent)

    def entered(self, call: Call, agent: object | None) -> None:
        """Tell that a call runs, unless it goes on after an interruption inside it."""
        self._suspended.discard(call.call_id)
        if call.call_id in self._running:
            return
        self._running[call.call_id] = call, agent
        self.fates.began(call)
        if call.within is not None and not self.shows_nested:
            self._teller.announce(call)
        self._teller.tell_of_call(
            call,
            ToolStarted(
                run_id=self.run_id,
                agent=call.agent,
                call_id=call.call_id,
                tool=call.tool,
                description=call.description,
                within=call.within,
            ),
        )

    async def kept(self, call: Call) -> None:
        """Wait until a call's begin is kept: it must not begin unknown."""
        if self._checkpoints.are_kept:
            # A stream that is behind would hold up all that is told of the call.
            self._teller.announce(call)
            await self._checkpoints.kept()

    def left(self, call: Call, outcome: Outcome) -> None:
        """Tell that a call ended; its output too, where no stream will tell it."""
        if self.is_ending and outcome.error_type == "CancelledError":
            return
        self._flush()
        self._finish(call, outcome)
        self._checkpoints.result(call, outcome)
        self._tell_output_inside(call, outcome)

    def _stand_in(self, call: Call, outcome: Outcome) -> None:
        """Take what a call came to in a process that was lost, or what a person says it did."""
        self.fates.began(call)
        self.fates.ended(call, outcome)
        if self._before is None or not self._before.end_was_told(call):
            self._checkpoints.result(call, outcome)
            self._tell_end(call, outcome)
        if self._before is None or not self._before.output_was_told(call):
            self._tell_output_inside(call, outcome)

    def _tell_output_inside(self, call: Call, outcome: Outcome) -> None:
        """Tell what a call inside another gave, where no stream will."""
        # How a model reads other values than text its runtime knows: what it asks next says it.
        is_read_so = outcome.can_be_told and isinstance(outcome.result, str)
        if call.within is not None and not self.shows_nested and is_read_so:
            self._ledger.forget(call.call_id)
            self._teller.tell_of_call(
                call,
                ToolOutput(
                    run_id=self.run_id,
                    agent=call.agent,
                    call_id=call.call_id,
                    output=output_text(outcome.result),
                    within=call.within,
                ),
            )

    def reported(self, call_id: str, progress: object) -> None:
        """Tell what a running call says of how far it is."""
        if call_id not in self._running:
            return
        call, _ = self._running[call_id]
        self._teller.tell_of_call(
            call,
            ToolProgress(
                run_id=self.run_id,
                agent=call.agent,
                call_id=call_id,
                text=output_text(progress),
                within=call.within,
            ),
        )

    def suspended(self, call: Call) -> None:
        """Keep a call as running: what runs inside it waits for a person."""
        self._suspended.add(call.call_id)

    def printed(self, event: ConsoleOutput) -> None:
        """Tell what was printed, behind the call that printed it."""
        call, _ = self._running.get(event.call_id or "", (None, None))
        if call is None:
            self._teller.tell(event)
        else:
            self._teller.tell_of_call(call, event)

    def before_output(self, call_id: str) -> None:
        """Tell the end of a suspended call whose output has come after all."""
        self.fates.was_read(call_id)
        if call_id in self._suspended:
            self._suspended.discard(call_id)
            self._finish(self._running[call_id][0], Outcome())

    def around(self, agent: object) -> str | None:
        """Return the running call inside which `agent` works, or None."""
        inside = (call.call_id for call, inner in self._running.values() if inner is agent)
        return next(inside, None)

    def unanswered(self) -> list[Call]:
        """Return the run's own calls that were asked for, begun or not, and have no answer."""
        own = [i for i in self._ledger.calls.values() if i.kind == "call" and i.within is None]
        return [Call(item.agent, item.call_id, item.tool, item.whole or "{}") for item in own]

    def tell_unread(self) -> None:
        """Tell what calls came to that the runtime never told: their run broke off."""
        for fate in self.fates.results():
            self._teller.tell_of_call(
                fate.call,
                ToolOutput(
                    run_id=self.run_id,
                    agent=fate.call.agent,
                    call_id=fate.call.call_id,
                    output=fate.text,
                ),
            )

    def _is_suspended(self, call: Call) -> bool:
        if call.call_id not in self._suspended:
            return False
        return is_same_call(self._running[call.call_id][0], call)

    def _finish(self, call: Call, outcome: Outcome) -> None:
        if self._running.pop(call.call_id, None) is None:
            return
        if self.admission is not None:
            self.admission.ended(call)
        self.fates.ended(call, outcome)
        self._tell_end(call, outcome)

    def _tell_end(self, call: Call, outcome: Outcome) -> None:
        self._teller.tell_of_call(
            call,
            ToolFinished(
                run_id=self.run_id,
                agent=call.agent,
                call_id=call.call_id,
                tool=call.tool,
                error_type=outcome.error_type,
                error=outcome.error,
                within=call.within,
            ),
        )
