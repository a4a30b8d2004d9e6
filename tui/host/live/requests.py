"""Shows the calls of a run that wait for a person, each once, with who asks and how it came there.

What a rule answers is not waited for, but told. Stays out of how a person decides.
"""

from collections.abc import Callable, Sequence

# Agents, tools and approval items are of either library.
from typing import Any, Final

from tui.host.live.approvals import Approvals, Request, arguments_hash, call_id_of, shared_ids
from tui.host.live.calls import CallWatch
from tui.host.live.normalize import Ledger, call_arguments
from tui.host.live.recalled import Recalled
from tui.host.live.rulebook import Rulebook
from tui.host.live.scope import INSIDE, Call
from tui.host.live.shapes import field, name_of, text_field
from tui.host.live.teller import Teller
from tui.policy.facts import Call as Facts
from tui.policy.judging import Verdict
from tui.policy.wording import denial_text, named
from tui.wire.commands import Decide
from tui.wire.events import (
    ApprovalDecided,
    ApprovalRefused,
    CallDenied,
    ConsoleOutput,
    RunPaused,
    RunResumed,
)
from tui.wire.rules import Rule

REJECTED: Final = "Tool execution was not approved."
"""What a model reads of a call that was rejected without a reason, as the SDK says it."""
BY_RULE: Final = "rule"
SHARED_ID: Final = (
    "This call was not carried out: its id stands for another call too. "
    "Give each call an id of its own."
)
"""What a model reads of a call that a decision cannot be told to be about."""


class Requests:
    """The requests of one run.

    Args:
        ledger: The run's items.
        calls: Its calls between their start and their end.
        teller: Where the events go.
        rulebook: What may answer in a person's place.
        root: The first run of the conversation.
        find_tool: Returns an agent's tool by its name, None where it has none.
        before: What was told of the run in a process that was lost, None for a new run.

    Attributes:
        approvals: What was shown and decided.
    """

    def __init__(
        self,
        ledger: Ledger,
        calls: CallWatch,
        teller: Teller,
        rulebook: Rulebook,
        root: str,
        find_tool: Callable[[Any, str], Any],
        before: Recalled | None = None,
    ) -> None:
        self.approvals = Approvals(ledger.run_id)
        self._run_id = ledger.run_id
        self._ledger = ledger
        self._calls = calls
        self._teller = teller
        self._rulebook = rulebook
        self._root = root
        self._find_tool = find_tool
        self._before = before
        self._path: list[str] = [] if before is None else list(before.path)
        self._has_paused = False

    @property
    def active_agent(self) -> str:
        """The agent that has the control."""
        return self._path[-1] if self._path else ""

    def gained_control(self, agent: str) -> None:
        """Note that the control passed to `agent`."""
        if agent != self.active_agent:
            self._path.append(agent)

    def judge(self, call: Call, changed: str | None = None) -> Verdict:
        """Return what the rules say of a call; `changed` stands for the arguments it runs with."""
        arguments = call.arguments if changed is None else changed
        return self._rulebook.judge(Facts(call.agent, call.tool, arguments, self._root))

    def show_early(self, item: Any, agent: Any, tool: Any) -> None:
        """Tell of a call before its turn ends, unless another of that id waits now."""
        if not self.approvals.is_of_another(self._call_of(item, agent)):
            self.show(item, agent, tool)

    def show(self, item: Any, agent: Any, tool: Any = None) -> None:
        """Tell of a call that waits, unless exactly that was told, or answer it by a rule."""
        call = self._call_of(item, agent)
        if self.approvals.is_shown(call):
            return
        request = Request(call, self._way_to(call), tool or self._find_tool(agent, call.tool))
        requested = self.approvals.request(request)
        if self._was_decided(call):
            return
        verdict = self.judge(call)
        if verdict.effect == "deny" and verdict.rule is not None:
            self._deny(call, verdict.rule)
            return
        self._announce(call)
        self._teller.tell_of_call(call, requested)
        if verdict.effect == "allow" and verdict.rule is not None:
            self._answer(call, verdict.rule)

    def ask(
        self, call: Call, tool: Any, rule: Rule | None = None, in_doubt_since: float | None = None
    ) -> None:
        """Tell of a call that waits at the gate: a rule asks, or it may have run before."""
        self._announce(call)
        request = Request(call, self._way_to(call), tool, rule, in_doubt_since)
        self._teller.tell_of_call(call, self.approvals.request(request))
        if not self._calls.any_running_besides(call):
            self._has_paused = True
            waiting = self.approvals.undecided()
            self._teller.tell(RunPaused(run_id=self._run_id, waiting_for=waiting))

    def went_on(self) -> None:
        """Tell that the run goes on, if it was told that it waits at the gate."""
        if self._has_paused and not self.approvals.undecided():
            self._has_paused = False
            self._teller.tell(RunResumed(run_id=self._run_id))

    def withdraws(self, call: Call) -> bool:
        """Whether a request waits that goes with its call; not if its whole run ends."""
        return not self._calls.is_ending and call.call_id in self.approvals.undecided()

    def decide(self, wish: Decide) -> ApprovalDecided | ApprovalRefused:
        """Take a person's answer, or say why it is not taken."""
        for request in self.approvals.waiting():
            if request.call.call_id == wish.call_id and wish.approve and wish.result is None:
                verdict = self.judge(request.call, wish.arguments)
                if verdict.effect == "deny" and verdict.rule is not None:
                    why = f"a rule forbids it: {named(verdict.rule)}"
                    return ApprovalRefused(run_id=self._run_id, call_id=wish.call_id, why=why)
        return self.approvals.decide(wish)

    def refuse_shared(self, items: Sequence[Any]) -> Sequence[str]:
        """Reject the calls whose ids stand for several of `items`; return these ids.

        A decision names an id: given for one of them, it would run the others too.
        """
        shared = shared_ids(items)
        for call_id in shared:
            for event in self.approvals.refuse(call_id, SHARED_ID):
                self._teller.tell(event)
            self.tell_shared(call_id)
        return shared

    def tell_shared(self, call_id: str) -> None:
        """Say to the person that a call was refused because of its id."""
        text = f"A call was not carried out: its id, {call_id}, stands for another call too.\n"
        self._teller.tell(ConsoleOutput(run_id=self._run_id, text=text, stream="notice"))

    def judge_again(self) -> None:
        """Answer what waits by rules that are new."""
        for request in self.approvals.waiting():
            if request.in_doubt_since is not None:
                # No rule knows whether it took effect.
                continue
            verdict = self.judge(request.call)
            if verdict.effect in ("allow", "deny") and verdict.rule is not None:
                self._answer(request.call, verdict.rule)

    def _was_decided(self, call: Call) -> bool:
        """Take what was decided in a process that was lost; it was told then."""
        if self._before is None:
            return False
        decided = self._before.decision_of(call.call_id, arguments_hash(call.arguments))
        if decided is not None:
            self.approvals.settle(decided)
        return decided is not None

    def _answer(self, call: Call, rule: Rule) -> None:
        is_allowed = rule.effect == "allow"
        wish = self._by_rule(call, is_allowed, "" if is_allowed else denial_text(rule))
        self._teller.tell_of_call(call, self.approvals.settle(wish, rule))

    def _deny(self, call: Call, rule: Rule) -> None:
        self.approvals.settle(self._by_rule(call, False, denial_text(rule)), rule)
        self.tell_denied(call, rule)

    def tell_denied(self, call: Call, rule: Rule) -> None:
        """Tell of a call that a rule denies."""
        self._announce(call)
        self._teller.tell_of_call(
            call,
            CallDenied(
                run_id=self._run_id,
                agent=call.agent,
                call_id=call.call_id,
                tool=call.tool,
                arguments=call.arguments,
                rule=rule,
                within=call.within,
            ),
        )

    def _by_rule(self, call: Call, approve: bool, reason: str) -> Decide:
        return Decide(
            run_id=self._run_id,
            call_id=call.call_id,
            arguments_hash=arguments_hash(call.arguments),
            approve=approve,
            reason=reason,
            by=BY_RULE,
        )

    def _announce(self, call: Call) -> None:
        if call.within is not None and not self._calls.shows_nested:
            self._teller.announce(call)

    def _way_to(self, call: Call) -> tuple[str, ...]:
        is_own = call.agent == self.active_agent
        return tuple(self._path) if is_own else (*self._path, call.agent)

    def _call_of(self, item: Any, agent: Any) -> Call:
        call_id = call_id_of(item)
        known, inside = self._ledger.calls.get(call_id), INSIDE.get()
        within = self._calls.around(agent) if inside is None else inside.call_id
        return Call(
            agent=name_of(agent),
            call_id=call_id,
            tool=text_field(item, "tool_name") or text_field(item, "name"),
            arguments=text_field(item, "arguments") or call_arguments(field(item, "raw_item")),
            within=known.within if known is not None else within,
        )
