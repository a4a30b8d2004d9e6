"""Requests for a person's decision, as they fold."""

import pytest
from msgspec.structs import replace

from tests.cockpit.projection.folding import (
    RUN,
    asked,
    begun,
    called,
    decided,
    entries,
    finished,
    fold,
    handed,
    handing,
    output,
    started,
    writing,
)
from tui.wire.events import (
    ApprovalRefused,
    ApprovalWithdrawn,
    RunCancelled,
    RunCompleted,
    RunPaused,
    RunRecovered,
    RunResumed,
)


def test_a_request_is_pending_and_its_call_waits():
    view = fold(started(), called("c"), asked("c"))
    assert [p.call_id for p in view.pending] == ["c"]
    assert view.pending[0].item_id == "i-c"
    assert entries(view, "state") == ["waiting"]
    assert view.status == "running"


def test_a_call_keeps_what_its_tool_says_of_itself():
    view = fold(started(), called("c"), asked("c"), decided("c"))
    assert entries(view, "description") == ["Pay money back."]


def test_a_request_before_its_call_is_one_entry():
    view = fold(started(), asked("c"), called("c"))
    assert entries(view, "state", "arguments") == [("waiting", "{}")]


def test_a_request_while_arguments_are_written_settles_them():
    view = fold(started(), writing("c", "{"), asked("c"))
    assert entries(view, "state", "arguments") == [("waiting", "{}")]
    assert not view.live


def test_the_call_changes_with_the_decision_and_not_before():
    approved = fold(started(), called("c"), asked("c"), decided("c"))
    assert entries(approved, "state") == ["approved"]
    assert not approved.pending
    approval = approved.entries[0].approval
    assert (approval.requested_at, approval.decided_at, approval.approved) == (2.0, 3.0, True)


def test_a_rejected_call_keeps_its_reason_and_gets_its_output():
    view = fold(
        started(), called("c"), asked("c"), decided("c", False, "too much"), output("c", "declined")
    )
    assert entries(view, "state", "output", "ended_at") == [("rejected", "declined", 3.0)]
    assert view.entries[0].approval.reason == "too much"


def test_an_approved_call_runs_on_in_its_entry():
    view = fold(started(), called("c"), asked("c"), decided("c"), begun("c"), output("c"))
    assert entries(view, "state") == ["done"]


def test_pending_calls_stand_oldest_first_and_go_one_by_one():
    waiting = [started(), called("a"), called("b"), asked("a"), asked("b")]
    assert [p.call_id for p in fold(*waiting).pending] == ["a", "b"]
    assert [p.call_id for p in fold(*waiting, decided("a")).pending] == ["b"]


def test_a_repeated_request_stays_one_and_takes_the_new_arguments():
    view = fold(started(), called("c"), asked("c"), asked("c", digest="other"))
    assert [p.arguments_hash for p in view.pending] == ["other"]


def test_a_request_carries_the_payload_of_the_handoff_that_led_to_it():
    view = fold(
        started(),
        handing("h", '{"why": "refund"}'),
        handed("h"),
        called("c"),
        asked("c", path=("A", "B")),
    )
    assert view.pending[0].handoff_payload == '{"why": "refund"}'
    assert view.pending[0].path == ("A", "B")


def test_a_request_of_the_first_agent_has_no_payload():
    view = fold(started(), handing("h", '{"x": 1}'), handed("h"), called("c"), asked("c"))
    assert view.pending[0].handoff_payload == ""


def test_earlier_decisions_on_the_same_call_are_counted_over_the_conversation():
    first = [called("a"), asked("a"), decided("a"), output("a")]
    second = [called("b"), asked("b"), decided("b", False), output("b")]
    other = [called("x"), asked("x", digest="other"), decided("x"), output("x")]
    view = fold(started(), *first, *second, *other, called("c"), asked("c"))
    assert view.pending[0].asked_before == (1, 1)


def test_an_answer_that_was_not_taken_is_said_and_changes_nothing_else():
    refused = ApprovalRefused(run_id=RUN, call_id="c", why="the arguments have changed")
    view = fold(started(), called("c"), asked("c"), refused)
    assert view.refused == ("c", "the arguments have changed")
    assert entries(view, "state") == ["waiting"]
    assert fold(started(), called("c"), asked("c"), refused, decided("c")).refused is None


def test_a_withdrawn_request_is_gone_and_says_why():
    gone = ApprovalWithdrawn(run_id=RUN, call_id="c", why="the guardrail tripped")
    view = fold(started(), called("c"), asked("c"), gone)
    assert not view.pending
    assert entries(view, "state") == ["withdrawn"]
    assert view.entries[0].approval.withdrawn == "the guardrail tripped"


def test_the_end_of_the_run_withdraws_what_waits():
    view = fold(started(), called("c"), asked("c"), RunCancelled(run_id=RUN))
    assert not view.pending
    assert entries(view, "state")[0] == "withdrawn"


@pytest.mark.parametrize("went_on", [begun("c"), finished("c"), output("c")])
def test_a_call_that_went_on_without_a_decision_is_no_longer_asked_for(went_on):
    assert not fold(started(), called("c"), asked("c"), went_on).pending


def test_a_pause_waits_and_a_resume_runs():
    waiting = [started(), called("c"), asked("c"), RunPaused(run_id=RUN, waiting_for=("c",))]
    assert fold(*waiting).status == "waiting"
    assert fold(*waiting, decided("c")).status == "waiting"
    assert fold(*waiting, decided("c"), RunResumed(run_id=RUN)).status == "running"


def test_a_decision_on_an_unknown_call_changes_nothing():
    view = fold(started(), decided("nobody"), RunCompleted(run_id=RUN))
    assert entries(view, "type") == []
    assert view.status == "completed"


def in_doubt(call: str):
    return replace(asked(call), in_doubt_since=1.5)


def test_a_call_in_doubt_waits_anew_and_did_not_run_here():
    view = fold(started(), called("c"), begun("c"), RunRecovered(run_id=RUN), in_doubt("c"))
    assert entries(view, "state", "started_at")[0] == ("waiting", None)
    assert view.pending[0].in_doubt_since == 1.5
    assert view.entries[0].approval.in_doubt_since == 1.5


def test_what_a_person_says_of_a_doubt_is_kept_and_is_no_decision_that_it_may_run():
    said = replace(decided("c"), result="R-7")
    view = fold(started(), called("c"), in_doubt("c"), said)
    assert view.entries[0].approval.result == "R-7"
    assert (view.decisions[0].result, view.decisions[0].in_doubt_since) == ("R-7", 1.5)
    assert view.decided == {}


def test_a_doubt_that_nobody_answered_stays_one():
    gone = ApprovalWithdrawn(run_id=RUN, call_id="c", why="cancelled")
    view = fold(started(), called("c"), in_doubt("c"), gone)
    assert view.entries[0].approval.in_doubt_since == 1.5
    cut = fold(started(), called("c"), in_doubt("c"), RunCancelled(run_id=RUN))
    assert cut.entries[0].approval.in_doubt_since == 1.5
