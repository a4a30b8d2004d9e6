"""How text folds: messages, reasoning, the person's words, console output, unknown items."""

from typing import TypeAlias

from msgspec.structs import replace

from tui.cockpit.projection.entries import (
    LOOK_BACK_FOR_CALLS,
    added,
    changed,
    closed,
    newest,
    opened,
    place_of_item,
)
from tui.cockpit.projection.pages import LongText
from tui.cockpit.projection.view import (
    ConsoleEntry,
    GuardrailEntry,
    MessageEntry,
    NoticeEntry,
    ReasoningEntry,
    RetryEntry,
    RunView,
    ToolEntry,
    UnknownEntry,
    UserEntry,
)
from tui.wire import events as wire

TextEvent: TypeAlias = (
    wire.MessageOutput
    | wire.ReasoningOutput
    | wire.UserMessage
    | wire.ConsoleOutput
    | wire.UnknownItem
    | wire.GuardrailTripped
)


def fold_delta(view: RunView, event: wire.TextDelta | wire.ReasoningDelta) -> RunView:
    """Add to the text in flight; the first delta of an item opens its entry."""
    live = view.live.get(event.item_id)
    if live is not None:
        return replace(view, live={**view.live, event.item_id: live.append(event.text)})
    if place_of_item(view, event.item_id) is not None:
        return view
    view = opened(view, _entry_in_flight(event))
    return replace(view, live={**view.live, event.item_id: LongText().append(event.text)})


def fold_text(view: RunView, event: TextEvent) -> RunView:
    """Fold what came whole."""
    match event:
        case wire.MessageOutput() | wire.ReasoningOutput():
            return _fold_whole(view, event)
        case wire.ConsoleOutput():
            return _fold_console(view, event)
        case wire.UserMessage(steering=False) if _is_tried_again(view, event.text):
            return view
    if place_of_item(view, _item_id(event)) is not None:
        return view
    return added(view, _entry(event))


def _is_tried_again(view: RunView, text: str) -> bool:
    """Whether the newest run begins with trying `text` again, which stands above already."""
    first = view.first_item_of_run
    entry = view.entries[first] if first < len(view.entries) else None
    return isinstance(entry, RetryEntry) and entry.text == text


def _entry_in_flight(event: wire.TextDelta | wire.ReasoningDelta) -> MessageEntry | ReasoningEntry:
    kind = MessageEntry if isinstance(event, wire.TextDelta) else ReasoningEntry
    return kind(
        item_id=event.item_id,
        run_id=event.run_id,
        at=event.at,
        agent=event.agent,
        within=event.within,
    )


def _fold_whole(view: RunView, event: wire.MessageOutput | wire.ReasoningOutput) -> RunView:
    place = place_of_item(view, event.item_id)
    seen = view.entries[place] if place is not None else None
    if seen is not None and not isinstance(seen, MessageEntry | ReasoningEntry):
        return view
    kind = MessageEntry if isinstance(event, wire.MessageOutput) else ReasoningEntry
    entry = kind(
        item_id=event.item_id,
        run_id=event.run_id,
        at=event.at if seen is None else seen.at,
        agent=event.agent,
        within=event.within,
        text=event.text,
        ended_at=event.at,
    )
    if place is None:
        return added(view, entry)
    if event.item_id not in view.open_items:
        return view
    if isinstance(entry, ReasoningEntry) and not entry.text:
        # A model that withholds its reasoning in the end has still shown these words.
        entry = replace(entry, text=str(view.live.get(event.item_id, "")))
    return closed(changed(view, place, entry), place)


def _fold_console(view: RunView, event: wire.ConsoleOutput) -> RunView:
    if event.stream == "notice":
        return added(view, _notice(view, event))
    item_id = console_id(event.run_id, event.call_id)
    place = place_of_item(view, item_id)
    entry = view.entries[place] if place is not None else None
    if place is not None and isinstance(entry, ConsoleEntry):
        view = _with_lines_counted(view, event, goes_on=entry.text.since(len(entry.text) - 1))
        return changed(view, place, replace(entry, text=entry.text.append(event.text)))
    return opened(
        _with_lines_counted(view, event, goes_on=""),
        ConsoleEntry(
            item_id=item_id,
            run_id=event.run_id,
            at=event.at,
            agent=event.agent,
            within=_within_of_call(view, event.call_id),
            call_id=event.call_id,
            text=LongText().append(event.text),
        ),
    )


def _notice(view: RunView, event: wire.ConsoleOutput) -> NoticeEntry:
    return NoticeEntry(
        item_id=f"{event.run_id}/notice/{len(view.entries)}",
        run_id=event.run_id,
        at=event.at,
        agent=event.agent,
        within=_within_of_call(view, event.call_id),
        text=event.text.strip(),
    )


def _with_lines_counted(view: RunView, event: wire.ConsoleOutput, goes_on: str) -> RunView:
    """Return `view` with the lines of `event` counted on their call; `goes_on` ended the last."""
    place = _place_of_call(view, event.call_id)
    entry = view.entries[place] if place is not None else None
    if place is None or not isinstance(entry, ToolEntry) or not event.text:
        return view
    begun = event.text.count("\n") + (not event.text.endswith("\n"))
    lines = entry.printed_lines + begun - (goes_on not in ("", "\n"))
    return changed(view, place, replace(entry, printed_lines=lines, heard_at=event.at))


def _place_of_call(view: RunView, call_id: str | None) -> int | None:
    if call_id is None or call_id in view.open_calls:
        return view.open_calls.get(call_id) if call_id else None
    calls = newest(view, LOOK_BACK_FOR_CALLS)
    return next((at for at, e in calls if isinstance(e, ToolEntry) and e.call_id == call_id), None)


def console_id(run_id: str, call_id: str | None) -> str:
    """Return the id of the one console entry of a run and call."""
    return f"{run_id}/console/{call_id or ''}"


def _within_of_call(view: RunView, call_id: str | None) -> str | None:
    place = view.open_calls.get(call_id) if call_id is not None else None
    return view.entries[place].within if place is not None else None


def _item_id(event: wire.UserMessage | wire.UnknownItem | wire.GuardrailTripped) -> str:
    if isinstance(event, wire.GuardrailTripped):
        return f"{event.run_id}/guardrail/{event.seq}"
    return event.item_id


def _entry(
    event: wire.UserMessage | wire.UnknownItem | wire.GuardrailTripped,
) -> UserEntry | UnknownEntry | GuardrailEntry:
    item_id, run_id, at = _item_id(event), event.run_id, event.at
    match event:
        case wire.UserMessage(text=text, steering=steering):
            return UserEntry(item_id=item_id, run_id=run_id, at=at, text=text, steering=steering)
        case wire.UnknownItem():
            return UnknownEntry(
                item_id=item_id,
                run_id=run_id,
                at=at,
                agent=event.agent,
                within=event.within,
                kind=event.kind,
                text=event.text,
            )
        case wire.GuardrailTripped():
            return GuardrailEntry(
                item_id=item_id,
                run_id=run_id,
                at=at,
                agent=event.agent,
                guardrail=event.guardrail,
                stage=event.stage,
                message=event.message,
            )
