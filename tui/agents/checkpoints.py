"""Writes the states of one run as JSON, each as what is new in it, and puts them together again.

What a `RunState` is as JSON is said here only, and its fields in `run_state_form`. Stores nothing.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from tui.agents.approvals import Decision
from tui.agents.exceptions import UserError
from tui.agents.guardrail_results import write_found
from tui.agents.items import ModelResponse, RunItem, ToolApprovalItem, TResponseInputItem
from tui.agents.items_json import is_json, write_item, write_raw
from tui.agents.kinds import Json, JsonObject, UserValue
from tui.agents.raw import read
from tui.agents.run_state_form import SCHEMA, VERSION

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.run_state import RunState

Serializer = Callable[[UserValue], Mapping[str, Json]]


class CheckpointWriter:
    """Writes the states of one run, oldest first, each as what changed since the one before.

    What a delta costs does not depend on how long the run is: lists are looked at from their ends,
    for they are appended to, or replaced from a place on. The first delta is a whole state. A
    context that is no JSON object, and has no `context_serializer`, is left out.
    """

    def __init__(self, context_serializer: Serializer | None = None) -> None:
        self._serializer = context_serializer
        self._count = 0
        self._values: JsonObject = {}
        self._lists: dict[str, Sequence[UserValue]] = {}
        self._grown: JsonObject = {}
        self._items: dict[int, int] = {}  # Where each stands, by `id`.
        self._raws: dict[int, int] = {}  # In which item each first stands, by `id`.
        self._nested: dict[str, CheckpointWriter] = {}
        self._input: tuple[UserValue, Json] = ((), [])  # The original input, as given and written.

    def delta(self, state: RunState) -> JsonObject:
        """Return what is new in `state`, as JSON values for `folded`."""
        self._grown = {}
        self._grow_lists(state)
        old, self._values = self._values, self._values_of(state)
        changed = {
            name: value
            for name, value in self._values.items()
            if name not in old or (old[name] is not value and old[name] != value)
        }
        parts = {"set": changed, "grown": self._grown, "nested": self._changed_inside(state)}
        self._count += 1
        return {"delta": self._count - 1, **{name: part for name, part in parts.items() if part}}

    def _changed_inside(self, state: RunState) -> JsonObject:
        old, self._nested = self._nested, {}
        changes: JsonObject = dict.fromkeys(old.keys() - state.nested)
        for call_id, inner in state.nested.items():
            known = old.get(call_id)
            is_same = known is not None and known._values["run_id"] == inner.run_id
            writer = known if known and is_same else CheckpointWriter(self._serializer)
            self._nested[call_id] = writer
            delta = writer.delta(inner)
            if len(delta) > 1:
                changes[call_id] = delta
        return changes

    def _grow_lists(self, state: RunState) -> None:
        self._grow_items(state.generated_items)
        self._grow("responses", state.responses, self._response)
        if state.model_items == state.generated_items:
            self._lists.pop("model_items", None)
        else:
            self._grow("model_items", state.model_items, self._seen)
        spent, approvals = state.context.usage.request_usage_entries, state.context.approvals
        self._grow("context.usage.request_usage_entries", spent, asdict)
        for kind, found in vars(state.guardrail_results).items():
            self._grow(f"guardrail_results.{kind}", found, write_found)
        for kind, decided, write in (
            ("calls", approvals.by_call, _call_decision),
            ("standing", approvals.standing, _standing_decision),
        ):
            name, entries = f"context.approvals.{kind}", list(decided.items())
            known = self._lists.get(name, ())
            if entries[: len(known)] != known:
                # A decision may be taken back, wherever it stands.
                self._lists.pop(name, None)
            self._grow(name, entries, write)

    def _grow(
        self, name: str, entries: Sequence[UserValue], write: Callable[[UserValue], Json]
    ) -> int:
        """Note what is new in a list, and return how many of its first entries are not."""
        is_known, old = name in self._lists, self._lists.get(name, ())
        kept = min(len(old), len(entries))
        while kept and old[kept - 1] != entries[kept - 1]:
            kept -= 1
        if not is_known or kept < max(len(old), len(entries)):
            self._grown[name] = [kept, [write(entry) for entry in entries[kept:]]]
        self._lists[name] = entries
        return kept

    def _grow_items(self, items: Sequence[RunItem]) -> None:
        old = self._lists.get("items", ())
        kept = self._grow("items", items, write_item)
        if kept < len(old):
            self._forget(old[kept:], kept)
        for at in range(kept, len(items)):
            self._items.setdefault(id(items[at]), at)
            self._raws.setdefault(id(items[at].raw_item), at)

    def _forget(self, gone: Sequence[RunItem], kept: int) -> None:
        """Have what speaks of items that are gone, or stand elsewhere, written anew."""
        self._lists.pop("model_items", None)
        raws, responses = self._raws, self._lists["responses"]
        while responses and any(raws.get(id(raw), -1) >= kept for raw in responses[-1].output):
            responses = responses[:-1]
        self._lists["responses"] = responses
        for item in gone:
            for places, one in ((self._items, item), (raws, item.raw_item)):
                if places.get(id(one), -1) >= kept:
                    del places[id(one)]

    def _values_of(self, state: RunState) -> JsonObject:
        context, usage, pending = state.context, state.context.usage, state.pending_response
        if state.original_input is not self._input[0]:
            self._input = state.original_input, _plain_input(state.original_input)
        value, is_written = _context_value(context.context, self._serializer)
        return {
            "schema": SCHEMA,
            "version": VERSION,
            "run_id": state.run_id,
            "current_agent": state.current_agent.name,
            "original_input": self._input[1],
            # It is the last one.
            "pending_response": None if pending is None else len(state.responses) - 1,
            "interruptions": [self._request(item, state) for item in state.interruptions],
            "tools": _pending_tools(state.current_agent, pending),
            "context.value": value,
            "context.is_written": is_written,
            "context.usage.requests": usage.requests,
            "context.usage.input_tokens": usage.input_tokens,
            "context.usage.input_tokens_details": asdict(usage.input_tokens_details),
            "context.usage.output_tokens": usage.output_tokens,
            "context.usage.output_tokens_details": asdict(usage.output_tokens_details),
            "context.usage.total_tokens": usage.total_tokens,
            "context.tool_input": context.tool_input,
            "tool_users": sorted(state.tool_users),
            "current_turn": state.current_turn,
            "max_turns": state.max_turns,
            "pending_input": _plain_input(state.pending_input),
            "server": state.server and asdict(state.server),
            "saved_items": state.saved_items,
            "is_final": state.is_final,
            **({} if "model_items" in self._lists else {"model_items": None}),
        }

    def _seen(self, item: RunItem) -> Json:
        at = self._items.get(id(item))
        return write_item(item) if at is None else at

    def _response(self, response: ModelResponse) -> Json:
        raws = self._raws
        return {
            "output": [
                raws[id(raw)] if id(raw) in raws else write_raw(raw) for raw in response.output
            ],
            "usage": asdict(response.usage),
            "response_id": response.response_id,
            "request_id": response.request_id,
        }

    def _request(self, item: ToolApprovalItem, state: RunState) -> JsonObject:
        for call_id, inner in state.nested.items():
            for at, asked in enumerate(inner.interruptions):
                if asked is item:
                    return {"call_id": call_id, "at": at}
        return {"call_id": None, "at": self._items[id(item)]}


def folded(deltas: Iterable[Json]) -> JsonObject:
    """Return the last state that was written, as `RunState.to_json` has it.

    Args:
        deltas: All of a `CheckpointWriter`, oldest first. Those of another may follow.

    Raises:
        UserError: If one is missing or damaged, or there are none.
    """
    form: JsonObject = {}
    expected = 0
    for delta in deltas:
        number = delta.get("delta") if isinstance(delta, Mapping) else None
        if number not in (0, expected):
            raise UserError(
                f"Checkpoint {expected} of this run is missing or damaged: read all, oldest first."
            )
        try:
            form = _changed(form, delta)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UserError(f"Checkpoint {number} of this run is damaged: {error}.") from error
        expected = number + 1
    if not form:
        raise UserError("There is no checkpoint of this run.")
    return form


def write_state(
    state: RunState, serializer: Serializer | None, *, strict_context: bool
) -> JsonObject:
    """Return `state` as a `StateForm`.

    Raises:
        UserError: If the context cannot be written and must be.
    """
    form = folded([CheckpointWriter(serializer).delta(state)])
    if strict_context and not form["context"]["is_written"]:
        raise UserError(
            f"The context, a {type(state.context.context).__name__}, is no JSON object: "
            "give a context_serializer."
        )
    return form


def _changed(form: JsonObject, delta: Mapping[str, Json]) -> JsonObject:
    """Return a form with what is new; the first delta of a run stands for all of it."""
    if delta["delta"] == 0:
        form = {"nested": {}}
    for path, value in delta.get("set", {}).items():
        place, name = _place(form, path)
        place[name] = value
    for path, (kept, entries) in delta.get("grown", {}).items():
        place, name = _place(form, path)
        known = place.get(name) or []
        if not 0 <= kept <= len(known):
            raise ValueError(f"there are {len(known)} {name}, not {kept}")
        place[name] = known
        known[kept:] = entries
    nested = form["nested"]
    for call_id, inner in delta.get("nested", {}).items():
        if inner is None:
            del nested[call_id]
        else:
            nested[call_id] = _changed(nested.get(call_id, {}), inner)
    return form


def _place(form: JsonObject, path: str) -> tuple[JsonObject, str]:
    *steps, name = path.split(".")
    for step in steps:
        form = form.setdefault(step, {})
    return form, name


def _plain_input(given: str | list[TResponseInputItem]) -> Json:
    return given if isinstance(given, str) else [write_raw(item)["value"] for item in given]


def _context_value(context: UserValue, serializer: Serializer | None) -> tuple[Json, bool]:
    if context is None:
        return None, True
    value = context if serializer is None else dict(serializer(context))
    is_written = serializer is not None or (isinstance(value, dict) and is_json(value))
    # A copy: the caller's object may change until the next is written.
    return (copy.deepcopy(value) if is_written else None), is_written


def _call_decision(entry: tuple[str, Decision]) -> JsonObject:
    call_id, decision = entry
    return {"call_id": call_id, **vars(decision)}


def _standing_decision(entry: tuple[tuple[str, str], Decision]) -> JsonObject:
    (agent, tool), decision = entry
    return {"agent": agent, "tool": tool, **_decision(decision)}


def _decision(decision: Decision) -> JsonObject:
    return {name: getattr(decision, name) for name in ("approved", "message", "arguments")}


def _pending_tools(agent: Agent, response: ModelResponse | None) -> dict[str, str]:
    called = {read(raw, "name") for raw in response.output} if response else set()
    return {t.name: schema_hash(t.params_json_schema) for t in agent.tools if t.name in called}


def schema_hash(schema: Mapping[str, Json]) -> str:
    """Return what tells whether a tool still takes what it took."""
    return hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()
