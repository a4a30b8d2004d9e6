"""What of a run stays in the history after a guardrail stopped it. Knows items by shape.

| stopped     | no call of the run was carried out | some were                                    |
|-------------|------------------------------------|----------------------------------------------|
| the message | nothing of the run                 | its calls and their outputs, for they are    |
|             |                                    | done; a remark stands for the message        |
| the answer  | all; a remark stands for the answer, and for outputs that were to be the answer  |
| a call      | all; the model reads that the calls of that turn were not carried out            |
| its result  | all; the model reads that the result was withheld                                |

A message that stayed would stop every later run, where a guardrail looks at the whole input. An
answer that was withheld without a word would be given again.
"""

from collections.abc import Sequence

# Items are of either library, typed dicts or models.
from typing import Any, Final

from tui.host.live.fates import WITHHELD
from tui.host.live.history import kind_of, user_item
from tui.host.live.shapes import field

NOT_CARRIED_OUT: Final = "A guardrail stopped the run before this call began."
_NO_MESSAGE: Final = "(A guardrail stopped the message that stood here.)"
_NO_ANSWER: Final = "(A guardrail withheld the answer that stood here.)"
# Calls that are carried out here, or hand over: those of any other kind the service carried out.
_CALLED_HERE: Final = frozenset({"function_call", "custom_tool_call"})


def without_message(before: Sequence[Any], after: Sequence[Any]) -> tuple[Any, ...]:
    """Return the history of a run whose message was stopped, and whose calls were carried out.

    Args:
        before: The history that it began with.
        after: The history with all of it.
    """
    return (*before, user_item(_NO_MESSAGE), *_calls(_added(before, after)))


def service_called(before: Sequence[Any], after: Sequence[Any]) -> bool:
    """Whether the service carried out a call of its own: a search, code, a tool of a server."""
    kinds = map(kind_of, _added(before, after))
    return any(kind.endswith("_call") and kind not in _CALLED_HERE for kind in kinds)


def without_answer(items: Sequence[Any]) -> tuple[Any, ...]:
    """Return the history of a run whose answer was withheld."""
    kept = list(items)
    while kept and _is_answer(kept[-1]):
        kept.pop()
    at = len(kept)
    if at == len(items):
        # No message was the answer but what the last calls came to.
        while at and kind_of(kept[at - 1]).endswith("_call_output"):
            at -= 1
            kept[at] = _withheld(kept[at])
    return (*kept, {"role": "assistant", "content": _NO_ANSWER})


def _added(before: Sequence[Any], after: Sequence[Any]) -> list[Any]:
    # Not the tail of `after`: a handoff may have rewritten what stands before it.
    known = set(map(_key, before))
    return [item for item in after if not _is_message(item) and _key(item) not in known]


def _calls(items: Sequence[Any]) -> list[Any]:
    """Return calls and outputs, and the reasoning that a service wants before its call."""
    kept: list[Any] = []
    for item in reversed(items):
        if kind_of(item) != "reasoning" or (kept and not kind_of(kept[-1]).endswith("_output")):
            kept.append(item)
    return kept[::-1]


def _is_message(item: Any) -> bool:
    return kind_of(item) in ("", "message")


def _is_answer(item: Any) -> bool:
    return kind_of(item) == "reasoning" or (
        _is_message(item) and field(item, "role") == "assistant"
    )


def _withheld(item: Any) -> Any:
    return {"type": kind_of(item), "call_id": field(item, "call_id"), "output": WITHHELD}


def _key(item: Any) -> tuple[str, Any]:
    return kind_of(item), field(item, "call_id") or field(item, "id")
