"""Tells what of a JSON value does not fit a tool's schema. Fetches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui.agents.kinds import Json, JsonObject

if TYPE_CHECKING:
    from jsonschema import ValidationError


def fault_of(value: Json, schema: JsonObject) -> str | None:
    """Return what is wrong with `value`, with its place in it, or None if it fits.

    What cannot be followed here (a reference elsewhere, an expression of another language) is
    left to the tool.
    """
    # Late: 80 ms that only who changes a call's arguments waits for.
    from jsonschema.exceptions import best_match

    fault = best_match(_faults(value, schema))
    return None if fault is None else f"{fault.json_path}: {fault.message}"


def _faults(value: Json, schema: JsonObject) -> Iterator[ValidationError]:
    from jsonschema.exceptions import UnknownType
    from jsonschema.validators import Draft202012Validator, validator_for
    from referencing import Registry
    from referencing.exceptions import Unresolvable

    # An empty registry: the default one would fetch what a reference names.
    validator = validator_for(schema, Draft202012Validator)(schema, registry=Registry())
    try:
        yield from validator.iter_errors(value)
    except (Unresolvable, UnknownType, re.error, RecursionError, AttributeError, TypeError):
        # Nothing says that it is a schema, nor that a reference leads to one.
        return
