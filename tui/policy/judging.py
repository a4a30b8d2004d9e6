"""What rules and grants say about one call. Stays out of asking and of telling."""

from collections.abc import Sequence
from typing import NamedTuple

from tui.policy.facts import Call
from tui.policy.matching import covers
from tui.wire.rules import Effect, Rule


class Verdict(NamedTuple):
    """What becomes of a call.

    Attributes:
        effect: None leaves it to the program.
        rule: The rule that says so; None where none does.
    """

    effect: Effect | None
    rule: Rule | None


def judge(call: Call, rules: Sequence[Rule], grants: Sequence[Rule], now: float) -> Verdict:
    """Return what the rules of the file and the grants of people say, at `now`, UTC seconds.

    Deny wins, always, whoever said it. Then a grant that allows, kept in the file or not: a
    person has answered the question for calls like this one, whoever asks it. Then ask, then the
    file's allow. Within each the first is named, the file's before the grants.
    """
    everything = [*rules, *grants]
    granted = [*(rule for rule in rules if rule.granted), *grants]
    for effect, candidates in (
        ("deny", everything),
        ("allow", granted),
        ("ask", everything),
        ("allow", rules),
    ):
        for rule in candidates:
            if rule.effect == effect and covers(rule, call, now):
                return Verdict(rule.effect, rule)
    return Verdict(None, None)
