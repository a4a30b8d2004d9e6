"""How requests for a person's decision fold: not the answer changes the view, but its event."""

from typing import TypeAlias

from msgspec.structs import replace

from tui.cockpit.projection.entries import (
    LOOK_BACK_FOR_CALLS,
    changed,
    newest,
    place_of_open_call,
)
from tui.cockpit.projection.reduce_calls import called_entry, settled_arguments
from tui.cockpit.projection.tallies import counted
from tui.cockpit.projection.view import (
    Approval,
    Decided,
    Entry,
    HandoffEntry,
    PendingApproval,
    RunView,
    ToolEntry,
)
from tui.wire import events as wire

ApprovalEvent: TypeAlias = (
    wire.ApprovalRequested | wire.ApprovalDecided | wire.ApprovalRefused | wire.ApprovalWithdrawn
)


def fold_approval(view: RunView, event: ApprovalEvent) -> RunView:
    """Fold a request, or what became of one."""
    match event:
        case wire.ApprovalRequested():
            return _fold_requested(view, event)
        case wire.ApprovalDecided():
            return _fold_decided(view, event)
        case wire.ApprovalRefused():
            return replace(view, refused=(event.call_id, event.why))
        case wire.ApprovalWithdrawn():
            return _fold_withdrawn(view, event)


def _fold_requested(view: RunView, event: wire.ApprovalRequested) -> RunView:
    place = place_of_open_call(view, event.call_id, event.within)
    if place is None:
        view, place = called_entry(view, event)
    entry = view.entries[place]
    # Asked again by the process that goes on with the run, it has waited since the first time.
    since = _waits_since(entry) or event.at
    if isinstance(entry, ToolEntry):
        view = _waiting(view, place, entry, event, since)
    return replace(view, pending=_with_pending(view, event, entry.item_id, since))


def _waits_since(entry: Entry) -> float | None:
    if not isinstance(entry, ToolEntry) or entry.state != "waiting" or entry.approval is None:
        return None
    return entry.approval.requested_at


def _waiting(
    view: RunView, place: int, entry: ToolEntry, event: wire.ApprovalRequested, since: float
) -> RunView:
    if entry.called_at is None:
        view = counted(view, event.agent, tool_calls=1)
    waiting = replace(
        entry,
        state="waiting",
        approval=Approval(requested_at=since, in_doubt_since=event.in_doubt_since),
        description=event.description,
        # What it did in a process that was lost has no end that anybody saw.
        started_at=entry.started_at if event.in_doubt_since is None else None,
    )
    return settled_arguments(view, place, waiting, event.arguments, event.at, tool=event.tool)


def _with_pending(
    view: RunView, event: wire.ApprovalRequested, item_id: str, since: float
) -> tuple[PendingApproval, ...]:
    path = event.path or view.path
    new = PendingApproval(
        run_id=event.run_id,
        item_id=item_id,
        call_id=event.call_id,
        agent=event.agent,
        tool=event.tool,
        arguments=event.arguments,
        arguments_hash=event.arguments_hash,
        requested_at=since,
        path=path,
        description=event.description,
        within=event.within,
        schema=event.schema,
        rule=event.rule,
        handoff_payload=_payload_on(view, path),
        asked_before=view.decided.get(_same_call(event.tool, event.arguments_hash), (0, 0)),
        in_doubt_since=event.in_doubt_since,
    )
    others = tuple(p for p in view.pending if p.call_id != event.call_id)
    if len(others) == len(view.pending):
        return (*others, new)
    return tuple(new if p.call_id == event.call_id else p for p in view.pending)


def _payload_on(view: RunView, path: tuple[str, ...]) -> str:
    receivers = path[1:]
    if not receivers:
        return ""
    for _, entry in newest(view, LOOK_BACK_FOR_CALLS):
        if isinstance(entry, HandoffEntry) and entry.target in receivers:
            return entry.arguments
    return ""


def _same_call(tool: str, arguments_hash: str) -> str:
    return f"{tool} {arguments_hash}"


def _fold_decided(view: RunView, event: wire.ApprovalDecided) -> RunView:
    request = _request(view, event.call_id)
    if request is None:
        return view
    kept = view.decisions.append(_kept(request, event))
    view = replace(view, refused=None, decided=_counted(view, request, event), decisions=kept)
    outcome = Approval(
        requested_at=request.requested_at,
        decided_at=event.at,
        approved=event.approved,
        reason=event.reason,
        by=event.by,
        arguments=event.arguments,
        rule=event.rule,
        in_doubt_since=request.in_doubt_since,
        result=event.result,
    )
    return _answered(view, request, outcome, event.at)


def _counted(
    view: RunView, request: PendingApproval, event: wire.ApprovalDecided
) -> dict[str, tuple[int, int]]:
    if request.in_doubt_since is not None:
        # Nobody was asked whether it may run.
        return view.decided
    key = _same_call(request.tool, request.arguments_hash)
    approved, rejected = view.decided.get(key, (0, 0))
    return {**view.decided, key: (approved + event.approved, rejected + (not event.approved))}


def _kept(request: PendingApproval, event: wire.ApprovalDecided) -> Decided:
    return Decided(
        run_id=request.run_id,
        item_id=request.item_id,
        call_id=request.call_id,
        agent=request.agent,
        tool=request.tool,
        arguments=request.arguments,
        arguments_hash=request.arguments_hash,
        at=event.at,
        asked_at=request.requested_at,
        approved=event.approved,
        reason=event.reason,
        by=event.by,
        changed=event.arguments,
        rule=event.rule,
        within=request.within,
        in_doubt_since=request.in_doubt_since,
        result=event.result,
    )


def _fold_withdrawn(view: RunView, event: wire.ApprovalWithdrawn) -> RunView:
    request = _request(view, event.call_id)
    if request is None:
        return view
    outcome = Approval(
        requested_at=request.requested_at,
        withdrawn=event.why,
        in_doubt_since=request.in_doubt_since,
    )
    return _answered(view, request, outcome, event.at)


def _answered(view: RunView, request: PendingApproval, outcome: Approval, at: float) -> RunView:
    left = tuple(p for p in view.pending if p.call_id != request.call_id)
    view = replace(view, pending=left)
    place = view.open_items.get(request.item_id)
    entry = view.entries[place] if place is not None else None
    if place is None or not isinstance(entry, ToolEntry):
        return view
    return changed(view, place, _decided(entry, outcome, at))


def _decided(entry: ToolEntry, outcome: Approval, at: float) -> ToolEntry:
    if outcome.approved:
        return replace(entry, state="approved", approval=outcome)
    state = "withdrawn" if outcome.approved is None else "rejected"
    return replace(entry, state=state, approval=outcome, ended_at=at)


def _request(view: RunView, call_id: str) -> PendingApproval | None:
    return next((p for p in view.pending if p.call_id == call_id), None)
