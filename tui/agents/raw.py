"""Reads a field of a raw item, be it an openai object or a plain dict."""

from __future__ import annotations

from tui.agents.kinds import RawItem


def read(raw: RawItem, name: str) -> RawItem:
    """Return the field `name` of `raw`, or None if there is no such field."""
    # Not `Mapping`: a question to an abstract class costs more than the rest of this.
    if isinstance(raw, dict):
        return raw.get(name)
    return getattr(raw, name, None)


def read_text(raw: RawItem, name: str) -> str | None:
    """Return the field `name` of `raw` if it is text, or None."""
    value = read(raw, name)
    return value if isinstance(value, str) else None
