"""Makes texts such that a request can carry them. Knows no item's meaning."""

from __future__ import annotations

from tui.agents.kinds import Json


def encodable(value: Json) -> Json:
    """Return `value` with lone surrogates, which UTF-8 has no bytes for, written as escapes."""
    match value:
        case str():
            return value if value.isascii() else _text(value)
        case dict():
            return {encodable(name): encodable(inner) for name, inner in value.items()}
        case list() | tuple():
            return [encodable(inner) for inner in value]
    return value


def _text(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
