"""On which line of a TOML text each key stands, which tomllib does not tell.

Only for text that tomllib has taken: what is wrong with a text is not found here.
"""

import re
import tomllib
from collections import Counter
from typing import Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]

_STRING: Final = r'"""(?:[^\\]|\\.)*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:[^"\\]|\\.)*"' r"|'[^']*'"
_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY: Final = re.compile(rf"{_STRING}|[A-Za-z0-9_-]+", re.DOTALL)
_SCALAR: Final = re.compile(rf"{_STRING}|[^,\]}}#\n]+", re.DOTALL)
_SPACE: Final = re.compile(r"[ \t]*")


def lines_of(text: str) -> dict[Path, int]:
    """Return the line, from 1, of every key and of every member of an array, by its path.

    The second `[[rule]]` is `("rule", 1)`, its `tool` `("rule", 1, "tool")`.
    """
    reader = _Reader(text)
    reader.read()
    return reader.lines


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._text = text
        self._at = 0
        self._line = 1
        self._counted = 0
        self._arrays: Counter[Path] = Counter()

    def read(self) -> None:
        """Go through the statements of the text."""
        table: Path = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._takes("["):
                table = self._header()
            else:
                self._member(table)
            self._skip(_BLANK)

    def _header(self) -> Path:
        is_array = self._takes("[")
        line = self._line_here()
        path: Path = ()
        keys = self._keys()
        for number, key in enumerate(keys, 1):
            path += (key,)
            if is_array and number == len(keys):
                self._arrays[path] += 1
            if path in self._arrays:
                path += (self._arrays[path] - 1,)
        self._at += 2 if is_array else 1
        self.lines[path] = line
        return path

    def _member(self, table: Path) -> None:
        line = self._line_here()
        path = table
        for key in self._keys():
            path += (key,)
            self.lines.setdefault(path, line)
        self._takes("=")
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip(_BLANK)
        if self._takes("["):
            self._array(path)
        elif self._takes("{"):
            self._skip(_BLANK)
            while not self._takes("}"):
                self._member(path)
                self._skip(_BLANK)
                self._takes(",")
                self._skip(_BLANK)
        else:
            self._skip(_SCALAR)

    def _array(self, path: Path) -> None:
        number = 0
        self._skip(_BLANK)
        while not self._takes("]"):
            self.lines[*path, number] = self._line_here()
            self._value((*path, number))
            number += 1
            self._skip(_BLANK)
            self._takes(",")
            self._skip(_BLANK)

    def _keys(self) -> list[str]:
        """Return the parts of a dotted key, and stand behind it and its blanks."""
        keys: list[str] = []
        while True:
            self._skip(_SPACE)
            key = self._skip(_KEY)
            keys.append(tomllib.loads(f"key = {key}")["key"] if key[0] in "\"'" else key)
            self._skip(_SPACE)
            if not self._takes("."):
                return keys

    def _takes(self, character: str) -> bool:
        found = self._text.startswith(character, self._at)
        self._at += found
        return found

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        assert match is not None  # tomllib has taken the text
        self._at = match.end()
        return match[0]

    def _line_here(self) -> int:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line
