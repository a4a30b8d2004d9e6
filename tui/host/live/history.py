"""What a follow-up run goes on from. Knows a conversation's items by shape."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

# The items are of either library, typed dicts or models; the options are what a runner takes.
from typing import Any

from tui.host.live.shapes import ForeignAgent, ForeignResult, field

_NEVER_ANSWERED = "This call was not carried out: the run was ended before it began."
# With one of these the runner or the service adds what was said before by itself.
_KEEPERS = ("session", "conversation_id", "previous_response_id")


@dataclass(frozen=True, slots=True)
class Conversation:
    """The items so far, and the agent that had the control last.

    Attributes:
        items: What the next run must be given; nothing that a session or the service keeps.
        options: What every run of it is given besides agent and input: `context`, `session`, ...
            as the runner names them.
    """

    items: tuple[Any, ...]
    agent: ForeignAgent
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def after(self, result: ForeignResult) -> "Conversation":
        """Return the conversation with what a run added to it."""
        if not any(self.options.get(name) is not None for name in _KEEPERS):
            return replace(self, items=closed(result.to_input_list()), agent=result.last_agent)
        options = dict(self.options)
        if options.get("previous_response_id") is not None:
            options["previous_response_id"] = field(result, "last_response_id")
        return replace(self, items=(), agent=result.last_agent, options=options)

    def and_then(self, *items: Any) -> "Conversation":
        """Return the conversation with items that no model was given."""
        return replace(self, items=closed((*self.items, *items)))

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
