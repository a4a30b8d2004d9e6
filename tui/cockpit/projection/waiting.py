"""Every call that waits for a person, in all conversations. Knows no clock and no widget."""

from collections.abc import Iterable
from typing import NamedTuple

from tui.cockpit.projection.view import PendingApproval, RunView


class Waiting(NamedTuple):
    """A call that waits, and the name of the conversation in which it does."""

    conversation: str
    pending: PendingApproval


def all_waiting(views: Iterable[tuple[str, RunView]]) -> tuple[Waiting, ...]:
    """Return what waits in all of `views`, which come with their names, the oldest first."""
    waiting = (Waiting(name, pending) for name, view in views for pending in view.pending)
    return tuple(sorted(waiting, key=lambda each: each.pending.requested_at))
