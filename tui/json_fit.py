"""Whether a JSON value fits the schema of a tool. Fetches nothing, and knows neither tool nor call.

Nobody says that a tool's schema is one: what of it cannot be followed (a reference elsewhere, an
expression of another language) is left to the tool, and the rest counts.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

# A value of a schema that may be none has any type.
_Check: TypeAlias = "Callable[[Validator, Any, Any, Any], Iterator[ValidationError] | None]"

_LONGEST: Final = 200
_NAME: Final = re.compile(r"[^\W\d][\w-]*")


def misfit(value: Any, schema: Mapping[str, object]) -> str | None:
    """Return what of `value` does not fit, in one line with the path, or None if it fits.

    As in `order.lines[0].cents: 12.5 is not of type 'integer'`.
    """
    # Late: 80 ms that only who changes a call's arguments waits for.
    from jsonschema.exceptions import best_match

    fault = best_match(_faults(value, schema))
    if fault is None:
        return None
    path = _path(fault)
    return one_line(f"{path}: {fault.message}" if path else fault.message)


def one_line(text: str) -> str:
    """Return a text as one line, cut where it is longer than 200 characters."""
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _faults(value: Any, schema: Mapping[str, object]) -> "Iterator[ValidationError]":
    with suppress(RecursionError, *_astray()):
        yield from _validator(json.dumps(schema)).iter_errors(value)


@lru_cache(maxsize=256)
def _validator(schema_text: str) -> "Validator":
    from jsonschema.validators import Draft202012Validator, extend, validator_for
    from referencing import Registry

    schema = json.loads(schema_text)
    try:
        kind = validator_for(schema, Draft202012Validator)
    except _astray():
        kind = Draft202012Validator
    given: dict[str, _Check] = {**kind.VALIDATORS, "multipleOf": _multiple_of}
    checks: dict[str, _Check] = {name: _tolerant(check) for name, check in given.items()}
    # Its own is slow with the square of what it compares, on a loop that others wait for.
    checks["uniqueItems"] = _nothing
    # An empty registry: the default one would fetch what a reference names.
    tolerant: type[Validator] = extend(kind, checks)  # type: ignore[no-untyped-call]
    return tolerant(schema, registry=Registry())


def _tolerant(check: _Check) -> _Check:
    """Return the check of a keyword as one that finds nothing where it cannot be followed."""

    def checked(
        validator: "Validator", rule: Any, value: Any, schema: Any
    ) -> "Iterator[ValidationError]":
        # No RecursionError: behind each end of a recursion another one would begin.
        with suppress(*_astray()):
            yield from check(validator, rule, value, schema) or ()

    return checked


def _multiple_of(
    validator: "Validator",  # noqa: ARG001 - as all checks are called
    divisor: Any,
    value: Any,
    schema: Any,  # noqa: ARG001
) -> "Iterator[ValidationError]":
    from jsonschema import ValidationError

    # As they are written: in binary, 19.99 is no multiple of 0.01.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and Decimal(repr(value)) % Decimal(repr(divisor)):
        yield ValidationError(f"{value!r} is not a multiple of {divisor!r}")


def _nothing(*_: object) -> None:
    """Find no fault."""


def _astray() -> tuple[type[Exception], ...]:
    """Return what is raised where a schema is none."""
    from jsonschema.exceptions import UnknownType
    from referencing.exceptions import Unresolvable

    wrong = (AttributeError, TypeError, ValueError, LookupError, ArithmeticError, re.error)
    return (Unresolvable, UnknownType, *wrong)


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
