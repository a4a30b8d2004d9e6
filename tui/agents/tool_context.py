"""The context of one tool call. Knows the call, not how it is carried out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.agents.items import ToolFailure
from tui.agents.kinds import RawItem
from tui.agents.run_context import RunContextWrapper, TContext

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.nested import NestedRuns
    from tui.agents.run_config import RunConfig


@dataclass(eq=False)
class ToolContext(RunContextWrapper[TContext]):
    """The context of a tool call.

    Attributes:
        tool_name: Name of the called tool.
        tool_call_id: Id of the call; its output has the same.
        tool_arguments: The arguments as the model wrote them, a JSON string.
        tool_call: The raw call.
        agent: The agent that makes the call.
        run_config: The configuration of the run.
        failure: What the tool raised, once it has; the model is only told a fixed text.
    """

    tool_name: str = field(kw_only=True)
    tool_call_id: str = field(kw_only=True)
    tool_arguments: str = field(kw_only=True)
    tool_call: RawItem = field(default=None, kw_only=True)
    agent: Agent | None = field(default=None, kw_only=True)
    run_config: RunConfig | None = field(default=None, kw_only=True)
    failure: ToolFailure | None = field(default=None, kw_only=True)
    _nested: NestedRuns | None = field(default=None, kw_only=True, repr=False)

    @classmethod
    def from_agent_context(
        cls,
        context: RunContextWrapper[TContext],
        tool_call_id: str,
        tool_call: RawItem = None,
        agent: Agent | None = None,
        *,
        tool_name: str | None = None,
        tool_arguments: str | None = None,
        run_config: RunConfig | None = None,
    ) -> ToolContext[TContext]:
        """Make the context of a call from the context of its run, sharing usage and decisions."""
        return cls(
            context=context.context,
            usage=context.usage,
            turn_input=context.turn_input,
            approvals=context.approvals,
            tool_input=context.tool_input,
            tool_name=tool_call.name if tool_name is None else tool_name,
            tool_call_id=tool_call_id,
            tool_arguments=tool_call.arguments if tool_arguments is None else tool_arguments,
            tool_call=tool_call,
            agent=agent,
            run_config=run_config,
        )
