"""How a call that waits is read from a runtime's item, told, and answered by rules or persons."""

from types import SimpleNamespace

import pytest

from tests.fakes.fake_policy import FakePolicy
from tui.host.live.approvals import arguments_hash, call_id_of
from tui.host.live.gate import Gate
from tui.host.live.requests import Requests
from tui.host.live.rulebook import Rulebook
from tui.host.live.scope import INSIDE, Call
from tui.wire.commands import Decide
from tui.wire.events import ApprovalDecided, ApprovalRefused, ApprovalRequested, CallDenied
from tui.wire.rules import Condition, Rule

FIVE = '{"cents": 5}'
FIFTY = '{"cents": 50}'


class FakeTeller:
    """Keeps what goes through it: each event, and the calls that were announced before."""

    def __init__(self):
        self.told = []
        self.announced = []

    def tell(self, event):
        self.told.append(event)

    def tell_of_call(self, call, event):
        self.told.append(event)

    def announce(self, call):
        self.announced.append(call.call_id)


class FakeCalls:
    """The calls of a run: those that run, and the one around each agent."""

    is_ending = False

    def __init__(self, shows_nested=False, around=None):
        self.shows_nested = shows_nested
        self._around = around or {}

    def around(self, agent):
        return self._around.get(agent.name)

    def any_running_besides(self, call):
        return False


class Asked:
    """The requests of a run under rules."""

    def __init__(self, *rules, granted=(), calls=None):
        self.teller = FakeTeller()
        self.policy = FakePolicy(*rules)
        self.ledger = SimpleNamespace(run_id="run", calls={})
        self.requests = Requests(
            self.ledger,
            calls or FakeCalls(),
            self.teller,
            Rulebook(self.policy, granted),
            "root",
            Gate().tool_named,
        )
        self.requests.gained_control("Triage")

    def show(self, item, agent="Triage", tools=(), tool=None):
        self.requests.show(item, SimpleNamespace(name=agent, tools=list(tools)), tool)

    def of(self, kind):
        return [event for event in self.teller.told if isinstance(event, kind)]

    def decide(self, call_id="c5", approve=True, shown=FIVE, **fields):
        return self.requests.decide(
            Decide(
                run_id="run",
                call_id=call_id,
                arguments_hash=arguments_hash(shown),
                approve=approve,
                by="ada",
                **fields,
            )
        )


def item(call_id="c5", arguments=FIVE):
    return SimpleNamespace(call_id=call_id, tool_name="refund", arguments=arguments)


def at_most(effect, cents):
    return Rule(effect=effect, arguments=(Condition(name="cents", test="max", value=cents),))


@pytest.mark.parametrize(
    ("shape", "call_id"),
    [
        ({"call_id": "c1", "raw_item": {"call_id": "c2", "id": "c3"}}, "c1"),
        ({"raw_item": {"call_id": "c2", "id": "c3"}}, "c2"),
        ({"raw_item": SimpleNamespace(call_id="c2", id="c3")}, "c2"),
        ({"raw_item": {"id": "c3"}}, "c3"),
        ({}, ""),
    ],
)
def test_the_id_of_a_call_is_where_the_runtime_puts_it(shape, call_id):
    assert call_id_of(SimpleNamespace(**shape)) == call_id


@pytest.mark.parametrize(
    ("shape", "tool", "arguments"),
    [
        ({"tool_name": "refund", "name": "other", "arguments": FIVE}, "refund", FIVE),
        ({"name": "refund", "arguments": FIVE}, "refund", FIVE),
        ({"name": "refund", "raw_item": {"arguments": FIFTY}}, "refund", FIFTY),
        (
            {"name": "refund", "arguments": FIVE, "raw_item": {"arguments": FIFTY}},
            "refund",
            FIVE,
        ),
    ],
)
def test_a_call_is_read_from_its_item_or_what_the_item_holds(shape, tool, arguments):
    asked = Asked()
    asked.show(SimpleNamespace(call_id="c5", **shape))
    (request,) = asked.of(ApprovalRequested)
    assert (request.run_id, request.call_id, request.agent) == ("run", "c5", "Triage")
    assert (request.tool, request.arguments) == (tool, arguments)
    assert (request.path, request.within) == (("Triage",), None)


def test_a_request_is_of_the_call_it_was_made_inside():
    asked = Asked(calls=FakeCalls(around={"Refunds": "around"}))
    asked.show(item("c1"), agent="Refunds")
    token = INSIDE.set(Call("Triage", "outer", "ask_refunds"))
    try:
        asked.show(item("c2"), agent="Refunds")
        asked.ledger.calls["c3"] = SimpleNamespace(within="known")
        asked.show(item("c3"), agent="Refunds")
    finally:
        INSIDE.reset(token)
    requests = asked.of(ApprovalRequested)
    assert [each.within for each in requests] == ["around", "outer", "known"]
    assert {each.path for each in requests} == {("Triage", "Refunds")}


def test_a_tool_is_the_one_that_is_given_else_the_agents_own_of_that_name():
    given = SimpleNamespace(name="refund", description="Given.")
    own = SimpleNamespace(name="refund", description="The agent's own.")
    other = SimpleNamespace(name="other", description="Another.")
    asked = Asked()
    asked.show(item("c1"), tools=[other, own], tool=given)
    asked.show(item("c2"), tools=[other, own])
    asked.show(item("c3"), tools=[other])
    assert [each.description for each in asked.of(ApprovalRequested)] == [
        "Given.",
        "The agent's own.",
        "",
    ]


def test_what_was_told_is_not_told_again_and_what_changed_is():
    asked = Asked()
    for arguments in (FIVE, FIVE, FIFTY):
        asked.show(item(arguments=arguments))
    assert [each.arguments for each in asked.of(ApprovalRequested)] == [FIVE, FIFTY]


@pytest.mark.parametrize(("shows_nested", "announced"), [(False, ["c5"]), (True, [])])
@pytest.mark.parametrize("rules", [(), (Rule(effect="deny"),)])
def test_a_call_that_no_stream_tells_of_is_announced_before_it(shows_nested, announced, rules):
    calls = FakeCalls(shows_nested, around={"Refunds": "outer"})
    asked = Asked(*rules, calls=calls)
    asked.show(item(), agent="Refunds")
    assert asked.teller.announced == announced


def test_a_call_that_a_rule_asks_about_at_the_gate_is_announced_too():
    asked = Asked(calls=FakeCalls(around={}))
    call = Call("Refunds", "c5", "refund", FIVE, "outer")
    asked.requests.ask(call, None, Rule(effect="ask"))
    assert asked.teller.announced == ["c5"]


def test_a_call_of_the_run_itself_is_told_by_its_stream():
    asked = Asked()
    asked.show(item())
    assert asked.teller.announced == []


@pytest.mark.parametrize(
    ("rule", "requested", "decided", "denied"),
    [
        (Rule(effect="allow"), 1, [True], 0),
        (Rule(effect="deny"), 0, [], 1),
        (Rule(effect="ask"), 1, [], 0),
    ],
)
def test_a_rule_answers_what_the_program_asks(rule, requested, decided, denied):
    asked = Asked(rule)
    asked.show(item())
    assert len(asked.of(ApprovalRequested)) == requested
    assert [each.approved for each in asked.of(ApprovalDecided)] == decided
    assert len(asked.of(CallDenied)) == denied
    if denied:
        taken = asked.requests.approvals.decision_of("c5")
        assert (taken.run_id, taken.approve, taken.by) == ("run", False, "rule")
        assert taken.reason == "Denied by rule: deny any tool."


def test_a_person_cannot_approve_what_a_rule_denies_and_can_reject_it():
    asked = Asked()
    asked.show(item())
    asked.policy.rules = (at_most("deny", 10),)
    refused = asked.decide()
    assert isinstance(refused, ApprovalRefused)
    assert (refused.run_id, refused.call_id) == ("run", "c5")
    assert refused.why == "a rule forbids it: deny any tool when cents is at most 10"
    assert not asked.decide(approve=False).approved


def test_a_rule_that_denies_one_call_stops_the_answer_to_no_other():
    asked = Asked()
    asked.show(item())
    asked.show(item("c50", FIFTY))
    asked.policy.rules = (at_most("deny", 10),)
    assert isinstance(asked.decide("c50", shown=FIFTY), ApprovalDecided)


def test_new_rules_answer_what_waits_and_leave_what_they_ask_about():
    asked = Asked()
    for call_id, arguments in (("c5", FIVE), ("c50", FIFTY), ("c500", '{"cents": 500}')):
        asked.show(item(call_id, arguments))
    asked.policy.rules = (at_most("deny", 10), Rule(effect="ask"), at_most("allow", 100))
    asked.requests.judge_again()
    assert [(each.call_id, each.approved) for each in asked.of(ApprovalDecided)] == [("c5", False)]
    asked.policy.rules = (at_most("allow", 100),)
    asked.requests.judge_again()
    assert [(each.call_id, each.approved) for each in asked.of(ApprovalDecided)] == [
        ("c5", False),
        ("c50", True),
    ]
    denied, allowed = asked.of(ApprovalDecided)
    assert (denied.by, denied.reason) == (
        "rule",
        "Denied by rule: deny any tool when cents is at most 10.",
    )
    assert (allowed.by, allowed.reason, allowed.rule) == ("rule", "", at_most("allow", 100))


def test_rules_look_at_the_conversation_and_not_at_the_run():
    asked = Asked(Rule(effect="deny", run="root"))
    asked.show(item())
    assert len(asked.of(CallDenied)) == 1


def test_the_path_is_that_of_the_control_each_agent_once_in_a_row():
    asked = Asked()
    assert asked.requests.active_agent == "Triage"
    for agent in ("Triage", "Billing", "Billing", "Triage"):
        asked.requests.gained_control(agent)
    asked.show(item())
    assert asked.of(ApprovalRequested)[0].path == ("Triage", "Billing", "Triage")
