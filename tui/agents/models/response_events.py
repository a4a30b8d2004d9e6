"""Decodes Responses events and items straight into their openai classes, found by their type.

The `openai` client would try the classes of its union in turn, at six times the cost. What a
server leaves out of an event is let pass; an event of an unknown type is kept as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache

# Events and items are openai objects; which ones is known only when they come.
from typing import Any, get_args

from openai import BaseModel
from openai.types.responses import ResponseOutputItem, ResponseStreamEvent
from pydantic import TypeAdapter, ValidationError


def decode_event(name: str, data: bytes) -> Any:
    """Return the event in `data`; `name` is the name the server gave it, or "".

    Raises:
        ValueError: If the data is no JSON object.
    """
    adapter = _event_adapter(name)
    if adapter is not None:
        try:
            return adapter.validate_json(data)
        except ValidationError:
            pass
    return _decode_leniently(data)


def decode_item(data: Mapping[str, Any]) -> Any:
    """Return an output item as the openai object of its type."""
    return _construct(_item_classes().get(str(data.get("type"))), data)


def _decode_leniently(data: bytes) -> Any:
    value = json.loads(data.decode("utf-8", "replace"))
    if not isinstance(value, dict):
        raise ValueError(f"A stream event must be a JSON object, not {type(value).__name__}.")
    return _construct(_event_classes().get(str(value.get("type"))), value)


def _construct(cls: type[BaseModel] | None, value: Mapping[str, Any]) -> Any:
    if cls is None:
        return BaseModel.construct(**value)
    try:
        return TypeAdapter(cls).validate_python(value)
    except ValidationError:
        # openai's own `construct` takes what is there and leaves the rest out.
        return cls.construct(**value)


@cache
def _event_adapter(name: str) -> TypeAdapter[Any] | None:
    cls = _event_classes().get(name)
    return None if cls is None else TypeAdapter(cls)


@lru_cache(maxsize=1)
def _event_classes() -> dict[str, type[BaseModel]]:
    return _by_type(ResponseStreamEvent)


@lru_cache(maxsize=1)
def _item_classes() -> dict[str, type[BaseModel]]:
    return _by_type(ResponseOutputItem)


def _by_type(annotated_union: Any) -> dict[str, type[BaseModel]]:
    union = get_args(annotated_union)[0]
    return {
        name: cls
        for cls in get_args(union)
        for name in get_args(cls.model_fields["type"].annotation)
    }
