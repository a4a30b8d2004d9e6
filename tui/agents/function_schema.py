"""Makes a JSON schema and an argument parser of a Python function. Calls no function."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from inspect import Parameter
from typing import TYPE_CHECKING, Annotated, get_args, get_origin, get_type_hints

from tui.agents.docstrings import DocstringStyle, Documentation, read_docstring
from tui.agents.exceptions import UserError
from tui.agents.kinds import Json, JsonObject, UserFunction, UserType, UserValue
from tui.agents.run_context import RunContextWrapper
from tui.agents.strict_schema import ensure_strict_json_schema

if TYPE_CHECKING:
    from pydantic import BaseModel


@dataclass(frozen=True)
class FuncSchema:
    """A function as a tool.

    Attributes:
        name: The tool's name.
        description: What the model is told of it.
        params_pydantic_model: Checks and converts arguments.
        params_json_schema: What the model is told of the arguments.
        signature: The function's own signature.
        takes_context: Whether the first parameter is the context, not an argument.
        strict_json_schema: Whether the schema is strict.
    """

    name: str
    description: str | None
    params_pydantic_model: type[BaseModel]
    params_json_schema: JsonObject
    signature: inspect.Signature
    takes_context: bool
    strict_json_schema: bool

    def to_call_args(self, data: BaseModel) -> tuple[list[UserValue], JsonObject]:
        """Return the positional and keyword arguments for the function, without the context."""
        values = vars(data)
        if self._plain_names is not None:
            return [values[name] for name in self._plain_names], {}
        positional: list[UserValue] = []
        keyword: JsonObject = {}
        for parameter in self._arguments:
            value = values[parameter.name]
            match parameter.kind:
                case Parameter.VAR_POSITIONAL:
                    positional.extend(value)
                case Parameter.VAR_KEYWORD:
                    keyword.update(value)
                case Parameter.KEYWORD_ONLY:
                    keyword[parameter.name] = value
                case _:
                    positional.append(value)
        return positional, keyword

    @property
    def _arguments(self) -> list[Parameter]:
        return list(self.signature.parameters.values())[int(self.takes_context) :]

    @cached_property
    def _plain_names(self) -> list[str] | None:
        """The parameters' names, if each value simply goes into its place."""
        placed = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
        are_placed = all(parameter.kind in placed for parameter in self._arguments)
        return [parameter.name for parameter in self._arguments] if are_placed else None


def function_schema(
    func: UserFunction,
    docstring_style: DocstringStyle | None = None,
    name_override: str | None = None,
    description_override: str | None = None,
    use_docstring_info: bool = True,
    strict_json_schema: bool = True,
) -> FuncSchema:
    """Read signature, annotations and docstring of `func`.

    Raises:
        UserError: If the context is not the first parameter, or the schema cannot be strict.
    """
    from pydantic import ConfigDict, create_model

    documentation = read_docstring(func, docstring_style) if use_docstring_info else Documentation()
    signature = inspect.signature(func)
    hints = get_type_hints(func, include_extras=True)
    name = name_override or func.__name__
    takes_context = _takes_context(func, signature, hints)
    parameters = list(signature.parameters.values())[int(takes_context) :]
    has_kwargs = any(p.kind is Parameter.VAR_KEYWORD for p in parameters)
    if has_kwargs and strict_json_schema:
        raise UserError(
            f"Variadic keyword parameter `**{parameters[-1].name}` in function {func.__name__}"
            " cannot use a strict schema. Set strict_mode=False on the function tool, or use"
            " explicit parameters."
        )
    fields: JsonObject = {
        p.name: _field(p, hints.get(p.name, UserType), documentation.parameters.get(p.name))
        for p in parameters
    }
    config = ConfigDict(extra="forbid") if has_kwargs else ConfigDict()
    model = create_model(f"{name}_args", __config__=config, **fields)
    schema = model.model_json_schema()
    return FuncSchema(
        name=name,
        description=description_override or documentation.description,
        params_pydantic_model=model,
        params_json_schema=ensure_strict_json_schema(schema) if strict_json_schema else schema,
        signature=signature,
        takes_context=takes_context,
        strict_json_schema=strict_json_schema,
    )


def _takes_context(
    func: UserFunction, signature: inspect.Signature, hints: Mapping[str, Json]
) -> bool:
    takes = [_is_context(hints.get(name)) for name in signature.parameters]
    if any(takes[1:]):
        raise UserError(
            "RunContextWrapper/ToolContext param found at non-first position in function"
            f" {func.__name__}"
        )
    return bool(takes) and takes[0]


def _is_context(annotation: UserType) -> bool:
    plain, _ = _without_metadata(annotation)
    origin: UserType = get_origin(plain)
    kind = origin or plain
    return isinstance(kind, type) and issubclass(kind, RunContextWrapper)


def _without_metadata(annotation: UserType) -> tuple[UserType, tuple[UserType, ...]]:
    origin: UserType = get_origin(annotation)
    if origin is not Annotated:
        return annotation, ()
    plain, *metadata = get_args(annotation)
    return plain, tuple(metadata)


def _field(parameter: Parameter, annotation: UserType, documented: str | None) -> UserType:
    """Return a field as `create_model` takes it: its type, and its default if it has one."""
    from pydantic import Field
    from pydantic.fields import FieldInfo

    plain, metadata = _without_metadata(annotation)
    words = (item for item in metadata if isinstance(item, str))
    description = documented or next(words, None)
    if parameter.kind is Parameter.VAR_POSITIONAL:
        return list[annotation], Field(default_factory=list, description=description)
    if parameter.kind is Parameter.VAR_KEYWORD:
        return dict[str, annotation], Field(default_factory=dict, description=description)
    default = parameter.default
    has_default = default is not Parameter.empty and not isinstance(default, FieldInfo)
    # Of what they say of one thing, the last wins.
    declared = [*metadata, default] if isinstance(default, FieldInfo) else [*metadata]
    if description is not None:
        declared.append(Field(description=description))
    kind: UserType = Annotated[(plain, *declared)] if declared else plain
    return (kind, default) if has_default else kind
