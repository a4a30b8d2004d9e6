"""Reads a field of a raw item, be it an openai object or a plain dict."""

from __future__ import annotations

from collections.abc import Mapping

# A raw item has as many shapes as the Responses API; only the reader knows what to expect.
from typing import Any


def read(raw: Any, name: str) -> Any:
    """Return the field `name` of `raw`, or None if there is no such field."""
    if isinstance(raw, Mapping):
        return raw.get(name)
    return getattr(raw, name, None)


def read_text(raw: Any, name: str) -> str | None:
    """Return the field `name` of `raw` if it is text, or None."""
    value = read(raw, name)
    return value if isinstance(value, str) else None
