"""Reads the text out of raw items and tool outputs, whatever their shape. Makes no events."""

import dataclasses
import json

# Raw items and tool outputs have as many shapes as the services and the tools.
from typing import Any

from tui.host.live.shapes import field, safe, shown, text_field

PARAGRAPH = "\n\n"


def message_text(raw: Any) -> str:
    """Return a message's text; a refusal is text too."""
    parts = field(raw, "content")
    if isinstance(parts, str):
        return safe(parts)
    return "".join(text_field(part, "text") or text_field(part, "refusal") for part in parts or ())


def reasoning_text(raw: Any) -> str:
    """Return a reasoning item's summary and bare text, in paragraphs."""
    parts = [*(field(raw, "summary") or ()), *(field(raw, "content") or ())]
    return PARAGRAPH.join(text for part in parts if (text := text_field(part, "text")))


def call_arguments(raw: Any) -> str:
    """Return the JSON string (or free text) the model gave to a call, else what it asked for."""
    for name in ("arguments", "input"):
        value = field(raw, name)
        if isinstance(value, str):
            return safe(value)
    wanted = {
        name: plain_value(value)
        for name in ("action", "actions", "queries", "code", "operation", "arguments")
        if (value := field(raw, name)) is not None
    }
    return as_json(wanted) if wanted else ""


def output_text(output: Any) -> str:
    """Return a tool's output as text: text and parts of content as it is, other things as JSON."""
    if isinstance(output, str):
        return safe(output)
    output = plain_value(output)
    parts = [_part_text(part) for part in (output if isinstance(output, list) else [output])]
    if parts and None not in parts:
        return "\n".join(filter(None, parts))
    if isinstance(output, dict | list | tuple):
        return as_json(output)
    return shown(output)


def _part_text(part: Any) -> str | None:
    """Return a part of an output's content as text, None for anything else."""
    match plain_value(part):
        case {"type": "text" | "input_text", "text": str(text)}:
            return safe(text)
        case {"type": "image" | "input_image", "image_url": str(url)}:
            # Its bytes would be a screenful, or a thousand.
            return f"[image {safe(url.partition(';')[0] if url.startswith('data:') else url)}]"
    return None


def as_json(value: Any) -> str:
    """Return `value` as JSON; what JSON has no form for becomes its `str`."""
    try:
        return safe(json.dumps(value, ensure_ascii=False, default=_plain_or_str))
    except BaseException:  # noqa: BLE001 - a user's `__str__` may raise anything
        return shown(value)


def plain_value(value: Any) -> Any:
    """Return a pydantic model or a dataclass as a dict; anything else as it is."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: field(value, each.name) for each in dataclasses.fields(value)}
    dump = field(value, "model_dump")
    if not callable(dump) or isinstance(value, type):
        return value
    try:
        return dump(exclude_unset=True)
    except Exception:  # noqa: BLE001 - a user's serializer may raise anything
        return shown(value)


def _plain_or_str(value: Any) -> Any:
    plain = plain_value(value)
    return shown(value) if plain is value else plain
