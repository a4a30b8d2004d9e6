"""Reads the arguments of a tool call, and tells whether reading leaves them as they were."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn, TypeVar

from tui.agents.exceptions import ModelBehaviorError
from tui.agents.kinds import Json, JsonObject

if TYPE_CHECKING:
    from pydantic import BaseModel

T = TypeVar("T")

# A core schema of these kinds, and of such parts, is checked without running the user's code.
_PLAIN = {"any", "none", "bool", "int", "float", "str", "literal"}
_COMPOUND = {"nullable", "default", "list", "dict", "union", "model-fields", "model-field"}
_PARTS = ("schema", "items_schema", "keys_schema", "values_schema", "choices")


def parse_arguments(tool_name: str, arguments: str) -> JsonObject:
    """Return the arguments of a call, a `ModelBehaviorError` if no JSON object; "" is none."""
    try:
        parsed = json.loads(arguments) if arguments else {}
    except ValueError as error:
        raise ModelBehaviorError(f"Invalid JSON input for tool {tool_name}") from error
    if not isinstance(parsed, dict):
        raise ModelBehaviorError(f"Invalid JSON input for tool {tool_name}: expected a JSON object")
    return parsed


def read_arguments(tool_name: str, arguments: str, check: Callable[[JsonObject], T]) -> T:
    """Return what a check of pydantic's makes of the arguments of a call.

    Raises:
        ModelBehaviorError: If they do not fit. The text does not quote them.
    """
    from pydantic import ValidationError

    parsed = parse_arguments(tool_name, arguments)
    try:
        return check(parsed)
    except ValidationError as error:
        raise ModelBehaviorError(f"Invalid JSON input for tool {tool_name}") from error


def fault_for(model: type[BaseModel], arguments: JsonObject) -> str | None:
    """Return why arguments do not fit, or None if they do."""
    from pydantic import ValidationError

    try:
        model.model_validate(arguments)
    except ValidationError as error:
        return "; ".join(f"{each['loc']}: {each['msg']}" for each in error.errors())
    return None


def parse_for_approval(arguments: str | None) -> JsonObject | None:
    """Return the arguments an approval policy may look at, or None if they are unreadable."""
    try:
        parsed = json.loads(arguments or "", parse_constant=_refuse_constant)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def are_taken_unchanged(model: type[BaseModel], arguments: JsonObject) -> bool:
    """Tell whether a tool would run with exactly these arguments.

    An approval policy that looks at `{"x": 1}` has not seen the default of `y`, nor what a
    validator makes of x. Only plain data is tried: no code of the user's runs here.
    """
    from pydantic import ValidationError

    schema: Json = model.__pydantic_core_schema__
    if schema.get("type") != "model" or not _is_plain(schema["schema"]):
        return False
    try:
        values = vars(model.model_validate(arguments))
    except ValidationError:
        return False
    taken = {field.validation_alias or name: name for name, field in model.model_fields.items()}
    # Written out, 1, 1.0 and True differ, and so do objects whose keys have another order.
    return taken.keys() == arguments.keys() and all(
        repr(values[taken[name]]) == repr(value) for name, value in arguments.items()
    )


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"Invalid JSON constant: {text}")


def _is_plain(schema: Json) -> bool:
    if isinstance(schema, list):
        return all(map(_is_plain, schema))
    # A choice that is no dict has a label; a pattern may backtrack for ever.
    if not isinstance(schema, dict) or "pattern" in schema:
        return False
    factory = schema.get("default_factory")
    if schema["type"] not in _PLAIN | _COMPOUND or factory not in (None, list, dict):
        return False
    parts = [schema[name] for name in _PARTS if name in schema]
    return _is_plain(parts) and _is_plain(list(schema.get("fields", {}).values()))
