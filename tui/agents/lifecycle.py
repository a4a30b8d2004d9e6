"""Hooks: what a run tells its owner while it goes on. All methods do nothing by default.

`RunHooks` hears of all agents of a run, `AgentHooks` of the one it is set on. The outer hooks of
an agent used as a tool hear nothing of the nested run, but its requests for approval and what its
tools report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from tui.agents.items import ModelResponse, ToolApprovalItem, TResponseInputItem
from tui.agents.kinds import Json, UserValue
from tui.agents.run_context import AgentHookContext, RunContextWrapper, TContext

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.run_state import RunState
    from tui.agents.tool import Tool


class HooksBase(Generic[TContext]):
    """What all hooks hear of. Where a tool is named, `context` is the call's `ToolContext`."""

    async def on_llm_start(
        self,
        context: RunContextWrapper[TContext],
        agent: Agent,
        system_prompt: str | None,
        input_items: list[TResponseInputItem],
    ) -> None:
        """A model is about to be called."""

    async def on_llm_end(
        self, context: RunContextWrapper[TContext], agent: Agent, response: ModelResponse
    ) -> None:
        """A model has answered."""

    async def on_tool_start(
        self, context: RunContextWrapper[TContext], agent: Agent, tool: Tool
    ) -> None:
        """A tool is about to run."""

    async def on_tool_end(
        self, context: RunContextWrapper[TContext], agent: Agent, tool: Tool, result: UserValue
    ) -> None:
        """A tool has run; if it raised, `context.failure` says what, and `result` is the text."""

    async def on_tool_progress(
        self, context: RunContextWrapper[TContext], agent: Agent, tool: Tool, progress: Json
    ) -> None:
        """A running tool has reported how far it is."""

    async def on_approval_requested(
        self,
        context: RunContextWrapper[TContext],
        agent: Agent,
        tool: Tool,
        item: ToolApprovalItem,
    ) -> None:
        """A call must wait for a person. Told at once, while other tools of the turn still run.

        From here on `context.approve_tool(item)` and `context.reject_tool(item)` decide it. The run
        is interrupted all the same; what was decided counts when its state is taken up again.
        """


class RunHooks(HooksBase[TContext]):
    """Hears of everything that happens in a run. Override what is of interest."""

    async def on_agent_start(self, context: AgentHookContext[TContext], agent: Agent) -> None:
        """An agent begins, or begins again after a pause."""

    async def on_agent_end(
        self, context: AgentHookContext[TContext], agent: Agent, output: UserValue
    ) -> None:
        """An agent has produced the final output."""

    async def on_handoff(
        self, context: RunContextWrapper[TContext], from_agent: Agent, to_agent: Agent
    ) -> None:
        """Control passes on. Called with keyword arguments of these names."""

    async def on_checkpoint(self, context: RunContextWrapper[TContext], state: RunState) -> None:
        """The run could be taken up again from `state`: that asks no model twice.

        Told after each response, before its calls run; after each settled turn; at a pause and at
        the end. Nested runs in progress are part of the state, and their checkpoints are told here,
        too, one at a time. Who reads the run's events has had all that the state knows of; the run
        goes on when this returns. Nothing is told while input guardrails run beside it.
        `CheckpointWriter` writes the states.
        """


SILENT = RunHooks()
"""The hooks of a run whose owner gave none: nobody need be told."""


class AgentHooks(HooksBase[TContext]):
    """Hears of what happens to one agent. Override what is of interest."""

    async def on_start(self, context: AgentHookContext[TContext], agent: Agent) -> None:
        """The agent begins, or begins again after a pause."""

    async def on_end(
        self, context: AgentHookContext[TContext], agent: Agent, output: UserValue
    ) -> None:
        """The agent has produced the final output."""

    async def on_handoff(
        self, context: RunContextWrapper[TContext], agent: Agent, source: Agent
    ) -> None:
        """`source` hands over to `agent`. Called on the hooks of `source`."""
