"""The keys of the approval panel. Stays out of when they count: that is the rule's to say."""

from typing import Final

from textual.binding import Binding, BindingType

DECIDING_KEYS: Final = {
    "y": "Approve",
    "n": "Reject",
    "r": "Reason",
    "e": "Edit",
    "u": "Undo edit",
    "Y": "Always",
    "N": "Never",
    "escape": "Back",
}

DOUBT_KEYS: Final = {
    "y": "Run again",
    "d": "Take as done",
    "n": "It failed",
    "r": "With a reason",
}
"""On a request whose call may have run already."""

# With priority, so that a key is judged in the order of the keyboard, before any pane sees it.
KEYS: Final[list[BindingType]] = [
    *(
        Binding(key, f"press_in_doubt({key!r})", does, priority=True)
        for key, does in DOUBT_KEYS.items()
    ),
    *(Binding(key, f"press({key!r})", does, priority=True) for key, does in DECIDING_KEYS.items()),
    # What does nothing now is no news for a footer, but why not is said.
    *(Binding(key, f"press_in_vain({key!r})", show=False, priority=True) for key in DECIDING_KEYS),
    Binding("s", "turn_schema", "Schema", priority=True),
    Binding("up,k", "choose(-1, 0)", "Narrower rule", show=False, priority=True),
    Binding("down,j", "choose(1, 0)", "Wider rule", show=False, priority=True),
    Binding("left,h", "choose(0, -1)", "For a shorter time", show=False, priority=True),
    Binding("right,l", "choose(0, 1)", "For a longer time", show=False, priority=True),
    *(Binding(str(n), f"choose_width({n})", show=False, priority=True) for n in range(1, 5)),
    # They lead away too, but elsewhere they are for a text field: only here they come first.
    Binding("question_mark", "at_once('help')", show=False, priority=True),
    Binding("ctrl+z", "at_once('suspend_process')", show=False, priority=True),
    Binding("ctrl+c", "at_once('help_quit')", show=False, priority=True),
]
