"""Makes what the runtime works with of what people wrote: settings, names. Knows no setting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from tui.agents.kinds import UserValue

T = TypeVar("T")


def coerced(value: T | Mapping[str, UserValue], kind: type[T]) -> T:
    """Return settings of this kind; a dict holds them by name, else it is a `TypeError`."""
    return kind(**value) if isinstance(value, Mapping) else value


def function_name(name: str) -> str:
    """Return `name` in lower case, everything but ASCII letters, digits and _ replaced by _."""
    return re.sub(r"[^a-zA-Z0-9_]", "_", name).lower()
