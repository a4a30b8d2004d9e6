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


_NUMBER = (int, float)
_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "number": _NUMBER,
    "integer": _NUMBER,
}
_LIMITS: dict[str, tuple[type | tuple[type, ...], Callable[[Json, Json], bool], str]] = {
    "minimum": (_NUMBER, lambda value, limit: value >= limit, "must be at least"),
    "maximum": (_NUMBER, lambda value, limit: value <= limit, "must be at most"),
    "exclusiveMinimum": (_NUMBER, lambda value, limit: value > limit, "must be more than"),
    "exclusiveMaximum": (_NUMBER, lambda value, limit: value < limit, "must be less than"),
    "minLength": (str, lambda value, limit: len(value) >= limit, "must have a length of at least"),
    "maxLength": (str, lambda value, limit: len(value) <= limit, "must have a length of at most"),
    "minItems": (list, lambda value, limit: len(value) >= limit, "must have a length of at least"),
    "maxItems": (list, lambda value, limit: len(value) <= limit, "must have a length of at most"),
    "pattern": (str, _matches, "must match"),
}


def fault_of(value: Json, schema: JsonObject) -> str | None:
    """Return the first fault of `value`, with its place in it, or None if it fits."""
    return next(_faults(value, schema, schema, "the arguments"), None)


def _faults(value: Json, schema: Json, root: JsonObject, place: str) -> Iterator[str]:
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
    for each in [*_referred(schema, root), *schema.get("allOf", ())]:
        yield from _faults(value, each, root, place)
    for name in ("anyOf", "oneOf"):
        faults = [next(_faults(value, each, root, place), "") for each in schema.get(name, ())]
        if faults and all(faults):
            yield " or ".join(dict.fromkeys(faults))
    for each, rule, where in _members(value, schema, place):
        yield from _faults(each, rule, root, where)


def _referred(schema: JsonObject, root: JsonObject) -> Iterator[Json]:
    if isinstance(reference := schema.get("$ref"), str):
        names = reference.removeprefix("#").strip("/").split("/")
        yield reduce(lambda node, name: node.get(name, {}), filter(None, names), root)


def _members(value: Json, schema: JsonObject, place: str) -> Iterator[tuple[Json, Json, str]]:
    """Yield what is in a value, each with its schema and its place."""
    if isinstance(value, list):
        for at, each in enumerate(value):
            yield each, schema.get("items", True), f"{place}[{at}]"
    if isinstance(value, dict):
        others = schema.get("additionalProperties", True)
        for name, each in value.items():
            rule = schema.get("properties", {}).get(name, others)
            yield each, rule, f"{name!r} in {place}"


def _limit_faults(value: Json, schema: JsonObject, place: str) -> Iterator[str]:
    allowed = [schema["const"]] if "const" in schema else schema.get("enum")
    if allowed is not None and not any(_are_same(value, each) for each in allowed):
        yield f"{place} must be one of {allowed}"
    for name, (kind, fits, words) in _LIMITS.items():
        if name in schema and isinstance(value, kind) and not fits(value, schema[name]):
            yield f"{place} {words} {schema[name]}"
    if isinstance(value, dict):
        missing = [name for name in schema.get("required", ()) if name not in value]
        yield from (f"{place} must have {name!r}" for name in missing)


def _is_a(value: Json, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES.get(kind, object))


def _are_same(one: Json, other: Json) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)
