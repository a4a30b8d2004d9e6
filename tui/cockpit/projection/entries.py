"""Where entries stand: finding, opening, changing and settling them. Knows no event.

What may still change is found by its id at once. Whatever else an event names is looked for among
the newest entries only, so that no event costs what the whole history does.
"""

from collections.abc import Iterable, Iterator
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

LOOK_BACK_FOR_ITEMS = 64
LOOK_BACK_FOR_CALLS = 1024
"""Entries. Each new item is looked for first, a closed call only by what comes late."""
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
    return no_longer_asked(view, entry.item_id)


def no_longer_asked(view: RunView, item_id: str) -> RunView:
    """Return `view` without a request for the call, which went on whatever a person says."""
    if all(request.item_id != item_id for request in view.pending):
        return view
    return replace(view, pending=tuple(p for p in view.pending if p.item_id != item_id))


def with_agent_marked(view: RunView, call_id: str | None) -> RunView:
    """Return `view` with the open call `call_id` marked as one that holds an agent."""
    place = view.open_calls.get(call_id) if call_id is not None else None
    if place is None:
        return view
    entry = view.entries[place]
    if not isinstance(entry, ToolEntry) or entry.is_agent:
        return view
    return changed(view, place, replace(entry, is_agent=True))


def newest(view: RunView, count: int) -> Iterator[tuple[int, AnyEntry]]:
    """Yield the newest run's last `count` entries with their places, the last one first."""
    return view.entries.backwards(min(count, len(view.entries) - view.first_item_of_run))


def place_of_item(view: RunView, item_id: str) -> int | None:
    """Return where the item stands, open or lately closed."""
    place = view.open_items.get(item_id)
    if place is not None:
        return place
    for place, entry in newest(view, LOOK_BACK_FOR_ITEMS):
        if entry.item_id == item_id:
            return place
    return None


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
    entries = newest(view, LOOK_BACK_FOR_CALLS)
    return next((at for at, entry in entries if _is_call(entry, call_id, within)), None)


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


def dropped(view: RunView, item_ids: Iterable[str], at: float) -> RunView:
    """Return `view` with these items cut off, whole or not: the run does not know them any more."""
    for item_id in item_ids:
        place = place_of_item(view, item_id)
        if place is None:
            continue
        entry = view.entries[place]
        if item_id in view.open_items:
            cut = _cut(entry, view.live.get(item_id), at, "its process was lost")
            view = closed(changed(view, place, cut), place)
        elif isinstance(entry, MessageEntry | ReasoningEntry):
            view = changed(view, place, replace(entry, cut=True))
    return view


def in_flight(view: RunView) -> tuple[str, ...]:
    """Return the items whose text or arguments are not whole."""
    return tuple(
        item_id
        for item_id, place in view.open_items.items()
        if item_id in view.live or isinstance(view.entries[place], MessageEntry | ReasoningEntry)
    )


def without_call(view: RunView, call_id: str, at: float) -> RunView:
    """Return `view` with no agent active inside the call and nothing open in there."""
    inside = _without(view.active_within, call_id)
    pending = tuple(p for p in view.pending if p.within != call_id)
    return settled(replace(view, active_within=inside, pending=pending), at, within=call_id)


def _cut(entry: AnyEntry, live: LongText | None, at: float, why: str = "its run ended") -> AnyEntry:
    match entry:
        case MessageEntry() | ReasoningEntry():
            return replace(entry, text=str(live or entry.text), cut=True, ended_at=at)
        case HandoffEntry():
            return replace(entry, ended_at=at)
        case ToolEntry(state="waiting"):
            approval = entry.approval or Approval(requested_at=entry.at)
            approval = replace(approval, withdrawn=why)
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
