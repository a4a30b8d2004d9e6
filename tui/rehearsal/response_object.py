"""The JSON objects of the Responses API: output items, usage, and the `response` around them.

Stays out of events and their order, which `stream` tells.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from tui.rehearsal.script import Call, Part, Refuse, Reply, Say, Think, Usage

JsonObject: TypeAlias = dict[str, object]

_CHARS_PER_TOKEN = 4

# What the service echoes of a request, with the value it shows where the request names none.
_ECHOED: Mapping[str, object] = {
    "background": False,
    "instructions": None,
    "max_output_tokens": None,
    "max_tool_calls": None,
    "metadata": {},
    "model": "scripted",
    "parallel_tool_calls": True,
    "previous_response_id": None,
    "prompt_cache_key": None,
    "reasoning": {"effort": None, "summary": None},
    "safety_identifier": None,
    "service_tier": "default",
    "store": True,
    "temperature": 1.0,
    "text": {"format": {"type": "text"}, "verbosity": "medium"},
    "tool_choice": "auto",
    "tools": [],
    "top_logprobs": 0,
    "top_p": 1.0,
    "truncation": "disabled",
    "user": None,
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a response says of itself besides its content.

    Attributes:
        response_id: The `resp_...` id; the ids of the output items are derived from it.
        created_at: Unix seconds.
        request: The request's JSON body, whose settings the response echoes.
    """

    response_id: str = "resp_scripted"
    created_at: int = 0
    request: Mapping[str, object] = field(default_factory=dict)

    def item_id(self, part: Part, index: int) -> str:
        """Return the id of the output item at `index`, of the length real ids have."""
        digest = hashlib.sha256(f"{self.response_id}/{index}".encode()).hexdigest()
        return f"{_ID_PREFIX[type(part)]}_{digest[:48]}"

    def call_id(self, part: Call, index: int) -> str:
        """Return the call's own id, or one derived from the response's."""
        if part.call_id is not None:
            return part.call_id
        digest = hashlib.sha256(f"{self.response_id}/{index}/call".encode()).hexdigest()
        return f"call_{digest[:24]}"


_ID_PREFIX: Mapping[type[Part], str] = {Think: "rs", Say: "msg", Refuse: "msg", Call: "fc"}


def finished_item(part: Part, index: int, envelope: Envelope) -> JsonObject:
    """Return the output item as `response.output_item.done` and `response.output` show it."""
    item_id = envelope.item_id(part, index)
    match part:
        case Think():
            item: JsonObject = {"id": item_id, "type": "reasoning"}
            item["summary"] = [summary_part(text) for text in part.summary]
            return item | {"content": [reasoning_part(part.text)]} if part.text else item
        case Say():
            return _message(item_id, "completed", [text_part(part.text)])
        case Refuse():
            return _message(item_id, "completed", [refusal_part(part.text)])
        case Call():
            return _function_call(part, index, envelope, "completed", part.arguments)


def started_item(part: Part, index: int, envelope: Envelope) -> JsonObject:
    """Return the output item as `response.output_item.added` shows it: still empty."""
    match part:
        case Think():
            return {"id": envelope.item_id(part, index), "type": "reasoning", "summary": []}
        case Say() | Refuse():
            return _message(envelope.item_id(part, index), "in_progress", [])
        case Call():
            return _function_call(part, index, envelope, "in_progress", "")


def summary_part(text: str) -> JsonObject:
    """Return one part of a reasoning summary."""
    return {"type": "summary_text", "text": text}


def reasoning_part(text: str) -> JsonObject:
    """Return a content part of bare reasoning."""
    return {"type": "reasoning_text", "text": text}


def text_part(text: str) -> JsonObject:
    """Return a message's text part."""
    return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}


def refusal_part(text: str) -> JsonObject:
    """Return a message's refusal part."""
    return {"type": "refusal", "refusal": text}


def response_object(
    reply: Reply,
    envelope: Envelope,
    status: str,
    *,
    error: JsonObject | None = None,
    incomplete_details: JsonObject | None = None,
) -> JsonObject:
    """Return the whole `response`; output and usage stay empty while it is in progress."""
    is_running = status == "in_progress"
    parts = () if is_running else reply.parts
    return {
        "id": envelope.response_id,
        "object": "response",
        "created_at": envelope.created_at,
        "completed_at": envelope.created_at if status == "completed" else None,
        "status": status,
        "error": error,
        "incomplete_details": incomplete_details,
        "output": [finished_item(part, i, envelope) for i, part in enumerate(parts)],
        "usage": None if is_running else _usage(reply, envelope),
        **_echo(envelope.request),
    }


def _echo(request: Mapping[str, object]) -> JsonObject:
    return {name: request.get(name, shown) for name, shown in _ECHOED.items()}


def _message(item_id: str, status: str, content: Sequence[JsonObject]) -> JsonObject:
    return {
        "id": item_id,
        "type": "message",
        "status": status,
        "content": list(content),
        "role": "assistant",
    }


def _function_call(
    part: Call, index: int, envelope: Envelope, status: str, arguments: str
) -> JsonObject:
    return {
        "id": envelope.item_id(part, index),
        "type": "function_call",
        "status": status,
        "arguments": arguments,
        "call_id": envelope.call_id(part, index),
        "name": part.name,
    }


def _usage(reply: Reply, envelope: Envelope) -> JsonObject:
    usage = reply.usage or _plausible_usage(reply, envelope.request)
    return {
        "input_tokens": usage.input_tokens,
        "input_tokens_details": {"cached_tokens": usage.cached_tokens, "cache_write_tokens": 0},
        "output_tokens": usage.output_tokens,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning_tokens},
        "total_tokens": usage.input_tokens + usage.output_tokens,
    }


def _plausible_usage(reply: Reply, request: Mapping[str, object]) -> Usage:
    prompt = [request.get(name) for name in ("instructions", "input", "tools")]
    thought = sum(_thought_chars(part) for part in reply.parts)
    said = sum(_written_chars(part) for part in reply.parts)
    return Usage(
        input_tokens=1 + len(json.dumps(prompt)) // _CHARS_PER_TOKEN,
        output_tokens=1 + (said + thought) // _CHARS_PER_TOKEN,
        reasoning_tokens=thought // _CHARS_PER_TOKEN,
    )


def _thought_chars(part: Part) -> int:
    return len(part.text) + sum(map(len, part.summary)) if isinstance(part, Think) else 0


def _written_chars(part: Part) -> int:
    match part:
        case Say() | Refuse():
            return len(part.text)
        case Call():
            return len(part.name) + len(part.arguments)
        case Think():
            return 0
