"""Which tool calls a person has allowed or refused. Asks nobody and runs nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.agents.exceptions import UserError
from tui.agents.kinds import JsonObject
from tui.json_fit import misfit

if TYPE_CHECKING:
    from tui.agents.items import ToolApprovalItem


@dataclass(frozen=True)
class Decision:
    """A person's answer to a tool call."""

    approved: bool  # Whether the call may run.
    message: str | None = None  # What the model reads of a refusal; None is a fixed text.
    arguments: JsonObject | None = None  # What the tool is run with in place of the model's own.

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
            _check_edit(item, decision.arguments, always=always)
        if item.call_id:
            self.by_call[item.call_id] = decision
        if always:
            self.standing[item.agent.name, item.tool_name or ""] = decision

    def find(self, agent_name: str, tool_name: str, call_id: str) -> Decision | None:
        """Return what was decided about a call, or None if it still waits."""
        decision = self.by_call.get(call_id)
        if decision is None and self.standing:
            decision = self.standing.get((agent_name, tool_name))
        return decision

    def find_for_tool(self, tool_name: str, call_id: str) -> Decision | None:
        """Return what was decided about a call of a tool, whichever agent made it."""
        if call_id in self.by_call:
            return self.by_call[call_id]
        return next((d for (_, tool), d in self.standing.items() if tool == tool_name), None)


def _check_edit(item: ToolApprovalItem, arguments: JsonObject, *, always: bool) -> None:
    if always:
        raise UserError("Changed arguments are those of one call: approve it without 'always'.")
    # A server's tool is not among the agent's own: there is its schema.
    own = next((tool for tool in item.agent.tools if tool.name == item.tool_name), None)
    schema = item.params_json_schema or {"type": "object"}
    fault = misfit(arguments, schema) if own is None else own.fault_of(arguments)
    if fault is not None:
        raise UserError(f"The changed arguments do not fit {item.tool_name}: {fault}.")
