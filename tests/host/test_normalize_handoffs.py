"""A handoff that the runtime tells only half of: who has the control next says that it occurred."""

from __future__ import annotations

import importlib

import pytest

from tests.fakes.fake_runtime import Agent, agent_updated, run_item, tool_output
from tests.host.serving import LIBRARIES, desk
from tests.host.told import lines, only
from tui.host.live.history import Conversation
from tui.host.live.normalize import Ledger, Normalizer
from tui.rehearsal.script import call, reply, say
from tui.wire.events import HandoffOccurred

A, B, C = Agent("A"), Agent("B"), Agent("C")


def told(*events):
    normalizer = Normalizer(Ledger("run"), lambda agent: frozenset())
    return lines(each for event in events for each in normalizer.events(event))


def asked(agent, call_id, tool):
    raw_item = {"type": "function_call", "name": tool, "call_id": call_id, "arguments": "{}"}
    return run_item("handoff_call_item", agent, raw_item)


def handed_over(source, call_id, target):
    raw_item = {"call_id": call_id}
    return run_item(
        "handoff_output_item", source, raw_item, source_agent=source, target_agent=target
    )


def occurred(events):
    return [line for line in events if line.startswith(("handoff_occurred", "agent_changed"))]


def test_a_handoff_that_a_filter_removed_occurred_with_the_next_agent():
    events = told(agent_updated(A), asked(A, "h1", "to_b"), agent_updated(B))

    assert occurred(events) == ["agent_changed", "handoff_occurred h1 B", "agent_changed"]


def test_a_handoff_that_was_told_is_not_told_again():
    events = told(
        agent_updated(A), asked(A, "h1", "to_b"), handed_over(A, "h1", B), agent_updated(B)
    )

    assert occurred(events) == ["agent_changed", "handoff_occurred h1 B", "agent_changed"]


def test_of_several_removed_handoffs_the_first_occurred():
    events = told(
        agent_updated(A), asked(A, "h1", "to_b"), asked(A, "h2", "to_c"), agent_updated(B)
    )

    assert occurred(events) == ["agent_changed", "handoff_occurred h1 B", "agent_changed"]


def test_a_handoff_that_was_passed_over_is_not_taken_for_a_later_one():
    events = told(
        agent_updated(A),
        asked(A, "h1", "to_b"),
        asked(A, "h2", "to_c"),
        agent_updated(B),
        asked(B, "h3", "to_a"),
        agent_updated(A),
    )

    assert occurred(events)[-2:] == ["handoff_occurred h3 A", "agent_changed"]


def test_a_handoff_that_was_answered_did_not_occur():
    events = told(
        agent_updated(A),
        asked(A, "h1", "to_c"),
        asked(A, "h2", "to_b"),
        tool_output(A, "h1", "ignored"),
        agent_updated(B),
    )

    assert occurred(events) == ["agent_changed", "handoff_occurred h2 B", "agent_changed"]


def test_a_segment_that_begins_with_the_same_agent_hands_nothing_over():
    events = told(agent_updated(A), asked(A, "h1", "to_b"), agent_updated(A))

    assert occurred(events) == ["agent_changed"]


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("where", ["the handoff", "the run"])
async def test_the_filter_that_removes_all_tools_leaves_no_handoff_open(
    library, where, monkeypatch
):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")
    script = [reply(call("transfer_to_bee", "h1")), reply(say("Here."))]
    async with desk(library, script) as d:
        filters = importlib.import_module(f"{library}.extensions.handoff_filters")
        removes = filters.remove_all_tools
        bee = d.agent("Bee")
        handoff = d.library.handoff(bee, input_filter=removes) if where == "the handoff" else bee
        config = d.library.RunConfig(handoff_input_filter=removes)
        options = {"run_config": config} if where == "the run" else {}
        ann = d.agent("Ann", handoffs=[handoff])
        events = await d.run(ann, conversation=Conversation((), ann, options)).ended()

    assert [(e.agent, e.call_id, e.target) for e in only(events, HandoffOccurred)] == [
        ("Ann", "h1", "Bee")
    ]
