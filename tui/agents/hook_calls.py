"""Tells a run's hooks, and then the agent's own, what happens. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.agents.active_run import Run
from tui.agents.items import ModelResponse, ToolApprovalItem, TResponseInputItem
from tui.agents.kinds import Json, UserValue
from tui.agents.lifecycle import HooksBase
from tui.agents.run_context import AgentHookContext
from tui.agents.tool import FunctionTool
from tui.agents.tool_context import ToolContext

if TYPE_CHECKING:
    from tui.agents.agent import Agent


async def agent_starts(run: Run) -> None:
    """The agent begins, or begins again after a pause."""
    context = _hook_context(run)
    await run.hooks.on_agent_start(context, run.agent)
    if run.agent.hooks is not None:
        await run.agent.hooks.on_start(context, run.agent)


async def agent_ends(run: Run, output: UserValue) -> None:
    """The agent has produced the final output."""
    context = _hook_context(run)
    await run.hooks.on_agent_end(context, run.agent, output)
    if run.agent.hooks is not None:
        await run.agent.hooks.on_end(context, run.agent, output)


async def model_starts(
    run: Run, instructions: str | None, input_items: list[TResponseInputItem]
) -> None:
    """The model is about to be called."""
    for hooks in _all_hooks(run):
        await hooks.on_llm_start(run.context, run.agent, instructions, input_items)


async def model_ends(run: Run, response: ModelResponse) -> None:
    """The model has answered."""
    for hooks in _all_hooks(run):
        await hooks.on_llm_end(run.context, run.agent, response)


async def hands_over(run: Run, target: Agent) -> None:
    """Control passes to `target`."""
    await run.hooks.on_handoff(context=run.context, from_agent=run.agent, to_agent=target)
    if run.agent.hooks is not None:
        await run.agent.hooks.on_handoff(run.context, agent=target, source=run.agent)


async def tool_starts(run: Run, context: ToolContext, tool: FunctionTool) -> None:
    """A tool is about to run."""
    for hooks in _all_hooks(run):
        await hooks.on_tool_start(context, run.agent, tool)


async def tool_ends(run: Run, context: ToolContext, tool: FunctionTool, result: UserValue) -> None:
    """A tool has run."""
    for hooks in _all_hooks(run):
        await hooks.on_tool_end(context, run.agent, tool, result)


async def tool_reports(run: Run, context: ToolContext, tool: FunctionTool, progress: Json) -> None:
    """A running tool tells how far it is; the hooks of the runs around hear of it too."""
    for hooks in _hooks_around(run):
        await hooks.on_tool_progress(context, run.agent, tool, progress)


async def approval_requested(
    run: Run, context: ToolContext, tool: FunctionTool, item: ToolApprovalItem
) -> None:
    """A call waits for a person; the hooks of the runs around hear of it too."""
    for hooks in _hooks_around(run):
        await hooks.on_approval_requested(context, run.agent, tool, item)


def _all_hooks(run: Run) -> tuple[HooksBase, ...]:
    return (run.hooks,) if run.agent.hooks is None else (run.hooks, run.agent.hooks)


def _hooks_around(run: Run) -> tuple[HooksBase, ...]:
    return (*run.nested.watchers, *_all_hooks(run)[1:])


def _hook_context(run: Run) -> AgentHookContext:
    return AgentHookContext(
        run.context.context,
        usage=run.context.usage,
        approvals=run.context.approvals,
        tool_input=run.context.tool_input,
    )
