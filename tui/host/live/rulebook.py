"""The rules that one host goes by, and whether its gate is held. Knows no run and no file.

The rules of the policy file come from outside, as they stand now; what persons granted is kept
here, for as long as the host lives.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias
from uuid import uuid4

from msgspec.structs import replace

from tui.errors import PolicyError
from tui.host.live.signal import Signal
from tui.policy.changing import GRANTED
from tui.policy.facts import Call
from tui.policy.judging import Verdict, judge
from tui.policy.settings import Budget, Prices
from tui.policy.wording import time_in_words
from tui.wire.events import (
    ConsoleOutput,
    GateHeld,
    GateReleased,
    RuleGranted,
    RuleRevoked,
    RunEvent,
)
from tui.wire.rules import Rule

APPROVE_ALL: Final = Rule(
    effect="allow", granted=True, origin="--approve-all", rule_id="approve-all"
)
"""Answers every question, the program's and the rules'; what is denied stays denied."""

_UNKEPT: Final = "grant-"
_CHANGED: Final = "The rules in the policy file changed."

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

    async def changed(self) -> str:
        """Wait until it says something else; return why it cannot be taken then, or ""."""

    def keep(self, rule: Rule) -> Rule:
        """Write a grant down; return it with its name there and the place where it stands.

        Raises:
            PolicyError: If it cannot be written.
        """

    def forget(self, rule_id: str) -> bool:
        """Take a grant out of what is written; False if none has that name.

        Raises:
            PolicyError: If it cannot be taken out.
        """


@dataclass(frozen=True, slots=True)
class NoPolicy:
    """No rules and no budgets; nothing can be kept."""

    rules: Sequence[Rule] = ()
    budgets: Sequence[Budget] = ()
    prices: Prices | None = None

    async def changed(self) -> str:
        """Wait for ever."""
        return await asyncio.Future()

    def keep(self, rule: Rule) -> Rule:  # noqa: ARG002 - no rule can be kept
        """Raise: there is nowhere to keep it.

        Raises:
            PolicyError: Always.
        """
        raise PolicyError("there is no policy file; start with --policy FILE to keep rules")

    def forget(self, rule_id: str) -> bool:  # noqa: ARG002 - as above
        """Return False: nothing is written."""
        return False


class Rulebook:
    """What holds for all runs of a host.

    Args:
        policy: The rules that stand written.
        granted: What is granted from the start.
        wall: UTC seconds.

    Attributes:
        is_held: Whether no new call may pass the gate.
        held_by: Who holds it, "" while nobody does.
        grants: What persons granted until the host ends, oldest first.
        changed: Changes with every rule and with the hold.
    """

    def __init__(
        self,
        policy: PolicySource | None = None,
        granted: Sequence[Rule] = (),
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.policy = policy or NoPolicy()
        self.is_held = False
        self.held_by = ""
        self.grants = tuple(granted)
        self.changed = Signal()
        self._wall = wall
        self._readers: list[Callable[[News], None]] = []

    def add_reader(self, tell: Callable[[News], None]) -> None:
        """Have a run told what holds, and what changes from now on."""
        self._readers.append(tell)
        for rule in self.grants:
            tell(_granted(rule))
        if self.is_held:
            tell(_held(self.held_by))

    def remove_reader(self, tell: Callable[[News], None]) -> None:
        """Tell a run no more, if it was told."""
        if tell in self._readers:
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
        origin = f"{GRANTED}{by or 'a person'} on {time_in_words(self._wall())}"
        named = replace(rule, granted=True, origin=origin)
        if is_kept:
            named = self.policy.keep(named)
        else:
            named = replace(named, rule_id=f"{_UNKEPT}{uuid4().hex[:12]}")
            self.grants = (*self.grants, named)
        self._tell(lambda run_id: RuleGranted(run_id=run_id, rule=named, call_id=call_id, by=by))
        return named

    def restore(self, rules: Iterable[Rule]) -> None:
        """Take grants that were made in a process that was lost, those that are not known here.

        What stands in the policy file is read from there.
        """
        known = {rule.rule_id for rule in (*self.grants, *self.policy.rules)}
        lost = (rule for rule in rules if rule.rule_id.startswith(_UNKEPT))
        self.grants = (*self.grants, *(rule for rule in lost if rule.rule_id not in known))

    def revoke(self, rule_id: str, by: str) -> None:
        """Take a grant back, out of the policy file too; says if that cannot be."""
        kept = tuple(rule for rule in self.grants if rule.rule_id != rule_id)
        try:
            if len(kept) == len(self.grants) and not self.policy.forget(rule_id):
                return
        except PolicyError as error:
            self.notice(f"The grant still holds: {error}")
            return
        self.grants = kept
        self._tell(lambda run_id: RuleRevoked(run_id=run_id, rule_id=rule_id, by=by))

    async def follow_policy(self) -> None:
        """Have what waits judged anew whenever what is written changes; never returns."""
        while True:
            fault = await self.policy.changed()
            self.notice(f"The rules stay as they were: {fault}" if fault else _CHANGED)

    def notice(self, text: str) -> None:
        """Tell every run something in a sentence."""
        self._tell(lambda run_id: ConsoleOutput(run_id=run_id, text=f"{text}\n", stream="notice"))

    def hold(self, by: str) -> None:
        """Let no new call pass, until `release`."""
        if not self.is_held:
            self.is_held, self.held_by = True, by
            self._tell(_held(by))

    def release(self, by: str) -> None:
        """Let calls pass again."""
        if self.is_held:
            self.is_held, self.held_by = False, ""
            self._tell(lambda run_id: GateReleased(run_id=run_id, by=by))

    def _tell(self, news: News) -> None:
        for tell in tuple(self._readers):
            tell(news)
        self.changed.change()


def _granted(rule: Rule) -> News:
    return lambda run_id: RuleGranted(run_id=run_id, rule=rule)


def _held(by: str) -> News:
    return lambda run_id: GateHeld(run_id=run_id, by=by)
