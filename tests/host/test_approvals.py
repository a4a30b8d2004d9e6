"""Requests and decisions by call: what is shown, what is taken, and what becomes of it."""

from types import SimpleNamespace

import pytest
from msgspec import to_builtins

from tui.host.live.approvals import Approvals, Request, arguments_hash
from tui.host.live.scope import Call
from tui.wire.commands import Decide
from tui.wire.events import ApprovalDecided, ApprovalRefused, ApprovalRequested, ApprovalWithdrawn
from tui.wire.rules import Rule

SCHEMA = {"type": "object", "properties": {"cents": {"type": "integer"}}}
RULE = Rule(effect="ask")
FIVE = '{"cents": 5}'


def call(call_id="c1", arguments=FIVE):
    return Call("Refunds", call_id, "refund", arguments, "outer", "Told by the call.")


def tool(**fields):
    return SimpleNamespace(params_json_schema=SCHEMA, description="Pay money back.", **fields)


def request(call_id="c1", arguments=FIVE, **fields):
    return Request(call(call_id, arguments), ("Triage", "Refunds"), tool(**fields))


def asked(*call_ids):
    approvals = Approvals("run")
    for call_id in call_ids:
        approvals.request(request(call_id))
    return approvals


def wish(call_id="c1", approve=True, shown=FIVE, **fields):
    return Decide(
        run_id="run",
        call_id=call_id,
        arguments_hash=arguments_hash(shown),
        approve=approve,
        by="ada",
        **fields,
    )


class State:
    """A paused run that keeps what it is told."""

    def __init__(self):
        self.told = []

    def approve(self, item, **edits):
        self.told.append(("approve", item["call_id"], edits))

    def reject(self, item, *, rejection_message):
        self.told.append(("reject", item["call_id"], rejection_message))


def items(*call_ids):
    return [{"call_id": call_id} for call_id in call_ids]


def test_a_request_shows_all_of_its_call():
    shown = Approvals("run").request(Request(call(), ("Triage", "Refunds"), tool(), RULE))
    assert to_builtins(shown) == to_builtins(
        ApprovalRequested(
            run_id="run",
            agent="Refunds",
            call_id="c1",
            tool="refund",
            arguments=FIVE,
            arguments_hash=arguments_hash(FIVE),
            path=("Triage", "Refunds"),
            description="Pay money back.",
            schema='{"type": "object", "properties": {"cents": {"type": "integer"}}}',
            rule=RULE,
            within="outer",
        )
    )


@pytest.mark.parametrize(
    "unknown",
    [
        None,
        SimpleNamespace(params_json_schema=None),
        SimpleNamespace(params_json_schema="text"),
        SimpleNamespace(params_json_schema={"a": {1, 2}}),
        SimpleNamespace(params_json_schema=SCHEMA, _agent_instance=object()),
    ],
)
def test_arguments_without_a_schema_cannot_be_changed(unknown):
    approvals = Approvals("run")
    assert approvals.request(Request(call(), (), unknown)).schema == ""
    refused = approvals.decide(wish(arguments=FIVE))
    assert refused.why == ("the changed arguments do not fit: its arguments cannot be changed")
    assert isinstance(approvals.decide(wish()), ApprovalDecided)


def test_only_exactly_what_was_shown_was_shown():
    approvals = asked("c1")
    assert approvals.is_shown(call())
    assert not approvals.is_shown(call(arguments='{"cents": 6}'))
    assert not approvals.is_shown(call("c2"))


def test_a_decision_is_told_whole():
    taken = asked("c1").decide(wish(reason="fine", arguments='{"cents": 4}'))
    assert to_builtins(taken) == to_builtins(
        ApprovalDecided(
            run_id="run",
            call_id="c1",
            approved=True,
            reason="fine",
            by="ada",
            arguments='{"cents": 4}',
            arguments_hash=arguments_hash(FIVE),
        )
    )
    assert asked("c1").settle(wish(), RULE).rule == RULE


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (wish("c2"), "no such call waits for a decision"),
        (wish(shown='{"cents": 6}'), "its arguments are not those that were shown"),
        (
            wish(arguments='{"cents": "x"}'),
            "the changed arguments do not fit: cents: 'x' is not of type 'integer'",
        ),
    ],
)
def test_an_answer_that_cannot_be_taken_changes_nothing_and_says_why(answer, why):
    approvals = asked("c1")
    refused = approvals.decide(answer)
    assert to_builtins(refused) == to_builtins(
        ApprovalRefused(run_id="run", call_id=answer.call_id, why=why)
    )
    assert approvals.undecided() == ("c1",)
    assert approvals.approval_of(call()) is None


def test_a_call_is_decided_once():
    approvals = asked("c1", "c2")
    approvals.decide(wish())
    assert approvals.decide(wish(approve=False)).why == "it was decided already"
    assert approvals.decision_of("c1").approve
    assert approvals.undecided() == ("c2",)


def test_changed_arguments_of_a_rejection_are_not_looked_at():
    assert not asked("c1").decide(wish(approve=False, arguments="not json")).approved


@pytest.mark.parametrize(("own", "why"), [("too much", "too much"), (None, ""), ("", "")])
def test_what_only_the_tool_knows_of_its_arguments_is_asked_too(own, why):
    looked_at = []

    def fault_of(arguments):
        looked_at.append(arguments)
        return own

    checked = Request(call(), (), tool(fault_of=fault_of))
    assert checked.fault_of(FIVE) == why
    assert checked.fault_of('{"cents": "x"}') == "cents: 'x' is not of type 'integer'"
    assert looked_at == [{"cents": 5}]


def test_a_request_that_is_made_again_is_to_be_decided_again():
    approvals = asked("c1")
    approvals.decide(wish())
    approvals.request(request(arguments='{"cents": 6}'))
    assert approvals.decision_of("c1") is None
    assert [each.call.arguments for each in approvals.waiting()] == ['{"cents": 6}']


@pytest.mark.parametrize(
    ("edited", "runs_with", "is_approved"),
    [
        (None, FIVE, True),
        (None, '{"cents": 6}', False),
        ('{"cents": 4}', FIVE, True),
        ('{"cents": 4}', '{ "cents" : 4 }', True),
        ('{"cents": 4}', '{"cents": 3}', False),
        ('{"cents": 4}', "not json", False),
    ],
)
def test_an_approval_is_for_the_arguments_as_asked_or_as_edited(edited, runs_with, is_approved):
    approvals = asked("c1")
    approvals.decide(wish(arguments=edited))
    approval = approvals.approval_of(call(arguments=runs_with))
    assert (approval is not None) is is_approved
    assert approvals.approval_of(call("c2")) is None


def test_a_rejection_takes_an_earlier_approval_back():
    approvals = asked("c1")
    approvals.settle(wish())
    approvals.settle(wish(approve=False))
    assert approvals.approval_of(call()) is None


def test_an_approval_outlives_its_request():
    approvals = asked("c1")
    approvals.decide(wish())
    approvals.drop("c1")
    approvals.drop("c1")
    assert approvals.decision_of("c1") is None
    assert (approvals.waiting(), approvals.undecided()) == ((), ())
    assert approvals.approval_of(call()) is not None


def test_what_waits_stands_oldest_first():
    approvals = asked("c2", "c1", "c3")
    approvals.decide(wish("c1", approve=False))
    assert approvals.undecided() == ("c2", "c3")
    assert [each.call.call_id for each in approvals.waiting()] == ["c2", "c3"]


def test_what_the_runtime_does_not_ask_for_any_more_is_withdrawn():
    approvals = asked("c1", "c2", "c3")
    approvals.decide(wish("c3"))
    withdrawn = list(approvals.narrow(items("c1")))
    assert [to_builtins(each) for each in withdrawn] == [
        to_builtins(
            ApprovalWithdrawn(
                run_id="run",
                call_id="c2",
                why="the runtime does not ask for it any more",
            )
        )
    ]
    assert approvals.undecided() == ("c1",)
    assert approvals.decision_of("c3") is not None


def test_the_end_withdraws_what_nobody_decided_and_forgets_the_rest():
    approvals = asked("c1", "c2")
    approvals.decide(wish("c1"))
    withdrawn = list(approvals.withdraw("the run ended"))
    assert [(each.run_id, each.call_id, each.why) for each in withdrawn] == [
        ("run", "c2", "the run ended")
    ]
    assert approvals.undecided() == ()
    assert approvals.decision_of("c1") is None


@pytest.mark.parametrize(("edits", "edited"), [(True, {"arguments": {"cents": 4}}), (False, {})])
def test_each_decision_is_carried_to_its_own_call(edits, edited):
    approvals = asked("c1", "c2", "c3", "c4", "c5")
    approvals.decide(wish("c4", approve=False))
    approvals.decide(wish("c2", arguments='{"cents": 4}'))
    approvals.decide(wish("c3", approve=False, reason="no"))
    approvals.decide(wish("c1"))
    approvals.decide(wish("c5", approve=False, arguments='{"cents": 4}'))
    state = State()
    approvals.apply(state, items("c1", "c2", "c3", "c4", "c5"), edits=edits)
    assert state.told == [
        ("approve", "c1", {}),
        ("approve", "c2", edited),
        ("reject", "c3", "no"),
        ("reject", "c4", None),
        ("reject", "c5", None),
    ]
    assert approvals.decision_of("c1") is None
    assert not approvals.is_shown(call())
