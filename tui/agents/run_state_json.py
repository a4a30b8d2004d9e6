"""Writes a `RunState` as JSON values and reads it back. What each field says is in its form."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

from tui.agents.agent_map import AgentMap
from tui.agents.approvals import Approvals, Decision
from tui.agents.exceptions import UserError
from tui.agents.guardrail_results import GuardrailResults
from tui.agents.history import ServerHistory
from tui.agents.items import ModelResponse, RunItem, ToolApprovalItem, TResponseInputItem
from tui.agents.items_json import is_json, read_item, read_raw, write_item, write_raw
from tui.agents.kinds import Json, JsonObject, UserValue
from tui.agents.raw import read
from tui.agents.run_context import RunContextWrapper
from tui.agents.run_state_form import SCHEMA, VERSION, adapter, damaged
from tui.agents.usage import Usage

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.run_state import RunState

T = TypeVar("T")
Serializer = Callable[[UserValue], Mapping[str, Json]]
Deserializer = Callable[[Mapping[str, Json]], UserValue]


def write_state(
    state: RunState, serializer: Serializer | None, *, strict_context: bool
) -> JsonObject:
    """Return `state` as a `StateForm`.

    Raises:
        UserError: If the context cannot be written and must be.
    """
    items = state.generated_items
    index = {id(item): at for at, item in enumerate(items)}
    raws = {id(item.raw_item): at for at, item in enumerate(items)}
    places = {
        id(item): {"call_id": call_id, "at": at}
        for call_id, askers in _askers(items, state.nested).items()
        for at, item in enumerate(askers)
    }
    seen = [
        index[id(item)] if id(item) in index else write_item(item) for item in state.model_items
    ]
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "run_id": state.run_id,
        "current_agent": state.current_agent.name,
        "original_input": _plain_input(state.original_input),
        "items": [write_item(item) for item in items],
        "model_items": None if seen == list(range(len(items))) else seen,
        "responses": [_write_response(response, raws) for response in state.responses],
        "pending_response": _position(state.responses, state.pending_response),
        "interruptions": [places[id(item)] for item in state.interruptions],
        "nested": {
            call_id: write_state(nested, serializer, strict_context=False)
            for call_id, nested in state.nested.items()
        },
        "tools": _pending_tools(state.current_agent, state.pending_response),
        "context": _write_context(state.context, serializer, strict=strict_context),
        "tool_users": sorted(state.tool_users),
        "current_turn": state.current_turn,
        "max_turns": state.max_turns,
        "pending_input": _plain_input(state.pending_input),
        "server": state.server and asdict(state.server),
        "saved_items": state.saved_items,
        "is_final": state.is_final,
        "guardrail_results": state.guardrail_results.to_json(),
    }


class StateReader:
    """Reads a run's state, and those of the runs inside it: they have agents and context alike."""

    def __init__(self, kind: type[RunState], agents: AgentMap, context: UserValue) -> None:
        self._kind = kind
        self._agents = agents
        self._context = context

    def state(self, data: JsonObject) -> RunState:
        """Read what `write_state` wrote and `checked` has checked.

        Raises:
            UserError: If it is damaged, or an agent or a called tool is missing or changed.
        """
        agent = self._agents.find(data["current_agent"])
        items = [read_item(entry, self._agents) for entry in data["items"]]
        seen, at = data["model_items"], data["pending_response"]
        responses = [_read_response(entry, items) for entry in data["responses"]]
        _check_tools(agent, data["tools"])
        nested = {call_id: self.state(inner) for call_id, inner in data["nested"].items()}
        askers = _askers(items, nested)
        return self._kind(
            run_id=data["run_id"],
            current_agent=agent,
            original_input=data["original_input"],
            generated_items=items,
            model_items=list(items) if seen is None else [self._seen(one, items) for one in seen],
            responses=responses,
            context=self._wrapper(data["context"]),
            current_turn=data["current_turn"],
            max_turns=data["max_turns"],
            pending_response=None if at is None else _entry(responses, at),
            interruptions=[_read_interruption(entry, askers) for entry in data["interruptions"]],
            nested=nested,
            tool_users=set(data["tool_users"]),
            pending_input=data["pending_input"],
            server=data["server"] and ServerHistory(**data["server"]),
            saved_items=data["saved_items"],
            is_final=data["is_final"],
            guardrail_results=GuardrailResults.from_json(data["guardrail_results"], self._agents),
        )

    def _seen(self, entry: Json, items: list[RunItem]) -> RunItem:
        return _entry(items, entry) if isinstance(entry, int) else read_item(entry, self._agents)

    def _wrapper(self, data: JsonObject) -> RunContextWrapper:
        decided = data["approvals"]
        return RunContextWrapper(
            self._context,
            usage=adapter(Usage).validate_python(data["usage"]),
            approvals=Approvals(
                {one["call_id"]: _read_decision(one) for one in decided["calls"]},
                {(one["agent"], one["tool"]): _read_decision(one) for one in decided["standing"]},
            ),
            tool_input=data["tool_input"],
        )


def _entry(entries: Sequence[T], at: int) -> T:
    if not 0 <= at < len(entries):
        raise damaged(f"it has {len(entries)} of what its entry {at} is spoken of")
    return entries[at]


def _plain_input(given: str | list[TResponseInputItem]) -> Json:
    return given if isinstance(given, str) else [write_raw(item)["value"] for item in given]


def _position(responses: list[ModelResponse], wanted: ModelResponse | None) -> int | None:
    return next((at for at, response in enumerate(responses) if response is wanted), None)


def _write_response(response: ModelResponse, raws: Mapping[int, int]) -> JsonObject:
    return {
        "output": [raws[id(raw)] if id(raw) in raws else write_raw(raw) for raw in response.output],
        "usage": asdict(response.usage),
        "response_id": response.response_id,
        "request_id": response.request_id,
    }


def _read_response(data: JsonObject, items: list[RunItem]) -> ModelResponse:
    output = [
        _entry(items, entry).raw_item if isinstance(entry, int) else read_raw(entry)
        for entry in data["output"]
    ]
    usage = adapter(Usage).validate_python(data["usage"])
    return ModelResponse(output, usage, data["response_id"], data["request_id"])


def _askers(
    items: Sequence[RunItem], nested: Mapping[str, RunState]
) -> Mapping[str | None, Sequence[RunItem]]:
    """Return where requests for approval stand: in this run (None) or in those inside it."""
    return {None: items, **{call_id: run.interruptions for call_id, run in nested.items()}}


def _read_interruption(
    entry: JsonObject, askers: Mapping[str | None, Sequence[RunItem]]
) -> ToolApprovalItem:
    if entry["call_id"] not in askers:
        raise damaged(f"the run inside the call {entry['call_id']!r} is missing")
    item = _entry(askers[entry["call_id"]], entry["at"])
    if not isinstance(item, ToolApprovalItem):
        raise damaged("a request for approval is missing")
    return item


def _write_context(
    context: RunContextWrapper, serializer: Serializer | None, *, strict: bool
) -> JsonObject:
    value, is_written = _context_value(context.context, serializer)
    if strict and not is_written:
        raise UserError(
            f"The context, a {type(context.context).__name__}, is no JSON object: "
            "give a context_serializer."
        )
    calls, standing = context.approvals.by_call, context.approvals.standing
    return {
        "value": value,
        "is_written": is_written,
        "usage": asdict(context.usage),
        "approvals": {
            "calls": [{"call_id": call_id, **vars(one)} for call_id, one in calls.items()],
            "standing": [
                {"agent": agent, "tool": tool, **vars(one)}
                for (agent, tool), one in standing.items()
            ],
        },
        "tool_input": context.tool_input,
    }


def _read_decision(data: JsonObject) -> Decision:
    return Decision(data["approved"], data["message"], data["arguments"])


def _context_value(context: UserValue, serializer: Serializer | None) -> tuple[UserValue, bool]:
    if context is None:
        return None, True
    if serializer is not None:
        return dict(serializer(context)), True
    is_plain = isinstance(context, dict) and is_json(context)
    return (dict(context) if is_plain else None), is_plain


def read_context(data: JsonObject, deserializer: Deserializer | None, *, strict: bool) -> UserValue:
    """Return the caller's object as it was written.

    Raises:
        UserError: If it was not, and must be: `strict`.
    """
    if not data["is_written"] and strict:
        raise UserError("The context was not written: give it as context_override.")
    value = data["value"]
    return value if value is None or deserializer is None else deserializer(value)


def _pending_tools(agent: Agent, response: ModelResponse | None) -> dict[str, str]:
    called = {read(raw, "name") for raw in response.output} if response else set()
    return {t.name: _schema_hash(t.params_json_schema) for t in agent.tools if t.name in called}


def _check_tools(agent: Agent, hashes: Mapping[str, str]) -> None:
    tools = {tool.name: tool for tool in agent.tools}
    for name, expected in hashes.items():
        if name not in tools:
            raise UserError(f"Agent {agent.name!r} has lost the tool {name}, which waits to run.")
        if _schema_hash(tools[name].params_json_schema) != expected:
            raise UserError(
                f"The parameters of {name} have changed since its call: the call cannot be run."
            )


def _schema_hash(schema: Mapping[str, Json]) -> str:
    return hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()
