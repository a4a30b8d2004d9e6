"""Who hears of what happens in a run: its hooks, and then the agent's own. Decides nothing."""

from __future__ import annotations

from tui.agents.active_run import Run
from tui.agents.kinds import UserValue
from tui.agents.lifecycle import HooksBase
from tui.agents.run_context import AgentHookContext


def hooks_of(run: Run) -> tuple[HooksBase, ...]:
    """Return who hears of the run itself; nobody, where there is nobody to hear."""
    own = run.agent.hooks
    return run.listeners if own is None else (*run.listeners, own)


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


def _hook_context(run: Run) -> AgentHookContext:
    of = run.context
    return AgentHookContext(
        of.context,
        usage=of.usage,
        turn_input=of.turn_input,
        approvals=of.approvals,
        tool_input=of.tool_input,
    )
