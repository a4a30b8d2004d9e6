"""What the guardrails of a run have found so far, and its JSON form. Runs none of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tui.agents.agent_map import AgentMap
from tui.agents.exceptions import UserError
from tui.agents.guardrail import (
    GuardrailFunctionOutput,
    InputGuardrail,
    InputGuardrailResult,
    OutputGuardrail,
    OutputGuardrailResult,
)
from tui.agents.kinds import Json, JsonObject, UserType, UserValue
from tui.agents.tool_guardrails import (
    ToolGuardrailFunctionOutput,
    ToolInputGuardrail,
    ToolInputGuardrailResult,
    ToolOutputGuardrail,
    ToolOutputGuardrailResult,
)

ToolGuardrailResult = ToolInputGuardrailResult | ToolOutputGuardrailResult

_KINDS: Mapping[str, tuple[UserType, UserType, UserType]] = {
    "input": (InputGuardrailResult, InputGuardrail, GuardrailFunctionOutput),
    "output": (OutputGuardrailResult, OutputGuardrail, GuardrailFunctionOutput),
    "tool_input": (ToolInputGuardrailResult, ToolInputGuardrail, ToolGuardrailFunctionOutput),
    "tool_output": (ToolOutputGuardrailResult, ToolOutputGuardrail, ToolGuardrailFunctionOutput),
}


@dataclass
class GuardrailResults:
    """The results of one run, each kind in the order in which they were found."""

    input: list[InputGuardrailResult] = field(default_factory=list)
    output: list[OutputGuardrailResult] = field(default_factory=list)
    tool_input: list[ToolInputGuardrailResult] = field(default_factory=list)
    tool_output: list[ToolOutputGuardrailResult] = field(default_factory=list)

    def add_of_tools(self, results: Sequence[ToolGuardrailResult]) -> None:
        """Add what was found in a tool call."""
        for result in results:
            if isinstance(result, ToolInputGuardrailResult):
                self.tool_input.append(result)
            else:
                self.tool_output.append(result)

    def copy(self) -> GuardrailResults:
        """Return the same results in lists of their own."""
        return GuardrailResults(**{kind: list(getattr(self, kind)) for kind in _KINDS})

    def as_details(self) -> dict[str, list[UserValue]]:
        """Return the results under the names they have on results and errors."""
        return {f"{kind}_guardrail_results": list(getattr(self, kind)) for kind in _KINDS}

    def to_json(self) -> JsonObject:
        """Return the results as JSON values; of a guardrail that is its name."""
        return {kind: [_write(result) for result in getattr(self, kind)] for kind in _KINDS}

    @classmethod
    def from_json(cls, data: Mapping[str, Json], agents: AgentMap) -> GuardrailResults:
        """Read what `to_json` wrote. The guardrails have names only: they cannot be run."""
        found = {
            kind: [_read(entry, *_KINDS[kind], agents) for entry in data[kind]] for kind in _KINDS
        }
        return cls(**found)


def _write(result: UserValue) -> JsonObject:
    entry: JsonObject = {
        "guardrail": result.guardrail.get_name(),
        "found": {name: _json_value(value) for name, value in vars(result.output).items()},
    }
    if isinstance(result, OutputGuardrailResult):
        entry["of"] = {
            "agent": result.agent.name,
            "agent_output": _json_value(result.agent_output),
        }
    return entry


def _read(
    entry: JsonObject, kind: UserType, guardrail: UserType, found: UserType, agents: AgentMap
) -> UserValue:
    of = dict(entry.get("of", {}))
    if of:
        of["agent"] = agents.find(of["agent"])
    checked_by = guardrail(_gone, entry["guardrail"])
    return kind(guardrail=checked_by, output=found(**entry["found"]), **of)


def _gone(*_: object) -> None:
    raise UserError("This guardrail was read from a run state: it has a name, but no function.")


def _json_value(value: UserValue) -> Json:
    return json.loads(json.dumps(value, default=_plain, skipkeys=True))


def _plain(value: UserValue) -> Json:
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else str(value)
