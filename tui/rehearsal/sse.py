"""Server-sent events: how stream events become the bytes of an HTTP body.

Knows no event's meaning.
"""

from __future__ import annotations

import json

from tui.rehearsal.response_object import JsonObject


def encode_event(event: JsonObject) -> bytes:
    """Return one event as a frame: its `type` as the event's name, the JSON as its data."""
    return b"event: " + str(event["type"]).encode() + b"\ndata: " + encode_json(event) + b"\n\n"


def encode_json(value: object) -> bytes:
    """Return compact UTF-8 JSON; a lone surrogate, which has no UTF-8 form, stays an escape."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace")
