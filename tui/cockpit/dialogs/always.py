"""The page on which a rule is made of a call: how wide, for how long, and what it would cover.

Offers the rules that `tui.policy.scopes` makes. Knows no widget, no focus and no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Literal, NamedTuple

from msgspec.structs import replace as changed

from tui.cockpit.projection.view import Decided, PendingApproval, RunView
from tui.policy.facts import Call
from tui.policy.matching import covers
from tui.policy.scopes import Proposal, Span, proposals, scoped, spans
from tui.wire.rules import Rule

MOST_LOOKED_AT: Final = 1_000
"""Earlier decisions; each choice on the page is held against all of them."""


class Before(NamedTuple):
    """How calls that a rule would have covered were decided.

    Attributes:
        looked_at: How many decisions there were to look at, the newest.
        is_all: Whether there were no more.
    """

    approved: int
    rejected: int
    looked_at: int
    is_all: bool


@dataclass(frozen=True, eq=False)
class AlwaysPage:
    """A rule that is being made of one call.

    Attributes:
        wide: The chosen one of `proposals`, the narrowest first.
        long: The chosen one of `spans`, the shortest first.
    """

    effect: Literal["allow", "deny"]
    asked: PendingApproval
    proposals: tuple[Proposal, ...]
    spans: tuple[Span, ...]
    earlier: tuple[tuple[Call, bool], ...]
    is_all: bool
    waiting: tuple[tuple[PendingApproval, Call], ...]
    now: float
    wide: int = 0
    long: int = 0

    def chosen(self, wide: int, long: int) -> "AlwaysPage":
        """Return the page with another choice, as near as there is one."""
        return replace(
            self,
            wide=min(max(wide, 0), len(self.proposals) - 1),
            long=min(max(long, 0), len(self.spans) - 1),
        )

    @cached_property
    def rule(self) -> Rule:
        """What was chosen."""
        rule = scoped(self.proposals[self.wide].rule, self.spans[self.long])
        return changed(rule, granted=True)

    def tells_the_same(self, other: "AlwaysPage") -> bool:
        """Whether a person who has read the other has read this one."""
        waits = [pending.call_id for pending in self.also_now]
        others = [pending.call_id for pending in other.also_now]
        return (self.rule, self.before, waits) == (other.rule, other.before, others)

    @property
    def keeps(self) -> bool:
        """Whether it goes into the policy file."""
        return self.spans[self.long].is_kept

    @cached_property
    def before(self) -> Before:
        """How calls like these were decided in this conversation."""
        answers = [approved for call, approved in self.earlier if covers(self.rule, call, self.now)]
        approved = sum(answers)
        return Before(approved, len(answers) - approved, len(self.earlier), self.is_all)

    @cached_property
    def also_now(self) -> tuple[PendingApproval, ...]:
        """Other calls that wait and that the rule decides at once."""
        return tuple(
            pending
            for pending, call in self.waiting
            if pending.call_id != self.asked.call_id and covers(self.rule, call, self.now)
        )


def page_for(
    asked: PendingApproval, view: RunView, effect: Literal["allow", "deny"], now: float
) -> AlwaysPage:
    """Return the page for a call, with the narrowest and shortest rule chosen.

    Args:
        asked: The call.
        view: The conversation it waits in.
        effect: What the rule does with calls to come.
        now: UTC seconds.
    """
    call = _call(asked, view.root)
    decided = view.decisions
    first = max(len(decided) - MOST_LOOKED_AT, 0)
    earlier = [decided[place] for place in range(first, len(decided))]
    return AlwaysPage(
        effect=effect,
        asked=asked,
        proposals=proposals(call, effect),
        spans=spans(call, now),
        earlier=tuple((_call(each, view.root), each.approved) for each in _by_persons(earlier)),
        is_all=first == 0,
        waiting=tuple((each, _call(each, view.root)) for each in view.pending if _may(each)),
        now=now,
    )


def _by_persons(decided: Sequence[Decided]) -> Sequence[Decided]:
    """Return what persons decided: what rules did tells nothing of what is wanted."""
    return [each for each in decided if each.rule is None and _may(each)]


def _may(asked: PendingApproval | Decided) -> bool:
    """Whether it is asked if a call may run; no rule says what became of one that began."""
    return asked.in_doubt_since is None


def _call(of: PendingApproval | Decided, root: str) -> Call:
    return Call(of.agent, of.tool, of.arguments, root)
