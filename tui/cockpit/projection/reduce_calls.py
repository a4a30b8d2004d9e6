"""How tool calls fold: arguments, start, progress, end and output are states of one entry."""

from typing import TypeAlias

from msgspec.structs import replace

from tui.cockpit.projection.entries import (
    changed,
    closed,
    no_longer_asked,
    opened,
    place_of_call,
    place_of_item,
    place_of_open_call,
    without_call,
)
from tui.cockpit.projection.pages import LongText
from tui.cockpit.projection.reduce_text import console_id
from tui.cockpit.projection.tallies import counted
from tui.cockpit.projection.view import HandoffEntry, RunView, ToolEntry
from tui.wire import events as wire

CallEvent: TypeAlias = (
    wire.ArgumentsDelta
    | wire.ToolCalled
    | wire.ToolStarted
    | wire.ToolProgress
    | wire.ToolFinished
    | wire.ToolOutput
)


def fold_call(view: RunView, event: CallEvent) -> RunView:
    """Fold one event of a tool call, which for the model a handoff may be too."""
    match event:
        case wire.ArgumentsDelta():
            return _fold_delta(view, event)
        case wire.ToolCalled():
            return _fold_called(view, event)
        case wire.ToolStarted():
            return _fold_started(view, event)
        case wire.ToolProgress():
            return _fold_progress(view, event)
        case wire.ToolFinished():
            return _fold_finished(view, event)
        case wire.ToolOutput():
            return _fold_output(view, event)


def called_entry(
    view: RunView,
    event: wire.ToolStarted
    | wire.ToolOutput
    | wire.ApprovalRequested
    | wire.CallDenied
    | wire.CallHeld,
) -> tuple[RunView, int]:
    """Return a view with an entry for a call that nobody announced, and the entry's place."""
    entry = ToolEntry(
        item_id=f"{event.run_id}/call/{len(view.entries)}",
        run_id=event.run_id,
        at=event.at,
        agent=event.agent,
        within=event.within,
        call_id=event.call_id,
        tool="" if isinstance(event, wire.ToolOutput) else event.tool,
        state="called",
        called_at=event.at,
    )
    return counted(opened(view, entry), event.agent, tool_calls=1), len(view.entries)


def _fold_delta(view: RunView, event: wire.ArgumentsDelta) -> RunView:
    live = view.live.get(event.item_id)
    if live is not None:
        return replace(view, live={**view.live, event.item_id: live.append(event.text)})
    if place_of_item(view, event.item_id) is not None:
        return view
    if place_of_open_call(view, event.call_id, event.within) is not None:
        return view
    entry = ToolEntry(
        item_id=event.item_id,
        run_id=event.run_id,
        at=event.at,
        agent=event.agent,
        within=event.within,
        call_id=event.call_id,
        tool=event.tool,
    )
    view = opened(view, entry)
    return replace(view, live={**view.live, event.item_id: LongText().append(event.text)})


def _fold_called(view: RunView, event: wire.ToolCalled) -> RunView:
    place = place_of_item(view, event.item_id)
    if place is None:
        place = place_of_open_call(view, event.call_id, event.within)
    if place is None:
        return counted(opened(view, _whole(event)), event.agent, tool_calls=1)
    entry = view.entries[place]
    if not isinstance(entry, ToolEntry) or entry.item_id not in view.open_items:
        return view
    if entry.called_at is None:
        view = counted(view, event.agent, tool_calls=1)
    return settled_arguments(view, place, entry, event.arguments, event.at, tool=event.tool)


def settled_arguments(
    view: RunView, place: int, entry: ToolEntry, arguments: str, at: float, *, tool: str
) -> RunView:
    """Return `view` with the call's arguments whole and out of flight."""
    entry = replace(
        entry,
        tool=tool,
        arguments=arguments,
        called_at=at if entry.called_at is None else entry.called_at,
        state="called" if entry.state == "writing" else entry.state,
    )
    live = {item_id: text for item_id, text in view.live.items() if item_id != entry.item_id}
    return changed(replace(view, live=live), place, entry)


def _whole(event: wire.ToolCalled) -> ToolEntry:
    return ToolEntry(
        item_id=event.item_id,
        run_id=event.run_id,
        at=event.at,
        agent=event.agent,
        within=event.within,
        call_id=event.call_id,
        tool=event.tool,
        arguments=event.arguments,
        state="called",
        called_at=event.at,
    )


def _fold_started(view: RunView, event: wire.ToolStarted) -> RunView:
    place = place_of_open_call(view, event.call_id, event.within)
    if place is None:
        view, place = called_entry(view, event)
    entry = view.entries[place]
    if not isinstance(entry, ToolEntry):
        return view
    view = no_longer_asked(view, entry.item_id)
    entry = replace(
        entry,
        state="running",
        started_at=event.at,
        heard_at=event.at,
        ended_at=None,
        description=event.description or entry.description,
    )
    return changed(view, place, entry)


def _fold_progress(view: RunView, event: wire.ToolProgress) -> RunView:
    place = place_of_open_call(view, event.call_id, event.within)
    entry = view.entries[place] if place is not None else None
    if place is None or not isinstance(entry, ToolEntry):
        return view
    return changed(view, place, replace(entry, progress=event.text, heard_at=event.at))


def _fold_finished(view: RunView, event: wire.ToolFinished) -> RunView:
    place = place_of_call(view, event.call_id, event.within)
    entry = view.entries[place] if place is not None else None
    if place is None or not isinstance(entry, ToolEntry):
        return view
    failed = bool(event.error_type)
    view = no_longer_asked(view, entry.item_id)
    entry = replace(
        entry,
        state="failed" if failed else "done",
        ended_at=event.at,
        error_type=event.error_type,
        error=event.error,
    )
    inside = {call: agent for call, agent in view.active_within.items() if call != event.call_id}
    view = replace(changed(view, place, entry), active_within=inside)
    return counted(view, event.agent, tool_errors=1) if failed else view


def _fold_output(view: RunView, event: wire.ToolOutput) -> RunView:
    place = place_of_call(view, event.call_id, event.within)
    if place is None:
        view, place = called_entry(view, event)
    entry = view.entries[place]
    if isinstance(entry, HandoffEntry):
        return _fold_handoff_output(view, place, entry, event)
    if not isinstance(entry, ToolEntry):
        return view
    view = changed(view, place, _answered(view, entry, event))
    view = without_call(closed(view, place), event.call_id, event.at)
    return _without_console(view, event.call_id)


def _answered(view: RunView, entry: ToolEntry, event: wire.ToolOutput) -> ToolEntry:
    live = view.live.get(entry.item_id)
    entry = replace(entry, output=event.output)
    if live is not None:
        entry = replace(entry, arguments=str(live))
    if entry.state == "running":
        entry = replace(entry, state="done")
    elif entry.state in ("writing", "called", "waiting", "approved", "held"):
        entry = replace(entry, state="skipped" if event.not_run else "answered")
    return entry if entry.ended_at is not None else replace(entry, ended_at=event.at)


def _fold_handoff_output(
    view: RunView, place: int, entry: HandoffEntry, event: wire.ToolOutput
) -> RunView:
    if entry.target:
        return view
    entry = replace(entry, output=event.output, ended_at=event.at)
    return closed(changed(view, place, entry), place)


def _without_console(view: RunView, call_id: str) -> RunView:
    place = view.open_items.get(console_id(view.run_id, call_id))
    return view if place is None else closed(view, place)
