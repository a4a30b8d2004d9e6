"""What kept events tell of a run whose process was lost, as a table of events and what follows."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tui.host.live.approvals import arguments_hash
from tui.host.live.recalled import KnownResult, recalled
from tui.host.live.scope import Call
from tui.wire.events import (
    AgentChanged,
    ApprovalDecided,
    ApprovalRequested,
    ArgumentsDelta,
    HandoffOccurred,
    HandoffRequested,
    MessageOutput,
    RuleGranted,
    RuleRevoked,
    RunStarted,
    TextDelta,
    ToolCalled,
    ToolFinished,
    ToolOutput,
    ToolStarted,
    UserMessage,
)
from tui.wire.rules import Rule

RUN = {"run_id": "r1"}
OF_CALL = {**RUN, "agent": "A", "call_id": "c"}
STARTED = RunStarted(target="f.py:a", agent="A", **RUN)
CALLED = ToolCalled(item_id="i", tool="pay", arguments="{}", **OF_CALL)
BEGUN = ToolStarted(tool="pay", **OF_CALL)
FINISHED = ToolFinished(tool="pay", **OF_CALL)
OUTPUT = ToolOutput(output="paid", **OF_CALL)
ASKED = ApprovalRequested(
    tool="pay", arguments="{}", arguments_hash=arguments_hash("{}"), **OF_CALL
)
DECIDED = ApprovalDecided(
    call_id="c", approved=True, by="ada", arguments_hash=arguments_hash("{}"), **RUN
)
CALL = Call("A", "c", "pay", "{}")


def told(*events):
    stamped = [replace(e, seq=seq, at=100.0 + seq) for seq, e in enumerate((STARTED, *events))]
    return recalled("r1", stamped)


def result(seq, value="paid", call=CALL):
    return KnownResult(call, seq, value)


@pytest.mark.parametrize(
    ("events", "since"),
    [
        ([CALLED], None),
        ([CALLED, BEGUN], 102.0),
        ([CALLED, BEGUN, FINISHED], 102.0),
        ([CALLED, BEGUN, FINISHED, OUTPUT, CALLED], None),
        ([CALLED, BEGUN, OUTPUT, CALLED, BEGUN], 105.0),
    ],
)
def test_a_call_that_began_and_left_no_result_is_in_doubt(events, since):
    assert told(*events).in_doubt_since(CALL) == since


def test_a_call_of_the_same_id_elsewhere_is_another():
    before = told(CALLED, BEGUN)
    assert before.in_doubt_since(Call("A", "c", "pay", "{}", within="outer")) is None
    assert before.in_doubt_since(Call("B", "c", "pay", "{}")) is None
    before.learn([result(2)])
    assert before.take_result(Call("A", "c", "refund", "{}")) is None


def test_a_known_result_is_given_once_and_leaves_no_doubt():
    before = told(CALLED, BEGUN, FINISHED)
    before.learn([result(3)])
    assert before.take_result(CALL).value == "paid"
    assert before.take_result(CALL) is None
    assert before.in_doubt_since(CALL) is None


def test_a_result_of_an_earlier_call_under_the_same_id_counts_for_nothing():
    before = told(CALLED, BEGUN, FINISHED, OUTPUT, CALLED)
    before.learn([result(3)])
    assert before.take_result(CALL) is None


def test_what_a_model_was_to_read_counts_where_no_result_is_kept():
    assert told(CALLED, BEGUN, OUTPUT).take_result(CALL).value == "paid"


def test_a_call_whose_inner_run_goes_on_is_in_no_doubt():
    before = told(CALLED, BEGUN)
    before.resumed_inside = frozenset({"c"})
    assert before.in_doubt_since(CALL) is None


@pytest.mark.parametrize(
    ("events", "arguments", "approve"),
    [
        ([CALLED, ASKED], "{}", None),
        ([CALLED, ASKED, DECIDED], "{}", True),
        ([CALLED, ASKED, DECIDED], '{"amount":5}', None),
        ([CALLED, ASKED, DECIDED, ASKED], "{}", None),
        ([CALLED, ASKED, replace(DECIDED, approved=False)], "{}", False),
    ],
)
def test_a_decision_holds_for_the_arguments_that_it_was_made_for(events, arguments, approve):
    decision = told(*events).decision_of("c", arguments_hash(arguments))
    assert (decision and decision.approve) == approve


def test_what_a_checkpoint_does_not_know_is_dropped_but_for_calls_that_began():
    text = TextDelta(item_id="t", agent="A", text="Hel", **RUN)
    message = MessageOutput(item_id="m", agent="A", text="Hello", **RUN)
    other = ToolCalled(item_id="o", tool="look", arguments="{}", **{**OF_CALL, "call_id": "o"})
    writing = ArgumentsDelta(item_id="i", tool="pay", text="{", **OF_CALL)
    before = told(message, text, writing, CALLED, other, BEGUN)

    assert before.drop_after(1) == ("t", "o")
    assert list(before.open_calls) == ["c"]


def test_the_calls_of_a_lost_turn_are_those_that_came_behind_its_checkpoint():
    before = told(CALLED, BEGUN)
    assert [(call.call_id, since) for call, since in before.in_doubt(0)] == [("c", 102.0)]
    assert before.in_doubt(1) == ()
    before.learn([result(2)])
    assert before.in_doubt(0) == ()
    assert [known.value for known in before.finished(0)] == ["paid"]
    assert before.finished(1) == ()


def test_who_has_the_control_and_what_was_said_and_granted():
    kept, gone = Rule(effect="allow", rule_id="grant-1"), Rule(effect="allow", rule_id="grant-2")
    before = told(
        UserMessage(item_id="u", text="Hi", **RUN),
        AgentChanged(agent="A", **RUN),
        HandoffRequested(item_id="h", tool="to_b", arguments="{}", **{**OF_CALL, "call_id": "h"}),
        HandoffOccurred(target="B", **{**OF_CALL, "call_id": "h"}),
        AgentChanged(agent="B", **RUN),
        AgentChanged(agent="Inner", within="c", **RUN),
        RuleGranted(rule=kept, **RUN),
        RuleGranted(rule=gone, **RUN),
        RuleRevoked(rule_id="grant-2", **RUN),
    )
    assert before.path == ["A", "B"]
    assert before.agent == "B"
    assert before.inside == {"c": "Inner"}
    assert before.messages == 1
    assert list(before.grants) == ["grant-1"]
    assert before.last_seq == 9


def test_what_was_told_is_recognised_once():
    before = told(CALLED, BEGUN, OUTPUT)
    assert before.was_told(OUTPUT)
    assert not before.was_told(OUTPUT)
    assert not before.was_told(MessageOutput(item_id="m", agent="A", text="x", **RUN))
