"""Sessions: conversations that are kept from run to run."""

from __future__ import annotations

from tui.agents.memory.session import (
    Session,
    SessionABC,
    SessionInputCallback,
    SessionSettings,
)
from tui.agents.memory.sqlite_session import SQLiteSession
from tui.agents.unsupported import SESSIONS, refusing

__getattr__ = refusing(SESSIONS, __name__)

__all__ = ["SQLiteSession", "Session", "SessionABC", "SessionInputCallback", "SessionSettings"]
