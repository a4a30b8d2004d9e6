"""A runtime that gives two items one place: each is told as an item of its own."""

from __future__ import annotations

from tests.fakes.fake_runtime import Agent, agent_updated, raw, run_item
from tests.host.told import brief
from tui.host.live.normalize import Ledger, Normalizer

TRIAGE = Agent("Triage")
MADE_UP = "__fake_id__"


def told(*events):
    normalizer = Normalizer(Ledger("run"), lambda agent: frozenset())
    everything = [agent_updated(TRIAGE), raw({"type": "response.created"}), *events]
    return [brief(each) for event in everything for each in normalizer.events(event)]


def added(kind, index, **fields):
    item = {"type": kind, "id": MADE_UP, **fields}
    return raw({"type": "response.output_item.added", "output_index": index, "item": item})


def done(kind, index, **fields):
    item = {"type": kind, "id": MADE_UP, **fields}
    return raw({"type": "response.output_item.done", "output_index": index, "item": item})


def delta(kind, index, text):
    return raw({"type": f"response.{kind}.delta", "output_index": index, "delta": text})


def message(text):
    return {"content": [{"type": "output_text", "text": text}]}


def thoughts(text):
    return {"summary": [{"type": "summary_text", "text": text}]}


def whole(events, *names):
    kinds = ("message_output", "reasoning_output", "tool_called")
    return [
        tuple(event.get(name) for name in ("item_id", *names))
        for event in events
        if event["event"] in kinds
    ]


def test_text_before_reasoning_at_the_same_place_keeps_its_own_entry():
    events = told(
        added("message", 0),
        delta("output_text", 0, "ANS"),
        added("reasoning", 0),
        delta("reasoning_summary_text", 0, "late"),
        delta("output_text", 0, "WER"),
        done("reasoning", 0, **thoughts("late")),
        done("message", 0, **message("ANSWER")),
        run_item("reasoning_item", TRIAGE, {"id": MADE_UP, **thoughts("late")}),
        run_item("message_output_item", TRIAGE, {"id": MADE_UP, **message("ANSWER")}),
    )

    deltas = [(e["event"], e["item_id"], e["text"]) for e in events if "delta" in e["event"]]
    assert deltas == [
        ("text_delta", "run.1.0", ""),
        ("text_delta", "run.1.0", "ANS"),
        ("reasoning_delta", "run.1.0.1", ""),
        ("reasoning_delta", "run.1.0.1", "late"),
        ("text_delta", "run.1.0", "WER"),
    ]
    assert whole(events, "text") == [("run.1.0.1", "late"), ("run.1.0", "ANSWER")]


def test_a_call_keeps_its_place_when_reasoning_comes_to_it_later():
    events = told(
        added("function_call", 0, call_id="c1", name="look"),
        delta("function_call_arguments", 0, "{}"),
        added("reasoning", 0),
        delta("reasoning_summary_text", 0, "late"),
        done("reasoning", 0, **thoughts("late")),
        done("function_call", 0, call_id="c1", name="look", arguments="{}"),
    )

    assert whole(events, "text", "arguments") == [
        ("run.1.0.1", "late", None),
        ("run.1.0", None, "{}"),
    ]


def test_two_calls_at_one_place_are_told_apart_by_their_ids():
    events = told(
        added("function_call", 0, call_id="c1", name="look"),
        added("function_call", 0, call_id="c2", name="look"),
        delta("function_call_arguments", 0, "{2}"),
        done("function_call", 0, call_id="c1", name="look", arguments="{1}"),
        done("function_call", 0, call_id="c2", name="look", arguments="{2}"),
    )

    assert whole(events, "call_id", "arguments") == [
        ("run.1.0", "c1", "{1}"),
        ("run.1.0.1", "c2", "{2}"),
    ]


def test_two_messages_at_one_place_are_told_apart_by_their_ids():
    events = told(
        added("message", 0, id="m1"),
        delta("output_text", 0, "one"),
        added("message", 0, id="m2"),
        delta("output_text", 0, "two"),
        done("message", 0, id="m1", **message("one")),
        done("message", 0, id="m2", **message("two")),
    )

    assert whole(events, "text") == [("run.1.0", "one"), ("run.1.0.1", "two")]


def test_an_item_that_is_announced_twice_is_one_item():
    events = told(
        added("message", 0),
        added("message", 0),
        delta("output_text", 0, "one"),
        done("message", 0, **message("one")),
    )

    assert {event["item_id"] for event in events if "item_id" in event} == {"run.1.0"}


def test_an_item_whose_id_changes_on_the_way_is_one_item():
    events = told(
        added("message", 0, id="m1"),
        delta("output_text", 0, "one"),
        done("message", 0, id="m2", **message("one")),
    )

    assert whole(events, "text") == [("run.1.0", "one")]


def test_text_at_the_place_of_reasoning_is_a_message():
    events = told(
        added("reasoning", 0), delta("reasoning_text", 0, "hm"), delta("output_text", 0, "yes")
    )

    assert [(e["event"], e["item_id"]) for e in events if e.get("text")] == [
        ("reasoning_delta", "run.1.0"),
        ("text_delta", "run.1.0.1"),
    ]
