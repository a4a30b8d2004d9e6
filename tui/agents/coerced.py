"""Lets settings be given as plain dicts. Knows no setting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from tui.agents.kinds import UserValue

T = TypeVar("T")


def coerced(value: T | Mapping[str, UserValue], kind: type[T]) -> T:
    """Return settings of this kind; a dict holds them by name.

    Raises:
        TypeError: If they have no such name.
    """
    return kind(**value) if isinstance(value, Mapping) else value
