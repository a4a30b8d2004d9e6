"""Which tool calls a person has allowed or refused. Asks nobody and runs nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from tui.agents.arguments import canonical
from tui.agents.exceptions import UserError
from tui.agents.kinds import JsonObject
from tui.agents.raw import read_text
from tui.json_fit import misfit

if TYPE_CHECKING:
    from tui.agents.items import ToolApprovalItem


@dataclass(frozen=True)
class Decision:
    """A person's answer to a tool call."""

    approved: bool  # Whether the call may run.
    message: str | None = None  # What the model reads of a refusal; None is a fixed text.
    arguments: JsonObject | None = None  # What the tool is run with in place of the model's own.
    tool: str | None = None  # The tool of the one call it was made of; None is any.
    asked: str | None = None  # SHA-256 of that call's arguments, in one way of writing them.

    def is_of(self, tool_name: str, arguments: str | None) -> bool:
        """Tell whether it was made of this very call: models use ids again."""
        return self.tool in (None, tool_name) and self.asked in (None, _digest(arguments))

    @property
    def refusal_text(self) -> str:
        """What the model is told when the call was refused."""
        return "Tool execution was not approved." if self.message is None else self.message


@dataclass
class Approvals:
    """Decisions by call id, and standing ones by agent and tool. The last of a call wins."""

    by_call: dict[str, Decision] = field(default_factory=dict)
    standing: dict[tuple[str, str], Decision] = field(default_factory=dict)

    def decide(self, item: ToolApprovalItem, decision: Decision, *, always: bool) -> None:
        """Keep `decision` for the item's call; if `always`, for its tool's other calls too.

        Raises:
            UserError: If the decision changes the arguments to what the tool does not take.
        """
        if decision.arguments is not None:
            edited = _plain_edit(item, decision.arguments)
            _check_edit(item, edited, always=always)
            decision = replace(decision, arguments=edited)
        if item.call_id:
            asked = _digest(read_text(item.raw_item, "arguments"))
            self.by_call[item.call_id] = replace(decision, tool=item.tool_name, asked=asked)
        if always:
            self.standing[item.agent.name, item.tool_name or ""] = decision

    def find(
        self, agent_name: str, tool_name: str, call_id: str, arguments: str | None
    ) -> Decision | None:
        """Return what was decided about a call, or None if it still waits."""
        decision = self.by_call.get(call_id)
        if decision is not None and decision.is_of(tool_name, arguments):
            return decision
        return self.standing.get((agent_name, tool_name)) if self.standing else None

    def find_for(self, item: ToolApprovalItem) -> Decision | None:
        """Return what was decided about a request, or None if it still waits."""
        arguments = read_text(item.raw_item, "arguments")
        return self.find(item.agent.name, item.tool_name or "", item.call_id or "", arguments)

    def find_for_tool(self, tool_name: str, call_id: str) -> Decision | None:
        """Return what was decided about a call of a tool, whichever agent made it."""
        decision = self.by_call.get(call_id)
        if decision is not None and decision.tool in (None, tool_name):
            return decision
        return next((d for (_, tool), d in self.standing.items() if tool == tool_name), None)


def _digest(arguments: str | None) -> str:
    return sha256(canonical(arguments).encode("utf-8", "surrogatepass")).hexdigest()


def _plain_edit(item: ToolApprovalItem, arguments: JsonObject) -> JsonObject:
    """Return changed arguments as JSON has them: what is kept is not the caller's to change."""
    try:
        edited: JsonObject = json.loads(json.dumps(arguments, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise UserError(
            f"The changed arguments of {item.tool_name} are no JSON: {error}"
        ) from error
    return edited


def _check_edit(item: ToolApprovalItem, arguments: JsonObject, *, always: bool) -> None:
    if always:
        raise UserError("Changed arguments are those of one call: approve it without 'always'.")
    # A server's tool is not among the agent's own: there is its schema.
    own = next((tool for tool in item.agent.tools if tool.name == item.tool_name), None)
    schema = item.params_json_schema or {"type": "object"}
    fault = misfit(arguments, schema) if own is None else own.fault_of(arguments)
    if fault is not None:
        raise UserError(f"The changed arguments do not fit {item.tool_name}: {fault}.")
