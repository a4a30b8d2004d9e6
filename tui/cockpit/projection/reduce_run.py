"""How the run itself folds: its begin, pauses, control, usage and end."""

from typing import Final

from msgspec.structs import replace

from tui.cockpit.projection.entries import (
    added,
    dropped,
    in_flight,
    settled,
    with_agent_marked,
)
from tui.cockpit.projection.final_output import is_unsaid
from tui.cockpit.projection.reduce_handoffs import with_control
from tui.cockpit.projection.select import active_agent, asked_of_run
from tui.cockpit.projection.tallies import counted
from tui.cockpit.projection.view import (
    EndEntry,
    MessageEntry,
    NoticeEntry,
    RetryEntry,
    RunStatus,
    RunView,
)
from tui.wire import events as wire

_RECOVERED: Final = "The agent process of this run was lost: the run goes on in another one."


def fold_run(view: RunView, event: wire.Event) -> RunView:
    """Fold an event of the run as a whole; a kind that nobody knows changes nothing."""
    match event:
        case wire.RunStarted():
            return _fold_started(view, event)
        case wire.AgentChanged():
            view = with_agent_marked(view, event.within)
            return with_control(view, event.agent, event.within)
        case wire.UsageReported():
            return _fold_usage(view, event)
        case wire.RunPaused():
            return replace(view, status="waiting")
        case wire.RunResumed():
            return replace(view, status="running")
        case wire.RunRecovered():
            return _fold_recovered(view, event)
        case wire.RunCompleted():
            return _fold_completed(view, event)
        case wire.RunFailed() | wire.RunCancelled():
            return _fold_broken_off(view, event)
    return view


def begun_unseen(view: RunView, event: wire.Event) -> RunView:
    """Return `view` with a run begun whose `RunStarted` never came."""
    return replace(_begun(view, event), path=())


def _fold_started(view: RunView, event: wire.RunStarted) -> RunView:
    asked = asked_of_run(view) if event.retries is not None else ""
    goes_on = event.continues is not None or event.retries is not None
    view = replace(
        _begun(view, event),
        root=view.root if goes_on and view.root else event.run_id,
        target=event.target,
        rehearsal=event.rehearsal,
        path=() if event.agent is None else (event.agent,),
    )
    if not asked:
        return view
    item_id = f"{event.run_id}/retry"
    return added(view, RetryEntry(item_id=item_id, run_id=event.run_id, at=event.at, text=asked))


def _begun(view: RunView, event: wire.Event) -> RunView:
    view = _ended(view, event.at, "cancelled")
    return replace(
        view,
        run_id=event.run_id,
        root=view.root or event.run_id,
        status="running",
        seq=-1,
        started_at=event.at,
        ended_at=None,
        refused=None,
        grants=(),
        is_held=False,
        first_item_of_run=len(view.entries),
    )


def _fold_recovered(view: RunView, event: wire.RunRecovered) -> RunView:
    """Cut what was in flight; what calls came to, and what still waits, is told anew."""
    view = dropped(view, (*in_flight(view), *event.dropped), event.at)
    view = replace(view, status="running", pending=(), grants=(), is_held=False, used_up=())
    item_id = f"{event.run_id}/recovered/{event.seq}"
    return added(
        view, NoticeEntry(item_id=item_id, run_id=event.run_id, at=event.at, text=_RECOVERED)
    )


def _fold_usage(view: RunView, event: wire.UsageReported) -> RunView:
    return counted(
        view,
        event.agent,
        requests=1,
        input_tokens=event.input_tokens,
        output_tokens=event.output_tokens,
    )


def _fold_completed(view: RunView, event: wire.RunCompleted) -> RunView:
    view = _ended(view, event.at, "completed")
    if not is_unsaid(view, event.final_output):
        return view
    answer = MessageEntry(
        item_id=f"{event.run_id}/answer",
        run_id=event.run_id,
        at=event.at,
        agent=active_agent(view),
        text=event.final_output,
        ended_at=event.at,
        is_final_output=True,
    )
    return added(view, answer)


def _fold_broken_off(view: RunView, event: wire.RunFailed | wire.RunCancelled) -> RunView:
    status: RunStatus = "failed" if isinstance(event, wire.RunFailed) else "cancelled"
    return added(_ended(view, event.at, status), _end_entry(event))


def _ended(view: RunView, at: float, status: RunStatus) -> RunView:
    view = settled(view, at)
    return replace(view, status=status, ended_at=at, pending=(), used_up=(), active_within={})


def _end_entry(event: wire.RunFailed | wire.RunCancelled) -> EndEntry:
    item_id = f"{event.run_id}/end"
    if isinstance(event, wire.RunCancelled):
        return EndEntry(item_id=item_id, run_id=event.run_id, at=event.at, how=event.mode)
    return EndEntry(
        item_id=item_id,
        run_id=event.run_id,
        at=event.at,
        how="failed",
        error_type=event.error_type,
        message=event.message,
        advice=event.advice,
        details=event.details,
        can_retry=event.can_retry,
    )
