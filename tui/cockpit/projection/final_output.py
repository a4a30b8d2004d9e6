"""Which answer of a run stands in no message of a model: what a tool or a handler made of it.

Knows no event. A message says it as text, or as the JSON that it was read from.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from tui.cockpit.projection.entries import LOOK_BACK_FOR_CALLS, newest
from tui.cockpit.projection.view import (
    AnyEntry,
    HandoffEntry,
    MessageEntry,
    RunView,
    ToolEntry,
)

_WRAPPED_IN: Final = {"response"}
"""A model is asked for an object: an output of another type comes as this one field of it."""


def is_unsaid(view: RunView, final_output: str) -> bool:
    """Tell whether no message of the newest run says its final output."""
    answer = final_output.strip()
    if not answer:
        return False
    is_last = True
    for entry in _own(view):
        if isinstance(entry, MessageEntry) and entry.text.strip():
            said = entry.text.strip()
            return said != answer and not (is_last and _is_read_from(said, answer))
        is_last = is_last and not isinstance(entry, ToolEntry | HandoffEntry)
    return True


def _own(view: RunView) -> Iterator[AnyEntry]:
    """Yield what the run itself did, not the agents inside its calls; the newest first."""
    return (entry for _, entry in newest(view, LOOK_BACK_FOR_CALLS) if entry.within is None)


def _is_read_from(said: str, answer: str) -> bool:
    """Tell whether `answer` is the structured output that the message `said` holds as JSON.

    Not whether they are equal: what was read may be written differently, a date or a default.
    """
    held = _json(said)
    is_wrapped = isinstance(held, dict) and held.keys() == _WRAPPED_IN
    return is_wrapped or (held is not None and _json(answer) is not None)


def _json(text: str) -> dict[str, object] | list[object] | None:
    """Return the object or array that `text` is, None if it is neither."""
    try:
        value: object = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return None
    return value if isinstance(value, dict | list) else None
