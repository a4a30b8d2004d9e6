"""Where a Python traceback, given as text, says that it happened. Knows no widget."""

import re
from typing import Final

_TITLE: Final = "Traceback (most recent call last):"
_FRAME: Final = re.compile(
    r'^[ |]*File "(?P<path>[^"\n]+)", line (?P<line>\d+)(?:, in (?P<name>.+))?$', re.MULTILINE
)
_OF_A_LIBRARY: Final = re.compile(
    r"/site-packages/|/lib/python\d|/tui/(?:agents|providers|responses|mcp|sessions)/|^<"
)


def traceback_place(text: str) -> str | None:
    """Return the innermost line of a person's own code, as `desk.py:2 in words`.

    Returns:
        "" if no line is told; None if `text` holds no traceback.
    """
    frames = list(_FRAME.finditer(text))
    if not frames:
        return "" if _TITLE in text else None
    own = [frame for frame in frames if not _OF_A_LIBRARY.search(frame["path"])]
    frame = (own or frames)[-1]
    place = f"{frame['path'].rpartition('/')[2]}:{frame['line']}"
    is_named = frame["name"] is not None and frame["name"] != "<module>"
    return f"{place} in {frame['name']}" if is_named else place
