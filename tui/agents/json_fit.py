"""Tells what of a JSON value does not fit a schema, as far as the schemas of tools go.

Keywords that it does not know (formats, dependencies) are left to the tool.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import reduce

from tui.agents.kinds import Json, JsonObject


def _matches(value: str, pattern: str) -> bool:
    try:
        return re.search(pattern, value) is not None
    except re.error:
        # Written for another language's expressions: left to the tool.
        return True


_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "number": (int, float),
    "integer": (int, float),
}
_LIMITS: dict[str, tuple[type | tuple[type, ...], Callable[[Json, Json], bool], str]] = {
    "minimum": ((int, float), lambda value, limit: value >= limit, "must be at least"),
    "maximum": ((int, float), lambda value, limit: value <= limit, "must be at most"),
    "exclusiveMinimum": ((int, float), lambda value, limit: value > limit, "must be more than"),
    "exclusiveMaximum": ((int, float), lambda value, limit: value < limit, "must be less than"),
    "minLength": (str, lambda value, limit: len(value) >= limit, "must have a length of at least"),
    "maxLength": (str, lambda value, limit: len(value) <= limit, "must have a length of at most"),
    "minItems": (list, lambda value, limit: len(value) >= limit, "must have a length of at least"),
    "maxItems": (list, lambda value, limit: len(value) <= limit, "must have a length of at most"),
    "pattern": (str, _matches, "must match"),
}


def fault_of(value: Json, schema: JsonObject) -> str | None:
    """Return the first fault of `value`, with its place in it, or None if it fits."""
    return next(_Fit(schema).faults(value, schema, "the arguments"), None)


class _Fit:
    def __init__(self, root: JsonObject) -> None:
        self._root = root

    def faults(self, value: Json, schema: Json, place: str) -> Iterator[str]:
        """Yield what does not fit; of a value of the wrong type only that."""
        if schema is False:
            yield f"{place} is not known"
        if not isinstance(schema, dict):
            return
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds and not any(_is_a(value, kind) for kind in kinds):
            yield f"{place} must be of type {' or '.join(kinds)}"
            return
        yield from _limit_faults(value, schema, place)
        yield from self._combined(value, schema, place)
        if isinstance(value, dict):
            yield from self._members(value, schema, place)
        if isinstance(value, list):
            for at, each in enumerate(value):
                yield from self.faults(each, schema.get("items", True), f"{place}[{at}]")

    def _combined(self, value: Json, schema: JsonObject, place: str) -> Iterator[str]:
        if isinstance(reference := schema.get("$ref"), str):
            yield from self.faults(value, self._resolved(reference), place)
        for each in schema.get("allOf", ()):
            yield from self.faults(value, each, place)
        for name in ("anyOf", "oneOf"):
            yield from self._choice(value, schema.get(name), place)

    def _choice(self, value: Json, choices: list[Json] | None, place: str) -> Iterator[str]:
        if not choices:
            return
        faults = [next(self.faults(value, each, place), None) for each in choices]
        if None not in faults:
            yield " or ".join(dict.fromkeys(str(fault) for fault in faults))

    def _members(self, value: JsonObject, schema: JsonObject, place: str) -> Iterator[str]:
        known = schema.get("properties", {})
        yield from (
            f"{place} must have {name!r}"
            for name in schema.get("required", ())
            if name not in value
        )
        for name, each in value.items():
            rule = known.get(name, schema.get("additionalProperties", True))
            yield from self.faults(each, rule, f"{name!r} in {place}")

    def _resolved(self, reference: str) -> Json:
        names = reference.removeprefix("#").strip("/").split("/")
        return reduce(lambda node, name: node.get(name, {}), filter(None, names), self._root)


def _limit_faults(value: Json, schema: JsonObject, place: str) -> Iterator[str]:
    allowed = [schema["const"]] if "const" in schema else schema.get("enum")
    if allowed is not None and not any(_are_same(value, each) for each in allowed):
        yield f"{place} must be one of {allowed}"
    for name, (kind, fits, words) in _LIMITS.items():
        if name in schema and isinstance(value, kind) and not fits(value, schema[name]):
            yield f"{place} {words} {schema[name]}"


def _is_a(value: Json, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES.get(kind, object))


def _are_same(one: Json, other: Json) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
