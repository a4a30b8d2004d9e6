"""Decodes Responses events and items straight into their openai classes, found by their type.

The `openai` client would try the classes of its union in turn, at six times the cost. What a
server leaves out of an event is let pass; an event of an unknown type is kept as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Protocol, get_args

from openai import BaseModel
from openai.types.responses import ResponseOutputItem, ResponseStreamEvent
from pydantic import TypeAdapter, ValidationError
from pydantic_core import SchemaValidator, from_json

from tui.agents.kinds import Json, JsonObject, RawItem
from tui.responses.tagged_unions import with_tagged_unions

_USUAL = (
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "response.completed",
)


class _Validator(Protocol):
    def validate_json(self, data: bytes, /) -> RawItem: ...

    def validate_python(self, value: Mapping[str, Json], /) -> RawItem: ...


def decode_event(name: str, data: bytes) -> RawItem:
    """Return the event in `data`; `name` is the name the server gave it, or "".

    Raises:
        ValueError: If the data is no JSON object.
    """
    validator = _event_validator(name)
    if validator is not None:
        try:
            return validator.validate_json(data)
        except ValidationError:
            pass
    value = json_object(data)
    if validator is not None and value.get("type") == name:
        return _construct(_event_classes()[name], value)
    return _decode(_event_classes(), value)


def json_object(data: bytes) -> JsonObject:
    """Return the JSON object in `data`.

    Raises:
        ValueError: If there is none.
    """
    try:
        value = from_json(data)
    except ValueError:
        value = json.loads(data.decode("utf-8", "replace"))
    if not isinstance(value, dict):
        raise ValueError(f"A stream event must be a JSON object, not {type(value).__name__}.")
    return value


def make_event(fields: JsonObject) -> RawItem:
    """Return the event of these fields, `type` among them."""
    return _decode(_event_classes(), fields)


def decode_item(data: Mapping[str, Json]) -> RawItem:
    """Return an output item as the openai object of its type."""
    return _decode(_item_classes(), data)


def warm_up() -> None:
    """Build the validators of the events that every stream has."""
    for kind in _USUAL:
        _event_validator(kind)


def _decode(classes: Mapping[str, type[BaseModel]], value: Mapping[str, Json]) -> RawItem:
    cls = classes.get(str(value.get("type")))
    if cls is None:
        return _construct(BaseModel, value)
    try:
        return _validator(cls).validate_python(value)
    except ValidationError:
        return _construct(cls, value)


def _construct(cls: type[BaseModel], value: Mapping[str, Json]) -> RawItem:
    """Take what is there and leave the rest out, as openai's own streams do."""
    return cls.construct(**value)


@cache
def _event_validator(name: str) -> _Validator | None:
    cls = _event_classes().get(name)
    return None if cls is None else _validator(cls)


@cache
def _validator(cls: type[BaseModel]) -> _Validator:
    adapter = TypeAdapter(cls)
    # openai's classes put it off, and an adapter's own methods would ask about that each time.
    adapter.rebuild()
    return SchemaValidator(with_tagged_unions(adapter.core_schema))


@cache
def _event_classes() -> dict[str, type[BaseModel]]:
    return _by_type(ResponseStreamEvent)


@cache
def _item_classes() -> dict[str, type[BaseModel]]:
    return _by_type(ResponseOutputItem)


def _by_type(annotated_union: RawItem) -> dict[str, type[BaseModel]]:
    union = get_args(annotated_union)[0]
    return {
        name: cls
        for cls in get_args(union)
        for name in get_args(cls.model_fields["type"].annotation)
    }
