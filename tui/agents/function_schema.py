"""Makes a JSON schema and an argument parser of a Python function. Calls no function."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cached_property
from inspect import Parameter
from typing import TYPE_CHECKING, Annotated, get_origin, get_type_hints

from tui.agents.docstrings import DocstringStyle, Documentation, read_docstring
from tui.agents.exceptions import UserError
from tui.agents.kinds import JsonObject, UserFunction, UserType, UserValue
from tui.agents.run_context import RunContextWrapper
from tui.agents.strict_schema import ensure_strict_json_schema

if TYPE_CHECKING:
    from pydantic import BaseModel


_REST, _OPTIONS, _BY_NAME = Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD, Parameter.KEYWORD_ONLY


@dataclass(frozen=True)
class FuncSchema:
    """A function as a tool: what the model is told of it, and what checks its arguments.

    If it `takes_context`, its first parameter is the context, not an argument.
    """

    name: str
    description: str | None
    params_pydantic_model: type[BaseModel]
    params_json_schema: JsonObject
    signature: inspect.Signature
    takes_context: bool
    strict_json_schema: bool

    def args_of(self, values: JsonObject) -> tuple[list[UserValue], JsonObject]:
        """Return the positional and keyword arguments for the function, without the context.

        `values` are what the model of the parameters holds, by its fields.
        """
        if self._names is not None:
            return [values[name] for name in self._names], {}
        positional: list[UserValue] = []
        keyword: JsonObject = {}
        for name, kind in self._places:
            if kind is _REST:
                positional.extend(values[name])
            elif kind is _OPTIONS:
                keyword.update(values[name])
            elif kind is _BY_NAME:
                keyword[name] = values[name]
            else:
                positional.append(values[name])
        return positional, keyword

    @cached_property
    def _names(self) -> list[str] | None:
        """The arguments' names where all go by their place, as they mostly do."""
        plain = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
        names = [name for name, kind in self._places if kind in plain]
        return names if len(names) == len(self._places) else None

    @cached_property
    def _places(self) -> list[tuple[str, UserType]]:
        parameters = list(self.signature.parameters.values())[int(self.takes_context) :]
        return [(parameter.name, parameter.kind) for parameter in parameters]


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
    takes_context = _takes_context(func, signature)
    parameters = list(signature.parameters.values())[int(takes_context) :]
    has_kwargs = any(p.kind is _OPTIONS for p in parameters)
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


def _takes_context(func: UserFunction, signature: inspect.Signature) -> bool:
    hints = get_type_hints(func)
    takes = [_is_context(hints.get(name)) for name in signature.parameters]
    if any(takes[1:]):
        raise UserError(
            "RunContextWrapper/ToolContext param found at non-first position in function"
            f" {func.__name__}"
        )
    return bool(takes) and takes[0]


def _is_context(annotation: UserType) -> bool:
    origin: UserType = get_origin(annotation)
    kind = origin or annotation
    return isinstance(kind, type) and issubclass(kind, RunContextWrapper)


def _field(
    parameter: Parameter, annotation: UserType, documented: str | None
) -> tuple[UserType, UserType]:
    """Return the type and the settings of a field."""
    from pydantic import Field
    from pydantic.fields import FieldInfo

    words = (each for each in getattr(annotation, "__metadata__", ()) if isinstance(each, str))
    description = documented or next(words, None)
    told: JsonObject = {"description": description} if description else {}
    if parameter.kind is _REST:
        return list[annotation], Field(default_factory=list, **told)
    if parameter.kind is _OPTIONS:
        return dict[str, annotation], Field(default_factory=dict, **told)
    default = parameter.default
    # Of what annotation, default and docstring say of one thing, the last wins.
    if isinstance(default, FieldInfo):
        return Annotated[annotation, default], Field(**told)
    return annotation, Field(... if default is Parameter.empty else default, **told)
