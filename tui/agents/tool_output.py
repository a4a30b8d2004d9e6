"""Turns what a tool returned into what the model may be sent. Runs no tools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tui.agents.kinds import JsonObject, UserValue


@dataclass(frozen=True)
class ToolOutputText:
    """A tool's answer as text."""

    text: str
    type: Literal["text"] = "text"


@dataclass(frozen=True)
class ToolOutputImage:
    """A tool's answer as an image: a URL (also a data URL), or the id of an uploaded file."""

    image_url: str | None = None
    file_id: str | None = None
    detail: Literal["low", "high", "auto"] | None = None
    type: Literal["image"] = "image"


@dataclass(frozen=True)
class ToolOutputFileContent:
    """A tool's answer as a file: its data (base64), a URL, or the id of an uploaded file."""

    file_data: str | None = None
    file_url: str | None = None
    file_id: str | None = None
    filename: str | None = None
    type: Literal["file"] = "file"


_KINDS = {"text": ToolOutputText, "image": ToolOutputImage, "file": ToolOutputFileContent}


def to_function_output(output: UserValue) -> str | list[JsonObject]:
    """Return `output` as a `function_call_output` carries it.

    Text, image and file outputs (also as dicts with a `type`, also several in a list) become
    content parts; everything else becomes `str(output)`.
    """
    if isinstance(output, str):
        return output
    parts = output if isinstance(output, (list, tuple)) else [output]
    structured = [_structured(part) for part in parts]
    known = [part for part in structured if part is not None]
    return known if known and len(known) == len(parts) else str(output)


def preceded_by(line: str, output: str | list[JsonObject]) -> str | list[JsonObject]:
    """Return what a `function_call_output` carries, with a line before it."""
    if isinstance(output, str):
        return f"{line}\n{output}"
    return [{"type": "input_text", "text": line}, *output]


def _structured(part: UserValue) -> JsonObject | None:
    if isinstance(part, dict):
        part = _from_dict(part)
    match part:
        case ToolOutputText():
            return {"type": "input_text", "text": part.text}
        case ToolOutputImage():
            return _content("input_image", part, ("image_url", "file_id", "detail"))
        case ToolOutputFileContent():
            return _content("input_file", part, ("file_data", "file_url", "file_id", "filename"))
    return None


def _from_dict(part: JsonObject) -> UserValue:
    kind = part.get("type")
    cls = _KINDS.get(kind) if isinstance(kind, str) else None
    if cls is None:
        return None
    try:
        value = cls(**part)
    except TypeError:
        return None
    strings = all(v is None or isinstance(v, str) for v in vars(value).values())
    return value if strings else None


def _content(kind: str, part: UserValue, names: tuple[str, ...]) -> JsonObject:
    values = {name: getattr(part, name) for name in names}
    return {"type": kind, **{name: v for name, v in values.items() if v is not None}}
