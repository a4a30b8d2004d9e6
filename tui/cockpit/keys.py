"""When the key that is being handled was pressed, and how keys are named to a person.

Textual runs an action without the key that asked for it; a decision needs the key's time.
"""

from contextvars import ContextVar
from typing import Final

pressed_at: ContextVar[float | None] = ContextVar("pressed_at", default=None)
"""Monotonic seconds of the key or click whose handling this is; None when there is none."""

_NAMES: Final = {
    "enter": "Enter",
    "escape": "Esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "space": "Space",
    "tab": "Tab",
    "backspace": "Backspace",
    "delete": "Del",
    "shift+tab": "Shift+Tab",
    "question_mark": "?",
    "slash": "/",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "plus": "+",
    "minus": "-",
    "full_stop": ".",
    "comma": ",",
    "colon": ":",
}


def key_name(key: str) -> str:
    """Return `key`, as Textual writes it, the way a person reads it: `Ctrl+G`, `Esc`, `y`."""
    if key in _NAMES:
        return _NAMES[key]
    *modifiers, last = key.split("+")
    if not modifiers:
        return last.upper() if len(last) > 1 and last[0] == "f" and last[1:].isdigit() else last
    shown = _NAMES.get(last, last.capitalize())
    return "+".join([modifier.capitalize() for modifier in modifiers] + [shown])
