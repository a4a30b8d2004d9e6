"""The one loop that drives a run, streamed or not. What a turn does is in `turn`.

A pause for approval is an ordinary return of the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from tui.agents.active_run import Run
from tui.agents.exceptions import AgentsException, MaxTurnsExceeded
from tui.agents.run_steps import Finish, HandOver, NextStep, Pause, RunAgain
from tui.agents.session_history import read_session, save_items
from tui.agents.stream_events import AgentUpdatedStreamEvent
from tui.agents.turn import resume_turn, run_turn


async def drive(run: Run) -> None:
    """Run until the final output, a pause, or a wish to stop; set the run's status.

    Raises:
        Exception: Whatever ends the run; an `AgentsException` has `run_data`.
    """
    try:
        await _loop(run)
    except asyncio.CancelledError:
        run.status = "cancelled"
        raise
    except AgentsException as error:
        run.status = "max_turns" if isinstance(error, MaxTurnsExceeded) else "failed"
        error.run_data = run.error_details()
        raise
    except BaseException:
        run.status = "failed"
        raise


async def _loop(run: Run) -> None:
    await run.emit(AgentUpdatedStreamEvent(run.agent))
    step: NextStep = RunAgain()
    if run.session is not None and run.is_new:
        await read_session(run, run.session)
    if run.pending is not None:
        step = await _saved(run, resume_turn(run, run.pending))
    while not await _is_stopped_by(run, step):
        _begin_turn(run)
        step = await _saved(run, run_turn(run))


async def _saved(run: Run, turn: Awaitable[NextStep]) -> NextStep:
    try:
        return await turn
    finally:
        # Also what a failed turn came to: what has run must not run again.
        await save_items(run)


async def _is_stopped_by(run: Run, step: NextStep) -> bool:
    match step:
        case Finish(output):
            run.final_output = output
            run.status = "completed"
            return True
        case Pause(interruptions):
            run.interruptions = interruptions
            run.status = "interrupted"
            return True
        case HandOver(agent):
            run.agent = agent
            run.greets = True
            await run.emit(AgentUpdatedStreamEvent(agent))
    if run.stops_after_turn:
        run.status = "cancelled"
        return True
    return False


def _begin_turn(run: Run) -> None:
    run.turn += 1
    if run.max_turns is not None and run.turn > run.max_turns:
        raise MaxTurnsExceeded(f"Max turns ({run.max_turns}) exceeded")
