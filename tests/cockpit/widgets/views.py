"""Hand-made views for panes: entries in short, and a view that grows as a run's would."""

from typing import Any

from tui.cockpit.projection.pages import LongText, Pages
from tui.cockpit.projection.view import (
    AnyEntry,
    MessageEntry,
    ReasoningEntry,
    RunView,
    ToolEntry,
    UserEntry,
)


def user(item_id: str, text: str, **more: Any) -> UserEntry:
    return UserEntry(item_id=item_id, run_id="r", at=0.0, text=text, **more)


def message(item_id: str, text: str = "", agent: str = "Triage", **more: Any) -> MessageEntry:
    ended = {"ended_at": 2.0} if text else {}
    return MessageEntry(
        item_id=item_id, run_id="r", at=1.0, agent=agent, text=text, **ended, **more
    )


def reasoning(item_id: str, text: str = "", agent: str = "Triage", **more: Any) -> ReasoningEntry:
    return ReasoningEntry(item_id=item_id, run_id="r", at=1.0, agent=agent, text=text, **more)


def call(item_id: str, tool: str = "lookup", agent: str = "Triage", **more: Any) -> ToolEntry:
    given = {"call_id": f"call-{item_id}", **more}
    return ToolEntry(item_id=item_id, run_id="r", at=1.0, agent=agent, tool=tool, **given)


def view_of(*entries: AnyEntry, live: dict[str, str] | None = None, **more: Any) -> RunView:
    """A view of these entries; `live` is text in flight by item id."""
    pages: Pages[AnyEntry] = Pages()
    places = {}
    for place, entry in enumerate(entries):
        pages = pages.append(entry)
        places[entry.item_id] = place
    flying = {item_id: LongText().append(text) for item_id, text in (live or {}).items()}
    given = {"run_id": "r", "status": "running", "open_items": places, **more}
    return RunView(entries=pages, live=flying, **given)


def with_entry(view: RunView, entry: AnyEntry) -> RunView:
    """The view with one more entry."""
    return _changed(
        view,
        entries=view.entries.append(entry),
        open_items={**view.open_items, entry.item_id: len(view.entries)},
    )


def with_changed(view: RunView, entry: AnyEntry) -> RunView:
    """The view with an entry in place of the one of the same item, its text no longer live."""
    live = {item_id: text for item_id, text in view.live.items() if item_id != entry.item_id}
    entries = view.entries.replace(view.open_items[entry.item_id], entry)
    return _changed(view, entries=entries, live=live)


def with_delta(view: RunView, item_id: str, text: str) -> RunView:
    """The view with more text in flight."""
    grown = view.live.get(item_id, LongText()).append(text)
    return _changed(view, live={**view.live, item_id: grown})


def _changed(view: RunView, **changes: Any) -> RunView:
    values = {name: getattr(view, name) for name in view.__struct_fields__}
    return RunView(**(values | changes))
