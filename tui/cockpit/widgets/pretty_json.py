r"""JSON laid out for reading, and nothing else changed: not a number, a key or their order.

Escapes of showable characters (`\u4e16`) become those characters. Knows no widget; what it returns
is as untrusted as what it got.
"""

import re
from typing import Final

import msgspec

_ESCAPES: Final = re.compile(r"(?<!\\)((?:\\\\)*)((?:\\u[0-9a-fA-F]{4})+)")
_STRUCTURE: Final = frozenset('"\\')
_UNESCAPED_UP_TO: Final = 1_000_000
"""Characters; beyond that the search would be felt at the keyboard."""


def pretty_json(text: str) -> str:
    """Return `text` in indented lines if it is JSON, as it is otherwise."""
    if not text.strip():
        return text
    try:
        laid_out = msgspec.json.format(text.encode(), indent=2).decode()
    except (msgspec.DecodeError, UnicodeEncodeError):
        return text
    if len(laid_out) > _UNESCAPED_UP_TO or "\\u" not in laid_out:
        return laid_out
    return _ESCAPES.sub(_unescaped, laid_out)


def _unescaped(match: re.Match[str]) -> str:
    before, escapes = match.groups()
    try:
        characters = str(msgspec.json.decode(f'"{escapes}"'))
    except msgspec.DecodeError:
        return match[0]
    if not characters.isprintable() or not _STRUCTURE.isdisjoint(characters):
        return match[0]
    return f"{before}{characters}"
