"""What a tool returned, with a line before it. Stays out of how a runtime turns it into a text."""

from collections.abc import Mapping

# Results are of any type, parts of them of either library.
from typing import Any

from tui.host.live.shapes import field, shown

_PARTS = ("text", "image", "file")


def said_before(line: str, result: Any) -> Any:
    """Return a tool's result with a line that its model reads before it."""
    if _is_part(result):
        return [{"type": "text", "text": line}, result]
    if isinstance(result, list | tuple) and result and all(map(_is_part, result)):
        return [{"type": "text", "text": line}, *result]
    return f"{line}\n{result if isinstance(result, str) else shown(result)}"


def _is_part(value: Any) -> bool:
    """Whether a runtime sends it as a part of its own: text, an image, a file."""
    if isinstance(value, str | bytes):
        return False
    kind = field(value, "type")
    return kind in _PARTS and (
        isinstance(value, Mapping) or type(value).__name__.startswith("Tool")
    )
