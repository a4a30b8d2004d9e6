"""Reads the model's own stream: items that begin, their deltas, items that are whole, usage.

Stays out of run items, which confirm what was read here.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

# The events are openai objects or dicts, of this version or a later one.
from typing import Any

from tui.host.live.normalize import telling
from tui.host.live.normalize.ledger import CALLS, Item, Kind, Lane
from tui.host.live.normalize.text import (
    PARAGRAPH,
    as_json,
    call_arguments,
    message_text,
    plain_value,
    reasoning_text,
)
from tui.host.live.shapes import field, text_field
from tui.wire.events import ConsoleOutput, RunEvent, ToolFinished, ToolStarted, UsageReported

# Calls that the service runs itself have types of their own, all with this ending.
_HOSTED_SUFFIX = "_call"
# Of these a program's own executor may run what the service only asks for.
_RUN_HERE = frozenset({"shell_call", "local_shell_call", "apply_patch_call", "computer_call"})
_OUTPUT_SUFFIX = "_call_output"
_CUT_BY = {
    "max_output_tokens": "at the limit of tokens",
    "content_filter": "by the content filter",
}


def raw_events(lane: Lane, data: Any) -> Iterable[RunEvent]:
    """Return what one raw event tells, or an iterator of it. What repeats another tells nothing."""
    kind = field(data, "type")
    # Nearly all are deltas: what they tell is there at once.
    read = _DELTAS.get(kind)
    return _other_events(lane, kind, data) if read is None else read(lane, data)


def _other_events(lane: Lane, kind: Any, data: Any) -> Iterator[RunEvent]:
    match kind:
        case "response.output_item.added":
            yield from _begun(lane, data)
        case "response.output_item.done":
            yield from _finished(lane, data)
        case "response.created":
            lane.begin_response()
        case "response.completed":
            response = field(data, "response")
            yield from _cut(lane, response)
            yield from _usage(lane, field(response, "usage"))
        case "response.incomplete" | "response.failed":
            # The run fails with these, and says why.
            yield from _usage(lane, field(field(data, "response"), "usage"))


def _text_delta(lane: Lane, data: Any) -> Sequence[RunEvent]:
    index = field(data, "output_index", 0)
    raw_id = text_field(data, "item_id")
    # Some services begin a message with its text.
    item = lane.in_flight(index, "message", raw_id) or lane.open(index, "message", raw_id)
    return telling.delta(lane, item, text_field(data, "delta"))


def _call_delta(lane: Lane, data: Any) -> Sequence[RunEvent]:
    item = lane.in_flight(field(data, "output_index"), "call", text_field(data, "item_id"))
    text = text_field(data, "delta")
    return telling.delta(lane, item, text) if item is not None and text else ()


def _summary_delta(lane: Lane, data: Any) -> Sequence[RunEvent]:
    return _reasoning_delta(lane, data, ("summary", field(data, "summary_index", 0)))


def _reasoning_text_delta(lane: Lane, data: Any) -> Sequence[RunEvent]:
    return _reasoning_delta(lane, data, ("text", field(data, "content_index", 0)))


def _reasoning_delta(lane: Lane, data: Any, part: tuple[str, int]) -> Sequence[RunEvent]:
    raw_id = text_field(data, "item_id")
    item = lane.in_flight(field(data, "output_index"), "reasoning", raw_id)
    text = text_field(data, "delta")
    if item is None or not text:
        return ()
    begins_paragraph = item.part is not None and item.part != part
    item.part = part
    return telling.delta(lane, item, PARAGRAPH + text if begins_paragraph else text)


_DELTAS: dict[str, Callable[[Lane, Any], Sequence[RunEvent]]] = {
    "response.output_text.delta": _text_delta,
    "response.refusal.delta": _text_delta,
    "response.function_call_arguments.delta": _call_delta,
    "response.custom_tool_call_input.delta": _call_delta,
    "response.mcp_call_arguments.delta": _call_delta,
    "response.reasoning_summary_text.delta": _summary_delta,
    "response.reasoning_text.delta": _reasoning_text_delta,
}


def _begun(lane: Lane, data: Any) -> Iterator[RunEvent]:
    item = lane.open(field(data, "output_index", 0), *_named(lane, field(data, "item")))
    if item.kind == "handoff":
        # Stands here from now on; its arguments follow when they are whole.
        yield telling.call(lane, item, "")
    yield from telling.delta(lane, item, "")


def _finished(lane: Lane, data: Any) -> Iterator[RunEvent]:
    index, raw = field(data, "output_index", 0), field(data, "item")
    raw_type = text_field(raw, "type")
    if raw_type.endswith(_OUTPUT_SUFFIX):
        # The run's items tell of it.
        return
    named = kind, raw_id, call_id, _ = _named(lane, raw)
    item = lane.in_flight(index, kind, call_id or raw_id) or lane.open(index, *named)
    yield from telling.whole(lane, item, _whole_text(item.kind, raw))
    if item.kind == "hosted" and raw_type not in _RUN_HERE:
        yield from _ran_at_the_service(lane, item, raw)


def _named(lane: Lane, raw: Any) -> tuple[Kind, str, str, str]:
    """Return what an item is, with its ids and its tool's name."""
    kind, tool = _kind_and_tool(lane, raw)
    raw_id = text_field(raw, "id")
    call_id = text_field(raw, "call_id") or raw_id if kind in CALLS else ""
    return kind, raw_id, call_id, tool


def _kind_and_tool(lane: Lane, raw: Any) -> tuple[Kind, str]:
    raw_type, name = text_field(raw, "type"), text_field(raw, "name")
    match raw_type:
        case "message" | "reasoning":
            return raw_type, ""
        case "function_call" if name in lane.handoff_tools:
            return "handoff", name
        case "function_call" | "custom_tool_call":
            return "call", name
        case _ if raw_type.endswith(_HOSTED_SUFFIX):
            return "hosted", name or raw_type.removesuffix(_HOSTED_SUFFIX)
    return "other", raw_type or type(raw).__name__


def _whole_text(kind: Kind, raw: Any) -> str:
    match kind:
        case "message":
            return message_text(raw)
        case "reasoning":
            return reasoning_text(raw)
        case "call" | "handoff" | "hosted":
            return call_arguments(raw)
    return as_json(plain_value(raw))


def _ran_at_the_service(lane: Lane, item: Item, raw: Any) -> Iterator[RunEvent]:
    """Tell of start and end, which for these calls no gate sees."""
    if text_field(raw, "status") not in ("completed", "failed"):
        return
    error = text_field(raw, "error")
    failed = text_field(raw, "status") == "failed" or bool(error)
    run_id, within = lane.ledger.run_id, lane.within
    yield ToolStarted(
        run_id=run_id, agent=item.agent, call_id=item.call_id, tool=item.tool, within=within
    )
    yield ToolFinished(
        run_id=run_id,
        agent=item.agent,
        call_id=item.call_id,
        tool=item.tool,
        error_type="HostedToolError" if failed else "",
        error=(error or "the service says that it failed") if failed else "",
        within=within,
    )


def _cut(lane: Lane, response: Any) -> Iterator[RunEvent]:
    """Tell that an answer is not whole though it counts as one, where the service says so."""
    reason = text_field(field(response, "incomplete_details"), "reason")
    if not reason and field(response, "status") != "incomplete":
        return
    by_whom = _CUT_BY.get(reason) or ": ".join(filter(None, ("by the service", reason)))
    yield ConsoleOutput(
        run_id=lane.ledger.run_id,
        text=f"the model's answer was cut {by_whom}\n",
        stream="notice",
        agent=lane.agent,
        call_id=lane.within,
    )


def _usage(lane: Lane, usage: Any) -> Iterator[RunEvent]:
    # A service that tells no usage has answered a request all the same.
    yield UsageReported(
        run_id=lane.ledger.run_id,
        agent=lane.agent,
        input_tokens=_count(usage, "input_tokens"),
        output_tokens=_count(usage, "output_tokens"),
        cached_tokens=_count(field(usage, "input_tokens_details"), "cached_tokens"),
        reasoning_tokens=_count(field(usage, "output_tokens_details"), "reasoning_tokens"),
        within=lane.within,
    )


def _count(source: Any, name: str) -> int:
    value = field(source, name, 0)
    return value if isinstance(value, int) else 0
