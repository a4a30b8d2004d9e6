"""Tells the hooks of a run when it could be taken up again, nested runs included. Keeps nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from tui.agents.active_run import Run
from tui.agents.lifecycle import RunHooks
from tui.agents.run_state import RunState
from tui.agents.usage import Usage


@dataclass(eq=False)
class Checkpoints:
    """The checkpoints of one run.

    Attributes:
        run: The run.
        outer: Those of the run around it, or None.
        inside: The newest states of the nested runs of the turn in progress, by call: what has
            ended among them is needed until the turn is settled.
    """

    run: Run
    outer: Checkpoints | None = None
    inside: dict[str, RunState] = field(default_factory=dict)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def reached(self) -> None:
        """The run could be taken up again as it stands: tell the outermost run's hooks.

        Not while an input guardrail looks at what it was asked: it may not be allowed to go on,
        and it does not wait for that.

        Raises:
            GuardrailTripwireTriggered: If an input guardrail does not let the run go on.
        """
        around = self._around()
        self.run.verdict.known()
        if any(each.run.verdict.is_pending for each in around):
            return
        self.inside.clear()
        # The state must not know more than the reader was told.
        for each in around:
            if each.run.queue is not None:
                await each.run.queue.drained()
        for each in around[:-1]:
            each.note()
        outermost = around[-1]
        async with outermost._turn:
            await outermost.run.hooks.on_checkpoint(outermost.run.context, outermost.state())

    def note(self) -> None:
        """Have the run around this one know how it stands."""
        call = self.run.invocation
        assert self.outer is not None
        assert call is not None
        state = self.state()
        # The outer run counts what its nested runs spend.
        state.context.usage = Usage()
        self.outer.inside[call.tool_call_id] = state

    def state(self) -> RunState:
        """Return a state of the run from which it can be taken up."""
        return RunState.at_checkpoint(self.run, self.inside)

    def _around(self) -> Sequence[Checkpoints]:
        return [self] if self.outer is None else [self, *self.outer._around()]


def checkpoints_of(run: Run) -> Checkpoints | None:
    """Return the checkpoints of an outermost run, or None if its hooks do not ask for them."""
    told = getattr(run.hooks, "on_checkpoint", None)
    is_silent = told is None or getattr(told, "__func__", None) is RunHooks.on_checkpoint
    return None if is_silent else Checkpoints(run)
