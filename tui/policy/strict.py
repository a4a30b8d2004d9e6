"""When a condition of a rule that allows holds: only where there is no doubt.

`cautious` is the other way round, for rules that ask or deny.
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final, TypeGuard
from urllib.parse import unquote

from tui.policy.commands import hides, is_command, plain_words
from tui.policy.reading import Json, Members, Scalar
from tui.wire.rules import Condition

# Each costs a pass over the text; nothing honest is encoded so often.
MOST_DECODINGS: Final = 4
# Words that touch the dots make them part of a name: `a..b`, `x/..hidden`.
_UPWARD: Final = re.compile(r"(?<![\w.])\.\.(?![\w.])")


def values(members: Members, name: str) -> Iterator[Json]:
    """Yield the one value under a dotted name, if there is one; no name stands twice."""
    value: Json = members
    for part in name.split("."):
        named = value.named(part) if isinstance(value, Members) else []
        if not named:
            return
        value = named[0]
    yield value


def holds(condition: Condition, value: Json, tool: str) -> bool:
    """Tell whether `value` is surely what the condition wants; no type stands for another."""
    wanted = condition.value
    match condition.test:
        case "is":
            return not isinstance(value, list | Members) and is_same_scalar(value, wanted)
        case "like":
            return _is_like(value, wanted, is_command(tool, condition.name))
        case "prefix":
            return _begins(value, wanted)
        case "min":
            return is_number(value) and is_number(wanted) and value >= wanted
        case "max":
            return is_number(value) and is_number(wanted) and value <= wanted


def is_same_scalar(value: Scalar, wanted: Scalar) -> bool:
    """Tell whether two values are one in JSON: numbers by value (1 is 1.0), True is no 1."""
    if is_number(value) and is_number(wanted):
        return value == wanted
    return type(value) is type(wanted) and value == wanted


def is_number(value: Json) -> TypeGuard[int | float]:
    """Tell whether a value is a JSON number, which True is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def decodings(text: str) -> Iterator[str]:
    """Yield `text` and what it is percent-decoded, again and again as some tools do."""
    yield text
    for _ in range(MOST_DECODINGS):
        decoded = unquote(text)
        if decoded == text:
            return
        text = decoded
        yield text


def climbs(text: str) -> bool:
    """Tell whether `text` has a `..` that may lead up a path, also percent-encoded."""
    texts = tuple(decodings(text))
    return len(texts) > MOST_DECODINGS or any(map(_UPWARD.search, texts))


def _is_like(value: Json, wanted: Scalar, is_command_text: bool) -> bool:
    if not isinstance(value, str) or not isinstance(wanted, str):
        return False
    if hides(value) or climbs(value) or (is_command_text and plain_words(value) is None):
        return False
    return fnmatchcase(value, wanted)


def _begins(value: Json, wanted: Scalar) -> bool:
    if not isinstance(value, str) or not isinstance(wanted, str):
        return False
    words, first = plain_words(value), plain_words(wanted)
    return words is not None and first is not None and words[: len(first)] == first
