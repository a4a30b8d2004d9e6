"""A rule as the TOML text that a policy file keeps it in. Touches no file."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from tui.policy.reading import Scalar
from tui.policy.rule_table import NULL
from tui.wire.rules import Condition, Rule

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def as_toml(rule: Rule) -> str:
    """Return the `[[rule]]` that `read_policy` reads as `rule`; its origin becomes a comment.

    Conditions on one argument come to stand together.

    Raises:
        ValueError: If a file cannot say it: it is for one conversation, or half of a surrogate
            pair stands in it.
    """
    if rule.run:
        raise ValueError("a rule for one conversation cannot be kept in a file")
    lines = [_comment(rule.origin)] if rule.origin else []
    lines += ["[[rule]]", f"effect = {_text(rule.effect)}"]
    if rule.agent != "*":
        lines.append(f"agent = {_text(rule.agent)}")
    # Always said: a file refuses an allow for everything that does not say so.
    lines.append(f"tool = {_text(rule.tool)}")
    if rule.arguments:
        lines.append(f"arguments = {_arguments(rule.arguments)}")
    if rule.exactly is not None:
        lines.append(f"exactly = {_text(rule.exactly)}")
    if rule.granted:
        lines.append("granted = true")
    if rule.reason:
        lines.append(f"reason = {_text(rule.reason)}")
    if rule.until:
        lines.append(f"until = {datetime.fromtimestamp(rule.until, UTC).isoformat()}")
    return "\n".join(lines) + "\n"


def _arguments(conditions: Sequence[Condition]) -> str:
    by_name: dict[str, list[Condition]] = {}
    for condition in conditions:
        by_name.setdefault(condition.name, []).append(condition)
    members = (f"{_key(name)} = {_tests(tests)}" for name, tests in by_name.items())
    return f"{{ {', '.join(members)} }}"


def _tests(conditions: Sequence[Condition]) -> str:
    """Return one table, or a list of tables where a test comes twice or null does."""
    members = [_test(each) for each in conditions]
    if len({each.test for each in conditions}) == len(members):
        return f"{{ {', '.join(members)} }}"
    return "[" + ", ".join(f"{{ {member} }}" for member in members) + "]"


def _test(condition: Condition) -> str:
    if condition.value is None:
        return f"{NULL} = true"
    return f"{condition.test} = {_value(condition.value)}"


def _value(value: Scalar) -> str:
    if isinstance(value, str):
        return _text(value)
    return str(value).lower()


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(text: str) -> str:
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    """Return a character as TOML writes it; what an editor would not show becomes an escape."""
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    if "\ud800" <= character <= "\udfff":
        raise ValueError("half of a surrogate pair cannot be kept in a file")
    return f"\\u{ord(character):04X}" if character <= "\uffff" else f"\\U{ord(character):08X}"


def _comment(text: str) -> str:
    shown = (each if each.isprintable() else " " for each in text)
    return f"# {''.join(shown)}"
