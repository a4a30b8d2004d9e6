"""The shape of an agent's final answer, and how it is read. Asks no model."""

from __future__ import annotations

import abc
import json
from typing import get_args, get_origin

from typing_extensions import TypedDict, override

from tui.agents.exceptions import ModelBehaviorError, UserError
from tui.agents.kinds import JsonObject, UserType, UserValue
from tui.agents.strict_schema import ensure_strict_json_schema

_WRAPPER_KEY = "response"


class AgentOutputSchemaBase(abc.ABC):
    """A final answer's JSON schema, and its parser."""

    @abc.abstractmethod
    def is_plain_text(self) -> bool:
        """Tell whether the answer is text and not JSON."""

    @abc.abstractmethod
    def name(self) -> str:
        """Return the output type as it is written, such as `list[int]`."""

    @abc.abstractmethod
    def json_schema(self) -> JsonObject:
        """Return the schema; a `UserError` if the answer is plain text."""

    @abc.abstractmethod
    def is_strict_json_schema(self) -> bool:
        """Tell whether the service is to hold the model to the schema."""

    @abc.abstractmethod
    def validate_json(self, json_str: str) -> UserValue:
        """Parse an answer; a `ModelBehaviorError` if it does not fit the schema."""

    def dump_json(self, value: UserValue) -> str:
        """Write an answer of another's as the model would; a `ValueError` if that cannot be."""
        return json.dumps(value, ensure_ascii=False)


class AgentOutputSchema(AgentOutputSchemaBase):
    """The schema of a Python type.

    What is no JSON object by itself (a list, an int, a dataclass) is wrapped as
    `{"response": ...}` on the way to the model and unwrapped on the way back.
    """

    def __init__(self, output_type: UserType, strict_json_schema: bool = True) -> None:
        from pydantic import TypeAdapter

        self.output_type = output_type
        self._strict = strict_json_schema
        self._is_wrapped = not self.is_plain_text() and not _is_object_type(output_type)
        sent = _wrapped(output_type) if self._is_wrapped else output_type
        self._adapter = TypeAdapter[UserValue](sent)
        self._schema = self._adapter.json_schema()
        if strict_json_schema and not self.is_plain_text():
            self._schema = _strict(self._schema)

    @override
    def is_plain_text(self) -> bool:
        return self.output_type is None or self.output_type is str

    @override
    def name(self) -> str:
        return _type_name(self.output_type)

    @override
    def json_schema(self) -> JsonObject:
        if self.is_plain_text():
            raise UserError("Output type is plain text, so no JSON schema is available")
        return self._schema

    @override
    def is_strict_json_schema(self) -> bool:
        return self._strict

    @override
    def validate_json(self, json_str: str) -> UserValue:
        from pydantic import ValidationError

        try:
            value = self._adapter.validate_json(json_str, strict=True if self._strict else None)
        except ValidationError as error:
            # The error's text quotes the answer, which may be private: it stays in the cause.
            raise ModelBehaviorError("Invalid JSON when parsing model output") from error
        return value[_WRAPPER_KEY] if self._is_wrapped else value

    @override
    def dump_json(self, value: UserValue) -> str:
        is_wrapped_already = isinstance(value, dict) and _WRAPPER_KEY in value
        if self._is_wrapped and not is_wrapped_already:
            value = {_WRAPPER_KEY: value}
        return self._adapter.dump_json(value, warnings="none").decode()


def _is_object_type(output_type: UserType) -> bool:
    from pydantic import BaseModel

    origin: UserType = get_origin(output_type)
    kind = origin or output_type
    return isinstance(kind, type) and issubclass(kind, (BaseModel, dict))


def _wrapped(output_type: UserType) -> UserType:
    # The field's type is known when the program runs, not to the checker.
    wrapper: UserType = TypedDict("OutputType", {_WRAPPER_KEY: output_type})  # type: ignore[misc]
    return wrapper


def _strict(schema: JsonObject) -> JsonObject:
    try:
        return ensure_strict_json_schema(schema)
    except UserError as error:
        raise UserError(
            "Strict JSON schema is enabled, but the output type is not valid. "
            "Either make the output type strict, "
            "or wrap your type with AgentOutputSchema(YourType, strict_json_schema=False)"
        ) from error


def _type_name(kind: UserType) -> str:
    origin: UserType = get_origin(kind)
    args = get_args(kind)
    if origin is None:
        return getattr(kind, "__name__", None) or repr(kind)
    name = getattr(origin, "__name__", None) or str(origin)
    return f"{name}[{', '.join(_type_name(arg) for arg in args)}]" if args else str(kind)
