"""Who hears of what happens in a run: its hooks, and then the agent's own. Decides nothing."""

from __future__ import annotations

from tui.agents.active_run import Run
from tui.agents.kinds import Json, UserValue
from tui.agents.lifecycle import SILENT, HooksBase
from tui.agents.run_context import AgentHookContext
from tui.agents.tool import FunctionTool
from tui.agents.tool_context import ToolContext


def hooks_of(run: Run) -> tuple[HooksBase, ...]:
    """Return who hears of the run itself; nobody, where there is nobody to hear."""
    own = run.agent.hooks
    if run.hooks is SILENT:
        return () if own is None else (own,)
    return (run.hooks,) if own is None else (run.hooks, own)


def hooks_around(run: Run) -> tuple[HooksBase, ...]:
    """Return who hears of what its calls ask and report: also the hooks of the runs around it."""
    own = run.agent.hooks
    return run.nested.watchers if own is None else (*run.nested.watchers, own)


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


async def tool_reports(run: Run, context: ToolContext, tool: FunctionTool, progress: Json) -> None:
    """A running tool tells how far it is."""
    for hooks in hooks_around(run):
        await hooks.on_tool_progress(context, run.agent, tool, progress)


def _hook_context(run: Run) -> AgentHookContext:
    of = run.context
    return AgentHookContext(
        of.context, usage=of.usage, approvals=of.approvals, tool_input=of.tool_input
    )
