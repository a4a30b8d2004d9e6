"""Sessions: conversations that are kept from run to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.agents.memory.session import (
    Session,
    SessionABC,
    SessionInputCallback,
    SessionSettings,
)
from tui.agents.unsupported import SESSIONS, refusing

if TYPE_CHECKING:
    from tui.sessions import SQLiteSession

_refused = refusing(SESSIONS, __name__)

__all__ = ["SQLiteSession", "Session", "SessionABC", "SessionInputCallback", "SessionSettings"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        return _refused(name)
    # Who keeps no conversation needs no database.
    import tui.sessions

    return tui.sessions.SQLiteSession


def __dir__() -> list[str]:
    return __all__
