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

    def __post_init__(self) -> None:
        if self.image_url is None and self.file_id is None:
            raise ValueError("At least one of image_url or file_id must be provided")


@dataclass(frozen=True)
class ToolOutputFileContent:
    """A tool's answer as a file: its data (base64), a URL, or the id of an uploaded file."""

    file_data: str | None = None
    file_url: str | None = None
    file_id: str | None = None
    filename: str | None = None
    type: Literal["file"] = "file"

    def __post_init__(self) -> None:
        if self.file_data is None and self.file_url is None and self.file_id is None:
            raise ValueError("At least one of file_data, file_url, or file_id must be provided")


_Part = ToolOutputText | ToolOutputImage | ToolOutputFileContent
_KINDS = {"text": ToolOutputText, "image": ToolOutputImage, "file": ToolOutputFileContent}


def to_function_output(output: UserValue) -> str | list[JsonObject]:
    """Return `output` as a `function_call_output` carries it.

    Text, image and file outputs (also as dicts with a `type`, also several in a list) become
    content parts; everything else becomes `str(output)`.
    """
    if isinstance(output, str):
        return output
    given = output if isinstance(output, (list, tuple)) else [output]
    parts = [part for part in map(_part, given) if part is not None]
    if not parts or len(parts) < len(given):
        return str(output)
    return [{key: v for key, v in _content(part).items() if v is not None} for part in parts]


def preceded_by(line: str, output: str | list[JsonObject]) -> str | list[JsonObject]:
    """Return what a `function_call_output` carries, with a line before it."""
    if isinstance(output, str):
        return f"{line}\n{output}"
    return [{"type": "input_text", "text": line}, *output]


def _part(given: UserValue) -> _Part | None:
    if not isinstance(given, dict):
        return given if isinstance(given, _Part) else None
    try:
        part = _KINDS[given["type"]](**given)
    except (KeyError, TypeError, ValueError):
        return None
    return part if all(v is None or isinstance(v, str) for v in given.values()) else None


def _content(part: _Part) -> JsonObject:
    return {**vars(part), "type": f"input_{part.type}"}
