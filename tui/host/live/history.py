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
# With one of these the service adds what was said before by itself.
_SERVICE_KEEPS = ("conversation_id", "previous_response_id")


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

    @property
    def has_session(self) -> bool:
        """Whether a session of the program keeps what was said."""
        return self.options.get("session") is not None

    @property
    def is_kept_elsewhere(self) -> bool:
        """Whether a session or the service keeps what was said."""
        kept = any(self.options.get(name) is not None for name in _SERVICE_KEEPS)
        return kept or self.has_session

    def after(self, result: ForeignResult, fates: Sequence[Fate]) -> "Conversation":
        """Return the conversation with what a run added to it.

        Args:
            result: The run.
            fates: Its begun calls whose results no model has read.
        """
        items = result.to_input_list()
        if not self.is_kept_elsewhere:
            return replace(self, items=closed(items, fates), agent=result.last_agent)
        options = dict(self.options)
        if options.get("previous_response_id") is not None:
            # A run that failed before its first response has none: the older one still holds.
            newest = field(result, "last_response_id")
            options["previous_response_id"] = newest or options["previous_response_id"]
        unsent = _unsent(items, fates, has_session=self.has_session)
        return replace(self, items=unsent, agent=result.last_agent, options=options)

    def and_then(self, *items: Any) -> "Conversation":
        """Return the conversation with items that no model was given."""
        return replace(self, items=closed((*self.items, *items)))

    def input_with(self, text: str) -> str | list[Any]:
        """Return the input of a run that goes on from here with a message."""
        return [*self.items, user_item(text)] if self.items else text


def user_item(text: str) -> dict[str, str]:
    """Return a person's message as model input."""
    return {"role": "user", "content": safe(text)}


def closed(items: Sequence[Any], fates: Sequence[Fate] = ()) -> tuple[Any, ...]:
    """Return `items` with an answer for each call that has none: services refuse open calls.

    Calls that were begun in a turn the runtime threw away are added, for what they did is done.
    """
    answered = {field(item, "call_id") for item in items if kind_of(item).endswith("_call_output")}
    asked = {field(item, "call_id") for item in items if kind_of(item) in _CALLS}
    answers = {fate.call.call_id: fate.text for fate in fates}
    forgotten = [_call_item(fate.call) for fate in fates if fate.call.call_id not in asked]
    return tuple(_carried(item) for item in _closed([*items, *forgotten], answered, answers))


def open_calls(items: Sequence[Any]) -> frozenset[str]:
    """Return the ids of the calls among `items` that have no answer there."""
    answered = {field(item, "call_id") for item in items if kind_of(item).endswith("_call_output")}
    asked = {field(item, "call_id") for item in items if kind_of(item) in _CALLS}
    return frozenset(asked - answered)


def _closed(items: Sequence[Any], answered: set[Any], answers: Mapping[str, str]) -> Iterator[Any]:
    for item in items:
        yield item
        kind, call_id = kind_of(item), field(item, "call_id")
        if kind in _CALLS and call_id not in answered:
            answer = answers.get(call_id, _NEVER_ANSWERED)
            yield {"type": f"{kind}_output", "call_id": call_id, "output": answer}


def _unsent(items: Sequence[Any], fates: Sequence[Fate], *, has_session: bool) -> tuple[Any, ...]:
    """Return what neither the session nor the service has: the service has all up to its answer."""
    asked = {field(item, "call_id") for item in items if kind_of(item) in _CALLS}
    thrown_away = closed((), [fate for fate in fates if fate.call.call_id not in asked])
    if has_session:
        return thrown_away
    whole = closed(items, [fate for fate in fates if fate.call.call_id in asked])
    made_here = (is_made_here(item) for item in reversed(whole))
    count = next((at for at, here in enumerate(made_here) if not here), len(whole))
    return (*whole[len(whole) - count :], *thrown_away)


def is_made_here(item: Any) -> bool:
    """Tell a message of a person and a call's output from what a model said."""
    return field(item, "role") == "user" or kind_of(item).endswith("_output")


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


def kind_of(item: Any) -> str:
    """Return an item's type, "" for a plain message."""
    return str(field(item, "type") or "")
