"""The events of one scripted response, as the Responses API streams them.

Stays out of bytes and time: `sse` encodes the events, whoever serves them decides the pace.
"""

from __future__ import annotations

from collections.abc import Iterator

from tui.rehearsal.response_object import (
    Envelope,
    JsonObject,
    finished_item,
    reasoning_part,
    refusal_part,
    response_object,
    started_item,
    summary_part,
    text_part,
)
from tui.rehearsal.script import (
    Call,
    Completed,
    ErrorEvent,
    Failed,
    Incomplete,
    NoEnd,
    Part,
    Refuse,
    Reply,
    Say,
    Think,
    tokens,
)

# Deltas are padded to hide their length from who can only see the size of packets.
_PADDING = "wDd9Zq4mKx7VbT2s"


def stream_events(reply: Reply, envelope: Envelope) -> Iterator[JsonObject]:
    """Yield the response's events, `sequence_number` 0 upward, each a new JSON object."""
    events = list(_numbered(_whole(reply, envelope)))
    match reply.ending:
        case NoEnd(after):
            yield from events[:after]
        case ErrorEvent(message, code, after):
            yield from events[:after]
            place: JsonObject = {"type": "error", "sequence_number": len(events[:after])}
            yield place | {"code": code, "message": message, "param": None}
        case _:
            yield from events


def whole_response(reply: Reply, envelope: Envelope) -> JsonObject:
    """Return the response as the service gives it where no stream is asked for.

    A stream's own faults have no place here: `ErrorEvent` and `NoEnd` count as a failed response.
    """
    match reply.ending:
        case Failed(message, code) | ErrorEvent(message, code):
            return _failed(reply, envelope, message, code)
        case Incomplete(reason):
            return _incomplete(reply, envelope, reason)
        case NoEnd():
            return _failed(reply, envelope, "The response was lost.", "server_error")
        case Completed():
            return response_object(reply, envelope, "completed")


def _numbered(events: Iterator[JsonObject]) -> Iterator[JsonObject]:
    for number, event in enumerate(events):
        kind = event.pop("type")
        yield {"type": kind, "sequence_number": number} | event


def _whole(reply: Reply, envelope: Envelope) -> Iterator[JsonObject]:
    running = response_object(reply, envelope, "in_progress")
    yield {"type": "response.created", "response": running}
    yield {"type": "response.in_progress", "response": running}
    for index, part in enumerate(reply.parts):
        yield from _item_events(part, index, envelope)
    yield _terminal(reply, envelope)


def _terminal(reply: Reply, envelope: Envelope) -> JsonObject:
    response = whole_response(reply, envelope)
    return {"type": f"response.{response['status']}", "response": response}


def _failed(reply: Reply, envelope: Envelope, message: str, code: str) -> JsonObject:
    error: JsonObject = {"code": code, "message": message}
    return response_object(reply, envelope, "failed", error=error)


def _incomplete(reply: Reply, envelope: Envelope, reason: str) -> JsonObject:
    return response_object(reply, envelope, "incomplete", incomplete_details={"reason": reason})


def _item_events(part: Part, index: int, envelope: Envelope) -> Iterator[JsonObject]:
    kind = "response.output_item"
    place: JsonObject = {"output_index": index}
    yield {"type": f"{kind}.added", **place, "item": started_item(part, index, envelope)}
    yield from _content_events(part, {"item_id": envelope.item_id(part, index), **place})
    yield {"type": f"{kind}.done", **place, "item": finished_item(part, index, envelope)}


def _content_events(part: Part, place: JsonObject) -> Iterator[JsonObject]:
    match part:
        case Think():
            for number, text in enumerate(part.summary):
                yield from _summary_events(text, {**place, "summary_index": number})
            if part.text:
                yield from _reasoning_events(part.text, {**place, "content_index": 0})
        case Say():
            yield from _text_events(part, {**place, "content_index": 0})
        case Refuse():
            yield from _refusal_events(part.text, {**place, "content_index": 0})
        case Call():
            yield from _argument_events(part, place)


def _summary_events(text: str, place: JsonObject) -> Iterator[JsonObject]:
    kind = "response.reasoning_summary"
    yield {"type": f"{kind}_part.added", **place, "part": summary_part("")}
    for delta in tokens(text):
        yield {"type": f"{kind}_text.delta", **place, **_padded(delta)}
    yield {"type": f"{kind}_text.done", **place, "text": text}
    yield {"type": f"{kind}_part.done", **place, "part": summary_part(text)}


def _reasoning_events(text: str, place: JsonObject) -> Iterator[JsonObject]:
    yield {"type": "response.content_part.added", **place, "part": reasoning_part("")}
    for delta in tokens(text):
        yield {"type": "response.reasoning_text.delta", **place, **_padded(delta)}
    yield {"type": "response.reasoning_text.done", **place, "text": text}
    yield {"type": "response.content_part.done", **place, "part": reasoning_part(text)}


def _text_events(part: Say, place: JsonObject) -> Iterator[JsonObject]:
    yield {"type": "response.content_part.added", **place, "part": text_part("")}
    for delta in part.deltas:
        yield {"type": "response.output_text.delta", **place, **_padded(delta), "logprobs": []}
    yield {"type": "response.output_text.done", **place, "text": part.text, "logprobs": []}
    yield {"type": "response.content_part.done", **place, "part": text_part(part.text)}


def _refusal_events(text: str, place: JsonObject) -> Iterator[JsonObject]:
    yield {"type": "response.content_part.added", **place, "part": refusal_part("")}
    for delta in tokens(text):
        yield {"type": "response.refusal.delta", **place, **_padded(delta)}
    yield {"type": "response.refusal.done", **place, "refusal": text}
    yield {"type": "response.content_part.done", **place, "part": refusal_part(text)}


def _argument_events(part: Call, place: JsonObject) -> Iterator[JsonObject]:
    kind = "response.function_call_arguments"
    for start in range(0, len(part.arguments), part.delta_chars):
        delta = part.arguments[start : start + part.delta_chars]
        yield {"type": f"{kind}.delta", **place, **_padded(delta)}
    yield {"type": f"{kind}.done", **place, "name": part.name, "arguments": part.arguments}


def _padded(delta: str) -> JsonObject:
    return {"delta": delta, "obfuscation": _PADDING[len(delta) % len(_PADDING) :]}
