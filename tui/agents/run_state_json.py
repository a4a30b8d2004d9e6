"""Reads a `RunState` of the JSON values that `checkpoints` writes: see `run_state_form`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from tui.agents.agent_map import AgentMap
from tui.agents.approvals import Approvals, Decision
from tui.agents.checkpoints import schema_hash
from tui.agents.exceptions import UserError
from tui.agents.guardrail_results import GuardrailResults
from tui.agents.history import ServerHistory
from tui.agents.items import ModelResponse, RunItem, ToolApprovalItem
from tui.agents.items_json import read_item, read_raw
from tui.agents.kinds import Json, JsonObject, UserValue
from tui.agents.run_context import RunContextWrapper
from tui.agents.run_state_form import adapter, damaged
from tui.agents.usage import Usage

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.run_state import RunState

T = TypeVar("T")
Deserializer = Callable[[Mapping[str, Json]], UserValue]


class StateReader:
    """Reads a run's state, and those of the runs inside it: they have agents and context alike."""

    def __init__(self, kind: type[RunState], agents: AgentMap, context: UserValue) -> None:
        self._kind = kind
        self._agents = agents
        self._context = context

    def state(self, data: JsonObject) -> RunState:
        """Read what was written and `checked` has checked.

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
                {one["call_id"]: _read_call_decision(one) for one in decided["calls"]},
                {(one["agent"], one["tool"]): _read_decision(one) for one in decided["standing"]},
            ),
            tool_input=data["tool_input"],
        )


def _entry(entries: Sequence[T], at: int) -> T:
    if not 0 <= at < len(entries):
        raise damaged(f"it has {len(entries)} of what its entry {at} is spoken of")
    return entries[at]


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


def _read_decision(data: JsonObject) -> Decision:
    return Decision(data["approved"], data["message"], data["arguments"])


def _read_call_decision(data: JsonObject) -> Decision:
    told = data["approved"], data["message"], data["arguments"]
    return Decision(*told, data.get("tool"), data.get("asked"))


def read_context(data: JsonObject, deserializer: Deserializer | None, *, strict: bool) -> UserValue:
    """Return the caller's object as it was written.

    Raises:
        UserError: If it was not, and must be: `strict`.
    """
    if not data["is_written"] and strict:
        raise UserError("The context was not written: give it as context_override.")
    value = data["value"]
    return value if value is None or deserializer is None else deserializer(value)


def _check_tools(agent: Agent, hashes: Mapping[str, str]) -> None:
    tools = {tool.name: tool for tool in agent.tools}
    for name, expected in hashes.items():
        if name not in tools:
            raise UserError(f"Agent {agent.name!r} has lost the tool {name}, which waits to run.")
        if schema_hash(tools[name].params_json_schema) != expected:
            raise UserError(
                f"The parameters of {name} have changed since its call: the call cannot be run."
            )
