"""Reads run items: they confirm what the raw stream announced, and tell what it does not.

Stays out of the raw stream. Agents' names are copied at once: results hold agents weakly.
"""

from collections.abc import Iterator

# Items are of either library, their raw items openai objects or dicts.
from typing import Any

from tui.host.live.normalize import telling
from tui.host.live.normalize.ledger import Kind, Lane
from tui.host.live.normalize.text import (
    as_json,
    call_arguments,
    message_text,
    output_text,
    plain_value,
    reasoning_text,
)
from tui.host.live.shapes import field, name_of, text_field
from tui.wire.events import HandoffOccurred, RunEvent, ToolOutput


def item_events(lane: Lane, item: Any) -> Iterator[RunEvent]:
    """Yield what one run item tells beyond what was told already."""
    raw = field(item, "raw_item")
    match field(item, "type"):
        case "message_output_item":
            known = lane.confirm("message", _agent(lane, item), text_field(raw, "id"))
            yield from telling.whole(lane, known, message_text(raw))
        case "reasoning_item":
            known = lane.confirm("reasoning", _agent(lane, item), text_field(raw, "id"))
            yield from telling.whole(lane, known, reasoning_text(raw))
        case "tool_call_item":
            yield from _called(lane, item, raw, "call")
        case "handoff_call_item":
            yield from _called(lane, item, raw, "handoff")
        case "tool_call_output_item":
            yield _output(lane, item, raw)
        case "handoff_output_item":
            yield _handed_over(lane, item, raw)
        case "tool_approval_item" | "input_item":
            # The chain tells of both.
            return
        case kind:
            name = str(kind or type(item).__name__)
            known = lane.confirm("other", _agent(lane, item), text_field(raw, "id"))
            known.tool = known.tool or name
            yield from telling.whole(lane, known, as_json(plain_value(raw)))


def _called(lane: Lane, item: Any, raw: Any, kind: Kind) -> Iterator[RunEvent]:
    raw_type = text_field(raw, "type")
    name = text_field(raw, "name") or raw_type.removesuffix("_call")
    if kind == "call" and raw_type not in ("function_call", "custom_tool_call"):
        kind = "hosted"
    call_id = text_field(raw, "call_id") or text_field(raw, "id")
    known = lane.confirm_call(kind, _agent(lane, item), call_id, name)
    yield from telling.whole(lane, known, call_arguments(raw))


def _output(lane: Lane, item: Any, raw: Any) -> ToolOutput:
    told = field(raw, "output")
    call_id = text_field(raw, "call_id") or text_field(item, "call_id")
    lane.ledger.forget(call_id)
    return ToolOutput(
        run_id=lane.ledger.run_id,
        agent=_agent(lane, item),
        call_id=call_id,
        output=output_text(field(item, "output") if told is None else told),
        within=lane.within,
    )


def _handed_over(lane: Lane, item: Any, raw: Any) -> HandoffOccurred:
    call_id = text_field(raw, "call_id")
    lane.ledger.forget(call_id)
    lane.has_handed_over = True
    source = name_of(field(item, "source_agent")) or lane.agent
    return telling.handed_over(lane, source, call_id, name_of(field(item, "target_agent")))


def _agent(lane: Lane, item: Any) -> str:
    return name_of(field(item, "agent")) or lane.agent
