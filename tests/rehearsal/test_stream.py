"""The scripted stream is one the real client's classes accept, event for event."""

import json

import pytest
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import BaseModel, TypeAdapter

from tui.rehearsal.response_object import Envelope, JsonObject
from tui.rehearsal.script import (
    Call,
    ErrorEvent,
    Failed,
    Incomplete,
    NoEnd,
    Refuse,
    Reply,
    Say,
    Think,
    call,
    reply,
    say,
    think,
    tokens,
)
from tui.rehearsal.sse import encode_event, encode_json
from tui.rehearsal.stream import stream_events, whole_response

EVERYTHING = reply(
    think("Reading the order.", "Two calls are needed."),
    Think(text="bare reasoning of an open model"),
    say("Let me look at **order** A-17. 請稍候 👨‍👩‍👧‍👦\n"),
    call("lookup_order", "call_a", order_id="A-17"),
    Call("search", '{"query": "refund', None, 5),
    Refuse("I can't help with that."),
)
ENVELOPE = Envelope("resp_1", 1_700_000_000, {"model": "gpt-test", "instructions": "Be kind."})


def kinds(events: list[JsonObject]) -> list[object]:
    return [event["type"] for event in events]


def test_every_event_is_valid_for_its_openai_class():
    adapter: TypeAdapter[BaseModel] = TypeAdapter(ResponseStreamEvent)
    for event in stream_events(EVERYTHING, ENVELOPE):
        parsed = adapter.validate_python(event)
        assert type(parsed).model_fields.keys() >= {"type", "sequence_number"}
        assert parsed.model_dump()["type"] == event["type"]


def test_sequence_numbers_count_from_zero_without_a_gap():
    numbers = [event["sequence_number"] for event in stream_events(EVERYTHING, ENVELOPE)]
    assert numbers == list(range(len(numbers)))


def test_a_message_comes_in_the_order_of_the_real_service():
    assert kinds(list(stream_events(reply(Say(("Hel", "lo"))), ENVELOPE))) == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]


def test_a_call_streams_its_arguments_between_added_and_done():
    events = list(stream_events(reply(Call("f", '{"a":1}', "call_1", 4)), ENVELOPE))
    assert [event.get("delta") for event in events[3:5]] == ['{"a"', ":1}"]
    assert events[5]["arguments"] == '{"a":1}'
    assert events[6]["item"]["call_id"] == "call_1"


def test_a_reasoning_summary_streams_part_by_part():
    events = list(stream_events(reply(think("One.", "Two.")), ENVELOPE))
    parts = [event["summary_index"] for event in events if str(event["type"]).endswith("part.done")]
    assert parts == [0, 1]


def test_deltas_joined_are_the_text_that_the_completed_response_holds():
    events = list(stream_events(EVERYTHING, ENVELOPE))
    streamed = "".join(
        str(event["delta"]) for event in events if event["type"] == "response.output_text.delta"
    )
    completed = Response.model_validate(events[-1]["response"])
    assert completed.output_text == streamed
    assert "👨‍👩‍👧‍👦" in streamed


def test_the_completed_response_echoes_the_request_and_counts_tokens():
    completed = Response.model_validate(whole_response(EVERYTHING, ENVELOPE))
    assert completed.model == "gpt-test"
    assert completed.instructions == "Be kind."
    assert completed.usage is not None
    assert completed.usage.total_tokens > completed.usage.output_tokens_details.reasoning_tokens > 0


def test_items_of_different_responses_have_different_ids():
    first = whole_response(EVERYTHING, Envelope("resp_1"))
    second = whole_response(EVERYTHING, Envelope("resp_2"))
    ids = [item["id"] for response in (first, second) for item in response["output"]]
    assert len(set(ids)) == 2 * len(EVERYTHING.parts)


@pytest.mark.parametrize(
    ("ending", "last"),
    [
        (Failed("boom"), "response.failed"),
        (Incomplete("content_filter"), "response.incomplete"),
        (ErrorEvent("boom"), "error"),
        (NoEnd(), "response.output_item.done"),
        (NoEnd(after=1), "response.created"),
    ],
)
def test_a_response_that_does_not_complete_says_so_in_its_last_event(ending, last):
    events = list(stream_events(Reply((say("Hello"),), ending), ENVELOPE))
    assert events[-1]["type"] == last
    adapter: TypeAdapter[BaseModel] = TypeAdapter(ResponseStreamEvent)
    adapter.validate_python(events[-1])


def test_an_event_is_one_frame_of_utf8():
    frame = encode_event({"type": "response.output_text.delta", "delta": "謝謝 🙏"})
    name, data, *rest = frame.decode().split("\n")
    assert name == "event: response.output_text.delta"
    assert json.loads(data.removeprefix("data: "))["delta"] == "謝謝 🙏"
    assert rest == ["", ""]


def test_a_lone_surrogate_stays_an_escape():
    assert json.loads(encode_json({"text": "a\ud83db"})) == {"text": "a\ud83db"}


@pytest.mark.parametrize(
    "text", ["", "Hello, world.\n\n- a\n", "您好,我要退款。", "👨‍👩‍👧‍👦 ok", "x" * 80]
)
def test_tokens_lose_nothing_and_stay_short(text):
    assert "".join(tokens(text)) == text
    assert all(len(token.rstrip()) <= 12 for token in tokens(text))
