"""Which actions a person can give other keys, and which keys those may be.

Stays out of where the keys are read. The keys of a request are none of them: what decides a call
is the same for everybody.
"""

import re
from typing import Any, Final, NamedTuple

from textual.app import App

from tui.cockpit.keys import key_name


class Action(NamedTuple):
    """What can be given other keys.

    Attributes:
        keys: What it has by itself, comma-separated, as Textual writes them.
        while_writing: Whether it works in a text field too: then its key must type nothing.
    """

    keys: str
    while_writing: bool = True


ACTIONS: Final = {
    "go_to_request": Action("ctrl+g"),
    "home": Action("ctrl+o"),
    "new_conversation": Action("ctrl+n"),
    "commands": Action("ctrl+p"),
    "quit": Action("ctrl+q"),
    "hold": Action("f9"),
    "inbox": Action("f6"),
    "grants": Action("f7"),
    "audit": Action("f8"),
    "history": Action("f10"),
    "extend_budget": Action("f12"),
    "help": Action("f1"),
    "transcript": Action("f2"),
    "timeline": Action("f3"),
    "inspector": Action("f4"),
    "steer": Action("ctrl+t"),
    "retry": Action("r,ctrl+r", while_writing=False),
    "look_again": Action("r,ctrl+r", while_writing=False),
}
"""By the id of the binding, which is the name in the file."""

_APART: Final = frozenset({"retry", "look_again"})
"""They are of different screens, and may share a key."""
_DECIDING: Final = frozenset("ynerYN")
_TYPES_NOTHING: Final = re.compile(
    r"f([1-9]|1\d|2[0-4])|(ctrl|alt)\+[a-z0-9]"
    r"|((ctrl|alt|shift)\+)*(insert|pageup|pagedown|home|end|up|down|left|right)"
)
# To a terminal ctrl+m is Enter, ctrl+i Tab, ctrl+h Backspace; ctrl+j is a new line.
_TAKEN: Final = {
    "ctrl+c": "it copies",
    "ctrl+z": "it suspends",
    "ctrl+m": "it is Enter",
    "ctrl+i": "it is Tab",
    "ctrl+h": "it is Backspace",
    "ctrl+j": "it is a new line",
}
_MOVES: Final = re.compile(r"(shift\+)?(pageup|pagedown|home|end|up|down|left|right)")


def fault_of_key(action: str, key: str) -> str:
    """Return what is wrong with `key` for `action`, "" if nothing is."""
    if key in _TAKEN:
        return f"is taken: {_TAKEN[key]}; choose another"
    if _MOVES.fullmatch(key):
        return "moves the cursor; choose another"
    if _TYPES_NOTHING.fullmatch(key):
        return ""
    if len(key) != 1 or not key.isprintable() or key.isspace():
        return "is no key that can be given; write f5, ctrl+e or alt+x"
    if ACTIONS[action].while_writing:
        return "types a letter; this works while you write too, so write f5, ctrl+e or alt+x"
    if key in _DECIDING and key not in ACTIONS[action].keys.split(","):
        return "decides calls on a request; choose another"
    return ""


def are_apart(one: str, other: str) -> bool:
    """Whether two actions can have the same key."""
    return {one, other} == _APART


def key_of(app: App[Any], action: str) -> str:
    """Return the first key of `action` in `app`, as a person reads it."""
    keys = app._keymap.get(action, ACTIONS[action].keys)
    return key_name(keys.split(",")[0])
