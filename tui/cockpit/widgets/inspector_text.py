"""What the inspector says of an entry: a title, facts, and all its texts. Knows no widget.

Facts are short and change with time; the body is as long as it is and changes with the entry
alone. Texts are returned as they came: whoever draws them makes them plain.
"""

from typing import Final

import msgspec

from tui.cockpit.projection import select
from tui.cockpit.projection.view import (
    AnyEntry,
    ConsoleEntry,
    EndEntry,
    GuardrailEntry,
    HandoffEntry,
    MessageEntry,
    NoticeEntry,
    ReasoningEntry,
    RetryEntry,
    RunView,
    ToolEntry,
    UnknownEntry,
    UserEntry,
)
from tui.cockpit.widgets.agent_names import shown_name
from tui.cockpit.widgets.inspector_call import body_of_call, facts_of_call
from tui.cockpit.widgets.inspector_parts import Fact, Part, json_part, json_section, section, span
from tui.cockpit.widgets.tracebacks import traceback_place
from tui.cockpit.widgets.words import (
    AGAIN_MARK,
    FINAL_OUTPUT,
    TRIED_AGAIN,
    cancelled_words,
)

_SHORT_LINES: Final = 3


def title_of(entry: AnyEntry) -> str:
    """Return the first line: what it is, and whose."""
    match entry:
        case ToolEntry():
            return f"⚙ {entry.tool or 'a call that was never announced'}"
        case HandoffEntry():
            return f"◆ handoff {shown_name(entry.agent)} → {entry.target or entry.tool}"
        case MessageEntry():
            name = shown_name(entry.agent)
            return f"» {FINAL_OUTPUT} of {name}" if entry.is_final_output else f"» {name}"
        case ReasoningEntry():
            return f"✦ reasoning of {shown_name(entry.agent)}"
        case UserEntry():
            return "› You, steering" if entry.steering else "› You"
        case ConsoleEntry():
            return f"▤ printed by {entry.agent or 'the agent process'}"
        case _:
            return _title_of_remark(entry)


def _title_of_remark(
    entry: NoticeEntry | RetryEntry | GuardrailEntry | UnknownEntry | EndEntry,
) -> str:
    match entry:
        case RetryEntry():
            return f"{AGAIN_MARK} {TRIED_AGAIN}"
        case NoticeEntry():
            return "⚠ note from Baton"
        case GuardrailEntry():
            return f"⚠ guardrail {entry.guardrail}"
        case UnknownEntry():
            return f"? unknown item: {entry.kind}"
        case EndEntry(how="failed"):
            return f"✗ the run failed: {entry.error_type}"
        case EndEntry():
            return f"■ the run was {cancelled_words(entry.how)}"


def facts_of(view: RunView, place: int, now: float) -> list[Fact]:
    """Return names and values of what is short of the entry at `place`, empty ones left out."""
    entry = view.entries[place]
    match entry:
        case ToolEntry():
            facts = facts_of_call(entry, view, now)
        case HandoffEntry():
            facts = [("state", _handoff_state(entry)), ("took", span(entry.at, entry.ended_at))]
        case MessageEntry() | ReasoningEntry():
            facts = [
                ("state", _spoken_state(entry, view)),
                ("took", span(entry.at, entry.ended_at)),
            ]
        case ConsoleEntry():
            facts = [("call", _tool_of(view, place, entry.call_id))]
        case GuardrailEntry():
            facts = [("agent", entry.agent), ("stage", entry.stage)]
        case _:
            facts = []
    facts.append(("inside", _tool_of(view, place, entry.within)))
    return [(name, value) for name, value in facts if value]


def body_of(entry: AnyEntry, view: RunView) -> tuple[Part, ...]:
    """Return all texts of `entry`, in the order to read them."""
    match entry:
        case ToolEntry():
            return body_of_call(entry, view)
        case HandoffEntry():
            payload = json_section("Payload", entry.arguments)
            answer = section("Answer", "text", entry.output)
            return (*payload, *answer, *section("Call id", "quiet", entry.call_id))
        case ReasoningEntry() if entry.ended_at is not None and not entry.text:
            return (Part("quiet", "The model kept it to itself."),)
        case ConsoleEntry():
            return (Part("console", entry.text),)
        case UnknownEntry():
            return (json_part(entry.text),)
        case GuardrailEntry():
            return (Part("failure", entry.message),) if entry.message else ()
        case EndEntry():
            return _body_of_end(entry)
        case RetryEntry():
            return (Part("text", entry.text),)
        case _:
            return (Part("text", select.text_of(view, entry)),)


def raw_body(entry: AnyEntry, view: RunView) -> tuple[Part, ...]:
    """Return the entry as JSON, with the text that is in flight."""
    builtins = msgspec.to_builtins(entry)
    if isinstance(entry, ConsoleEntry):
        builtins["text"] = str(entry.text)
    live = view.live.get(entry.item_id)
    if live is not None:
        builtins["arguments" if isinstance(entry, ToolEntry) else "text"] = str(live)
    return (Part("code", msgspec.json.encode(builtins).decode(), "raw json"),)


def _body_of_end(entry: EndEntry) -> tuple[Part, ...]:
    message = (Part("failure", entry.message),) if entry.message else ()
    advice = section("What to do", "text", entry.advice)
    return (*message, *advice, *_details(entry.details))


def _details(text: str) -> tuple[Part, ...]:
    """Return a traceback, or what else there is to an error: folded away, unless it is short."""
    text = text.strip("\n")
    lines = text.count("\n") + 1
    where = traceback_place(text)
    if lines <= _SHORT_LINES and where is None:
        return section("Details", "code", text)
    name = f"{'Details' if where is None else 'Traceback'}, {lines} line{'s' if lines > 1 else ''}"
    name = f"{name}: {where}" if where else name
    return (Part("heading", name, folds=True), Part("code", text))


def _handoff_state(entry: HandoffEntry) -> str:
    if entry.target:
        return "✓ done"
    return "… asked" if entry.ended_at is None else "✗ did not happen"


def _spoken_state(entry: MessageEntry | ReasoningEntry, view: RunView) -> str:
    if entry.item_id in view.live:
        return "▶ speaking" if isinstance(entry, MessageEntry) else "▶ thinking"
    return "■ cut off by the end of the run" if entry.cut else ""


def _tool_of(view: RunView, place: int, call_id: str | None) -> str:
    """Return the name of the tool of a call that stands before `place`, or else its id."""
    if call_id is None:
        return ""
    for before in range(place - 1, -1, -1):
        entry = view.entries[before]
        if isinstance(entry, ToolEntry) and entry.call_id == call_id:
            return entry.tool
    return call_id
