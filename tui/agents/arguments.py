"""Reads the arguments of a tool call, and tells whether reading leaves them as they were."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, NoReturn

from tui.agents.exceptions import ModelBehaviorError
from tui.agents.kinds import Json, JsonObject

if TYPE_CHECKING:
    from pydantic import BaseModel


def parse_arguments(tool_name: str, arguments: str) -> JsonObject:
    """Return the arguments of a call; an empty string means none.

    Raises:
        ModelBehaviorError: If they are no JSON object. The text does not quote them.
    """
    try:
        parsed = json.loads(arguments) if arguments else {}
    except ValueError as error:
        raise ModelBehaviorError(f"Invalid JSON input for tool {tool_name}") from error
    if not isinstance(parsed, dict):
        raise ModelBehaviorError(f"Invalid JSON input for tool {tool_name}: expected a JSON object")
    return parsed


def validate_arguments(
    model: type[BaseModel], tool_name: str, arguments: Mapping[str, Json]
) -> BaseModel:
    """Return checked and converted arguments.

    Raises:
        ModelBehaviorError: If they do not fit. The text does not quote them.
    """
    from pydantic import ValidationError

    try:
        return model(**arguments)
    except ValidationError as error:
        raise ModelBehaviorError(f"Invalid JSON input for tool {tool_name}") from error


def parse_for_approval(arguments: str | None) -> JsonObject | None:
    """Return the arguments an approval policy may look at, or None if they are unreadable."""
    if not arguments or not arguments.strip():
        return None
    try:
        parsed = json.loads(arguments, parse_constant=_refuse_constant)
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None


def are_taken_unchanged(model: type[BaseModel], arguments: Mapping[str, Json]) -> bool:
    """Tell whether a tool would run with exactly these arguments.

    An approval policy that looks at `{"x": 1}` has not seen the default of `y`, nor what a
    validator makes of x. Only plain data is tried: no code of the user's runs here.
    """
    from pydantic import ValidationError

    if not _is_plain_model(model):
        return False
    try:
        values = vars(model(**arguments))
    except (TypeError, ValidationError):
        return False
    named = {_wire_name(model, name): value for name, value in values.items()}
    return named.keys() == arguments.keys() and all(
        _is_same(named[name], value) for name, value in arguments.items()
    )


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"Invalid JSON constant: {text}")


def _wire_name(model: type[BaseModel], name: str) -> str:
    declared = model.model_fields[name]
    alias = declared.validation_alias or declared.alias
    return alias if isinstance(alias, str) else name


def _is_plain_model(model: type[BaseModel]) -> bool:
    schema: Json = model.__pydantic_core_schema__
    return schema.get("type") == "model" and _is_plain(schema["schema"])


def _is_plain(schema: Mapping[str, Json]) -> bool:
    """Tell whether a core schema can be checked without running the user's code."""
    match schema["type"]:
        case "any" | "none" | "bool" | "int" | "float" | "literal":
            return True
        case "str":
            # A pattern may backtrack for ever.
            return "pattern" not in schema
        case "nullable":
            return _is_plain(schema["schema"])
        case "default":
            factory = schema.get("default_factory")
            return factory in (None, list, dict) and _is_plain(schema["schema"])
        case "list":
            return _is_plain(schema.get("items_schema", {"type": "any"}))
        case "dict":
            parts = (schema.get(name, {"type": "any"}) for name in ("keys_schema", "values_schema"))
            return all(map(_is_plain, parts))
        case "union":
            return all(isinstance(c, dict) and _is_plain(c) for c in schema["choices"])
        case "model-fields":
            return all(_is_plain(field["schema"]) for field in schema["fields"].values())
    return False


def _is_same(value: Json, raw: Json) -> bool:
    """Compare JSON values with their types and, in objects, the order of their keys."""
    if type(value) is not type(raw):
        return False
    if isinstance(value, dict):
        return list(value) == list(raw) and all(_is_same(value[k], raw[k]) for k in value)
    if isinstance(value, list):
        return len(value) == len(raw) and all(map(_is_same, value, raw))
    return bool(value == raw)
