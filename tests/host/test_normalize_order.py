"""One response, its items confirmed in the order of SDK 0.19 or 0.24: the telling is the same."""

from __future__ import annotations

import pytest

from tests.fakes.fake_runtime import Agent, agent_updated, raw, run_item
from tests.host.told import brief
from tui.host.live.normalize import Ledger, Normalizer
from tui.rehearsal.response_object import Envelope, finished_item
from tui.rehearsal.script import Call, Part, Refuse, Say, Think, call, reply
from tui.rehearsal.stream import stream_events

TRIAGE = Agent("Triage")
ENVELOPE = Envelope("resp_1")
ITEM_KINDS = {
    Think: "reasoning_item",
    Say: "message_output_item",
    Refuse: "message_output_item",
    Call: "tool_call_item",
}
PARTS = (
    Think(("first", "second")),
    Say(("Hel", "lo")),
    call("lookup", "c1", order="A"),
    call("transfer_to_billing", "c2", why="money"),
    call("lookup", "c3"),
)


def confirmation(part: Part, index: int):
    raw_item = finished_item(part, index, ENVELOPE)
    is_handoff = isinstance(part, Call) and part.name.startswith("transfer_to_")
    return run_item("handoff_call_item" if is_handoff else ITEM_KINDS[type(part)], TRIAGE, raw_item)


def in_0_24_order(parts):
    yield from (raw(event) for event in stream_events(reply(*parts), ENVELOPE))
    yield from (confirmation(part, index) for index, part in enumerate(parts))


def in_0_19_order(parts):
    """Reasoning and calls at `output_item.done`, handoffs after the end, messages last."""
    late = []
    for event in stream_events(reply(*parts), ENVELOPE):
        yield raw(event)
        if event["type"] != "response.output_item.done":
            continue
        confirmed = confirmation(parts[event["output_index"]], event["output_index"])
        if confirmed.item.type in ("reasoning_item", "tool_call_item"):
            yield confirmed
        else:
            late.append(confirmed)
    yield from sorted(late, key=lambda each: each.item.type == "message_output_item")


def as_dicts(events):
    """Run items come as objects, raw events as either: this is the other."""
    for event in events:
        yield {"type": event.type, **vars(event)}


def told(events, handoff_tools=frozenset({"transfer_to_billing"})):
    normalizer = Normalizer(Ledger("run"), lambda agent: handoff_tools)
    everything = [agent_updated(TRIAGE), *events]
    return [brief(each) for event in everything for each in normalizer.events(event)]


EXPECTED = [
    {"event": "agent_changed", "agent": "Triage"},
    {"event": "reasoning_delta", "item_id": "run.1.0", "agent": "Triage", "text": ""},
    {"event": "reasoning_delta", "item_id": "run.1.0", "agent": "Triage", "text": "first"},
    {"event": "reasoning_delta", "item_id": "run.1.0", "agent": "Triage", "text": "\n\nsecond"},
    {
        "event": "reasoning_output",
        "item_id": "run.1.0",
        "agent": "Triage",
        "text": "first\n\nsecond",
    },
    {"event": "text_delta", "item_id": "run.1.1", "agent": "Triage", "text": ""},
    {"event": "text_delta", "item_id": "run.1.1", "agent": "Triage", "text": "Hel"},
    {"event": "text_delta", "item_id": "run.1.1", "agent": "Triage", "text": "lo"},
    {"event": "message_output", "item_id": "run.1.1", "agent": "Triage", "text": "Hello"},
    {
        "event": "arguments_delta",
        "item_id": "run.1.2",
        "agent": "Triage",
        "call_id": "c1",
        "tool": "lookup",
        "text": "",
    },
    {
        "event": "arguments_delta",
        "item_id": "run.1.2",
        "agent": "Triage",
        "call_id": "c1",
        "tool": "lookup",
        "text": '{"order":"A"',
    },
    {
        "event": "arguments_delta",
        "item_id": "run.1.2",
        "agent": "Triage",
        "call_id": "c1",
        "tool": "lookup",
        "text": "}",
    },
    {
        "event": "tool_called",
        "item_id": "run.1.2",
        "agent": "Triage",
        "call_id": "c1",
        "tool": "lookup",
        "arguments": '{"order":"A"}',
    },
    {
        "event": "handoff_requested",
        "item_id": "run.1.3",
        "agent": "Triage",
        "call_id": "c2",
        "tool": "transfer_to_billing",
        "arguments": "",
    },
    {
        "event": "handoff_requested",
        "item_id": "run.1.3",
        "agent": "Triage",
        "call_id": "c2",
        "tool": "transfer_to_billing",
        "arguments": '{"why":"money"}',
    },
    {
        "event": "arguments_delta",
        "item_id": "run.1.4",
        "agent": "Triage",
        "call_id": "c3",
        "tool": "lookup",
        "text": "",
    },
    {
        "event": "arguments_delta",
        "item_id": "run.1.4",
        "agent": "Triage",
        "call_id": "c3",
        "tool": "lookup",
        "text": "{}",
    },
    {
        "event": "tool_called",
        "item_id": "run.1.4",
        "agent": "Triage",
        "call_id": "c3",
        "tool": "lookup",
        "arguments": "{}",
    },
]


@pytest.mark.parametrize("order", [in_0_24_order, in_0_19_order])
@pytest.mark.parametrize("shape", [list, as_dicts])
def test_every_item_is_told_once_and_where_it_first_showed(order, shape):
    events = told(shape(order(PARTS)))

    assert [event for event in events if event["event"] != "usage_reported"] == EXPECTED


def test_usage_of_a_response_is_told():
    usage = [event for event in told(in_0_24_order(PARTS)) if event["event"] == "usage_reported"]

    assert len(usage) == 1
    assert usage[0]["output_tokens"] > 0
    assert usage[0]["reasoning_tokens"] > 0


def test_a_response_that_tells_no_usage_counts_as_a_request():
    end = {"type": "response.completed", "response": {"usage": None}}
    events = told([raw({"type": "response.created"}), raw(end)])

    assert [event["event"] for event in events] == ["agent_changed", "usage_reported"]


def test_bare_reasoning_text_streams_like_a_summary():
    events = told(in_0_24_order((Think((), "openly thought"),)))

    deltas = [event["text"] for event in events if event["event"] == "reasoning_delta"]
    assert "".join(deltas) == "openly thought"
    whole = [event["text"] for event in events if event["event"] == "reasoning_output"]
    assert whole == ["openly thought"]


def test_a_refusal_is_text():
    events = told(in_0_24_order((Refuse("I will not."),)))

    whole = [event for event in events if event["event"] == "message_output"]
    assert [event["text"] for event in whole] == ["I will not."]


def test_a_handoff_whose_tool_is_not_listed_becomes_one_when_it_is_confirmed():
    events = told(in_0_24_order((call("transfer_to_billing", "c2"),)), handoff_tools=frozenset())

    of_call = [(event["event"], event["item_id"]) for event in events if event.get("call_id")]
    assert of_call[-2:] == [("tool_called", "run.1.0"), ("handoff_requested", "run.1.0")]


def test_items_of_several_responses_have_ids_of_their_own():
    twice = [*in_0_24_order((Say(("one",)),)), *in_0_24_order((Say(("two",)),))]

    whole = [event for event in told(twice) if event["event"] == "message_output"]
    assert [(event["item_id"], event["text"]) for event in whole] == [
        ("run.1.0", "one"),
        ("run.2.0", "two"),
    ]


def test_two_messages_with_one_made_up_id_are_told_apart_by_order():
    parts = (Say(("one",)), Say(("two",)))
    events = list(in_0_24_order(parts))
    for event in events:
        if event.type == "run_item_stream_event":
            event.item.raw_item["id"] = "__fake_id__"

    whole = [event for event in told(events) if event["event"] == "message_output"]
    assert [event["text"] for event in whole] == ["one", "two"]


CUT = [
    ({"incomplete_details": {"reason": "max_output_tokens"}}, "cut at the limit of tokens"),
    ({"incomplete_details": {"reason": "content_filter"}}, "cut by the content filter"),
    ({"incomplete_details": {"reason": "a new one"}}, "cut by the service: a new one"),
    ({"status": "incomplete"}, "cut by the service"),
]


@pytest.mark.parametrize(("response", "said"), CUT)
def test_an_answer_that_the_service_cut_says_so(response, said):
    events = told([raw({"type": "response.completed", "response": response})])

    assert [event for event in events if event["event"] == "console_output"] == [
        {
            "event": "console_output",
            "text": f"the model's answer was {said}\n",
            "stream": "notice",
            "agent": "Triage",
        }
    ]


@pytest.mark.parametrize(
    "end",
    [
        {"type": "response.completed", "response": {"status": "completed"}},
        {"type": "response.completed", "response": {"incomplete_details": None}},
        # The run fails with it, and says why.
        {"type": "response.incomplete", "response": CUT[0][0]},
    ],
)
def test_nothing_is_said_of_other_ends(end):
    assert not [event for event in told([raw(end)]) if event["event"] == "console_output"]
