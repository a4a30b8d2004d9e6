"""What a follow-up run goes on from. Knows a conversation's items by shape."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# The items are of either library, typed dicts or models.
from typing import Any

from tui.host.live.shapes import ForeignAgent, field

_NEVER_ANSWERED = "This call was not carried out: the run was ended before it began."


@dataclass(frozen=True, slots=True)
class Conversation:
    """The items so far, and the agent that had the control last."""

    items: tuple[Any, ...]
    agent: ForeignAgent

    def with_message(self, text: str) -> list[Any]:
        """Return the next run's input."""
        return [*self.items, user_item(text)]


def user_item(text: str) -> dict[str, str]:
    """Return a person's message as model input."""
    return {"role": "user", "content": text}


def closed(items: Sequence[Any]) -> tuple[Any, ...]:
    """Return `items` with an answer for each call that has none: services refuse open calls."""
    answered = {field(item, "call_id") for item in items if _is(item, "_call_output")}
    return tuple(_closed(items, answered))


def _closed(items: Sequence[Any], answered: set[Any]) -> Iterator[Any]:
    for item in items:
        yield item
        kind, call_id = field(item, "type"), field(item, "call_id")
        if kind in ("function_call", "custom_tool_call") and call_id not in answered:
            yield {"type": f"{kind}_output", "call_id": call_id, "output": _NEVER_ANSWERED}


def _is(item: Any, ending: str) -> bool:
    return str(field(item, "type") or "").endswith(ending)
