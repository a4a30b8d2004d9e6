"""What a run told, in words short enough for tables."""

from __future__ import annotations

from typing import Any

import msgspec

_DULL = ("run_id", "seq", "at", "type")


def brief(event: Any) -> dict[str, Any]:
    """Return an event as its kind and the fields that are not defaults."""
    plain = msgspec.to_builtins(event)
    fields = {name: value for name, value in plain.items() if name not in _DULL}
    return {"event": plain["type"], **fields}


def kinds(events: Any) -> list[str]:
    """Return the kinds of events, in order."""
    return [msgspec.to_builtins(event)["type"] for event in events]


def only(events: Any, kind: type) -> list[Any]:
    """Return the events of one kind."""
    return [event for event in events if isinstance(event, kind)]


def lines(events: Any) -> list[str]:
    """Return each event as `kind field field ...` with the fields that tell it apart."""
    return [_line(brief(event)) for event in events]


def _line(event: dict[str, Any]) -> str:
    names = ("call_id", "tool", "target", "text", "arguments", "output", "within")
    shown = [str(event[name]) for name in names if event.get(name) is not None]
    return " ".join([event["event"], *shown])
