"""The rules that one host goes by, and whether its gate is held. Knows no run and no file.

The rules of the policy file come from outside, as they stand now; what persons granted is kept
here, for as long as the host lives.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Protocol, TypeAlias

from msgspec.structs import replace

from tui.host.live.signal import Signal
from tui.policy.facts import Call
from tui.policy.judging import Verdict, judge
from tui.policy.settings import Budget, Prices
from tui.wire.events import GateHeld, GateReleased, RuleGranted, RuleRevoked, RunEvent
from tui.wire.rules import Rule

News: TypeAlias = Callable[[str], RunEvent]
"""Makes the event that tells the run of an id."""


class PolicySource(Protocol):
    """Where the rules that stand written come from."""

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules as they stand now, in their order."""

    @property
    def budgets(self) -> Sequence[Budget]:
        """What runs and agents may spend, as it stands now."""

    @property
    def prices(self) -> Prices | None:
        """What tokens cost."""

    def keep(self, rule: Rule) -> Rule:
        """Write a rule down; return it with the place where it stands.

        Raises:
            PolicyError: If it cannot be written.
        """


@dataclass(frozen=True, slots=True)
class NoPolicy:
    """No rules and no budgets; nothing can be kept."""

    rules: Sequence[Rule] = ()
    budgets: Sequence[Budget] = ()
    prices: Prices | None = None

    def keep(self, rule: Rule) -> Rule:
        """Return the rule: it is kept as long as the host lives."""
        return rule


class Rulebook:
    """What holds for all runs of a host.

    Args:
        policy: The rules that stand written.
        wall: UTC seconds.

    Attributes:
        is_held: Whether no new call may pass the gate.
        grants: What persons granted, oldest first.
        changed: Changes with every rule and with the hold.
    """

    def __init__(
        self, policy: PolicySource | None = None, wall: Callable[[], float] = time.time
    ) -> None:
        self.policy = policy or NoPolicy()
        self.is_held = False
        self.grants: tuple[Rule, ...] = ()
        self.changed = Signal()
        self._wall = wall
        self._numbers = count(1)
        self._readers: list[Callable[[News], None]] = []

    def add_reader(self, tell: Callable[[News], None]) -> None:
        """Have a run told what changes from now on."""
        self._readers.append(tell)

    def remove_reader(self, tell: Callable[[News], None]) -> None:
        """Tell a run no more."""
        self._readers.remove(tell)

    def judge(self, call: Call) -> Verdict:
        """Return what the rules say of a call now."""
        return judge(call, self.policy.rules, self.grants, self._wall())

    def grant(self, rule: Rule, *, by: str, call_id: str = "", is_kept: bool = False) -> Rule:
        """Take a person's rule; return it with its name and its origin.

        Args:
            rule: What was granted.
            by: Who did.
            call_id: The call it was granted at.
            is_kept: Whether it goes into the policy file.

        Raises:
            PolicyError: If it cannot be written there; then it is not taken.
        """
        named = replace(rule, rule_id=f"grant-{next(self._numbers)}", origin=by or "a person")
        if is_kept:
            named = replace(self.policy.keep(replace(named, rule_id="")), rule_id=named.rule_id)
        self.grants = (*self.grants, named)
        self._tell(lambda run_id: RuleGranted(run_id=run_id, rule=named, call_id=call_id, by=by))
        return named

    def revoke(self, rule_id: str, by: str) -> None:
        """Take a grant back."""
        kept = tuple(rule for rule in self.grants if rule.rule_id != rule_id)
        if len(kept) < len(self.grants):
            self.grants = kept
            self._tell(lambda run_id: RuleRevoked(run_id=run_id, rule_id=rule_id, by=by))

    def hold(self, by: str) -> None:
        """Let no new call pass, until `release`."""
        if not self.is_held:
            self.is_held = True
            self._tell(lambda run_id: GateHeld(run_id=run_id, by=by))

    def release(self, by: str) -> None:
        """Let calls pass again."""
        if self.is_held:
            self.is_held = False
            self._tell(lambda run_id: GateReleased(run_id=run_id, by=by))

    def _tell(self, news: News) -> None:
        for tell in tuple(self._readers):
            tell(news)
        self.changed.change()
