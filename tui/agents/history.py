"""The conversation as the next model request carries it. Grows by what is new, each item once."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from tui.agents.item_helpers import ItemHelpers
from tui.agents.items import RunItem, ToolApprovalItem, TResponseInputItem
from tui.agents.kinds import JsonObject

_CALL_OUTPUTS = {
    "function_call": "function_call_output",
    "custom_tool_call": "custom_tool_call_output",
    "computer_call": "computer_call_output",
    "local_shell_call": "local_shell_call_output",
    "shell_call": "shell_call_output",
    "apply_patch_call": "apply_patch_call_output",
}
_OUTPUTS = frozenset(_CALL_OUTPUTS.values())


class History:
    """The input of a run and the items it has produced, in wire shape.

    Calls that were never answered stay out of requests, with the reasoning that led to them: the
    service refuses them. Of items with the same identity only the newest is sent.
    """

    def __init__(self, input: str | Iterable[TResponseInputItem], items: Iterable[RunItem]) -> None:
        self._given = ItemHelpers.input_to_new_input_list(input)
        self._produced: list[TResponseInputItem] = []
        self._unanswered: set[str] = set()
        self._identities: set[str] = set()
        self._has_twins = False
        for item in self._given:
            self._note_identity(item)
        self.extend(items)

    def extend(self, items: Iterable[RunItem]) -> None:
        """Add the items of a turn."""
        for item in items:
            if not isinstance(item, ToolApprovalItem):
                self._add(item.to_input_item())

    def model_input(self) -> list[TResponseInputItem]:
        """Return the next request's input, a list of its own."""
        produced = self._produced
        if self._unanswered:
            produced = _without_unanswered(produced, self._unanswered)
        items = [*self._given, *produced]
        return without_twins(items) if self._has_twins else items

    def _add(self, wire: TResponseInputItem) -> None:
        self._produced.append(wire)
        self._note_identity(wire)
        call_id = wire.get("call_id")
        if isinstance(call_id, str):
            if wire.get("type") in _CALL_OUTPUTS:
                self._unanswered.add(call_id)
            elif wire.get("type") in _OUTPUTS:
                self._unanswered.discard(call_id)

    def _note_identity(self, wire: TResponseInputItem) -> None:
        identity = _identity(wire)
        if identity is None:
            return
        self._has_twins = self._has_twins or identity in self._identities
        self._identities.add(identity)


def joined_input(
    items: list[TResponseInputItem], is_stored: Sequence[bool], *, is_cut: bool
) -> list[TResponseInputItem]:
    """Return a run's input, of what a session holds and what is new, as the service takes it.

    Args:
        items: All of it.
        is_stored: Tells of each item whether the session holds it. Of these, calls that nothing
            answers are left out.
        is_cut: Whether older items were left in the session: then outputs may have lost their
            calls, and are left out, too.
    """
    calls = {item.get("call_id") for item in items if item.get("type") in _CALL_OUTPUTS}
    outputs = {item.get("call_id") for item in items if item.get("type") in _OUTPUTS}
    stored = [item for item, is_old in zip(items, is_stored, strict=True) if is_old]
    asked = {item.get("call_id") for item in stored if item.get("type") in _CALL_OUTPUTS}
    lost = outputs - calls if is_cut else set()
    kept = [
        item
        for item, is_old in zip(items, is_stored, strict=True)
        if not (is_old and item.get("type") in _OUTPUTS and item.get("call_id") in lost)
    ]
    return without_twins(_without_unanswered(kept, asked - outputs))


def _identity(wire: JsonObject) -> str | None:
    kind = wire.get("type")
    if kind is None or kind == "message" or wire.get("role") is not None:
        return None
    call_id, item_id = wire.get("call_id"), wire.get("id")
    if isinstance(call_id, str) and (kind in _CALL_OUTPUTS or kind in _OUTPUTS):
        return f"{kind} call {call_id}"
    for name, value in (("id", item_id), ("call", call_id)):
        if isinstance(value, str):
            return f"{kind} {name} {value}"
    return None


def without_twins(items: list[TResponseInputItem]) -> list[TResponseInputItem]:
    """Keep the newest of each identity: calls and reasoning where they first stood, else last."""
    newest: dict[str, TResponseInputItem] = {}
    place: dict[str, int] = {}
    for index, item in enumerate(items):
        identity = _identity(item)
        if identity is None:
            continue
        newest[identity] = item
        stays_first = item.get("type") in _CALL_OUTPUTS or item.get("type") == "reasoning"
        if not (stays_first and identity in place):
            place[identity] = index
    kept = []
    for index, item in enumerate(items):
        identity = _identity(item)
        if identity is None:
            kept.append(item)
        elif place[identity] == index:
            kept.append(newest[identity])
    return kept


def _without_unanswered(
    items: list[TResponseInputItem], unanswered: Container[object]
) -> list[TResponseInputItem]:
    kept: list[TResponseInputItem] = []
    drops_reasoning = False
    for item in reversed(items):
        kind = item.get("type")
        if kind in _CALL_OUTPUTS and item.get("call_id") in unanswered:
            drops_reasoning = True
            continue
        if kind == "reasoning" and drops_reasoning:
            continue
        drops_reasoning = False
        kept.append(item)
    kept.reverse()
    return kept
