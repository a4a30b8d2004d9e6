"""What "always" offers for a call."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.json import decode, encode

from tui.policy.facts import Call
from tui.policy.file import read_policy
from tui.policy.matching import covers
from tui.policy.scopes import escaped, matching, proposals, scoped, spans, until_day_ends
from tui.policy.writing import as_toml
from tui.wire.rules import Condition, Rule

UNTIMED = settings(deadline=None)  # how fast it is, no test says


def call(arguments, tool="issue_refund", agent="Refunds"):
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return Call(agent, tool, text, "r1")


def labels(arguments, **names):
    return [each.label for each in proposals(call(arguments, **names))]


def test_what_is_proposed_allows_unless_asked_for_a_deny():
    assert {each.rule.effect for each in proposals(call({"cents": 5}))} == {"allow"}
    assert {each.rule.effect for each in proposals(call({"cents": 5}), "deny")} == {"deny"}


@pytest.mark.parametrize(("text", "exactly"), [('{"cents": 5}', '{"cents": 5}'), ("", "{}")])
def test_the_narrowest_is_for_the_arguments_as_they_are(text, exactly):
    assert proposals(call(text))[0].rule.exactly == exactly


def pattern(arguments, **names):
    found = [each.rule.arguments for each in proposals(call(arguments, **names))]
    return [(c.name, c.test, c.value) for each in found for c in each]


def test_a_name_is_escaped_to_mean_itself():
    assert escaped("a*[b]?") == "a[*][[]b][?]"


def test_a_call_may_be_meant_as_it_is_by_its_pattern_or_by_its_tool():
    assert labels({"cents": 5, "order_id": "A-1"}) == [
        "issue_refund for Refunds, with exactly these arguments",
        'issue_refund for Refunds, when cents is at most 5 and order_id is "A-1"',
        "issue_refund for Refunds, whatever its arguments",
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"a": 5, "b": True, "c": None}, [("a", "max", 5), ("b", "is", True), ("c", "is", None)]),
        ({"a": "x" * 80}, [("a", "is", "x" * 80)]),
        ({"a": "x" * 81}, []),
        ({"a": "one\ntwo"}, []),
        ({"a": "\u202e"}, []),
        ({"a": [1], "b": {"c": 1}}, []),
        ({"a.b": 1}, []),
        ({"a": 2**64, "b": 1}, [("b", "max", 1)]),
        ('{"a": 1e999, "b": 1}', []),
        ('{"command": "\\ud800", "a": "\\udfff", "\\ud800": 5}', []),  # no rule can carry it
        (
            '{"command": "\\ud83d\\ude00", "a": "\\ud83d\\ude00"}',
            [("command", "prefix", "'😀'"), ("a", "is", "😀")],
        ),
        ({"command": "git status -s"}, [("command", "prefix", "git status")]),
        ({"command": "ls"}, [("command", "prefix", "ls")]),
        ({"command": "rm -rf build"}, [("command", "prefix", "rm -rf")]),
        ({"command": "python run.py x"}, [("command", "prefix", "python run.py")]),
        ({"command": "python -c 1"}, [("command", "is", "python -c 1")]),
        ({"command": "bash"}, [("command", "is", "bash")]),
        ({"command": "python3.11 -c 1"}, [("command", "is", "python3.11 -c 1")]),
        ({"command": "git -c a=b status"}, [("command", "is", "git -c a=b status")]),
        ({"command": "git status; rm x"}, [("command", "is", "git status; rm x")]),
        ({"command": "echo 'a b' c"}, [("command", "prefix", "echo 'a b'")]),
        ("not json", []),
        ('{"a": 1, "a": 2}', []),
    ],
)
def test_a_pattern_is_made_of_what_can_be_told(arguments, expected):
    assert pattern(arguments) == expected


def test_only_an_argument_named_for_a_command_gets_a_prefix():
    assert pattern({"query": "SELECT name"}, tool="execute_sql") == [("query", "is", "SELECT name")]


def test_a_pattern_says_what_it_leaves_open():
    assert labels({"cents": 5, "lines": [1]})[1].endswith(
        "when cents is at most 5, whatever lines is"
    )
    assert labels({"cents": 5, "lines": [1], "to": {}})[1].endswith(
        "when cents is at most 5, whatever lines is, whatever to is"
    )


def test_what_has_no_pattern_is_not_offered_by_one():
    assert labels({"lines": [1]}) == [
        "issue_refund for Refunds, with exactly these arguments",
        "issue_refund for Refunds, whatever its arguments",
    ]


@pytest.mark.parametrize("arguments", ["not json", '{"a": 1, "a": 2}', "[1]"])
def test_arguments_that_no_rule_can_trust_leave_the_tool_alone(arguments):
    assert labels(arguments) == ["issue_refund for Refunds, whatever its arguments"]


ARGUMENTS = st.one_of(
    st.text(),
    st.dictionaries(
        st.sampled_from(["command", "a", "b.c", "*", "\udfff"]),
        st.one_of(
            st.text(),
            st.integers(),
            st.floats(),
            st.booleans(),
            st.none(),
            st.sampled_from(["git 'a b' c", "a;b", "x=1 y", "rm -rf", "\ud800"]),
        ),
    ).map(json.dumps),
)


@UNTIMED
@given(ARGUMENTS, st.text(), st.text(), st.sampled_from(["allow", "deny"]))
def test_what_is_proposed_covers_the_call_and_no_other_tool_or_agent(
    arguments, agent, tool, effect
):
    for proposal in proposals(Call(agent, tool, arguments, "r1"), effect):
        assert decode(encode(proposal.rule), type=Rule) == proposal.rule  # it can travel
        assert proposal.rule.effect == effect
        assert covers(proposal.rule, Call(agent, tool, arguments), 0.0)
        assert not covers(proposal.rule, Call(agent, tool + "x", arguments), 0.0)
        assert not covers(proposal.rule, Call(agent + "x", tool, arguments), 0.0)


@UNTIMED
@given(ARGUMENTS, st.sampled_from(["a", "a*", "[x]"]), st.sampled_from(["allow", "deny"]))
def test_what_is_proposed_can_be_kept(arguments, name, effect):
    for proposal in proposals(Call(name, name, arguments), effect):
        assert read_policy(as_toml(proposal.rule), "p").rules[0].tool == escaped(name)


def test_a_rule_holds_for_a_conversation_or_a_time_or_is_kept():
    asked = call({})
    conversation, quarter, hour, kept = spans(asked, now=1000.0)
    assert conversation.run == "r1"
    assert (quarter.until, hour.until) == (1900.0, 4600.0)
    assert (kept.run, kept.until, kept.is_kept) == ("", 0.0, True)
    assert until_day_ends(5000.0).until == 5000.0
    assert [span.label for span in (*spans(asked, 0.0), until_day_ends(0.0))] == [
        "in this conversation",
        "for 15 minutes",
        "for an hour",
        "kept in the policy file",
        "until the day ends",
    ]
    rule = scoped(Rule(effect="allow", tool="t"), hour)
    assert rule == Rule(effect="allow", tool="t", until=4600.0)
    assert scoped(rule, conversation) == Rule(effect="allow", tool="t", run="r1")


def test_a_call_of_no_conversation_is_not_offered_one():
    assert all(span.until or span.is_kept for span in spans(Call("A", "t", "{}"), 1000.0))


def test_earlier_calls_are_counted():
    rule = Rule(effect="allow", arguments=(Condition(name="cents", test="max", value=5),))
    earlier = [call({"cents": cents}) for cents in (1, 5, 6)]
    assert matching(rule, earlier) == 2
    assert matching(scoped(rule, spans(earlier[0], 1000.0)[1]), earlier) == 2
    assert matching(Rule(effect="allow", until=1.0), earlier) == 3
