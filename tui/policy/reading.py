"""JSON as a rule sees it: every member of an object in its order, also those that stand twice.

Stays out of what a rule makes of it.
"""

import json
import math
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, NoReturn, TypeAlias

MAX_DEPTH: Final = 100

Scalar: TypeAlias = str | int | float | bool | None
Json: TypeAlias = "Scalar | list[Json] | Members"


class Members(tuple[tuple[str, "Json"], ...]):
    """A JSON object: its members in the order of the text."""

    __slots__ = ()

    def named(self, name: str) -> list[Json]:
        """Return every value under `name`; a tool gets the last of them."""
        return [value for key, value in self if key == name]


class Reading(NamedTuple):
    """Arguments that are a JSON object.

    Attributes:
        members: The object.
        twice: A name that stands twice in one object, at any depth; None if none does.
    """

    members: Members
    twice: str | None


def read_arguments(text: str) -> Reading | None:
    """Return the arguments of a call; None if a tool cannot get an object from them.

    Empty text is no arguments, as for every runtime.
    """
    try:
        value = read_json(text or "{}")
        return Reading(value, name_twice(value)) if isinstance(value, Members) else None
    except ValueError:
        return None


def read_json(text: str) -> Json:
    """Return the one JSON value in `text`.

    Raises:
        ValueError: If it is none (NaN and Infinity are none), nests too deeply, or has a number
            that is too large to be told from others.
    """
    try:
        value: Json = json.loads(
            text,
            object_pairs_hook=Members,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except RecursionError as error:
        raise ValueError("it nests too deeply") from error
    if any(depth > MAX_DEPTH for depth, _ in _objects(value)):
        raise ValueError("it nests too deeply")
    return value


def name_twice(value: Json) -> str | None:
    """Return a name that stands twice in one object of `value`, None if none does."""
    for _, inner in _objects(value):
        if isinstance(inner, Members):
            seen: set[str] = set()
            for name, _ in inner:
                if name in seen:
                    return name
                seen.add(name)
    return None


def is_same(value: Json, wanted: Json, same_scalar: Callable[[Scalar, Scalar], bool]) -> bool:
    """Tell whether `value` is `wanted`, in which no name stands twice; order of names is nothing.

    Where a name stands twice in `value`, any of its values may be the wanted one.
    """
    if isinstance(value, Members) and isinstance(wanted, Members):
        return {name for name, _ in value} == {name for name, _ in wanted} and all(
            any(is_same(each, inner, same_scalar) for each in value.named(name))
            for name, inner in wanted
        )
    if isinstance(value, list) and isinstance(wanted, list):
        return len(value) == len(wanted) and all(
            is_same(each, inner, same_scalar) for each, inner in zip(value, wanted, strict=True)
        )
    if isinstance(value, list | Members) or isinstance(wanted, list | Members):
        return False
    return same_scalar(value, wanted)


def is_portable(value: Scalar) -> bool:
    """Tell whether a rule with this value can travel.

    Whole numbers do in 64 bits; infinity does not, nor does half of a surrogate pair.
    """
    match value:
        case str():
            return not any("\ud800" <= character <= "\udfff" for character in value)
        case int():
            return -(2**63) <= value < 2**64
        case float():
            return math.isfinite(value)
    return True


def _objects(value: Json) -> Iterator[tuple[int, Json]]:
    """Yield every array and object with its depth, by a list: deep text must not end a run."""
    waiting = [(1, value)]
    while waiting:
        depth, inner = waiting.pop()
        if not isinstance(inner, list | Members):
            continue
        yield depth, inner
        if depth <= MAX_DEPTH:
            values = [each for _, each in inner] if isinstance(inner, Members) else inner
            waiting.extend((depth + 1, each) for each in values)


def _finite(text: str) -> float:
    value = float(text)
    if math.isfinite(value):
        return value
    raise ValueError(f"{text} is too large for a number")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")
