import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.policy.wording import denial_text, named, rule_in_words, time_in_words
from tui.wire.rules import Condition, Rule

UNTIMED = settings(deadline=None)  # how fast it is, no test says

CENTS = Condition(name="cents", test="max", value=5000)
COMMAND = Condition(name="command", test="prefix", value="rm")
LIKE = Condition(name="order.id", test="like", value='A-"*')
NEW_YEAR = 1_798_761_540.0


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (Rule(effect="allow"), "allow any tool"),
        (Rule(effect="ask", agent="Billing"), "ask any tool for Billing"),
        (
            Rule(
                effect="allow", agent="Refunds", tool="issue_refund", arguments=(CENTS,), run="r1"
            ),
            "allow issue_refund for Refunds when cents is at most 5000, in this conversation",
        ),
        (
            Rule(effect="deny", tool="shell", arguments=(COMMAND,)),
            'deny shell when command begins with "rm"',
        ),
        (
            Rule(effect="deny", arguments=(CENTS, LIKE)),
            'deny any tool when cents is at most 5000 and order.id is like "A-\\"*"',
        ),
        (
            Rule(effect="allow", tool="t", exactly='{"a": 1}', until=NEW_YEAR),
            'allow t with exactly {"a": 1}, until 2026-12-31 23:59 UTC',
        ),
        (
            Rule(effect="allow", arguments=(Condition(name="a", test="is", value=None),)),
            "allow any tool when a is null",
        ),
        (
            Rule(effect="deny", arguments=(Condition(name="to", test="is", value="é"),)),
            'deny any tool when to is "é"',
        ),
        (Rule(effect="allow", until=1e300), "allow any tool, until 1e+300"),
    ],
)
def test_a_rule_is_one_plain_sentence(rule, sentence):
    assert rule_in_words(rule) == sentence


def test_a_rule_is_named_with_its_origin():
    assert named(Rule(effect="deny", tool="t", origin="a/p.toml:12")) == "deny t (a/p.toml:12)"
    assert named(Rule(effect="deny", tool="t")) == "deny t"


def test_the_model_reads_rule_and_reason_and_no_folder():
    rule = Rule(effect="deny", tool="t", origin="/home/ada/p.toml:12", reason="not\ntoday")
    assert denial_text(rule) == "Denied by rule: deny t (p.toml:12). Reason: not today"
    assert denial_text(Rule(effect="deny", tool="t")) == "Denied by rule: deny t."
    windows = Rule(effect="deny", tool="t", origin=r"C:\Users\ada\p.toml:12")
    assert denial_text(windows) == "Denied by rule: deny t (p.toml:12)."


def test_a_time_is_told_in_utc_wherever_it_is_read(monkeypatch):
    monkeypatch.setenv("TZ", "UTC+3")
    time.tzset()
    try:
        assert time_in_words(NEW_YEAR) == "2026-12-31 23:59 UTC"
    finally:
        monkeypatch.undo()
        time.tzset()


@UNTIMED
@given(st.text(), st.text(), st.text(), st.floats(allow_nan=False, allow_infinity=False))
def test_words_are_one_line_whatever_names_hold(agent, tool, text, until):
    condition = Condition(name=tool, test="is", value=text)
    rule = Rule(
        effect="deny",
        agent=agent,
        tool=tool,
        arguments=(condition,),
        until=until,
        reason=text,
        origin=text,
    )
    for words in (rule_in_words(rule), named(rule), denial_text(rule)):
        assert len(words.splitlines()) == 1
