"""How handoffs fold: one entry from the wish to the change of control, and the path it extends."""

from msgspec.structs import replace

from tui.cockpit.projection.entries import (
    CallEntry,
    added,
    changed,
    closed,
    opened,
    place_of_call,
    place_of_item,
    place_of_open_call,
)
from tui.cockpit.projection.view import HandoffEntry, RunView
from tui.wire import events as wire


def fold_handoff(view: RunView, event: wire.HandoffRequested | wire.HandoffOccurred) -> RunView:
    """Fold a handoff that is asked for, or that occurred."""
    if isinstance(event, wire.HandoffRequested):
        return _fold_requested(view, event)
    return with_control(_fold_occurred(view, event), event.target, event.within)


def with_control(view: RunView, agent: str, within: str | None) -> RunView:
    """Return `view` with `agent` in control, on the path or inside the call `within`."""
    if not agent:
        return view
    if within is None:
        is_told_again = view.path[-1:] == (agent,)
        return view if is_told_again else replace(view, path=(*view.path, agent))
    if within not in view.open_calls:
        return view
    return replace(view, active_within={**view.active_within, within: agent})


def _fold_requested(view: RunView, event: wire.HandoffRequested) -> RunView:
    place = place_of_item(view, event.item_id)
    if place is None:
        place = place_of_open_call(view, event.call_id, event.within)
    entry = HandoffEntry(
        item_id=event.item_id,
        run_id=event.run_id,
        at=event.at,
        agent=event.agent,
        within=event.within,
        call_id=event.call_id,
        tool=event.tool,
        arguments=event.arguments,
    )
    if place is None:
        return opened(view, entry)
    seen = view.entries[place]
    if not isinstance(seen, CallEntry) or seen.item_id not in view.open_items:
        return view
    # It was first seen as a call: for the model a handoff is a tool.
    live = {item_id: text for item_id, text in view.live.items() if item_id != seen.item_id}
    entry = replace(entry, item_id=seen.item_id, call_id=seen.call_id, at=seen.at)
    return changed(replace(view, live=live), place, entry)


def _fold_occurred(view: RunView, event: wire.HandoffOccurred) -> RunView:
    place = place_of_call(view, event.call_id, event.within)
    if place is None:
        return added(view, _unannounced(view, event))
    entry = view.entries[place]
    if not isinstance(entry, CallEntry):
        return view
    occurred = HandoffEntry(
        item_id=entry.item_id,
        run_id=entry.run_id,
        at=entry.at,
        agent=event.agent,
        within=entry.within,
        call_id=entry.call_id,
        tool=entry.tool,
        arguments=str(view.live.get(entry.item_id, entry.arguments)),
        target=event.target,
        ended_at=event.at,
    )
    return closed(changed(view, place, occurred), place)


def _unannounced(view: RunView, event: wire.HandoffOccurred) -> HandoffEntry:
    return HandoffEntry(
        item_id=f"{event.run_id}/handoff/{len(view.entries)}",
        run_id=event.run_id,
        at=event.at,
        agent=event.agent,
        within=event.within,
        call_id=event.call_id,
        tool="",
        target=event.target,
        ended_at=event.at,
    )
