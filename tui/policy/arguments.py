"""Whether arguments fit a tool's schema, before a person sends them off. Fetches nothing."""

import json
import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from tui.json_fit import misfit, one_line
from tui.policy.reading import Json, Members, Scalar, name_twice, read_json

PlainJson: TypeAlias = "Scalar | list[PlainJson] | dict[str, PlainJson]"

_CONSTANT: Final = re.compile(r'"(?:[^"\\]|\\.)*"|(?P<constant>NaN|-?Infinity)', re.DOTALL)


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
        return one_line(f"{twice}: it stands twice, and a tool gets only the last")
    return misfit(_plain(value), schema)


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
