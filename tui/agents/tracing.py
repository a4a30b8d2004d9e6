"""Keeps files that switch tracing off importable. This runtime traces nothing."""

from __future__ import annotations

from tui.agents.exceptions import UserError


def set_tracing_disabled(disabled: bool) -> None:
    """Confirm that nothing is traced.

    Raises:
        UserError: If tracing is asked for.
    """
    if not disabled:
        raise UserError("tui.agents traces nothing: tracing cannot be switched on.")
