"""Events of the Responses stream as openai objects, also from servers that leave things out."""

from __future__ import annotations

import json

import pytest
from openai.types.responses import (
    ResponseCompletedEvent,
    ResponseFunctionToolCall,
    ResponseOutputMessage,
    ResponseReasoningTextDeltaEvent,
    ResponseTextDeltaEvent,
)

from tui.agents.usage import usage_of
from tui.responses.events import decode_event, decode_item

DELTA = {
    "type": "response.output_text.delta",
    "delta": "你",
    "item_id": "m",
    "output_index": 0,
    "content_index": 0,
    "sequence_number": 3,
    "logprobs": [],
}


def encoded(**fields):
    return json.dumps(fields).encode()


def test_an_event_is_of_its_openai_class():
    event = decode_event(DELTA["type"], encoded(**DELTA))
    assert isinstance(event, ResponseTextDeltaEvent)
    assert event.delta == "你"


@pytest.mark.parametrize("name", ["", "message", "response.completed"])
def test_the_type_in_the_data_counts_where_the_name_is_missing_or_wrong(name):
    assert isinstance(decode_event(name, encoded(**DELTA)), ResponseTextDeltaEvent)


def test_missing_fields_are_let_pass():
    event = decode_event("", encoded(type=DELTA["type"], delta="x"))
    assert isinstance(event, ResponseTextDeltaEvent)
    assert event.delta == "x"


def test_open_reasoning_is_known():
    event = decode_event("", encoded(type="response.reasoning_text.delta", delta="x"))
    assert isinstance(event, ResponseReasoningTextDeltaEvent)


def test_an_unknown_event_is_kept_as_it_is():
    event = decode_event("response.new_thing", encoded(type="response.new_thing", value=[1]))
    assert (event.type, event.value) == ("response.new_thing", [1])


def test_items_inside_an_incomplete_response_are_of_their_classes():
    message = {"type": "message", "content": [{"type": "output_text", "text": "hi"}]}
    called = {"type": "function_call", "name": "f", "arguments": "{}", "call_id": "c"}
    event = decode_event(
        "", encoded(type="response.completed", response={"output": [message, called]})
    )
    assert isinstance(event, ResponseCompletedEvent)
    assert isinstance(event.response.output[0], ResponseOutputMessage)
    assert isinstance(event.response.output[1], ResponseFunctionToolCall)
    assert event.response.output[0].content[0].text == "hi"


def test_usage_that_is_incomplete_counts_as_zero():
    event = decode_event(
        "", encoded(type="response.completed", response={"usage": {"total_tokens": 5}})
    )
    usage = usage_of(event.response.usage)
    assert (usage.requests, usage.total_tokens, usage.input_tokens) == (1, 5, 0)


def test_an_item_of_an_unknown_type_is_kept():
    assert decode_item({"type": "hologram", "depth": 3}).depth == 3


@pytest.mark.parametrize("data", [b"nonsense", b"[1]", b'"text"'])
def test_data_that_is_no_object_is_an_error(data):
    with pytest.raises(ValueError):  # noqa: PT011 - json's error is one, too
        decode_event("", data)


def test_bytes_that_are_no_utf8_are_replaced():
    event = decode_event("", b'{"type": "response.output_text.delta", "delta": "\xff"}')
    assert event.delta == "\ufffd"
