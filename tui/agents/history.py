"""The conversation as the next model request carries it. Grows by what is new, each item once."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from tui.agents.items import (
    HandoffOutputItem,
    InputItem,
    ItemHelpers,
    ModelResponse,
    RunItem,
    ToolApprovalItem,
    ToolCallOutputItem,
    TResponseInputItem,
)
from tui.agents.kinds import JsonObject

Items = list[TResponseInputItem]

_CALLED = ("function", "custom_tool", "computer", "local_shell", "shell", "apply_patch")
_CALLS = frozenset(f"{kind}_call" for kind in _CALLED)
_OUTPUTS = frozenset(f"{kind}_output" for kind in _CALLS)
_JOINED = _CALLS | _OUTPUTS

_OURS = (ToolCallOutputItem, HandoffOutputItem, InputItem)
"""What a service that keeps the conversation does not know by having said it."""


class History:
    """The input of a run and the items it has produced, in wire shape.

    Calls that were never answered stay out of requests, with the reasoning that led to them: the
    service refuses them. Of items with the same identity only the newest is sent.
    """

    def __init__(self, input: str | Iterable[TResponseInputItem], items: Iterable[RunItem]) -> None:
        self._given = ItemHelpers.input_to_new_input_list(input)
        self._produced: Items = []
        self._unanswered: set[str] = set()
        self._identities: set[tuple[str, ...]] = set()
        self._has_twins = False
        for item in self._given:
            self._note_identity(item)
        self.extend(items)

    def extend(self, items: Iterable[RunItem]) -> None:
        """Add the items of a turn."""
        for item in items:
            if not isinstance(item, ToolApprovalItem):
                self._add(item.to_input_item())

    def model_input(self) -> Items:
        """Return the next request's input, a list of its own."""
        produced = self._produced
        if self._unanswered:
            produced = _without_unanswered(produced, self._unanswered)
        items = [*self._given, *produced]
        return without_twins(items) if self._has_twins else items

    def _add(self, wire: TResponseInputItem) -> None:
        self._produced.append(wire)
        self._note_identity(wire)
        kind, call_id = wire.get("type"), wire.get("call_id")
        if isinstance(call_id, str):
            if kind in _CALLS:
                self._unanswered.add(call_id)
            elif kind in _OUTPUTS:
                self._unanswered.discard(call_id)

    def _note_identity(self, wire: TResponseInputItem) -> None:
        identity = _identity(wire)
        if identity in self._identities:
            self._has_twins = True
        elif identity is not None:
            self._identities.add(identity)


@dataclass
class ServerHistory:
    """How far a service that keeps the conversation knows a run: it is only sent the rest."""

    conversation_id: str | None = None  # The service's conversation.
    previous_response_id: str | None = None  # The response that the next request follows.
    known_items: int | None = None  # Of the items the model sees; None if nothing at all.
    asked_items: int = 0  # How many it was last told or knew before.

    def unseen(self, history: History, items: Sequence[RunItem]) -> Items:
        """Return what a request must say, of the whole `history` and the `items` in it."""
        self.asked_items = len(items)
        if self.known_items is None:
            return history.model_input()
        fresh = items[self.known_items :]
        return [item.to_input_item() for item in fresh if isinstance(item, _OURS)]

    def take(self, response: ModelResponse) -> None:
        """Note that the service has answered what was last `unseen`."""
        if self.conversation_id is None and response.response_id is None:
            # A service that names no responses keeps none: it is told everything again.
            return
        self.known_items = self.asked_items
        if self.conversation_id is None:
            self.previous_response_id = response.response_id


def joined_input(items: Items, stored: Container[int], *, is_cut: bool) -> Items:
    """Return a run's input, of what a session holds and what is new, as the service takes it.

    Args:
        items: All of it.
        stored: The `id`s of those that the session holds. Of these, calls that nothing answers
            are left out.
        is_cut: Whether older items were left in the session: then outputs may have lost their
            calls, and are left out, too.
    """
    calls = {item.get("call_id") for item in items if item.get("type") in _CALLS}
    outputs = {item.get("call_id") for item in items if item.get("type") in _OUTPUTS}
    lost = outputs - calls if is_cut else set()
    kept, asked = [], set()
    for item in items:
        is_old = id(item) in stored
        if is_old and item.get("type") in _OUTPUTS and item.get("call_id") in lost:
            continue
        if is_old and item.get("type") in _CALLS:
            asked.add(item.get("call_id"))
        kept.append(item)
    return without_twins(_without_unanswered(kept, asked - outputs))


def without_twins(items: Items) -> Items:
    """Keep the newest of each identity: calls and reasoning where they first stood, else last."""
    kept: dict[object, TResponseInputItem] = {}
    for index, item in enumerate(items):
        key = _identity(item) or index
        if not (item.get("type") in _CALLS or item.get("type") == "reasoning"):
            # What is put in anew stands last.
            kept.pop(key, None)
        kept[key] = item
    return list(kept.values())


def _identity(wire: JsonObject) -> tuple[str, ...] | None:
    kind = wire.get("type")
    if kind is None or kind == "message" or wire.get("role") is not None:
        return None
    call_id, item_id = wire.get("call_id"), wire.get("id")
    if isinstance(call_id, str) and kind in _JOINED:
        return kind, call_id
    if isinstance(item_id, str):
        return kind, "id", item_id
    return (kind, call_id) if isinstance(call_id, str) else None


def _without_unanswered(items: Items, unanswered: Container[object]) -> Items:
    kept: Items = []
    drops_reasoning = False
    for item in reversed(items):
        kind = item.get("type")
        if kind in _CALLS and item.get("call_id") in unanswered:
            drops_reasoning = True
        elif not (kind == "reasoning" and drops_reasoning):
            drops_reasoning = False
            kept.append(item)
    return kept[::-1]
