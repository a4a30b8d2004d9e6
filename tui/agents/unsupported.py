"""Refuses, by name, what the Agents SDK knows and this runtime does not."""

from __future__ import annotations

from tui.agents.exceptions import UserError


def refuse(where: str, **arguments: object) -> None:
    """Raise for every argument that is set: an ignored one would be a silent lie.

    Raises:
        UserError: Naming the arguments that are neither None, False nor empty.
    """
    names = sorted(name for name, value in arguments.items() if value)
    if names:
        raise UserError(f"{where}: {', '.join(names)} not supported by tui.agents; leave it out.")
