"""A scripted reply as Chat Completions tell it: its chunks, or one whole completion.

Stays out of bytes on their way, which `delivery` tells. A summary is told as `reasoning_content`,
bare reasoning as `reasoning`, as open servers do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tui.rehearsal.response_object import Envelope, JsonObject, response_object
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
from tui.rehearsal.sse import encode_json

Kind: TypeAlias = Literal["role", "content", "refusal", "reasoning", "call", "finish", "usage"]

DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class ChatStyle:
    """How a server differs from the service that made the format.

    Attributes:
        usage: When the last chunk tells the tokens.
        has_done: Whether the stream ends with `[DONE]`.
        whole_calls: Whether a call comes in one piece.
        call_ids: Whether calls have ids.
        indexes: Whether pieces of calls say which call they belong to, all say 0, or none does.
        names_repeat: What later pieces say in place of the name; None leaves the field out.
        has_finish: Whether the last piece says why it is the last.
    """

    usage: Literal["asked", "always", "never"] = "asked"
    has_done: bool = True
    whole_calls: bool = False
    call_ids: bool = True
    indexes: Literal["each", "zero", "none"] = "each"
    names_repeat: str | None = None
    has_finish: bool = True


PLAIN = ChatStyle()


def chat_frames(reply: Reply, envelope: Envelope, style: ChatStyle) -> Iterator[tuple[str, bytes]]:
    """Yield the frames of the stream, each with its kind; only what ends it is left out."""
    chunks = list(_chunks(reply, envelope, style))
    match reply.ending:
        case NoEnd(after):
            chunks = chunks[:after]
        case Failed(message, code):
            chunks[_finish_place(chunks) :] = [("error", _error(message, code))]
        case ErrorEvent(message, code, after):
            chunks[after:] = [("error", _error(message, code))]
    for kind, chunk in chunks:
        yield kind, b"data: " + encode_json(chunk) + b"\n\n"


def chat_end(reply: Reply, style: ChatStyle) -> bytes:
    """Return what ends the stream."""
    ends_well = isinstance(reply.ending, Completed | Incomplete)
    return DONE if ends_well and style.has_done else b""


def whole_completion(reply: Reply, envelope: Envelope, style: ChatStyle) -> JsonObject:
    """Return the completion as it comes where no stream is asked for."""
    match reply.ending:
        case Failed(message, code) | ErrorEvent(message, code):
            return _error(message, code)
        case NoEnd():
            return _error("The response was lost.", "server_error")
    choice = {"index": 0, "finish_reason": _finish_reason(reply), "logprobs": None}
    return {
        **_head(envelope, "chat.completion"),
        "choices": [choice | {"message": _message(reply, envelope, style)}],
        **({} if style.usage == "never" else {"usage": _usage(reply, envelope)}),
    }


def _message(reply: Reply, envelope: Envelope, style: ChatStyle) -> JsonObject:
    message: JsonObject = {"role": "assistant", "content": None, "refusal": None}
    for number, (index, part) in enumerate(_calls(reply)):
        calls = message.setdefault("tool_calls", [])
        assert isinstance(calls, list)
        calls.append(_first_piece(part, index, number, envelope, style, part.arguments))
    for part in reply.parts:
        if not isinstance(part, Call):
            message |= {name: "".join(deltas) for name, deltas in _texts(part)}
    return message


def _chunks(reply: Reply, envelope: Envelope, style: ChatStyle) -> Iterator[tuple[str, JsonObject]]:
    numbers = {index: number for number, (index, _) in enumerate(_calls(reply))}
    yield "role", _delta(envelope, {"role": "assistant", "content": "", "refusal": None})
    for index, part in enumerate(reply.parts):
        if isinstance(part, Call):
            for piece in _pieces(part, index, numbers[index], envelope, style):
                yield "call", _delta(envelope, {"tool_calls": [piece]})
            continue
        for name, deltas in _texts(part):
            kind = name.removesuffix("_content")
            yield from ((kind, _delta(envelope, {name: delta})) for delta in deltas)
    yield "finish", _delta(envelope, {}, _finish_reason(reply) if style.has_finish else None)
    if _tells_usage(envelope, style):
        chunk = _head(envelope, "chat.completion.chunk") | {"choices": []}
        yield "usage", chunk | {"usage": _usage(reply, envelope)}


def _texts(part: Part) -> Iterator[tuple[str, tuple[str, ...]]]:
    match part:
        case Say(deltas):
            yield "content", deltas
        case Refuse(text):
            yield "refusal", tokens(text)
        case Think(summary, text):
            if summary:
                yield "reasoning_content", tokens("".join(summary))
            if text:
                yield "reasoning", tokens(text)


def _pieces(
    part: Call, index: int, number: int, envelope: Envelope, style: ChatStyle
) -> Iterator[JsonObject]:
    if style.whole_calls:
        yield _first_piece(part, index, number, envelope, style, part.arguments)
        return
    yield _first_piece(part, index, number, envelope, style, "")
    for start in range(0, len(part.arguments), part.delta_chars):
        function: JsonObject = {"arguments": part.arguments[start : start + part.delta_chars]}
        if style.names_repeat is not None:
            function["name"] = style.names_repeat
        yield {**_index(number, style), "function": function}


def _first_piece(
    part: Call, index: int, number: int, envelope: Envelope, style: ChatStyle, arguments: str
) -> JsonObject:
    named = {"id": envelope.call_id(part, index)} if style.call_ids else {}
    function = {"name": part.name, "arguments": arguments}
    return {**_index(number, style), **named, "type": "function", "function": function}


def _index(number: int, style: ChatStyle) -> JsonObject:
    match style.indexes:
        case "each":
            return {"index": number}
        case "zero":
            return {"index": 0}
        case "none":
            return {}


def _calls(reply: Reply) -> list[tuple[int, Call]]:
    return [(i, part) for i, part in enumerate(reply.parts) if isinstance(part, Call)]


def _delta(envelope: Envelope, delta: JsonObject, finish_reason: str | None = None) -> JsonObject:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return {**_head(envelope, "chat.completion.chunk"), "choices": [choice]}


def _head(envelope: Envelope, kind: str) -> JsonObject:
    model = envelope.request.get("model", "scripted")
    head = {"id": envelope.response_id, "object": kind, "created": envelope.created_at}
    return head | {"model": model}


def _finish_reason(reply: Reply) -> str:
    match reply.ending:
        case Incomplete("max_output_tokens"):
            return "length"
        case Incomplete(reason):
            return reason
    return "tool_calls" if _calls(reply) else "stop"


def _finish_place(chunks: list[tuple[str, JsonObject]]) -> int:
    return [kind for kind, _ in chunks].index("finish")


def _tells_usage(envelope: Envelope, style: ChatStyle) -> bool:
    options = envelope.request.get("stream_options")
    is_asked = isinstance(options, dict) and options.get("include_usage") is True
    return style.usage == "always" or (style.usage == "asked" and is_asked)


def _usage(reply: Reply, envelope: Envelope) -> JsonObject:
    usage = response_object(reply, envelope, "completed")["usage"]
    assert isinstance(usage, dict)
    return {
        "prompt_tokens": usage["input_tokens"],
        "prompt_tokens_details": {"cached_tokens": usage["input_tokens_details"]["cached_tokens"]},
        "completion_tokens": usage["output_tokens"],
        "completion_tokens_details": usage["output_tokens_details"],
        "total_tokens": usage["total_tokens"],
    }


def _error(message: str, code: str) -> JsonObject:
    return {"error": {"message": message, "code": code, "type": "scripted_error"}}
