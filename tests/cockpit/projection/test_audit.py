"""The record of decisions: who, when, what was shown, by which rule, and what came of it."""

import json

import pytest
from msgspec.structs import replace

from tests.cockpit.projection.folding import (
    RUN,
    asked,
    begun,
    called,
    decided,
    finished,
    fold,
    folded,
    output,
    started,
)
from tui.cockpit.projection.audit import as_line, audit_records, matches
from tui.wire.events import ApprovalDecided, CallDenied, RuleGranted, RunCancelled, RunRecovered
from tui.wire.rules import Rule

RULE = Rule(effect="deny", tool="shell", origin="policy.toml:3")
GRANT = Rule(effect="allow", tool="t", granted=True, origin="granted by ada", rule_id="g")


def only(*events):
    (record,) = audit_records([fold(started(), *events)])
    return record


def denied(call: str):
    return CallDenied(
        run_id=RUN, agent="A", call_id=call, tool="shell", arguments='{"c": 1}', rule=RULE, at=7.0
    )


def test_a_decision_is_kept_with_who_when_and_what_was_shown():
    (record,) = audit_records(
        [
            folded(
                [
                    started(),
                    replace(asked("c"), at=1_700_000_000.0),
                    replace(decided("c"), at=1_700_000_004.25),
                ]
            )
        ]
    )
    assert (record.decision, record.by) == ("approved", "me")
    assert record.asked_at == "2023-11-14T22:13:20.000Z"
    assert record.decided_at == "2023-11-14T22:13:24.250Z"
    assert record.arguments == "{}"
    assert record.arguments_sha256 == asked("c").arguments_hash
    assert (record.rule, record.granted, record.ran_with) == ("", "", None)


@pytest.mark.parametrize(
    ("events", "outcome"),
    [
        ([decided("c")], "not run yet"),
        ([decided("c"), begun("c")], "running"),
        ([decided("c"), begun("c"), finished("c")], "done"),
        ([decided("c"), begun("c"), finished("c", error="no money")], "failed"),
        ([decided("c", approved=False), output("c", "rejected")], "not run"),
        ([decided("c"), begun("c"), RunCancelled(run_id=RUN)], "cancelled"),
    ],
)
def test_what_became_of_the_call_is_told(events, outcome):
    assert only(called("c"), asked("c"), *events).outcome == outcome


def test_an_error_of_the_tool_is_told():
    record = only(called("c"), asked("c"), decided("c"), begun("c"), finished("c", error="no"))
    assert record.error == "ValueError: no"


def test_changed_arguments_stand_beside_those_that_were_asked_for():
    changed = ApprovalDecided(run_id=RUN, call_id="c", approved=True, by="ada", arguments='{"a":2}')
    record = only(called("c"), asked("c"), changed)
    assert (record.arguments, record.ran_with) == ("{}", '{"a":2}')


def test_what_a_rule_refused_unasked_is_a_denial():
    record = only(called("c"), denied("c"))
    assert (record.decision, record.by, record.outcome) == ("denied", "rule", "not run")
    assert record.rule == "deny shell (policy.toml:3)"


def test_a_rule_that_a_person_made_with_a_decision_is_told_with_it():
    grant = RuleGranted(run_id=RUN, rule=GRANT, call_id="c", by="ada")
    assert only(called("c"), asked("c"), decided("c"), grant).granted == "allow t (granted by ada)"


def test_decisions_of_all_conversations_stand_in_the_order_of_time():
    first = fold(started(), called("c"), asked("c"), decided("c"), called("d"), denied("d"))
    other = fold(started(), called("x"), called("e"), asked("e"), decided("e"))
    assert [each.call_id for each in audit_records([first, other])] == ["c", "e", "d"]


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("", True),
        ("me", True),
        ("ME approved", True),
        ("me rejected", False),
        ("not run yet", True),
        ("{}", True),
    ],
)
def test_a_record_is_found_by_words_that_stand_in_it(words, holds):
    assert matches(only(called("c"), asked("c"), decided("c")), words) is holds


def test_a_record_is_one_line_of_json_whatever_stands_in_it():
    hostile = ApprovalDecided(
        run_id=RUN, call_id="c", approved=False, by="ada", reason="no\nnever\u2028\x1b[2J"
    )
    line = as_line(only(called("c"), asked("c"), hostile))
    assert line.count(b"\n") == 1
    assert json.loads(line)["reason"] == hostile.reason


DOUBT = replace(asked("c"), in_doubt_since=1_700_000_000.0)


@pytest.mark.parametrize(
    ("answer", "decision", "result"),
    [
        ({"approved": True}, "run again", None),
        ({"approved": True, "result": "R-7"}, "taken as done", "R-7"),
        ({"approved": False, "reason": "no"}, "failed", None),
    ],
)
def test_what_a_person_said_of_a_call_in_doubt_is_told(answer, decision, result):
    said = ApprovalDecided(run_id=RUN, call_id="c", by="ada", **answer)
    record = only(called("c"), DOUBT, said)
    assert (record.decision, record.result) == (decision, result)
    assert record.in_doubt_since == "2023-11-14T22:13:20.000Z"


@pytest.mark.parametrize(
    ("events", "outcome", "is_settled"),
    [
        ([], "in doubt", False),
        ([decided("c")], "in doubt", False),
        ([decided("c"), begun("c")], "running", False),
        ([decided("c"), begun("c"), finished("c")], "done", True),
        ([replace(decided("c"), result="R-7"), output("c", "R-7")], "may have run", True),
        ([decided("c", approved=False), output("c", "no")], "may have run", True),
        ([RunCancelled(run_id=RUN)], "may have run", True),
    ],
)
def test_that_it_was_approved_before_does_not_tell_that_it_did_not_run(events, outcome, is_settled):
    begins = (called("c"), asked("c"), decided("c"), begun("c"), RunRecovered(run_id=RUN))
    first, *_ = audit_records([fold(started(), *begins, DOUBT, *events)])
    assert (first.decision, first.outcome, first.is_settled) == ("approved", outcome, is_settled)
