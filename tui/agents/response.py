"""Sorts a model's response into items, tool calls and handoffs. Carries nothing out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.agents.call_ids import CallIds
from tui.agents.exceptions import ModelBehaviorError
from tui.agents.items import (
    CompactionItem,
    HandoffCallItem,
    MCPApprovalRequestItem,
    MCPListToolsItem,
    MessageOutputItem,
    ModelResponse,
    ReasoningItem,
    RunItem,
    ToolCallItem,
    ToolCallOutputItem,
)
from tui.agents.kinds import Json, RawItem
from tui.agents.raw import read

if TYPE_CHECKING:
    import asyncio

    from tui.agents.agent import Agent
    from tui.agents.guardrail_results import ToolGuardrailResult
    from tui.agents.handoffs import Handoff
    from tui.agents.teller import Teller
    from tui.agents.tool import FunctionTool, FunctionToolResult

_log = logging.getLogger(__name__)

_PLAIN: dict[str, Callable[[Agent, RawItem], RunItem]] = {
    "message": MessageOutputItem,
    "reasoning": ReasoningItem,
    "mcp_list_tools": MCPListToolsItem,
    "mcp_approval_request": MCPApprovalRequestItem,
    "compaction": CompactionItem,
}


# What the model did wrong who gives a call's id to another.
_TWICE = "a tool call ID for a different invocation in one response"
_ANSWERED_BEFORE = "a completed tool call ID for a different invocation"


@dataclass(eq=False, slots=True)
class FunctionCall:
    """A call of one of our tools.

    Attributes:
        is_asked: Whether a person was asked of it before a pause: then no policy is, after it.
        guardrail_results: What the tool's guardrails found.
        loop: Where its reports are told, while the tool runs.
        reports: Tells them, once there are any.
    """

    raw: RawItem
    tool: FunctionTool
    call_id: str
    is_asked: bool = False
    guardrail_results: tuple[ToolGuardrailResult, ...] = ()
    loop: asyncio.AbstractEventLoop | None = None
    reports: Teller[Json] | None = None


@dataclass(eq=False, slots=True)
class HandoffCall:
    """A call of a handoff."""

    raw: RawItem
    handoff: Handoff


@dataclass
class TurnPlan:
    """What a response asks for.

    Attributes:
        items: All items, in the model's order.
        calls: The calls of our tools.
        unknown: Raw calls of tools that do not exist.
        handoffs: The handoffs asked for.
        uses_tools: Whether any tool was called, also one that runs at the service.
        positions: Where each call stands in the response, by call id.
        is_resumed: Whether the turn goes on after a pause.
        results: What those of its calls came to that had run before the pause.
    """

    items: list[RunItem] = field(default_factory=list)
    calls: list[FunctionCall] = field(default_factory=list)
    unknown: list[RawItem] = field(default_factory=list)
    handoffs: list[HandoffCall] = field(default_factory=list)
    uses_tools: bool = False
    positions: dict[str, int] = field(default_factory=dict)
    is_resumed: bool = False
    results: list[FunctionToolResult] = field(default_factory=list)

    @property
    def has_work(self) -> bool:
        """Whether anything must be carried out before the model goes on."""
        return bool(self.calls or self.unknown or self.handoffs)


def answered_calls(
    items: Sequence[RunItem], outputs: Sequence[ToolCallOutputItem]
) -> list[RunItem]:
    """Return the calls among `items` that have an output, each with the reasoning before it."""
    answered = {output.call_id for output in outputs}
    kept: list[RunItem] = []
    reasoning: list[RunItem] = []
    for item in items:
        if isinstance(item, ReasoningItem):
            reasoning.append(item)
            continue
        if isinstance(item, ToolCallItem) and item.call_id in answered:
            kept += [*reasoning, item]
        reasoning.clear()
    return kept


class ResponseReader:
    """Sorts the output of a response.

    Args:
        agent: Whose response it is.
        tools: The agent's tools.
        handoffs: The agent's handoffs.
        tolerates_unknown: Whether a call of an unknown tool is let pass.
        earlier_calls: The run's calls; one of them is left out if it stands in the response again.
    """

    def __init__(
        self,
        agent: Agent,
        tools: Sequence[FunctionTool],
        handoffs: Sequence[Handoff],
        *,
        tolerates_unknown: bool,
        earlier_calls: CallIds,
    ) -> None:
        self._plan = TurnPlan()
        self._earlier_calls = earlier_calls
        self._calls = CallIds()
        self._agent = agent
        self._tools = {tool.name: tool for tool in tools}
        self._handoffs = {handoff.tool_name: handoff for handoff in handoffs}
        self._tolerates_unknown = tolerates_unknown

    def plan_for(self, response: ModelResponse) -> TurnPlan:
        """Return what a response asks for.

        Raises:
            ModelBehaviorError: If it calls an unknown tool and that is not tolerated, or a call
                has no id, or the id of a different one.
        """
        for raw in response.output:
            self._take(raw)
        return self._plan

    def _take(self, raw: RawItem) -> None:
        kind = read(raw, "type")
        if kind == "function_call":
            self._take_call(raw)
        elif kind in _PLAIN:
            self._plan.items.append(_PLAIN[kind](self._agent, raw))
        elif isinstance(kind, str) and kind.endswith("_call"):
            # A tool that the service runs itself.
            self._plan.items.append(ToolCallItem(self._agent, raw))
            self._plan.uses_tools = True
        else:
            _log.warning("An output item of the unknown type %r is left out", kind)

    def _take_call(self, raw: RawItem) -> None:
        call_id, name, plan = raw.call_id, raw.name, self._plan
        if not call_id:
            raise ModelBehaviorError(f"The model called {name} without a call id.")
        plan.uses_tools = True
        if self._calls.knows(call_id, raw, _TWICE) or self._earlier_calls.knows(
            call_id, raw, _ANSWERED_BEFORE
        ):
            return
        self._calls.add(call_id, raw)
        plan.positions[call_id] = len(plan.positions)
        if name in self._handoffs:
            plan.items.append(HandoffCallItem(self._agent, raw))
            plan.handoffs.append(HandoffCall(raw, self._handoffs[name]))
            return
        tool = self._tools.get(name)
        if tool is None:
            self._take_unknown(raw)
            return
        item = ToolCallItem(self._agent, raw)
        item.description = tool.description
        plan.items.append(item)
        plan.calls.append(FunctionCall(raw, tool, call_id))

    def _take_unknown(self, raw: RawItem) -> None:
        if not self._tolerates_unknown:
            raise ModelBehaviorError(f"Tool {raw.name} not found in agent {self._agent.name}")
        self._plan.items.append(ToolCallItem(self._agent, raw))
        self._plan.unknown.append(raw)
