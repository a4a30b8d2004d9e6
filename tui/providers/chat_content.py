"""Makes content parts of the Responses API those of Chat Completions. Knows no messages."""

from __future__ import annotations

from collections.abc import Iterable

from tui.agents.exceptions import UserError
from tui.agents.kinds import Json, JsonObject


def content_of(content: str | Iterable[JsonObject]) -> str | list[JsonObject]:
    """Return a message's content.

    Raises:
        UserError: If a part cannot be said in this form.
    """
    return content if isinstance(content, str) else [_part(part) for part in content]


def text_content_of(content: str | Iterable[JsonObject]) -> str | list[JsonObject]:
    """Return a message's content, of which only text is taken."""
    parts = content_of(content)
    if isinstance(parts, str):
        return parts
    return [part for part in parts if part["type"] == "text"]


def _part(part: JsonObject) -> JsonObject:
    converted = _convert(part)
    if part.get("prompt_cache_breakpoint") is not None:
        converted["prompt_cache_breakpoint"] = part["prompt_cache_breakpoint"]
    return converted


def _convert(part: JsonObject) -> JsonObject:
    match part:
        case {"type": "input_text" | "output_text" | "text", "text": str(text)}:
            return {"type": "text", "text": text}
        case {"type": "input_image", "image_url": str(url)} if url:
            return _image(url, part.get("detail", "auto"))
        case {"type": "image_url", "image_url": {"url": str(url), **more}} if url:
            return _image(url, more.get("detail") or "auto")
        case {"type": "input_audio", "input_audio": {"data": data, "format": kind}}:
            return {"type": "input_audio", "input_audio": {"data": data, "format": kind}}
        case {"type": "video_url", "video_url": {"url": url}}:
            return {"type": "video_url", "video_url": {"url": url}}
        case {"type": "input_file"} if file := _file(part):
            return {"type": "file", "file": file}
    raise UserError(f"Chat Completions cannot carry this content: {part}")


def _image(url: str, detail: Json) -> JsonObject:
    # The finest these servers know.
    kept = "high" if detail == "original" else detail
    return {"type": "image_url", "image_url": {"url": url, "detail": kept}}


def _file(part: JsonObject) -> JsonObject:
    sources = {name: part[name] for name in ("file_data", "file_id") if part.get(name)}
    file = dict(list(sources.items())[:1])
    return {**file, "filename": part["filename"]} if file and part.get("filename") else file
