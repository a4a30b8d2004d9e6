"""Arguments that a person changes: as they can be edited, and whether they fit the tool.

Knows no widget and no focus.
"""

import contextlib
import json
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

import msgspec

from tui.plain import plain

_Json: TypeAlias = "dict[str, _Json] | list[_Json] | str | int | float | bool | None"

MOST_EDITED: Final = 100_000
"""Characters; a field with more would be felt at each key."""
_BEYOND: Final = 0x10000
# In these each member is a schema, whatever its name is.
_MAPS_OF_SCHEMAS: Final = ("properties", "$defs", "definitions", "dependentSchemas")
_TURNED: Final = ("not", "if", "oneOf")
_EXPRESSIONS: Final = ("pattern", "patternProperties")
_THE_OTHERS: Final = ("additionalProperties", "unevaluatedProperties")


class Edit(NamedTuple):
    """Arguments in place of those that were asked for.

    Attributes:
        text: JSON text, if it is without fault.
        fault: Why the tool would not take them, in one line; "" if it would.
    """

    text: str
    fault: str = ""


def editable(arguments: str) -> str:
    r"""Return JSON laid out for an editor, with what acts or hides written as `\u` escapes."""
    # What is no JSON the person sees as it came, and may make some of it.
    with contextlib.suppress(msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        arguments = msgspec.json.format(arguments.encode(), indent=2).decode()
    if plain(arguments) == arguments:
        return arguments
    return "".join(map(_visible, arguments))


def edit_of(text: str, arguments: str, schema: str) -> Edit | None:
    """Return what `text` is in place of `arguments`; None if it is the same."""
    text = text.strip()
    if _is_same(text, arguments):
        return None
    return Edit(text, fault_in(text, schema))


def fault_in(text: str, schema: str) -> str:
    """Return why `text` does not fit a tool's JSON schema, in one line; "" if it does.

    The expressions in a schema are left to the process of the agents: one of them could keep this
    one, and with it the keyboard, for as long as it likes.
    """
    # Late: 80 ms that only a person who edits arguments waits for.
    from tui.policy.arguments import fault_of

    try:
        known = json.loads(schema)
    except ValueError:
        known = {}
    without = _without_expressions(known)
    return plain(fault_of(text, without if isinstance(without, dict) else {}) or "")


def _is_same(text: str, arguments: str) -> bool:
    return text == arguments.strip() or _compact(text) == _compact(editable(arguments))


def _compact(text: str) -> str:
    try:
        return msgspec.json.format(text.encode(), indent=-1).decode()
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return text


def _visible(character: str) -> str:
    if character == "\n" or plain(character) == character:
        return character
    code = ord(character)
    if code < _BEYOND:
        return f"\\u{code:04x}"
    high, low = divmod(code - _BEYOND, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def _without_expressions(schema: _Json) -> _Json:
    if isinstance(schema, list):
        return [_without_expressions(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    left_out = _EXPRESSIONS + (_THE_OTHERS if "patternProperties" in schema else ())
    kept = {name: _inner(name, value) for name, value in schema.items() if name not in left_out}
    # Less strict inside, these would be stricter.
    return {
        name: value for name, value in kept.items() if name not in _TURNED or value == schema[name]
    }


def _inner(name: str, value: _Json) -> _Json:
    if name in ("const", "enum", "default", "examples"):
        return value
    if name in _MAPS_OF_SCHEMAS and isinstance(value, dict):
        walk: Callable[[_Json], _Json] = _without_expressions
        return {inner: walk(each) for inner, each in value.items()}
    return _without_expressions(value)
