"""The shape of an agent's final answer, and how it is read. Asks no model."""

from __future__ import annotations

import abc
import json
from typing import TYPE_CHECKING, get_args, get_origin

from typing_extensions import TypedDict

from tui.agents.exceptions import ModelBehaviorError, UserError
from tui.agents.kinds import JsonObject, UserType, UserValue
from tui.agents.strict_schema import ensure_strict_json_schema

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_WRAPPER_KEY = "response"


class AgentOutputSchemaBase(abc.ABC):
    """A final answer's JSON schema, and its parser."""

    @abc.abstractmethod
    def is_plain_text(self) -> bool:
        """Tell whether the answer is text and not JSON."""

    @abc.abstractmethod
    def name(self) -> str:
        """Return the name of the output type."""

    @abc.abstractmethod
    def json_schema(self) -> JsonObject:
        """Return the schema; only asked for if the answer is not plain text."""

    @abc.abstractmethod
    def is_strict_json_schema(self) -> bool:
        """Tell whether the service is to hold the model to the schema."""

    @abc.abstractmethod
    def validate_json(self, json_str: str) -> UserValue:
        """Parse an answer.

        Raises:
            ModelBehaviorError: If it does not fit the schema.
        """

    def dump_json(self, value: UserValue) -> str:
        """Return an answer that was not the model's as the model would have written it."""
        return json.dumps(value, ensure_ascii=False)


class AgentOutputSchema(AgentOutputSchemaBase):
    """The schema of a Python type.

    What is no JSON object by itself (a list, an int, a dataclass) is wrapped as
    `{"response": ...}` on the way to the model and unwrapped on the way back.
    """

    def __init__(self, output_type: UserType, strict_json_schema: bool = True) -> None:
        self.output_type = output_type
        self._strict = strict_json_schema
        self._is_wrapped = not self.is_plain_text() and not _is_object_type(output_type)
        self._adapter = _adapter(output_type, wrapped=self._is_wrapped)
        self._schema = self._adapter.json_schema()
        if strict_json_schema and not self.is_plain_text():
            self._schema = _strict(self._schema)

    def is_plain_text(self) -> bool:
        """Tell whether the answer is text and not JSON."""
        return self.output_type is None or self.output_type is str

    def name(self) -> str:
        """Return the output type as it is written, such as `list[int]`."""
        return _type_name(self.output_type)

    def json_schema(self) -> JsonObject:
        """Return the schema the model is held to.

        Raises:
            UserError: If the answer is plain text.
        """
        if self.is_plain_text():
            raise UserError("Output type is plain text, so no JSON schema is available")
        return self._schema

    def is_strict_json_schema(self) -> bool:
        """Tell whether the schema is strict."""
        return self._strict

    def validate_json(self, json_str: str) -> UserValue:
        """Parse an answer into the output type."""
        from pydantic import ValidationError

        try:
            value = self._adapter.validate_json(json_str, strict=True if self._strict else None)
        except ValidationError as error:
            # The error's text quotes the answer, which may be private: it stays in the cause.
            raise ModelBehaviorError("Invalid JSON when parsing model output") from error
        return value[_WRAPPER_KEY] if self._is_wrapped else value

    def dump_json(self, value: UserValue) -> str:
        """Return an answer that was not the model's as the model would have written it.

        Raises:
            ValueError: If it cannot be written as JSON.
        """
        is_wrapped_already = isinstance(value, dict) and _WRAPPER_KEY in value
        if self._is_wrapped and not is_wrapped_already:
            value = {_WRAPPER_KEY: value}
        return self._adapter.dump_json(value, warnings="none").decode()


def _is_object_type(output_type: UserType) -> bool:
    from pydantic import BaseModel

    origin: UserType = get_origin(output_type)
    kind = origin or output_type
    return isinstance(kind, type) and issubclass(kind, (BaseModel, dict))


def _adapter(output_type: UserType, *, wrapped: bool) -> TypeAdapter[UserType]:
    from pydantic import TypeAdapter

    if not wrapped:
        return TypeAdapter(output_type)
    # The field's type is known when the program runs, not to the checker.
    wrapper: UserType = TypedDict("OutputType", {_WRAPPER_KEY: output_type})  # type: ignore[misc]
    return TypeAdapter(wrapper)


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
