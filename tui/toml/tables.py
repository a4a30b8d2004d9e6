"""The tables of a file, with faults that name their line. Knows no key of its own."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tui.errors import SettingsError
from tui.nearest import nearest
from tui.toml.lines import Path

# What tomllib makes of TOML's types; the date and time types fall under "date or time".
_KINDS: Final = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "text in quotes",
    dict: "a table",
    list: "a list",
}


@dataclass(frozen=True)
class Table:
    """One table of a file, and where it stands.

    `values` is what tomllib gives, hence `Any`: the methods here make types of it. Each of them
    raises `error` for what is of another type.
    """

    file: str
    values: Mapping[str, Any]
    lines: Mapping[Path, int]
    path: Path = ()
    error: type[SettingsError] = SettingsError

    def line(self, *keys: str | int) -> int:
        """Return the line of what stands at `keys`, else of the table around it."""
        path = (*self.path, *keys)
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, text: str, *keys: str | int) -> SettingsError:
        """Return the error for what stands at `keys`: what is wrong; what to do."""
        return self.error(f"{self.file}:{self.line(*keys)}: {' '.join(text.split())}")

    def only(self, known: Iterable[str]) -> None:
        """Refuse keys that are not `known`.

        Raises:
            SettingsError: For the first of them.
        """
        known = tuple(known)
        for key in self.values:
            if key not in known:
                near = nearest(key, known)
                advice = f'did you mean "{near}"?' if near else f"known are {', '.join(known)}"
                raise self.fault(f'unknown key "{key}"; {advice}', key)

    def text(self, key: str, default: str = "") -> str:
        """Return text, or `default` where it is left out."""
        value = self._checked(key, str, default)
        assert isinstance(value, str)
        return value

    def is_set(self, key: str, default: bool) -> bool:
        """Return true or false, or `default` where it is left out."""
        value = self._checked(key, bool, default)
        assert isinstance(value, bool)
        return value

    def number(self, key: str) -> float | None:
        """Return a number from 0, None where it is left out."""
        if key not in self.values:
            return None
        value = self.values[key]
        kinds = (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not math.isfinite(value):
            raise self._wrong(key, "a number")
        if value < 0:
            raise self.fault(f'"{key}" is {value}; it cannot be less than 0', key)
        return value

    def whole(self, key: str) -> int | None:
        """Return a whole number from 0, None where it is left out."""
        value = self.number(key)
        if value is None or isinstance(value, int):
            return value
        raise self._wrong(key, "a whole number")

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the texts of a list, none where it is left out."""
        values = self._checked(key, list, [])
        assert isinstance(values, list)
        for number, value in enumerate(values):
            if not isinstance(value, str):
                raise self.fault(f'"{key}" holds {kind(value)}; it must be texts', key, number)
        return tuple(values)

    def table(self, key: str) -> "Table":
        """Return a table in this one, an empty one where it is left out."""
        self._checked(key, dict, {})
        return self._at(self.values.get(key, {}), key)

    def tables(self, key: str) -> Iterator["Table"]:
        """Yield the tables of a list of them, none where it is left out."""
        for number, value in enumerate(self._list(key)):
            if not isinstance(value, dict):
                raise self.fault(f'"{key}" holds {kind(value)}; write [[{key}]]', key, number)
            yield self._at(value, key, number)

    def _at(self, values: Mapping[str, Any], *keys: str | int) -> "Table":
        return Table(self.file, values, self.lines, (*self.path, *keys), self.error)

    def _list(self, key: str) -> list[Any]:
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self.fault(f'"{key}" is {kind(value)}; there may be several: [[{key}]]', key)
        return value

    def _checked(self, key: str, wanted: type, default: object) -> object:
        value = self.values.get(key, default)
        if not isinstance(value, wanted):
            raise self._wrong(key, _KINDS[wanted])
        return value

    def _wrong(self, key: str, wanted: str) -> SettingsError:
        found = kind(self.values[key])
        return self.fault(f'"{key}" is {found}; it must be {wanted}', key)


def kind(value: object) -> str:
    """Return what a person calls a value of this type."""
    if isinstance(value, float) and not math.isfinite(value):
        return "no finite number"
    return _KINDS.get(type(value), "a date or time")
