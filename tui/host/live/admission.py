"""Decides of each call of a run whether it may begin, and waits where something stands in its way.

The order: what it came to in a process that was lost; what the rules deny, what they or a person
must allow, a hold, a budget; judged anew after each wait. Stays out of how a call runs, and of
what a person is shown.
"""

from asyncio import CancelledError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# Tools are of either library.
from typing import Any, Final

from tui.host.live.fates import STOPPED
from tui.host.live.recalled import Recalled
from tui.host.live.requests import REJECTED, SHARED_ID, Requests
from tui.host.live.rulebook import Rulebook
from tui.host.live.scope import Call, Outcome, Passing, is_same_call
from tui.host.live.shapes import field
from tui.host.live.spending import Spending
from tui.host.live.teller import Teller
from tui.policy.wording import denial_text
from tui.wire.commands import Decide
from tui.wire.events import ApprovalWithdrawn, CallHeld
from tui.wire.rules import Rule

_STOPPED: Final = "the call was stopped while it waited"
_IN_DOUBT: Final = "InDoubtError"


@dataclass(eq=False)
class Admission:
    """The way into the gate, for one run.

    Attributes:
        run_id: The run's id.
        rulebook: The rules, and the hold.
        requests: Where a person is asked.
        spending: What the run has used up.
        teller: Where the events go.
        waits: Called when something begins to wait here.
        before: What was told of the run in a process that was lost, None for a new run.
    """

    run_id: str
    rulebook: Rulebook
    requests: Requests
    spending: Spending
    teller: Teller
    waits: Callable[[], None] = lambda: None
    before: Recalled | None = None
    _waiting: int = 0

    def __post_init__(self) -> None:
        self._early: dict[str, Passing] = {}
        self._open: dict[str, Call] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether a call or a model waits here: such a turn does not end by itself."""
        return self._waiting > 0

    async def announce(self, call: Call, tool: Any) -> None:
        """Admit a call ahead of the gate, where its own time limit does not run yet."""
        if call.call_id not in self._early and not self._is_shared(call):
            with self._opened(call):
                self._early[call.call_id] = await self._admit(call, tool)

    async def admit(self, call: Call, tool: Any) -> Passing:
        """Return what the gate does with a call, as soon as that is known.

        One whose id stands for another call that waits or runs is refused: what was decided about
        the one must not cover the other.
        """
        if self._is_shared(call):
            self.requests.tell_shared(call.call_id)
            return Passing(refusal=SHARED_ID)
        with self._opened(call):
            early = self._early.pop(call.call_id, None)
            passing = await self._admit(call, tool) if early is None else early
        if not passing.may_begin:
            self.ended(call)
        return passing

    async def settle_doubt(self, call: Call, since: float) -> Outcome | None:
        """Return what a call came to that will not begin here, as a person says.

        Args:
            call: One that began in a process that was lost.
            since: When it did, UTC seconds.

        Returns:
            None if it is to run again.
        """
        with self._opened(call):
            decision = await self._decided(call, None, None, since)
        self.ended(call)
        if self.before is not None:
            self.before.settled(call.call_id)
        return outcome_of_doubt(decision)

    def ended(self, call: Call) -> None:
        """Forget a call that ended: its id may come again, and what was decided is used up."""
        self._open.pop(call.call_id, None)
        self._early.pop(call.call_id, None)
        self.requests.approvals.spend(call.call_id)

    async def before_model(self, agent: str) -> None:
        """Wait while a budget is used up."""
        while self.spending.is_used_up(agent):
            with self._counted():
                await self.rulebook.changed.until(lambda: not self.spending.is_used_up(agent))

    async def _admit(self, call: Call, tool: Any) -> Passing:
        if self.before is not None:
            passing = await self._recalled(self.before, call, tool)
            if not passing.may_begin:
                return passing
        while True:
            passing = await self._judged(call, tool)
            if not passing.may_begin or not (why := self._obstacle(call)):
                return passing
            self.teller.tell_of_call(
                call,
                CallHeld(
                    run_id=self.run_id,
                    agent=call.agent,
                    call_id=call.call_id,
                    tool=call.tool,
                    why=why,
                    within=call.within,
                ),
            )
            with self._counted():
                await self.rulebook.changed.until(lambda: not self._obstacle(call))

    async def _judged(self, call: Call, tool: Any) -> Passing:
        """Return what rules and persons say of a call; waits for a person if a rule asks."""
        approval = self.requests.approvals.approval_of(call)
        changed = None if approval is None else approval.arguments
        verdict = self.requests.judge(call, changed)
        if verdict.effect == "deny" and verdict.rule is not None:
            self.requests.tell_denied(call, verdict.rule)
            return Passing(refusal=denial_text(verdict.rule))
        if verdict.effect == "ask" and verdict.rule is not None and approval is None:
            return await self._asked(call, tool, verdict.rule)
        return Passing(arguments=changed)

    async def _recalled(self, before: Recalled, call: Call, tool: Any) -> Passing:
        """Return what a call came to in a process that was lost; ask where nobody knows."""
        known = before.take_result(call)
        if known is not None:
            return Passing(outcome=known.outcome)
        since = before.in_doubt_since(call)
        if since is None:
            return Passing()
        is_agent = field(tool, "_agent_instance") is not None
        is_safe = field(tool, "safe_to_retry") is True
        if is_safe or (is_agent and not before.has_begun_inside(call)):
            before.settled(call.call_id)
            return Passing()
        decision = await self._decided(call, tool, None, since)
        before.settled(call.call_id)
        return Passing(outcome=outcome_of_doubt(decision))

    async def _asked(self, call: Call, tool: Any, rule: Rule) -> Passing:
        decision = await self._decided(call, tool, rule)
        if decision.approve:
            # A rule may deny since: this goes on a moment after the decision.
            return await self._judged(call, tool)
        return Passing(refusal=decision.reason or REJECTED)

    async def _decided(
        self, call: Call, tool: Any, rule: Rule | None, in_doubt_since: float | None = None
    ) -> Decide:
        """Return what a person, or a rule, says of a call that is asked for here."""
        approvals = self.requests.approvals
        self.requests.ask(call, tool, rule, in_doubt_since)
        try:
            with self._counted():
                await self.rulebook.changed.until(
                    lambda: approvals.decision_of(call.call_id) is not None
                )
        except CancelledError:
            # By the run's end, which withdraws what waits, or by something of its own.
            if self.requests.withdraws(call):
                approvals.drop(call.call_id)
                self.teller.tell(
                    ApprovalWithdrawn(run_id=self.run_id, call_id=call.call_id, why=_STOPPED)
                )
                self.requests.went_on()
            raise
        decision = approvals.decision_of(call.call_id)
        assert decision is not None
        approvals.drop(call.call_id)
        self.requests.went_on()
        return decision

    def _is_shared(self, call: Call) -> bool:
        opened = self._open.get(call.call_id, call)
        return not is_same_call(opened, call) or self.requests.approvals.is_of_another(call)

    @contextmanager
    def _opened(self, call: Call) -> Iterator[None]:
        """Let the id stand for this call alone, until it ends or is stopped here."""
        self._open[call.call_id] = call
        try:
            yield
        except BaseException:
            self.ended(call)
            raise

    def _obstacle(self, call: Call) -> str:
        if self.rulebook.is_held:
            return "hold"
        return "budget" if self.spending.is_used_up(call.agent) else ""

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._waiting += 1
        self.waits()
        try:
            yield
        finally:
            self._waiting -= 1


def outcome_of_doubt(decision: Decide) -> Outcome | None:
    """Return what a call in doubt came to, as a person says; None if it is to run again."""
    if decision.approve:
        return None if decision.result is None else Outcome(decision.result)
    said = f"{STOPPED} {decision.reason}".rstrip()
    return Outcome(said, _IN_DOUBT, said)
