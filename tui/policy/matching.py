"""Which calls a rule covers. Stays out of what follows from it.

Caution depends on the effect. A rule that allows covers what is surely meant: one value for each
name, of the same type, one plain command. A rule that asks or denies covers what may be meant.
"""

from fnmatch import fnmatchcase

from tui.policy import cautious, strict
from tui.policy.facts import Call
from tui.policy.reading import Json, is_same, name_twice, read_json
from tui.wire.rules import Rule


def covers(rule: Rule, call: Call, now: float) -> bool:
    """Tell whether `rule` is for `call` at `now`, UTC seconds.

    A rule without conditions covers any arguments, by its own words. With some, arguments that
    cannot be read (no JSON object, or nested too deeply) are covered if the rule asks or denies
    and not if it allows; so are, for one that allows, those where a name stands twice: what a
    person was shown is not what a tool gets.
    """
    if rule.until and not now < rule.until:
        return False
    if rule.run and rule.run != call.run:
        return False
    if not fnmatchcase(call.agent, rule.agent) or not fnmatchcase(call.tool, rule.tool):
        return False
    if not rule.arguments and rule.exactly is None:
        return True
    return _surely(rule, call) if rule.effect == "allow" else _maybe(rule, call)


def _surely(rule: Rule, call: Call) -> bool:
    reading = call.reading
    if reading is None or reading.twice is not None:
        return False
    if rule.exactly is not None:
        wanted = _exactly(rule.exactly)
        if wanted is None or not is_same(reading.members, wanted[0], strict.is_same_scalar):
            return False
    return all(
        any(
            strict.holds(condition, value, call.tool)
            for value in strict.values(reading.members, condition.name)
        )
        for condition in rule.arguments
    )


def _maybe(rule: Rule, call: Call) -> bool:
    if call.reading is None:
        return True
    members = call.reading.members
    if rule.exactly is not None:
        wanted = _exactly(rule.exactly)
        if wanted is not None and not is_same(members, wanted[0], cautious.may_be_same):
            return False
    return all(
        any(
            cautious.may_hold(condition, value, call.tool)
            for value in cautious.values(members, condition.name)
        )
        for condition in rule.arguments
    )


def _exactly(text: str) -> tuple[Json] | None:
    """Return the value that a rule is for, None if it is none that could be compared."""
    try:
        value = read_json(text)
    except ValueError:
        return None
    return (value,) if name_twice(value) is None else None
