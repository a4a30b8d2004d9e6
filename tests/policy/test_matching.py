"""Which calls a rule covers, as a table: the rule, what the model wrote, and why."""

import json

import pytest

from tui.policy.facts import Call
from tui.policy.matching import covers
from tui.wire.rules import Condition, Rule

NOW = 1_800_000_000.0


def condition(name, test, value):
    return Condition(name=name, test=test, value=value)


def call(arguments, agent="Refunds", tool="tool", run="r1"):
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return Call(agent, tool, text, run)


def covered(effect, conditions, arguments, tool="tool", **fields):
    rule = Rule(effect=effect, arguments=tuple(condition(*c) for c in conditions), **fields)
    return covers(rule, call(arguments, tool=tool), NOW)


@pytest.mark.parametrize(
    ("agent", "tool", "expected"),
    [
        ("Refunds", "tool", True),
        ("Ref*", "t??l", True),
        ("refunds", "tool", False),  # case counts
        ("Refunds", "Tool", False),
        ("Refund", "tool", False),  # the whole name
        ("*", "*", True),
        ("[*]", "*", False),
    ],
)
def test_names_are_globs_that_tell_case(agent, tool, expected):
    assert covers(Rule(effect="allow", agent=agent, tool=tool), call({}), NOW) is expected


def test_a_name_with_glob_characters_can_be_escaped():
    rule = Rule(effect="deny", agent="A[*]")
    assert covers(rule, call({}, agent="A*"), NOW)
    assert not covers(rule, call({}, agent="Ab"), NOW)


@pytest.mark.parametrize("effect", ["allow", "ask", "deny"])
def test_a_rule_ends_at_its_time_and_not_before(effect):
    assert covers(Rule(effect=effect, until=NOW + 0.1), call({}), NOW)
    assert not covers(Rule(effect=effect, until=NOW), call({}), NOW)
    assert not covers(Rule(effect=effect, until=NOW - 1), call({}), NOW)


@pytest.mark.parametrize("effect", ["allow", "ask", "deny"])
def test_a_rule_of_one_conversation_is_for_no_other(effect):
    assert covers(Rule(effect=effect, run="r1"), call({}), NOW)
    assert not covers(Rule(effect=effect, run="r1"), call({}, run="r2"), NOW)
    assert not covers(Rule(effect=effect, run="r1"), call({}, run=""), NOW)


# wanted by `exactly`, the call's arguments, covered by an allow, covered by a deny
EXACTLY = [
    ('{"a": 1, "b": 2}', '{"b":2,"a":1}', True, True),
    ('{"a": 1}', '{"a": 1.0}', True, True),  # one number in JSON
    ('{"a": 1}', '{"a": true}', False, True),  # tools may take true for 1
    ('{"a": true}', '{"a": 1}', False, True),
    ('{"a": 1}', '{"a": "1"}', False, True),
    ('{"a": "1"}', '{"a": 1}', False, False),
    ('{"a": 1}', '{"a": 1, "b": 2}', False, False),
    ('{"a": [1, 2]}', '{"a": [2, 1]}', False, False),
    ('{"a": [1, {"b": 2}]}', '{"a": [1, {"b": 2}]}', True, True),
    ('{"a": [1, {"b": 2}]}', '{"a": [1, {"b": 3}]}', False, False),
    ('{"a": [1]}', '{"a": [1, 2]}', False, False),
    ('{"a": [1, 2]}', '{"a": [1]}', False, False),
    ('{"a": [1]}', '{"a": ["1"]}', False, True),
    ('{"a": [1]}', '{"a": 1}', False, False),
    ('{"a": 1}', '{"a": [1]}', False, False),
    ('{"a": {}}', '{"a": 1}', False, False),
    ('{"a": 1}', '{"a": {}}', False, False),
    ('{"a": []}', '{"a": {}}', False, False),
    ('{"a": {}}', '{"a": []}', False, False),
    ('{"a": null}', '{"a": null}', True, True),
    ('{"a": null}', "{}", False, False),
    ('{"a": 1}', '{"a": 2, "a": 1}', False, True),  # the tool gets 1
    ('{"a": 2}', '{"a": 2, "a": 1}', False, True),
    ('{"a": {"b": 1}}', '{"a": {"b": 1, "b": 1}}', False, True),
    ('{"a": 1}', "not json", False, True),
    ("not json", "not json", False, True),
    ("not json", '{"a": 1}', False, True),  # a rule that cannot be read fails closed
    ('{"a": 1, "a": 1}', '{"a": 1}', False, True),
    ("[1]", "[1]", False, True),
    ("{}", "", True, True),  # empty text is no arguments
    ('{"a": 9007199254740993}', '{"a": 9007199254740992}', False, False),
    ('{"command": "rm -rf x; ls"}', '{"command": "rm -rf x; ls"}', True, True),
]


@pytest.mark.parametrize(("wanted", "arguments", "allowed", "denied"), EXACTLY)
def test_exactly_is_the_same_json_value(wanted, arguments, allowed, denied):
    assert covered("allow", [], arguments, exactly=wanted) is allowed
    assert covered("deny", [], arguments, exactly=wanted) is denied
    assert covered("ask", [], arguments, exactly=wanted) is denied


DEEP = '{"a":' * 5000 + "1" + "}" * 5000

# condition, arguments, covered by an allow, covered by a deny or ask
CONDITIONS = [
    (("a", "is", 5), {"a": 5}, True, True),
    (("a", "is", 5), {"a": 5.0}, True, True),
    (("a", "is", 1), {"a": True}, False, True),
    (("a", "is", True), {"a": 1}, False, True),
    (("a", "is", True), {"a": " Yes "}, False, True),
    (("a", "is", False), {"a": "0"}, False, True),
    (("a", "is", True), {"a": 1.0}, False, True),
    (("a", "is", False), {"a": 0.0}, False, True),
    (("a", "is", False), {"a": True}, False, False),
    (("a", "is", None), {"a": None}, True, True),
    (("a", "is", None), {}, False, False),
    (("a", "is", "EUR"), {"a": "EUR"}, True, True),
    (("a", "is", "EUR"), {"a": "eur"}, False, False),
    (("a", "is", 5), {"a": "5"}, False, True),
    (("a", "is", 5), {"a": [5]}, False, True),  # arrays: only rules that ask or deny look inside
    (("a", "max", 5), {"a": 5}, True, True),
    (("a", "max", 5), {"a": 5.1}, False, False),
    (("a", "max", 5), {"a": "4"}, False, True),
    (("a", "max", 5), {"a": True}, False, True),
    (("a", "max", 5), {"a": None}, False, False),
    (("a", "max", 5), {}, False, False),
    (("a", "min", 5), {"a": 5}, True, True),
    (("a", "min", 5), {"a": 4}, False, False),
    (("a", "min", 5), {"a": "9e3"}, False, True),
    (("a", "min", 5), {"a": "1_000"}, False, True),
    (("a", "min", 5), {"a": "9" * 5000}, False, True),
    (("a", "min", 5), {"a": "nan"}, False, True),
    (("a", "min", 5), {"a": "much"}, False, False),
    (("a", "min", 5), {"a": [1, 9]}, False, True),
    (("a", "min", 5), {"a": [1, 2]}, False, False),
    (("a", "min", 5), '{"a": 1e999}', False, True),
    (("a", "min", "x"), {"a": 1}, False, True),  # a bound that is no number fails closed
    (("a", "max", "x"), {"a": 1}, False, True),
    (("a.b", "is", 5), {"a": {"b": 5}}, True, True),
    (("a.b", "is", 5), {"a.b": 5}, False, True),
    (("a.b", "is", 5), {"a": 5}, False, False),
    (("a.b", "is", 5), {"x": {"b": 5}}, False, False),
    (("a.b", "is", 5), {"a": [{"b": 4}, {"b": 5}]}, False, True),
    (("a.0", "is", 5), {"a": [5]}, False, False),
    (("a.b.c", "is", 5), {"a": {"b.c": 5}}, False, True),
    # a name that stands twice, unreadable arguments
    (("a", "max", 5), '{"a": 9, "a": 1}', False, True),
    (("a", "max", 5), '{"a": 1, "a": 9}', False, True),
    (("a", "max", 5), '{"a": 1, "b": 1, "b": 2}', False, True),
    (("a", "max", 5), '{"a": 1, "x": [{"b": 1, "b": 2}]}', False, True),
    (("a", "max", 5), '{"a": 1', False, True),
    (("a", "max", 5), "[1]", False, True),
    (("a", "max", 5), '{"a": NaN}', False, True),
    (("a", "max", 5), '{"a": ' + "9" * 5000 + "}", False, True),
    (("a", "max", 5), DEEP, False, True),
    (("a", "max", 5), "", False, False),
    # like
    (("a", "like", "A-*"), {"a": "A-17"}, True, True),
    (("a", "like", "A-*"), {"a": "B A-17"}, False, False),
    (("a", "like", "A-*"), {"a": "a-17"}, False, False),
    (("a", "like", "A-*"), {"a": 17}, False, False),
    (("a", "like", 17), {"a": "17"}, False, True),
    (("a", "like", "A-*"), {"a": " A-17 "}, False, True),
    (("a", "like", "*"), {"a": "one\ntwo"}, False, True),
    (("a", "like", "*"), {"a": "one\x00"}, False, True),
    (("a", "like", "*"), {"a": "one\u202etwo"}, False, True),
    (("a", "like", "/tmp/*"), {"a": "/tmp/x/y"}, True, True),
    (("a", "like", "/tmp/*"), {"a": "/tmp/../etc/passwd"}, False, True),
    (("a", "like", "/tmp/*"), {"a": "/tmp/%2e%2E/etc"}, False, True),
    (("a", "like", "/tmp/*"), {"a": "/tmp/%252e%252e/etc"}, False, True),
    (("a", "like", "/tmp/*"), {"a": "/tmp/%252541"}, True, True),
    (("a", "like", "/tmp/*"), {"a": "/tmp/%25252541"}, False, True),  # who encodes so often, hides
    (("a", "like", "/tmp/*"), {"a": "/tmp/..\\etc"}, False, True),
    (("a", "like", "/tmp/*"), {"a": "/tmp/x..y"}, True, True),
    (("a", "like", "/tmp/*"), {"a": "/tmp/..hidden"}, True, True),
    (("a", "like", "/tmp/*"), {"a": "/tmp/.."}, False, True),
    (("a", "like", "/etc/*"), {"a": "/tmp/../etc/passwd"}, False, True),
    (("a", "like", "/etc/*"), {"a": "//etc/./passwd"}, False, True),
    (("a", "like", "/etc/*"), {"a": "../../etc/passwd"}, False, True),
    (("a", "like", "/etc/*"), {"a": "/%65tc/passwd"}, False, True),
    (("a", "like", "/etc/*"), {"a": "/var/etc/x"}, False, False),
    (("a", "like", "/etc/*"), {"a": "etc/passwd"}, False, False),
    (("a", "like", "."), {"a": ""}, False, False),
    (("note", "like", "rm *"), {"note": "true; rm x"}, False, False),  # read by no shell
    (("a", "like", "* & *"), {"a": "Smith & Sons"}, True, True),  # no command by its name
    (("command", "like", "git *"), {"command": "git status"}, True, True),
    (("command", "like", "git *"), {"command": "git status; rm x"}, False, True),
    (("in.cmd", "like", "git *"), {"in": {"cmd": "git $(rm x)"}}, False, True),
    (("command", "like", "rm *"), {"command": "true; rm x"}, False, True),
    (("command", "like", "*; rm *"), {"command": "true; rm x"}, False, True),
]


@pytest.mark.parametrize(("tested", "arguments", "allowed", "denied"), CONDITIONS)
def test_a_condition_holds_surely_for_an_allow_and_maybe_for_a_deny(
    tested, arguments, allowed, denied
):
    assert covered("allow", [tested], arguments) is allowed
    assert covered("deny", [tested], arguments) is denied
    assert covered("ask", [tested], arguments) is denied


def test_all_conditions_must_hold():
    both = [("a", "min", 1), ("a", "max", 9), ("b", "is", "x")]
    assert covered("allow", both, {"a": 5, "b": "x"})
    assert not covered("allow", both, {"a": 5, "b": "y"})
    assert not covered("deny", both, {"a": 5})


def test_a_tool_named_for_a_shell_makes_any_like_one_for_commands():
    like = [("input", "like", "git *")]
    assert covered("allow", like, {"input": "git log; rm x"}, tool="notes")
    for tool in ("run_bash", "ShellTool", "exec"):
        assert not covered("allow", like, {"input": "git log; rm x"}, tool=tool)


@pytest.mark.parametrize("arguments", ["not json", "[1]", '{"a": 1, "a": 2}', DEEP, ""])
@pytest.mark.parametrize("effect", ["allow", "ask", "deny"])
def test_a_rule_without_conditions_covers_any_arguments(effect, arguments):
    assert covered(effect, [], arguments)
