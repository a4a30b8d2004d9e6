"""Makes what the runtime works with of what people wrote: settings, names. Knows no setting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from tui.agents.kinds import UserValue

T = TypeVar("T")


def coerced(value: T | Mapping[str, UserValue], kind: type[T]) -> T:
    """Return settings of this kind, also of a dict that has them by name.

    Raises:
        TypeError: If there is no such setting, or the value is something else.
    """
    made = kind(**value) if isinstance(value, Mapping) else value
    if not isinstance(made, kind | None):
        raise TypeError(f"A {kind.__name__} or a dict of its settings is due, got {made!r}")
    return made


def function_name(name: str) -> str:
    """Return `name` in lower case, everything but ASCII letters, digits and _ replaced by _."""
    return re.sub(r"[^a-zA-Z0-9_]", "_", name).lower()
