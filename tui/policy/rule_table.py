"""One `[[rule]]` of a policy file as a `Rule`. Stays out of the rest of the file."""

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final, get_args

from msgspec import structs

from tui.errors import SettingsError
from tui.nearest import nearest
from tui.policy.commands import LONGEST, plain_words
from tui.policy.kept import kept_id
from tui.policy.reading import Members, is_portable, name_twice, read_json
from tui.toml.tables import Table, kind
from tui.wire.rules import Condition, Effect, Rule, Test

NULL: Final = "null"
_KEYS: Final = ("effect", "agent", "tool", "arguments", "exactly", "reason", "until", "granted")
_TESTS: Final[tuple[Test, ...]] = get_args(Test)
_EFFECTS: Final[tuple[Effect, ...]] = get_args(Effect)
_INNER: Final = 'inner arguments are named with dots, in quotes: "order.lines"'


def read_rule(table: Table) -> Rule:
    """Return the rule that a table says.

    Raises:
        SettingsError: If it says none, or something that would cover nothing or everything by slip.
    """
    if not table.values:
        raise table.fault('an empty rule; give it an effect: "allow", "ask" or "deny"')
    table.only(_KEYS)
    effect = _effect(table)
    if "arguments" in table.values and "exactly" in table.values:
        raise table.fault('a rule has "arguments" or "exactly", not both; drop one', "exactly")
    if effect == "allow" and not table.values.keys() & {"agent", "tool", "arguments", "exactly"}:
        raise table.fault('this allows every call; write tool = "*" if that is meant')
    rule = Rule(
        effect=effect,
        agent=table.text("agent", "*"),
        tool=table.text("tool", "*"),
        arguments=tuple(_conditions(table.table("arguments"))),
        exactly=_exactly(table),
        until=_until(table),
        reason=table.text("reason"),
        origin=f"{table.file}:{table.line()}",
        granted=table.is_set("granted", False),
    )
    return structs.replace(rule, rule_id=kept_id(rule)) if rule.granted else rule


def _effect(table: Table) -> Effect:
    if "effect" not in table.values:
        raise table.fault('a rule without effect; give it "allow", "ask" or "deny"')
    text = table.text("effect")
    for effect in _EFFECTS:
        if text == effect:
            return effect
    raise table.fault(f'effect "{text}"; it must be "allow", "ask" or "deny"', "effect")


def _exactly(table: Table) -> str | None:
    if "exactly" not in table.values:
        return None
    text = table.text("exactly")
    try:
        value = read_json(text)
    except ValueError as error:
        raise table.fault(f'"exactly" is not JSON: {error}', "exactly") from error
    if not isinstance(value, Members):
        raise table.fault('"exactly" is no JSON object; write all arguments in {}', "exactly")
    if (twice := name_twice(value)) is not None:
        raise table.fault(f'"exactly" has "{twice}" twice; drop one', "exactly")
    return text


def _until(table: Table) -> float:
    until = table.values.get("until")
    if until is None:
        return 0.0
    example = "write 2026-12-31T00:00:00Z"
    if not isinstance(until, datetime):
        raise table.fault(
            f'"until" is {kind(until)}, not a day, a time and a zone; {example}', "until"
        )
    if until.tzinfo is None:
        raise table.fault(f'"until" has no zone; {example}', "until")
    if until.timestamp() <= 0:
        raise table.fault(f'"until" is before 1970; {example}', "until")
    return until.timestamp()


def _conditions(table: Table) -> Iterator[Condition]:
    """Yield what each argument must be: a bare value, a table of tests, or a list of tables."""
    for name, value in table.values.items():
        match value:
            case dict():
                yield from _tests(table.table(name), name)
            case [*members] if not members or not all(isinstance(m, dict) for m in members):
                raise table.fault(f'"{name}" is a list; use "exactly" for all arguments', name)
            case list():
                for tests in table.tables(name):
                    yield from _tests(tests, name)
            case _:
                yield Condition(name=name, test="is", value=_scalar(table, name, value))


def _tests(table: Table, name: str) -> Iterator[Condition]:
    if not table.values:
        raise table.fault(f'"{name}" has no test; the tests are {", ".join(_TESTS)}')
    for key, value in table.values.items():
        if key == NULL and value is True:
            yield Condition(name=name, test="is", value=None)
            continue
        test = next((test for test in _TESTS if test == key), None)
        if test is None:
            raise _no_test(table, name, key)
        yield Condition(name=name, test=test, value=_tested(table, test, value))


def _no_test(table: Table, name: str, key: str) -> SettingsError:
    near = nearest(key, _TESTS)
    advice = f'did you mean "{near}"?' if near else f"the tests are {', '.join(_TESTS)}"
    return table.fault(f'"{key}" is no test of "{name}"; {advice} ({_INNER})', key)


def _tested(table: Table, test: Test, value: Any) -> str | int | float | bool:
    match test:
        case "is":
            return _scalar(table, test, value)
        case "like" | "prefix":
            text = table.text(test)
            words = plain_words(text)
            if test == "prefix" and (words is None or len(words) > LONGEST):
                what = f'"prefix" is "{text}"; it must be the first plain words of a command'
                raise table.fault(what, test)
            return text
        case "min" | "max":
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise table.fault(f'"{test}" is {kind(value)}; it must be a number', test)
            return _finite(table, test, value)


def _scalar(table: Table, key: str, value: Any) -> str | int | float | bool:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int | float):
        return _finite(table, key, value)
    raise table.fault(f'"{key}" is {kind(value)}; it must be text, a number, true or false', key)


def _finite(table: Table, key: str, value: float) -> float:
    if not math.isfinite(value):
        raise table.fault(f'"{key}" is {kind(value)}; no argument can be that', key)
    if not is_portable(value):
        raise table.fault(f'"{key}" does not fit into 64 bits; write it with a point', key)
    return value
