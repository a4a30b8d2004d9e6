r"""A call's arguments made readable without changing what they say. Knows no widget and no width.

Only white space outside strings is laid anew: numbers, keys, their order and repeated keys stay as
the tool gets them. In a string `\u` escapes are shown as the character they mean, made visible
where it could act or hide; `\"` and `\\` stay escaped, so no text can pretend to be structure.
"""

import json
import re
from typing import Final

from tui.plain import Plain, plain

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_ESCAPE: Final = re.compile(
    r"\\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\u(?P<code>[0-9a-fA-F]{4})|\\(?P<short>.)",
    re.DOTALL,
)
_KEPT: Final = frozenset('"\\')
_SHORT: Final = {"/": "/", "b": "\b", "f": "\f", "n": "⏎\n", "r": "\r", "t": "\t"}
_INDENT: Final = "  "


def readable_arguments(arguments: str) -> tuple[Plain, ...]:
    """Return `arguments`, JSON text, as lines to read; text that is no JSON as it is.

    Line ends inside strings end the line after a `⏎`, and the string goes on deeper.
    """
    if not is_json(arguments):
        return tuple(plain(line) for line in plain(arguments).split("\n"))
    return tuple(plain(line) for line in _Layout().lines(arguments))


def is_json(text: str) -> bool:
    """Whether `text` is JSON."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def repeated_keys(arguments: str) -> tuple[str, ...]:
    """Return the keys that stand twice in one object: a tool sees only the last of each."""
    repeated: list[str] = []

    def look(pairs: list[tuple[str, object]]) -> dict[str, object]:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen and key not in repeated:
                repeated.append(key)
            seen.add(key)
        return dict(pairs)

    try:
        json.loads(arguments, object_pairs_hook=look)
    except (ValueError, RecursionError):
        return ()
    return tuple(repeated)


class _Layout:
    """Writes tokens into indented lines."""

    def __init__(self) -> None:
        self._lines: list[str] = [""]
        self._depth = 0

    def lines(self, text: str) -> list[str]:
        """Return the lines of `text`, which must be JSON."""
        tokens = _TOKEN.findall(text)
        for place, token in enumerate(tokens):
            following = tokens[place + 1] if place + 1 < len(tokens) else ""
            preceding = tokens[place - 1] if place else ""
            self._put(token, preceding, following)
        return self._lines

    def _put(self, token: str, preceding: str, following: str) -> None:
        match token:
            case "{" | "[":
                self._write(token)
                self._depth += 1
                if following not in ("}", "]"):
                    self._break()
            case "}" | "]":
                self._depth -= 1
                if preceding not in ("{", "["):
                    self._break()
                self._write(token)
            case ",":
                self._write(token)
                self._break()
            case ":":
                self._write(": ")
            case _:
                self._write_value(token)

    def _write_value(self, token: str) -> None:
        if not token.startswith('"'):
            self._write(token)
            return
        first, *others = _decoded(token).split("\n")
        self._write(first)
        for line in others:
            self._lines.append(_INDENT * (self._depth + 1) + line)

    def _write(self, text: str) -> None:
        self._lines[-1] += text

    def _break(self) -> None:
        self._lines.append(_INDENT * self._depth)


def _decoded(token: str) -> str:
    return _ESCAPE.sub(_meant, token)


def _meant(match: re.Match[str]) -> str:
    if match["high"]:
        pair = bytes.fromhex(match["high"] + match["low"])
        return pair.decode("utf-16-be")
    if match["short"]:
        return _SHORT.get(match["short"], match[0])
    character = chr(int(match["code"], 16))
    # A quote or a backslash spelled as a number would otherwise look like the string's own end.
    return match[0] if character in _KEPT else _SHORT["n"] if character == "\n" else character
