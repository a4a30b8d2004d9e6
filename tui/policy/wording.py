"""Rules in words: one plain sentence, for a person, an audit and the model. Styles nothing."""

import json
from datetime import UTC, datetime

from tui.policy.reading import Scalar
from tui.wire.rules import Condition, Rule

_TESTS = {
    "is": "is",
    "like": "is like",
    "prefix": "begins with",
    "min": "is at least",
    "max": "is at most",
}


def rule_in_words(rule: Rule) -> str:
    """Return what a rule says, on one line: `deny shell when command begins with "rm"`."""
    words = [rule.effect, "any tool" if rule.tool == "*" else rule.tool]
    if rule.agent != "*":
        words.append(f"for {rule.agent}")
    if rule.exactly is not None:
        words.append(f"with exactly {rule.exactly}")
    if rule.arguments:
        words.append("when " + " and ".join(condition_in_words(each) for each in rule.arguments))
    sentence = " ".join(words)
    if rule.run:
        sentence += ", in this conversation"
    if rule.until:
        sentence += f", until {time_in_words(rule.until)}"
    return _line(sentence)


def condition_in_words(condition: Condition) -> str:
    """Return what an argument must be: `cents is at most 5000`."""
    return f"{condition.name} {_TESTS[condition.test]} {_value(condition.value)}"


def named(rule: Rule) -> str:
    """Return a rule in words and where it comes from: `deny shell (policy.toml:12)`."""
    return rule_in_words(rule) + (f" ({_line(rule.origin)})" if rule.origin else "")


def denial_text(rule: Rule) -> str:
    """Return what a model reads in place of a tool's output, on one line.

    Of the file, its name and line are told and not the folder.
    """
    place = _line(rule.origin).replace("\\", "/").rpartition("/")[2]
    denial = f"Denied by rule: {rule_in_words(rule)}" + (f" ({place})." if place else ".")
    reason = _line(rule.reason)
    return f"{denial} Reason: {reason}" if reason else denial


def time_in_words(at: float) -> str:
    """Return UTC seconds as `2026-12-31 23:59 UTC`; what no calendar holds, as the number."""
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (OverflowError, OSError, ValueError):
        return str(at)


def _value(value: Scalar) -> str:
    return json.dumps(value, ensure_ascii=False)


def _line(text: str) -> str:
    """Return text on one line; what else it hides is for whoever shows it."""
    return " ".join(text.split())
