"""Shapes at the edge: outputs of all kinds, unknown items, broken values, nested agents."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from pydantic import BaseModel

from tests.fakes.fake_runtime import (
    Agent,
    agent_updated,
    called,
    message,
    raw,
    run_item,
    tool_output,
)
from tests.host.told import brief
from tui.host.live.normalize import Ledger, Normalizer, output_text

TRIAGE = Agent("Triage")


def told(*events):
    normalizer = Normalizer(Ledger("run"), lambda agent: frozenset())
    return [brief(each) for event in events for each in normalizer.events(event)]


class Order(BaseModel):
    number: str
    paid: bool = False


@dataclass
class Parcel:
    number: str
    orders: list


@pytest.mark.parametrize(
    ("output", "text"),
    [
        ("plain", "plain"),
        ("", ""),
        ({"a": 1, "b": "ü"}, '{"a": 1, "b": "ü"}'),
        ([1, 2], "[1, 2]"),
        ((1, "x"), '[1, "x"]'),
        (3, "3"),
        (None, "None"),
        (True, "True"),
        (Order(number="A-1"), '{"number": "A-1"}'),
        ({"order": Order(number="A-1", paid=True)}, '{"order": {"number": "A-1", "paid": true}}'),
        ({"when": SimpleNamespace}, '{"when": "<class \'types.SimpleNamespace\'>"}'),
        (Parcel("A-1", [Order(number="B")]), '{"number": "A-1", "orders": [{"number": "B"}]}'),
        ("half a pair \ud83d", "half a pair \\ud83d"),
        ({"half": "\ud83d"}, '{"half": "\\ud83d"}'),
    ],
)
def test_a_tools_output_becomes_text(output, text):
    assert output_text(output) == text


def test_an_output_that_holds_itself_is_still_text():
    output = {}
    output["self"] = output

    assert "self" in output_text(output)


def test_the_output_told_is_the_one_the_model_reads():
    raw_item = {"call_id": "c1", "output": "as sent"}
    item = run_item("tool_call_output_item", TRIAGE, raw_item, output=object())

    assert told(item)[0]["output"] == "as sent"


def test_an_item_that_no_stream_announced_gets_an_id():
    events = told(
        agent_updated(TRIAGE), message(TRIAGE, "from a handler"), called(TRIAGE, "c", "t")
    )

    assert [event.get("item_id") for event in events] == [None, "run.n1", "run.n2"]


def test_an_unknown_item_is_shown_with_its_content():
    events = told(run_item("hologram_item", TRIAGE, {"type": "hologram", "size": 3}))

    assert events == [
        {
            "event": "unknown_item",
            "item_id": "run.n1",
            "agent": "Triage",
            "kind": "hologram_item",
            "text": '{"type": "hologram", "size": 3}',
        }
    ]


def test_an_unknown_item_that_the_stream_announced_is_shown_once():
    item = {"type": "hologram", "id": "h1", "size": 3}
    events = told(
        agent_updated(TRIAGE),
        raw({"type": "response.output_item.added", "output_index": 0, "item": item}),
        raw({"type": "response.output_item.done", "output_index": 0, "item": item}),
        run_item("hologram_item", TRIAGE, item),
    )

    assert len([event for event in events if "hologram" in str(event)]) == 1


def test_an_unknown_event_is_shown():
    events = told(SimpleNamespace(type="telepathy_event", content="hm"))

    assert [event["kind"] for event in events] == ["telepathy_event"]


def test_a_value_that_raises_when_it_is_read_is_shown_and_ends_nothing():
    class Trap:
        type = "run_item_stream_event"

        @property
        def item(self):
            return SimpleNamespace(type="message_output_item", raw_item={"content": 3}, agent=None)

    events = told(Trap())

    assert [event["event"] for event in events] == ["unknown_item"]
    assert events[0]["kind"] == "unreadable event (TypeError)"


def test_raw_events_of_no_interest_tell_nothing():
    dull = ["response.in_progress", "response.content_part.added", "response.output_text.done"]

    assert told(*(raw({"type": kind}) for kind in dull)) == []


def test_text_before_its_item_opens_the_item():
    delta = {"type": "response.output_text.delta", "output_index": 0, "delta": "early"}
    events = told(agent_updated(TRIAGE), raw(delta), message(TRIAGE, "early and late"))

    assert [(e["item_id"], e["text"]) for e in events[1:]] == [
        ("run.1.0", "early"),
        ("run.1.0", "early and late"),
    ]


def test_a_lone_surrogate_in_a_delta_is_written_out():
    delta = {"type": "response.output_text.delta", "output_index": 0, "delta": "\udce2"}

    assert told(raw(delta))[0]["text"] == "\\udce2"


def test_a_call_that_the_service_runs_is_told_with_start_and_end():
    item = {"type": "web_search_call", "id": "ws1", "status": "completed", "action": {"q": "x"}}
    events = told(
        agent_updated(TRIAGE),
        raw({"type": "response.output_item.added", "output_index": 0, "item": item}),
        raw({"type": "response.output_item.done", "output_index": 0, "item": item}),
        run_item("tool_call_item", TRIAGE, item),
    )

    assert [(event["event"], event["call_id"]) for event in events[1:]] == [
        ("arguments_delta", "ws1"),
        ("tool_called", "ws1"),
        ("tool_started", "ws1"),
        ("tool_finished", "ws1"),
    ]
    assert events[2]["tool"] == "web_search"
    assert events[2]["arguments"] == '{"action": {"q": "x"}}'


def test_nested_events_say_which_call_they_run_inside():
    def nested(event):
        return SimpleNamespace(type="nested_stream_event", tool_call_id="outer", event=event)

    sub = Agent("Sub")
    events = told(
        agent_updated(TRIAGE),
        nested(agent_updated(sub)),
        nested(called(sub, "inner", "score")),
        nested(tool_output(sub, "inner", "0.2")),
        nested(message(sub, "fine")),
        message(TRIAGE, "done"),
    )

    assert [(event["agent"], event.get("within")) for event in events] == [
        ("Triage", None),
        ("Sub", "outer"),
        ("Sub", "outer"),
        ("Sub", "outer"),
        ("Sub", "outer"),
        ("Triage", None),
    ]


def test_a_call_id_that_a_service_uses_again_is_another_call():
    events = told(
        agent_updated(TRIAGE),
        called(TRIAGE, "call_0", "lookup"),
        tool_output(TRIAGE, "call_0", "found"),
        called(TRIAGE, "call_0", "lookup"),
    )

    assert [event["item_id"] for event in events if event["event"] == "tool_called"] == [
        "run.n1",
        "run.n2",
    ]


def test_a_segment_that_begins_with_the_same_agent_tells_no_change():
    events = told(agent_updated(TRIAGE), agent_updated(TRIAGE), agent_updated(Agent("Billing")))

    assert [event["agent"] for event in events] == ["Triage", "Billing"]


def test_a_handoff_tells_both_names_even_when_an_agent_is_gone():
    gone = SimpleNamespace()
    item = run_item(
        "handoff_output_item",
        TRIAGE,
        {"call_id": "c1"},
        source_agent=gone,
        target_agent=Agent("Billing"),
    )

    assert told(agent_updated(TRIAGE), item)[1] == {
        "event": "handoff_occurred",
        "agent": "Triage",
        "call_id": "c1",
        "target": "Billing",
    }
