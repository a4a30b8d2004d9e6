"""What tools, hooks and instructions are given of a run: the caller's object, usage, decisions."""

from __future__ import annotations

from dataclasses import dataclass, field

# A context is the caller's own object.
from typing import Any, Generic

from typing_extensions import TypeVar

from tui.agents.approvals import Approvals, Decision
from tui.agents.items import ToolApprovalItem, TResponseInputItem
from tui.agents.kinds import JsonObject, UserValue
from tui.agents.usage import Usage

TContext = TypeVar("TContext", default=Any)


@dataclass(eq=False)
class RunContextWrapper(Generic[TContext]):
    """The context of a run.

    Attributes:
        context: The object given to the Runner, or None. It never goes to the model.
        usage: What the run has spent so far, nested runs included.
        turn_input: What the run was asked, as input items; a list of its own in each tool call.
        tool_input: The arguments this run was called with, if it is a tool that has `parameters`.
    """

    context: TContext
    usage: Usage = field(default_factory=Usage)
    turn_input: list[TResponseInputItem] = field(default_factory=list)
    approvals: Approvals = field(default_factory=Approvals, repr=False)
    tool_input: UserValue = None

    def is_tool_approved(self, tool_name: str, call_id: str) -> bool | None:
        """Tell whether a call was approved (True), rejected (False) or not decided (None)."""
        decision = self.approvals.find_for_tool(tool_name, call_id)
        return None if decision is None else decision.approved

    def get_rejection_message(self, tool_name: str, call_id: str) -> str | None:
        """Return the message given with a rejection, or None if there is none."""
        decision = self.approvals.find_for_tool(tool_name, call_id)
        return None if decision is None else decision.message

    def approve_tool(
        self,
        approval_item: ToolApprovalItem,
        always_approve: bool = False,
        *,
        arguments: JsonObject | None = None,
    ) -> None:
        """Allow a pending call, and if `always_approve` all calls of its agent's tool.

        Raises:
            UserError: If the tool does not take `arguments`, which a person put in place of the
                model's own; the call stays pending.
        """
        decision = Decision(True, arguments=arguments)
        self.approvals.decide(approval_item, decision, always=always_approve)

    def reject_tool(
        self,
        approval_item: ToolApprovalItem,
        always_reject: bool = False,
        rejection_message: str | None = None,
    ) -> None:
        """Refuse a pending call, and if `always_reject` all calls of its agent's tool."""
        decision = Decision(False, rejection_message)
        self.approvals.decide(approval_item, decision, always=always_reject)


class AgentHookContext(RunContextWrapper[TContext]):
    """The context given to hooks that start or end an agent."""
