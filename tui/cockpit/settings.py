"""What a settings file may hold: how to get a person's attention, keys, and the theme.

Plain values. Stays out of where they are read and of what follows from them.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

NO_KEYS: Mapping[str, str] = MappingProxyType({})


class AttentionSettings(NamedTuple):
    """By which ways a person is told that something waits, each off by itself.

    Attributes:
        bell: Whether the terminal's bell rings.
        osc9: Whether a notification goes out as OSC 9.
        osc777: Whether one goes out as OSC 777; where a terminal shows both, it is this one.
        title: Whether the terminal's title says how many wait.
        every_s: Seconds between two notices; what comes between is told at their end.
        command: A program and its arguments, run without a shell; empty for none.
        command_within_s: Seconds after which it is ended.
    """

    bell: bool = True
    osc9: bool = True
    osc777: bool = True
    title: bool = True
    every_s: float = 15.0
    command: tuple[str, ...] = ()
    command_within_s: float = 10.0


class ExportSettings(NamedTuple):
    """What files of runs are written like; `redact` are texts that go into none of them."""

    redact: tuple[str, ...] = ()


class Settings(NamedTuple):
    """What a settings file says; `keys` are comma-separated, by the id of their binding.

    Attributes:
        theme: As `theme_called` takes it, None where the file leaves it open.
    """

    theme: str | None = None
    attention: AttentionSettings = AttentionSettings()
    keys: Mapping[str, str] = NO_KEYS
    export: ExportSettings = ExportSettings()
