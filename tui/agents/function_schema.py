"""Makes a JSON schema and an argument parser of a Python function. Calls no function."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, get_args, get_origin, get_type_hints

from tui.agents.docstrings import DocstringStyle, Documentation, read_docstring
from tui.agents.exceptions import UserError
from tui.agents.kinds import Json, JsonObject, UserFunction, UserType, UserValue
from tui.agents.run_context import RunContextWrapper
from tui.agents.strict_schema import ensure_strict_json_schema

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

_EMPTY = inspect.Parameter.empty
_PLACED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


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
            return [values.get(name) for name in self._plain_names], {}
        positional: list[UserValue] = []
        keyword: JsonObject = {}
        after_star = False
        parameters = list(self.signature.parameters.values())[int(self.takes_context) :]
        for parameter in parameters:
            value = values.get(parameter.name)
            match parameter.kind:
                case inspect.Parameter.VAR_POSITIONAL:
                    positional.extend(value or ())
                    after_star = True
                case inspect.Parameter.VAR_KEYWORD:
                    keyword.update(value or {})
                case inspect.Parameter.KEYWORD_ONLY:
                    keyword[parameter.name] = value
                case _ if after_star:
                    keyword[parameter.name] = value
                case _:
                    positional.append(value)
        return positional, keyword

    @cached_property
    def _plain_names(self) -> tuple[str, ...] | None:
        """The parameters' names, if each value simply goes into its place."""
        parameters = list(self.signature.parameters.values())[int(self.takes_context) :]
        if any(parameter.kind not in _PLACED for parameter in parameters):
            return None
        return tuple(parameter.name for parameter in parameters)


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
    fields: JsonObject = {
        parameter.name: _field(
            parameter, hints.get(parameter.name, UserType), documentation, strict_json_schema, func
        )
        for parameter in parameters
    }
    has_kwargs = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters)
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


def _field(
    parameter: inspect.Parameter,
    annotation: UserType,
    documentation: Documentation,
    strict: bool,
    func: UserFunction,
) -> tuple[UserType, UserType]:
    plain, metadata = _without_metadata(annotation)
    words = next((item for item in metadata if isinstance(item, str)), None)
    description = documentation.parameters.get(parameter.name, words)
    if parameter.kind in _VARIADIC:
        return _variadic_field(parameter, annotation, description, strict, func)
    return plain, _field_info(annotation, metadata, parameter.default, description)


def _field_info(
    annotation: UserType, metadata: tuple[UserType, ...], default: UserType, description: str | None
) -> UserType:
    from pydantic.fields import Field, FieldInfo

    if isinstance(default, FieldInfo):
        info = _both(annotation, default) if metadata else default
    elif metadata:
        info = FieldInfo.from_annotation(annotation)
        if default is not _EMPTY:
            info = FieldInfo.merge_field_infos(info, default=default)
    else:
        return Field(... if default is _EMPTY else default, description=description)
    return FieldInfo.merge_field_infos(info, description=description or info.description)


def _both(annotation: UserType, default: FieldInfo) -> FieldInfo:
    from pydantic.fields import FieldInfo

    declared: UserType = Annotated[annotation, default]
    return FieldInfo.from_annotation(declared)


def _variadic_field(
    parameter: inspect.Parameter,
    annotation: UserType,
    description: str | None,
    strict: bool,
    func: UserFunction,
) -> tuple[UserType, UserType]:
    from pydantic import Field

    if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
        # The element's type is known when the program runs, not to the checker.
        return list[_element(annotation)], Field(default_factory=list, description=description)  # type: ignore[misc]
    if strict:
        raise UserError(
            f"Variadic keyword parameter `**{parameter.name}` in function {func.__name__} cannot"
            " use a strict schema. Set strict_mode=False on the function tool, or use explicit"
            " parameters."
        )
    return dict[str, annotation], Field(default_factory=dict, description=description)


def _element(annotation: UserType) -> UserType:
    """Of `*args: tuple[T, ...]` each argument is a T, as in the Agents SDK."""
    plain, _ = _without_metadata(annotation)
    origin: UserType = get_origin(plain)
    args = get_args(plain)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return args[0]
    return annotation
