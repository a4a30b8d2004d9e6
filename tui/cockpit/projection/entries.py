"""Where entries stand: finding, opening, changing and settling them. Knows no event.

What may still change is found by its id at once. Whatever else an event names is looked for among
the newest entries only, so that no event costs what the whole history does.
"""

from collections.abc import Iterator
from itertools import islice
from typing import TypeAlias, TypeVar

from msgspec.structs import replace

from tui.cockpit.projection.pages import LongText
from tui.cockpit.projection.view import (
    AnyEntry,
    Approval,
    CallState,
    HandoffEntry,
    MessageEntry,
    ReasoningEntry,
    RunView,
    ToolEntry,
)

LOOK_BACK = 1024
_BEFORE_ITS_END: tuple[CallState, ...] = ("writing", "called", "approved", "running")

CallEntry: TypeAlias = ToolEntry | HandoffEntry
T = TypeVar("T")


def added(view: RunView, entry: AnyEntry) -> RunView:
    """Return `view` with `entry` at its end, finished; its outer call now holds an agent."""
    view = replace(view, entries=view.entries.append(entry))
    return with_agent_marked(view, entry.within)


def opened(view: RunView, entry: AnyEntry) -> RunView:
    """Return `view` with `entry` at its end, and open to change."""
    place = len(view.entries)
    view = replace(view, open_items={**view.open_items, entry.item_id: place})
    if isinstance(entry, CallEntry):
        view = replace(view, open_calls={**view.open_calls, entry.call_id: place})
    return added(view, entry)


def changed(view: RunView, place: int, entry: AnyEntry) -> RunView:
    """Return `view` with `entry` instead of what stands at `place`."""
    return replace(view, entries=view.entries.replace(place, entry))


def closed(view: RunView, place: int) -> RunView:
    """Return `view` with the entry at `place` no longer open, nor its text in flight."""
    entry = view.entries[place]
    view = replace(
        view,
        open_items=_without(view.open_items, entry.item_id),
        live=_without(view.live, entry.item_id),
    )
    if isinstance(entry, CallEntry) and view.open_calls.get(entry.call_id) == place:
        view = replace(view, open_calls=_without(view.open_calls, entry.call_id))
    return view


def with_agent_marked(view: RunView, call_id: str | None) -> RunView:
    """Return `view` with the open call `call_id` marked as one that holds an agent."""
    place = view.open_calls.get(call_id) if call_id is not None else None
    if place is None:
        return view
    entry = view.entries[place]
    if not isinstance(entry, ToolEntry) or entry.is_agent:
        return view
    return changed(view, place, replace(entry, is_agent=True))


def newest_places(view: RunView) -> Iterator[int]:
    """Places of the newest run's entries, newest first, as far back as anybody looks."""
    backwards = range(len(view.entries) - 1, view.first_item_of_run - 1, -1)
    return islice(backwards, LOOK_BACK)


def place_of_item(view: RunView, item_id: str) -> int | None:
    """Return where the item stands, open or lately closed."""
    place = view.open_items.get(item_id)
    if place is not None:
        return place
    return next((at for at in newest_places(view) if view.entries[at].item_id == item_id), None)


def place_of_open_call(view: RunView, call_id: str, within: str | None) -> int | None:
    """Return where the open call stands. The same id inside an agent is another call."""
    place = view.open_calls.get(call_id)
    if place is not None and view.entries[place].within == within:
        return place
    places = view.open_items.values() if place is not None else ()
    return next((at for at in places if _is_call(view.entries[at], call_id, within)), None)


def place_of_call(view: RunView, call_id: str, within: str | None) -> int | None:
    """Return where the call stands, open or lately closed."""
    place = place_of_open_call(view, call_id, within)
    if place is not None:
        return place
    places = newest_places(view)
    return next((at for at in places if _is_call(view.entries[at], call_id, within)), None)


def settled(view: RunView, at: float, within: str | None = None) -> RunView:
    """Return `view` with what is open cut off: all of it, or what runs inside the call `within`."""
    for place in tuple(view.open_items.values()):
        entry = view.entries[place]
        if within is not None and entry.within != within:
            continue
        view = closed(changed(view, place, _cut(entry, view.live.get(entry.item_id), at)), place)
        if within is not None and isinstance(entry, ToolEntry):
            view = without_call(view, entry.call_id, at)
    return view


def without_call(view: RunView, call_id: str, at: float) -> RunView:
    """Return `view` with no agent active inside the call and nothing open in there."""
    inside = _without(view.active_within, call_id)
    pending = tuple(p for p in view.pending if p.within != call_id)
    return settled(replace(view, active_within=inside, pending=pending), at, within=call_id)


def _cut(entry: AnyEntry, live: LongText | None, at: float) -> AnyEntry:
    match entry:
        case MessageEntry() | ReasoningEntry():
            return replace(entry, text=str(live or entry.text), cut=True, ended_at=at)
        case HandoffEntry():
            return replace(entry, ended_at=at)
        case ToolEntry(state="waiting"):
            approval = entry.approval or Approval(requested_at=entry.at)
            approval = replace(approval, withdrawn="its run ended")
            return replace(entry, state="withdrawn", ended_at=at, approval=approval)
        case ToolEntry() if entry.state in _BEFORE_ITS_END:
            arguments = str(live) if live is not None else entry.arguments
            return replace(entry, state="cancelled", ended_at=at, arguments=arguments)
    return entry


def _is_call(entry: AnyEntry, call_id: str, within: str | None) -> bool:
    return isinstance(entry, CallEntry) and entry.call_id == call_id and entry.within == within


def _without(table: dict[str, T], key: str) -> dict[str, T]:
    if key not in table:
        return table
    return {name: value for name, value in table.items() if name != key}
