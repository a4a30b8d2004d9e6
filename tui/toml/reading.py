"""The text of a TOML file as a table. Reads no disk: whoever reads the file gives its text."""

import re
import tomllib
from typing import Final

from tui.errors import SettingsError
from tui.toml.lines import lines_of
from tui.toml.tables import Table

_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_table(text: str, name: str, error: type[SettingsError] = SettingsError) -> Table:
    """Return what the TOML text of the file called `name` holds.

    Args:
        text: The whole of it.
        name: As a person is told it.
        error: What every fault of it is.

    Raises:
        SettingsError: An `error`: `name:line: what is wrong; what to do`, if it is no TOML.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        return Table(name, tomllib.loads(text), lines_of(text), error=error)
    except RecursionError as fault:
        raise error(f"{name}:1: it nests too deeply; write plain tables") from fault
    except ValueError as fault:
        raise error(_syntax(text, name, str(fault))) from fault


def _syntax(text: str, name: str, message: str) -> str:
    place = _PLACE.search(message)
    line = int(place[1]) if place and place[1] else text.rstrip().count("\n") + 1
    column = f" at column {place[2]}" if place and place[2] else ""
    what = message[: place.start()] if place else message
    return f"{name}:{line}: not TOML: {what}{column}; correct that line"
