"""Which rules stand: what persons granted, and what the policy file says. Knows no clock.

A grant holds for a host and all its runs: a run that works is told of every change, so the view of
one that does says what stands; where none works, the view of the one that ended last.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from tui.cockpit.projection.view import RunView
from tui.wire.rules import Rule


class HostedView(NamedTuple):
    """A conversation.

    Attributes:
        name: Of the conversation.
        host: Names the host that it has, together with others.
    """

    name: str
    host: str
    view: RunView


class StandingRule(NamedTuple):
    """A rule that stands.

    Attributes:
        answered: How many calls it answered, in all conversations.
        host: The host that it holds for, "" where it stands in the file and holds for all.
    """

    rule: Rule
    answered: int
    host: str = ""

    @property
    def key(self) -> str:
        """What names it among those that stand."""
        return f"{self.host} {self.rule.rule_id or self.rule.origin}"

    @property
    def is_revocable(self) -> bool:
        """Whether a person granted it; what an option or a hand in the file said, stays."""
        return (
            self.rule.granted and bool(self.rule.rule_id) and not self.rule.origin.startswith("-")
        )


def standing_grants(
    views: Sequence[HostedView], written: Iterable[Rule] = ()
) -> tuple[StandingRule, ...]:
    """Return what persons granted and nobody took back, but for what is `written` in the file."""
    kept = {rule.rule_id for rule in written if rule.rule_id}
    counts = _answers(views)
    hosts = dict.fromkeys(view.host for view in views)
    return tuple(
        StandingRule(rule, counts[_same(rule)], host)
        for host in hosts
        for rule in _newest(each.view for each in views if each.host == host).grants
        if rule.rule_id not in kept
    )


def written_rules(views: Sequence[HostedView], rules: Iterable[Rule]) -> tuple[StandingRule, ...]:
    """Return the rules of the policy file, with how many calls each answered."""
    counts = _answers(views)
    return tuple(StandingRule(rule, counts[_same(rule)]) for rule in rules)


def _answers(views: Iterable[HostedView]) -> Counter[Rule]:
    return Counter(_same(rule) for each in views for rule in _deciding(each.view))


def _deciding(view: RunView) -> Iterator[Rule]:
    for decided in view.decisions:
        if decided.rule is not None:
            yield decided.rule


def _same(rule: Rule) -> Rule:
    """Return the rule as it is counted: by its name, or by what it says wherever it stands."""
    return (
        Rule(effect=rule.effect, rule_id=rule.rule_id) if rule.rule_id else replace(rule, origin="")
    )


def _newest(views: Iterable[RunView]) -> RunView:
    def told_last(view: RunView) -> float:
        if view.ended_at is None and view.started_at is not None:
            return float("inf")
        return view.ended_at or 0.0

    return max(views, key=told_last)
