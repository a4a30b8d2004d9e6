"""The one loop that drives a run, streamed or not. What a turn does is in `turn`.

A pause for approval is an ordinary return of the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from tui.agents.active_run import Run, RunStatus
from tui.agents.cancelling import cancellations
from tui.agents.exceptions import AgentsException, GuardrailTripwireTriggered, MaxTurnsExceeded
from tui.agents.final_output import answer_to
from tui.agents.guarding import check_added_input, check_history, check_input, check_output
from tui.agents.hook_calls import agent_ends
from tui.agents.items import InputItem
from tui.agents.run_steps import Finish, HandOver, NextStep, Pause
from tui.agents.session_history import read_session, save_items
from tui.agents.stream_events import AgentUpdatedStreamEvent
from tui.agents.turn import go_on, resume_turn, run_turn


async def drive(run: Run) -> None:
    """Run until the final output, a pause, or a wish to stop; set the run's status.

    Raises:
        Exception: Whatever ends the run; an `AgentsException` has `run_data`.
    """
    before = cancellations()
    try:
        await _loop(run)
    except asyncio.CancelledError:
        # A model or a hook may raise one that nobody asked for.
        run.status = "cancelled" if cancellations() > before else "failed"
        raise
    except AgentsException as error:
        run.status = _status_after(error)
        error.run_data = run.error_details()
        raise
    except BaseException:
        run.status = "failed"
        raise
    finally:
        await run.verdict.drop()


def _status_after(error: AgentsException) -> RunStatus:
    match error:
        case MaxTurnsExceeded():
            return "max_turns"
        case GuardrailTripwireTriggered():
            return "guardrail"
    return "failed"


async def _loop(run: Run) -> None:
    await run.emit(AgentUpdatedStreamEvent(run.agent))
    step: NextStep | None = None
    if run.session is not None and run.is_new:
        await read_session(run, run.session)
    if run.answer is not None:
        step = await _accepted(run, go_on(run, run.answer))
    elif run.pending is not None:
        step = await _accepted(run, resume_turn(run, run.pending))
    while not await _is_stopped_by(run, step):
        step = await _accepted(run, _next_step(run))


async def _accepted(run: Run, turn: Awaitable[NextStep]) -> NextStep:
    """Carry out a turn. An output counts once it has passed its guardrails."""
    try:
        step = await turn
        if isinstance(step, Finish):
            await check_output(run, step)
            # An answer in place of a turn past the limit counts for the last one.
            run.turn = min(run.turn, run.max_turns or run.turn)
            if step.message is not None:
                run.record([step.message])
                await run.emit_items([step.message])
        return step
    finally:
        # Also what a failed turn came to: what has run must not run again.
        await save_items(run)


async def _next_step(run: Run) -> NextStep:
    """Begin the next turn and carry it out, unless the run was made to end before."""
    check_history(run)
    if run.pending_input:
        await check_added_input(run)
        run.record([InputItem(run.agent, raw) for raw in run.pending_input])
        run.pending_input.clear()
        await save_items(run)
    run.turn += 1
    if run.max_turns is not None and run.turn > run.max_turns:
        return await _exceed_turns(run)
    if run.is_new and run.turn == 1:
        await check_input(run)
    if run.queue is not None:
        return await run_turn(run)
    # Who cannot watch the run needs nothing of it before it is known to be allowed.
    step = await run.verdict.beside(lambda: run_turn(run))
    await run.verdict.settled()
    return step


async def _exceed_turns(run: Run) -> Finish:
    error = MaxTurnsExceeded(f"Max turns ({run.max_turns}) exceeded")
    step = await answer_to(run, "max_turns", error, run.items, run.responses)
    if step is None:
        raise error
    await agent_ends(run, step.output)
    return step


async def _is_stopped_by(run: Run, step: NextStep | None) -> bool:
    status = await _status_by(run, step)
    if status is not None:
        # A streamed run may be ahead of the guardrails that run beside it.
        await run.verdict.settled()
        run.status = status
    if step is not None:
        await run.reach_checkpoint()
    return status is not None


async def _status_by(run: Run, step: NextStep | None) -> RunStatus | None:
    match step:
        case Finish(output):
            run.final_output = output
            return "completed"
        case Pause(interruptions):
            run.interruptions = interruptions
            return "interrupted"
        case HandOver(agent):
            await run.verdict.settled()
            run.agent, run.heir = agent, None
            run.greets = True
            await run.emit(AgentUpdatedStreamEvent(agent))
    return "cancelled" if run.stops_after_turn else None
