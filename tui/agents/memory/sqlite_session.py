"""The door to `tui.sessions`, where the Agents SDK has it."""

from tui.sessions import SQLiteSession

__all__ = ["SQLiteSession"]
