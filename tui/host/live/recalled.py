"""What a run was when its process was lost, as its kept events tell. Pure: knows no journal.

Another process goes on with the run: what was told must not be told again, and what was begun must
not be begun again unknowingly.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from tui.host.live.scope import Call, Outcome, is_same_call
from tui.wire.commands import Decide
from tui.wire.events import (
    DELTAS,
    AgentChanged,
    ApprovalDecided,
    ApprovalRequested,
    ApprovalWithdrawn,
    ArgumentsDelta,
    HandoffOccurred,
    HandoffRequested,
    MessageOutput,
    ReasoningOutput,
    RuleGranted,
    RuleRevoked,
    RunEvent,
    RunStarted,
    ToolCalled,
    ToolFinished,
    ToolOutput,
    ToolStarted,
    UnknownItem,
    UserMessage,
)
from tui.wire.rules import Rule

_ITEMS: Final = (*DELTAS, MessageOutput, ReasoningOutput, ToolCalled, HandoffRequested, UnknownItem)


@dataclass(frozen=True, slots=True)
class KnownResult:
    """What a finished call came to.

    Attributes:
        seq: The last event that was told before it.
        value: What the tool gave, as JSON has it.
        error_type: Class of what it raised, "" if it returned.
        error: The text of that.
    """

    call: Call
    seq: int
    value: object
    error_type: str = ""
    error: str = ""

    @property
    def outcome(self) -> Outcome:
        """How the call ended."""
        return Outcome(self.value, self.error_type, self.error)


@dataclass(slots=True, eq=False)
class Recalled:
    """A run as its events tell of it, and what is still true of its calls.

    Attributes:
        last_seq: The last event's place.
        path: The agents that had the control, first to last.
        inside: The agent that has it inside a call, by the call's id.
        open_calls: What was asked for and has no output, by the call's id.
        messages: How many messages of the person were told.
        grants: What was granted and not revoked.
        decided: What persons and rules decided about calls that have no output.
        requested: The requests that nobody answered.
        resumed_inside: The calls whose inner runs go on where they were.
        events: All of it.
    """

    run_id: str
    events: tuple[RunEvent, ...]
    last_seq: int = -1
    path: list[str] = field(default_factory=list)
    inside: dict[str, str] = field(default_factory=dict)
    open_calls: dict[str, ToolCalled | HandoffRequested] = field(default_factory=dict)
    messages: int = 0
    grants: dict[str, Rule] = field(default_factory=dict)
    decided: dict[str, ApprovalDecided] = field(default_factory=dict)
    requested: dict[str, ApprovalRequested] = field(default_factory=dict)
    resumed_inside: frozenset[str] = frozenset()
    _called_at: dict[str, int] = field(default_factory=dict)
    _within: dict[str, str | None] = field(default_factory=dict)
    _begun: dict[str, ToolStarted] = field(default_factory=dict)
    _ended: set[str] = field(default_factory=set)
    _begun_inside: set[str] = field(default_factory=set)
    _results: dict[str, KnownResult] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)

    @property
    def agent(self) -> str:
        """Who has the control."""
        return self.path[-1] if self.path else ""

    def drop_after(self, seq: int) -> tuple[str, ...]:
        """Forget what was told behind `seq`, the newest that a checkpoint knows of; name the items.

        A call that has begun is not forgotten.
        """
        told = (e for e in self.events if e.seq > seq and isinstance(e, _ITEMS))
        gone = {e.item_id: None for e in told if not self._has_begun(e)}
        self.open_calls = {k: c for k, c in self.open_calls.items() if c.item_id not in gone}
        return tuple(gone)

    def _has_begun(self, event: RunEvent) -> bool:
        if not isinstance(event, ArgumentsDelta | ToolCalled):
            return False
        return self.was_begun(event.call_id)

    def learn(self, results: Iterable[KnownResult]) -> None:
        """Take what finished calls came to; of a call that was asked for since, nothing."""
        for each in results:
            if each.seq >= self._called_at.get(each.call.call_id, 0):
                self._results[each.call.call_id] = each

    def take_result(self, call: Call) -> KnownResult | None:
        """Return what a call came to that finished before, once."""
        known = self._results.get(call.call_id)
        if known is None or not is_same_call(known.call, call):
            return None
        self._begun.pop(call.call_id, None)
        return self._results.pop(call.call_id)

    def in_doubt_since(self, call: Call) -> float | None:
        """Return when a call began that left no result, UTC seconds; None if it never began."""
        begun = self._begun.get(call.call_id)
        if begun is None or not is_same_call(_call_of(begun), call):
            return None
        if call.call_id in self.resumed_inside:
            return None
        return begun.at

    def end_was_told(self, call: Call) -> bool:
        """Whether the end of a call was told, which says nothing of what it came to."""
        return call.call_id in self._ended

    def output_was_told(self, call: Call) -> bool:
        """Whether what a call came to was told."""
        return call.call_id in self._told

    def was_begun(self, call_id: str) -> bool:
        """Whether a call was told to run."""
        return call_id in self._begun

    def around(self, call_ids: Iterable[str]) -> set[str]:
        """Return the calls that some were made inside of, and those around these."""
        found: set[str] = set()
        waiting = list(call_ids)
        while waiting:
            within = self._within.get(waiting.pop())
            if within is not None and within not in found:
                found.add(within)
                waiting.append(within)
        return found

    def has_begun_inside(self, call: Call) -> bool:
        """Whether anything began inside a call."""
        return call.call_id in self._begun_inside

    def in_doubt(
        self, after: int, open_calls: AbstractSet[str] = frozenset()
    ) -> tuple[tuple[Call, float], ...]:
        """Return the run's own calls that began and left no result, each with when it began.

        Args:
            after: Those asked for behind this event,
            open_calls: and these.
        """
        unknown = (e for e in self._begun.values() if e.call_id not in self._results)
        wanted = (e for e in unknown if self._is_wanted(e.call_id, after, open_calls))
        return tuple((self._whole(e), e.at) for e in wanted if e.within is None)

    def finished(
        self, after: int, open_calls: AbstractSet[str] = frozenset()
    ) -> tuple[KnownResult, ...]:
        """Return what the run's own finished calls came to; which of them, as in `in_doubt`."""
        own = (each for each in self._results.values() if each.call.within is None)
        return tuple(e for e in own if self._is_wanted(e.call.call_id, after, open_calls))

    def _is_wanted(self, call_id: str, after: int, open_calls: AbstractSet[str]) -> bool:
        return call_id in open_calls or self._called_at.get(call_id, -1) > after

    def decision_of(self, call_id: str, arguments_hash: str) -> Decide | None:
        """Return what was decided about a call with these arguments, None if nothing was."""
        decided = self.decided.get(call_id)
        if decided is None or decided.arguments_hash != arguments_hash:
            return None
        return Decide(
            run_id=self.run_id,
            call_id=call_id,
            arguments_hash=arguments_hash,
            approve=decided.approved,
            reason=decided.reason,
            by=decided.by,
            arguments=decided.arguments,
        )

    def settled(self, call_id: str) -> None:
        """Forget whether a call took effect, and what was decided of it: it is asked about anew."""
        self._begun.pop(call_id, None)
        self.decided.pop(call_id, None)

    def was_told(self, event: RunEvent) -> bool:
        """Whether a call's output or a handoff was told before; each is asked for once."""
        if isinstance(event, ToolOutput | HandoffOccurred) and event.call_id in self._told:
            self._told.discard(event.call_id)
            return True
        return False

    def forget(self, call_id: str) -> None:
        """Forget a call: another one bears its id from now on."""
        self._results.pop(call_id, None)
        self._told.discard(call_id)
        self.settled(call_id)

    def _whole(self, begun: ToolStarted) -> Call:
        called = self.open_calls.get(begun.call_id)
        return _call_of(begun, "" if called is None else called.arguments)

    def take(self, event: RunEvent) -> None:
        """Take the next event."""
        self.last_seq = event.seq
        match event:
            case RunStarted(agent=str(agent)):
                self.path.append(agent)
            case AgentChanged(within=None) if event.agent != self.agent:
                self.path.append(event.agent)
            case AgentChanged(within=str(within)):
                self.inside[within] = event.agent
            case UserMessage():
                self.messages += 1
            case RuleGranted():
                self.grants[event.rule.rule_id] = event.rule
            case RuleRevoked():
                self.grants.pop(event.rule_id, None)
            case _:
                self._take_of_call(event)

    def _take_of_call(self, event: RunEvent) -> None:
        match event:
            case ToolCalled() | HandoffRequested():
                if event.call_id not in self.open_calls:
                    self.forget(event.call_id)
                self.open_calls[event.call_id] = event
                self._called_at[event.call_id] = event.seq
                self._within[event.call_id] = event.within
            case ApprovalRequested():
                self.requested[event.call_id] = event
                self.decided.pop(event.call_id, None)
            case ApprovalDecided():
                self.requested.pop(event.call_id, None)
                self.decided[event.call_id] = event
            case ApprovalWithdrawn():
                self.requested.pop(event.call_id, None)
            case ToolStarted():
                self._begun[event.call_id] = event
                self._ended.discard(event.call_id)
                if event.within is not None:
                    self._begun_inside.add(event.within)
            case ToolFinished():
                self._ended.add(event.call_id)
            case ToolOutput() | HandoffOccurred():
                self._take_answer(event)

    def _take_answer(self, event: ToolOutput | HandoffOccurred) -> None:
        called = self.open_calls.pop(event.call_id, None)
        self.requested.pop(event.call_id, None)
        self._told.add(event.call_id)
        if isinstance(event, ToolOutput) and called is not None:
            call = Call(called.agent, event.call_id, called.tool, called.arguments, called.within)
            self._results[event.call_id] = KnownResult(call, event.seq, event.output)


def recalled(run_id: str, events: Iterable[RunEvent]) -> Recalled:
    """Return what the events of a run tell, in `seq` order."""
    found = Recalled(run_id, tuple(events))
    for event in found.events:
        found.take(event)
    return found


def _call_of(begun: ToolStarted, arguments: str = "") -> Call:
    return Call(begun.agent, begun.call_id, begun.tool, arguments, begun.within)
