"""Whether arguments fit a tool's schema, before a person sends them off. Fetches nothing."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeAlias

from tui.policy.reading import Json, Members, Scalar, name_twice, read_json

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

PlainJson: TypeAlias = "Scalar | list[PlainJson] | dict[str, PlainJson]"

_LONGEST: Final = 200
_CONSTANT: Final = re.compile(r'"(?:[^"\\]|\\.)*"|(?P<constant>NaN|-?Infinity)', re.DOTALL)
_NAME: Final = re.compile(r"[^\W\d][\w-]*")


def fault_of(arguments: str, schema: Mapping[str, object]) -> str | None:
    """Return what is wrong with JSON text as the arguments of a tool, None if it fits.

    One line, with the path: `cents: 12.5 is not of type 'integer'`. What the schema says and
    cannot be followed here (a reference elsewhere, an expression of another language) is left to
    the tool.
    """
    try:
        value = read_json(arguments)
    except json.JSONDecodeError as error:
        return f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
    except ValueError as error:
        return f"not JSON: {error}{_place_of_constant(arguments)}"
    if not isinstance(value, Members):
        start = len(arguments) - len(arguments.lstrip())
        return f"not a JSON object{_place(arguments, start)}; write all arguments in {{}}"
    if (twice := name_twice(value)) is not None:
        return _line(f"{twice}: it stands twice, and a tool gets only the last")
    return _first_fault(_plain(value), schema)


def _first_fault(value: PlainJson, schema: Mapping[str, object]) -> str | None:
    from jsonschema.exceptions import best_match

    validator = _validator(json.dumps(schema))
    fault = best_match(_faults(validator, value))
    if fault is None:
        return None
    path = _path(fault)
    return _line(f"{path}: {fault.message}" if path else fault.message)


@lru_cache(maxsize=256)
def _validator(schema_text: str) -> "Validator":
    # Late: 80 ms that only a person who edits arguments waits for.
    from jsonschema.validators import Draft202012Validator, validator_for
    from referencing import Registry

    schema = json.loads(schema_text)
    # An empty registry: the default one would fetch what a reference names.
    return validator_for(schema, Draft202012Validator)(schema, registry=Registry())


def _faults(validator: "Validator", value: PlainJson) -> "Iterator[ValidationError]":
    """Yield what the validator finds until it comes to what it cannot follow."""
    from jsonschema.exceptions import UnknownType
    from referencing.exceptions import Unresolvable

    try:
        yield from validator.iter_errors(value)
    except (Unresolvable, UnknownType, re.error, RecursionError, AttributeError, TypeError):
        # Nothing says that it is a schema, nor that a reference leads to one: the tool will judge.
        return


def _path(fault: "ValidationError") -> str:
    """Return where a fault is: `order.lines[0].cents`."""
    path = ""
    for part in fault.absolute_path:
        if isinstance(part, int):
            path += f"[{part}]"
        elif _NAME.fullmatch(part):
            path += f".{part}" if path else part
        else:
            path += f"[{json.dumps(part)}]"
    return path


def _plain(value: Json) -> PlainJson:
    if isinstance(value, Members):
        return {name: _plain(inner) for name, inner in value}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _place_of_constant(text: str) -> str:
    for match in _CONSTANT.finditer(text):
        if match["constant"]:
            return _place(text, match.start())
    return ""


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return f" at line {line}, column {column}"


def _line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
