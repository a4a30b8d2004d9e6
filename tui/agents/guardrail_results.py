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

    @classmethod
    def from_json(cls, data: Mapping[str, Json], agents: AgentMap) -> GuardrailResults:
        """Read what `write_found` wrote. The guardrails have names only: they cannot be run."""
        return cls(**{kind: [_read(each, kind, agents) for each in data[kind]] for kind in _KINDS})


def write_found(result: UserValue) -> JsonObject:
    """Return a result as JSON values; of its guardrail that is the name."""
    entry = {"guardrail": result.guardrail.get_name(), "found": vars(result.output)}
    if isinstance(result, OutputGuardrailResult):
        entry["of"] = {"agent": result.agent.name, "agent_output": result.agent_output}
    written: JsonObject = json.loads(json.dumps(entry, default=_plain, skipkeys=True))
    return written


def _read(entry: JsonObject, kind: str, agents: AgentMap) -> UserValue:
    result, guardrail, found = _KINDS[kind]
    of = dict(entry.get("of", {}))
    if of:
        of["agent"] = agents.find(of["agent"])
    return result(guardrail(_gone, entry["guardrail"]), output=found(**entry["found"]), **of)


def _gone(*_: object) -> None:
    raise UserError("This guardrail was read from a run state: it has a name, but no function.")


def _plain(value: UserValue) -> Json:
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else str(value)
