"""What a follow-up run goes on from. Knows a conversation's items by shape."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

# The items are of either library, typed dicts or models; the options are what a runner takes.
from typing import Any

from tui.host.live.fates import Fate
from tui.host.live.scope import Call
from tui.host.live.shapes import ForeignAgent, ForeignResult, field, safe

_NEVER_ANSWERED = "This call was not carried out: the run was ended before it began."
_CALLS = ("function_call", "custom_tool_call")
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

    def after(self, result: ForeignResult, fates: Sequence[Fate]) -> "Conversation":
        """Return the conversation with what a run added to it.

        Args:
            result: The run.
            fates: Its begun calls whose results no model has read.
        """
        if not any(self.options.get(name) is not None for name in _KEEPERS):
            items = closed(result.to_input_list(), fates)
            return replace(self, items=items, agent=result.last_agent)
        options = dict(self.options)
        if options.get("previous_response_id") is not None:
            options["previous_response_id"] = field(result, "last_response_id")
        return replace(self, items=(), agent=result.last_agent, options=options)

    def and_then(self, *items: Any) -> "Conversation":
        """Return the conversation with items that no model was given."""
        return replace(self, items=closed((*self.items, *items)))

    def with_message(self, text: str) -> list[Any]:
        """Return the next run's input; a message sent again before any answer is said once."""
        item = user_item(text)
        return [*self.items] if self.items[-1:] == (item,) else [*self.items, item]


def user_item(text: str) -> dict[str, str]:
    """Return a person's message as model input."""
    return {"role": "user", "content": safe(text)}


def closed(items: Sequence[Any], fates: Sequence[Fate] = ()) -> tuple[Any, ...]:
    """Return `items` with an answer for each call that has none: services refuse open calls.

    Calls that were begun in a turn the runtime threw away are added, for what they did is done.
    """
    answered = {field(item, "call_id") for item in items if _type(item).endswith("_call_output")}
    asked = {field(item, "call_id") for item in items if _type(item) in _CALLS}
    answers = {fate.call.call_id: fate.text for fate in fates}
    forgotten = [_call_item(fate.call) for fate in fates if fate.call.call_id not in asked]
    return tuple(_carried(item) for item in _closed([*items, *forgotten], answered, answers))


def _closed(items: Sequence[Any], answered: set[Any], answers: Mapping[str, str]) -> Iterator[Any]:
    for item in items:
        yield item
        kind, call_id = _type(item), field(item, "call_id")
        if kind in _CALLS and call_id not in answered:
            answer = answers.get(call_id, _NEVER_ANSWERED)
            yield {"type": f"{kind}_output", "call_id": call_id, "output": answer}


def _carried(value: Any) -> Any:
    """Return an item whose texts a request can carry: one that cannot fails each follow-up."""
    match value:
        case str():
            return safe(value)
        case dict():
            return {name: _carried(inner) for name, inner in value.items()}
        case list():
            return [_carried(inner) for inner in value]
    return value


def _call_item(call: Call) -> dict[str, str]:
    return {
        "type": "function_call",
        "call_id": call.call_id,
        "name": call.tool,
        "arguments": call.arguments,
    }


def _type(item: Any) -> str:
    return str(field(item, "type") or "")
