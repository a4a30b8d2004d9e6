"""Reads the arguments of a tool call, and tells whether reading leaves them as they were."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, NoReturn, TypeVar

from tui.agents.exceptions import ModelBehaviorError
from tui.agents.kinds import Json, JsonObject

if TYPE_CHECKING:
    from pydantic import BaseModel

T = TypeVar("T")

# A core schema of these kinds, and of such parts, is checked without running the user's code.
_PLAIN = {"any", "none", "bool", "int", "float", "str", "literal"}
_COMPOUND = {"nullable", "default", "list", "dict", "union", "model-fields", "model-field"}
_FLAT = {str, int, bool, type(None)}
_PARTS = ("schema", "items_schema", "keys_schema", "values_schema", "choices")


def parse_arguments(tool_name: str, arguments: str) -> JsonObject:
    """Return the arguments of a call, a `ModelBehaviorError` if no JSON object; "" is none."""
    try:
        parsed = _parsed(arguments) if arguments else {}
    except ValueError as error:
        raise ModelBehaviorError(f"Invalid JSON input for tool {tool_name}") from error
    if not isinstance(parsed, dict):
        raise ModelBehaviorError(f"Invalid JSON input for tool {tool_name}: expected a JSON object")
    return parsed


@cache
def _pydantic() -> tuple[Callable[..., Json], type[ValueError]]:
    """Return its reader and its error: loaded with the first call, and looked up once."""
    from pydantic import ValidationError
    from pydantic_core import from_json

    return from_json, ValidationError


def _parsed(text: str, *, allow_inf_nan: bool = True) -> Json:
    from_json, _ = _pydantic()
    try:
        return from_json(text, allow_inf_nan=allow_inf_nan)
    except ValueError:
        pass
    try:
        # It reads the same at four times the cost, and what only Python lets pass.
        return json.loads(text, parse_constant=None if allow_inf_nan else _refuse_constant)
    except RecursionError as error:
        raise ValueError("It is nested too deeply.") from error


def canonical(arguments: str | None) -> str:
    """Return arguments as they are written whoever writes them; what is no JSON, as it is."""
    try:
        # Written anew, 1, 1.0 and true differ.
        return json.dumps(json.loads(arguments or ""), sort_keys=True)
    except (ValueError, RecursionError):
        return arguments or ""


def read_arguments(tool_name: str, arguments: str, check: Callable[[JsonObject], T]) -> T:
    """Return what a check of pydantic's makes of the arguments of a call.

    Raises:
        ModelBehaviorError: If they do not fit. The text does not quote them.
    """
    parsed = parse_arguments(tool_name, arguments)
    try:
        return check(parsed)
    except _pydantic()[1] as error:
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
        parsed = _parsed(arguments or "", allow_inf_nan=False)
        if not isinstance(parsed, dict):
            return None
        is_flat = _FLAT.issuperset(map(type, parsed.values()))
        return parsed if is_flat or _is_finite(parsed) else None
    except (ValueError, RecursionError):
        return None


def _is_finite(value: Json) -> bool:
    """Tell whether no number is infinite: 1e999 is read as one."""
    if isinstance(value, dict):
        return all(map(_is_finite, value.values()))
    if isinstance(value, list):
        return all(map(_is_finite, value))
    return not isinstance(value, float) or isfinite(value)


def taken_unchanged(
    model: type[BaseModel], fields: dict[str, str] | None, arguments: JsonObject
) -> JsonObject | None:
    """Return what a tool would run with by its parameters, None if not exactly these arguments.

    `fields` are the `plain_fields` of the model.

    An approval policy that looks at `{"x": 1}` has not seen the default of `y`, nor what a
    validator makes of x. Only plain data is tried: no code of the user's runs here.
    """
    if fields is None or len(fields) != len(arguments):
        return None
    try:
        values: JsonObject = vars(model.__pydantic_validator__.validate_python(arguments))
        for name, raw in arguments.items():
            if name not in fields:
                return None
            value = values[fields[name]]
            # Most are handed through, and many are a small number or a text.
            if value is not raw and not _is_same(value, raw):
                return None
    except (_pydantic()[1], RecursionError):
        return None
    return values


def plain_fields(model: type[BaseModel]) -> dict[str, str] | None:
    """Return a model's fields by their names in JSON; None if the user's code checks them."""
    schema: Json = model.__pydantic_core_schema__
    if schema.get("type") != "model" or not _is_plain(schema["schema"]):
        return None
    return {str(field.validation_alias or name): name for name, field in model.model_fields.items()}


def _is_same(value: Json, raw: Json) -> bool:
    if type(raw) is str or type(raw) is int:
        return type(value) is type(raw) and bool(value == raw)
    # Written out, 1, 1.0 and True differ, and so do objects whose keys have another order.
    return repr(value) == repr(raw)


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
