"""Which rule decides where several cover a call."""

import pytest

from tui.policy.facts import Call
from tui.policy.judging import Verdict, judge
from tui.wire.rules import Condition, Rule

CALL = Call("Refunds", "issue_refund", '{"cents": 5}', "r1")


def rule(effect, name, tool="*"):
    return Rule(effect=effect, tool=tool, origin=name)


def judged(rules, grants, now=0.0):
    return judge(
        CALL,
        [rule(*each) for each in rules],
        [rule(*each) for each in grants],
        now,
    )


@pytest.mark.parametrize(
    ("rules", "grants", "effect", "origin"),
    [
        ([], [], None, None),
        ([("allow", "f1")], [], "allow", "f1"),
        ([("allow", "f1"), ("deny", "f2")], [], "deny", "f2"),
        ([("deny", "f1")], [("allow", "g1")], "deny", "f1"),
        ([("allow", "f1")], [("deny", "g1")], "deny", "g1"),
        ([("ask", "f1")], [("allow", "g1")], "allow", "g1"),
        ([("allow", "f1"), ("ask", "f2")], [], "ask", "f2"),
        ([("allow", "f1")], [("ask", "g1")], "ask", "g1"),
        ([("allow", "f1"), ("ask", "f2"), ("deny", "f3")], [("allow", "g1")], "deny", "f3"),
        ([("allow", "f1"), ("allow", "f2")], [], "allow", "f1"),
        ([("deny", "f1"), ("deny", "f2")], [("deny", "g1")], "deny", "f1"),
        ([("allow", "f1")], [("allow", "g1"), ("allow", "g2")], "allow", "g1"),
        ([("deny", "f1", "other"), ("allow", "f2")], [], "allow", "f2"),
    ],
)
def test_deny_then_granted_then_ask_then_allowed(rules, grants, effect, origin):
    verdict = judged(rules, grants)
    assert verdict.effect == effect
    assert (verdict.rule.origin if verdict.rule else None) == origin


def test_a_rule_that_has_ended_decides_nothing():
    ended = Rule(effect="deny", until=10.0)
    assert judge(CALL, [ended], [], 9.0).effect == "deny"
    assert judge(CALL, [ended], [], 10.0) == Verdict(None, None)


def test_unreadable_arguments_are_denied_by_a_rule_with_conditions_and_allowed_by_none():
    conditions = (Condition(name="cents", test="max", value=5),)
    deny = Rule(effect="deny", arguments=conditions)
    allow = Rule(effect="allow", arguments=conditions)
    unreadable = Call("A", "t", '{"cents": 1')
    assert judge(unreadable, [allow], [], 0.0).effect is None
    assert judge(unreadable, [allow, deny], [], 0.0).effect == "deny"
