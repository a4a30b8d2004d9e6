"""What all conversations are together, at one instant: what a person must know wherever they are.

Knows no clock and no widget.
"""

from collections.abc import Iterable
from typing import NamedTuple

from tui.cockpit.projection.view import RunView, ToolEntry


class Overview(NamedTuple):
    """What stands on every screen.

    Attributes:
        is_held: Whether no new tool call begins, in any conversation.
        held_because: What looks stuck, where it was held for that; "" otherwise.
        running_calls: Tool calls that run, in all conversations.
        approves_all: Whether the agent processes ask nobody.
        only_watches: Whether nothing can be decided on this screen.
        alarms: What looks stuck, in words, the first to be told first.
    """

    is_held: bool = False
    held_because: str = ""
    running_calls: int = 0
    approves_all: bool = False
    only_watches: bool = False
    alarms: tuple[str, ...] = ()


def running_calls(views: Iterable[RunView]) -> int:
    """Return how many tool calls run in all of `views`; agents used as tools do not count."""
    return sum(_is_running(view, place) for view in views for place in view.open_calls.values())


def _is_running(view: RunView, place: int) -> bool:
    entry = view.entries[place]
    return isinstance(entry, ToolEntry) and entry.state == "running" and not entry.is_agent
