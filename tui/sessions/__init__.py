"""Where conversations are kept from run to run. Knows of runs only what a session holds."""

from __future__ import annotations

from tui.sessions.sqlite_session import SQLiteSession

__all__ = ["SQLiteSession"]
