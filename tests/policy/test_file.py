"""What a policy file says, and what is said of one that cannot be taken."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.errors import PolicyError
from tui.policy.file import read_policy
from tui.policy.settings import Budget, PolicyFile, Prices, Sentinel
from tui.policy.writing import as_toml
from tui.toml.lines import lines_of
from tui.wire.rules import Condition, Rule

UNTIMED = settings(deadline=None)  # how fast it is, no test says

WHOLE = """
# small refunds
[[rule]]
effect = "allow"
agent = "Refunds"
tool = "issue_refund"
arguments = { cents = { min = 1, max = 5000 }, order_id = { like = "A-*" }, currency = "EUR" }
reason = "small refunds are fine"
until = 2026-12-31T00:00:00Z

[[rule]]
effect = "deny"
exactly = '{"cents": 5}'

[[budget]]
tokens = 200000
cost = 2.50
turns = 40
minutes = 30

[[budget]]
agent = "*"
turns = 9

[prices]
input = 1.25
cached = 0.13
output = 10.0

[sentinel]
tool_silence_s = 60
ping_pong = 4
repeats = 5
pauses = true
"""


def condition(name, test, value):
    return Condition(name=name, test=test, value=value)


def test_a_whole_file_is_read():
    policy = read_policy(WHOLE, "policy.toml")
    assert policy.rules == (
        Rule(
            effect="allow",
            agent="Refunds",
            tool="issue_refund",
            arguments=(
                condition("cents", "min", 1),
                condition("cents", "max", 5000),
                condition("order_id", "like", "A-*"),
                condition("currency", "is", "EUR"),
            ),
            reason="small refunds are fine",
            until=1_798_675_200.0,
            origin="policy.toml:3",
        ),
        Rule(effect="deny", exactly='{"cents": 5}', origin="policy.toml:11"),
    )
    assert policy.budgets == (
        Budget(tokens=200_000, cost=2.5, turns=40, minutes=30),
        Budget(agent="*", turns=9),
    )
    assert policy.prices == Prices(1.25, 0.13, 10.0)
    assert policy.sentinel == Sentinel(tool_silence_s=60, ping_pong=4, repeats=5, pauses=True)


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "\ufeff", "rule = []"])
def test_an_empty_file_says_nothing(text):
    assert read_policy(text, "p") == PolicyFile()


def test_nought_switches_a_watch_off():
    assert read_policy("[sentinel]\nrepeats = 0", "p").sentinel == Sentinel(repeats=0)


def test_cached_tokens_cost_what_others_do_unless_said():
    prices = read_policy("[prices]\ninput = 2\noutput = 8", "p").prices
    assert prices == Prices(2, 2, 8)
    assert prices.cost_of(1_000_000, 500_000, 1_000_000) == 10
    assert Prices(2, 0, 8).cost_of(1_000_000, 500_000, 0) == 1


def test_null_inner_names_and_several_tests_of_a_kind():
    text = """[[rule]]
effect = "ask"
arguments = { note = { null = true }, "a.b" = 1, id = [{ like = "A*" }, { like = "*9" }] }
"""
    assert read_policy(text, "p").rules[0].arguments == (
        condition("note", "is", None),
        condition("a.b", "is", 1),
        condition("id", "like", "A*"),
        condition("id", "like", "*9"),
    )


@pytest.mark.parametrize("said", ['agent = "A"', 'tool = "*"', "exactly = '{}'"])
def test_an_allow_says_of_what(said):
    assert len(read_policy(f'[[rule]]\neffect = "allow"\n{said}\n', "p").rules) == 1


def test_tables_of_their_own_are_read_too():
    text = '[[rule]]\neffect = "deny"\n[rule.arguments.cents]\nmin = 5\n'
    assert read_policy(text, "p").rules[0].arguments == (condition("cents", "min", 5),)


FAULTS = [
    # syntax
    ("a = ", 1, "not TOML"),
    ('[[rule]]\neffect = "deny"\nwhat?', 3, "not TOML"),
    ('[[rule]]\r\neffect = "deny"\r\nwhat?', 3, "not TOML"),
    ('x = """\n\n', 1, "not TOML"),
    ("a = " + "[" * 5000, 1, "nests too deeply"),
    ("a = " + "9" * 5000, 1, "not TOML"),
    ("a = 2026-13-01", 1, "not TOML"),
    ("a = 1\na = 2", 2, "not TOML"),
    # keys
    ("rules = []", 1, 'unknown key "rules"; did you mean "rule"?'),
    ("\n\nzzz = 1", 3, "known are rule, budget, prices, sentinel"),
    ('[[rule]]\neffect = "deny"\n\ntools = "x"', 4, 'did you mean "tool"?'),
    ("[[budget]]\ntoken = 1", 2, 'did you mean "tokens"?'),
    ("[prices]\ninputs = 1", 2, 'did you mean "input"?'),
    ("[sentinel]\npause = true", 2, 'did you mean "pauses"?'),
    # rules
    ("[[rule]]", 1, "an empty rule"),
    ("\n[[rule]]\ntool = 'x'", 2, "without effect"),
    ("[[rule]]\neffect = 'refuse'", 2, 'effect "refuse"; it must be "allow", "ask" or "deny"'),
    ("[[rule]]\neffect = 5", 2, '"effect" is a whole number; it must be text'),
    ("[[rule]]\neffect = 'allow'", 1, 'write tool = "*"'),
    ("[[rule]]\neffect = 'deny'\ntool = ['a']", 3, '"tool" is a list'),
    ("[rule]\neffect = 'deny'", 1, "[[rule]]"),
    ("rule = ['deny']", 1, "[[rule]]"),
    ("[[rule]]\neffect = 'deny'\nuntil = 2026-12-31T00:00:00", 3, "no zone"),
    ("[[rule]]\neffect = 'deny'\nuntil = 2026-12-31", 3, "a date or time"),
    ("[[rule]]\neffect = 'deny'\nuntil = 5", 3, "a whole number"),
    ("[[rule]]\neffect = 'deny'\nuntil = 1960-12-31T00:00:00Z", 3, "before 1970"),
    ("[[rule]]\neffect = 'deny'\nexactly = '{'", 3, "not JSON"),
    ("[[rule]]\neffect = 'deny'\nexactly = '[1]'", 3, "no JSON object"),
    ("[[rule]]\neffect = 'deny'\nexactly = '{\"a\":NaN}'", 3, "not JSON"),
    ("[[rule]]\neffect = 'deny'\nexactly = '{\"a\":1,\"a\":1}'", 3, '"a" twice'),
    ("[[rule]]\neffect = 'deny'\narguments = { a = 1 }\nexactly = '{}'", 4, "not both"),
    # conditions
    ("[[rule]]\neffect = 'deny'\narguments = 5", 3, "must be a table"),
    ("[[rule]]\neffect = 'deny'\narguments = { a = { mx = 5 } }", 3, 'did you mean "max"?'),
    ("[[rule]]\neffect = 'deny'\narguments = { a = { lines = 5 } }", 3, "with dots"),
    ("[[rule]]\neffect = 'deny'\narguments = { a.lines = 5 }", 3, "with dots"),
    ("[[rule]]\neffect = 'deny'\narguments = { a = {} }", 3, "no test"),
    ("[[rule]]\neffect = 'deny'\narguments = { a = [] }", 3, "exactly"),
    ("[[rule]]\neffect = 'deny'\narguments = { a = ['x'] }", 3, "exactly"),
    ("[[rule]]\neffect = 'deny'\n[rule.arguments]\nb = 1\na = { max = 'x' }", 5, "a number"),
    ("[[rule]]\neffect = 'deny'\narguments = { a = { max = true } }", 3, "a number"),
    ("[[rule]]\neffect = 'deny'\narguments = { a = { max = nan } }", 3, "no finite number"),
    ("[[rule]]\neffect = 'deny'\narguments = { a = inf }", 3, "no finite number"),
    ("[[rule]]\neffect = 'deny'\narguments = { a = 99999999999999999999 }", 3, "64 bits"),
    ("[[rule]]\neffect = 'deny'\narguments = { a = { like = 5 } }", 3, "text in quotes"),
    ("[[rule]]\neffect = 'deny'\narguments = { a = { prefix = 'a; b' } }", 3, "plain words"),
    ("[[rule]]\neffect = 'deny'\narguments = { a = { prefix = '' } }", 3, "plain words"),
    ("[[rule]]\neffect = 'deny'\narguments = { a = 2026-01-01 }", 3, "a date or time"),
    ("[[rule]]\neffect = 'deny'\narguments = { a = { null = false } }", 3, "no test"),
    # budgets and the rest
    ("[[budget]]\nagent = 'A'", 1, "without a number"),
    ("[[budget]]\n\ntokens = -5", 3, "cannot be less than 0"),
    ("[[budget]]\ntokens = 0", 2, "is 0"),
    ("[[budget]]\ntokens = 1.5", 2, "a whole number"),
    ("[[budget]]\nminutes = 'x'", 2, "a number"),
    ("[[budget]]\nminutes = true", 2, "a number"),
    ("[[budget]]\nturns = 5\ncost = 5", 3, "add [prices]"),
    ("[prices]\ninput = 5", 1, '"output"'),
    ("[prices]\ninput = -5\noutput = 1", 2, "less than 0"),
    ("[[prices]]\ninput = 5", 1, '"prices" is a list; it must be a table'),
    ("[sentinel]\npauses = 1", 2, "true or false"),
    ("[sentinel]\nrepeats = 1.5", 2, "a whole number"),
    ("[sentinel]\nrepeats = inf", 2, "no finite number"),
]


@pytest.mark.parametrize(("text", "line", "words"), FAULTS)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_fault_is_told_with_its_line_and_what_to_do(text, line, words, ends, mark):
    text = mark + text.replace("\r\n", "\n").replace("\n", ends)
    with pytest.raises(PolicyError) as caught:
        read_policy(text, "my.toml")
    message = str(caught.value)
    assert message.startswith(f"my.toml:{line}: ")
    assert words in message
    assert len(message.splitlines()) == 1


ODD = '''# [[rule]] in a comment
rule = [ # "
  { effect = "deny", reason = """
[[rule]]
tool = 5 \\""" } # quoted """, tool = "a" },

  { effect = "ask", reason = "}]#",
    tool = "b" }, {
    effect = 'deny', reason = \'\'\'
]]
\'\'\'\'\', "agent" = 'A' },
]
'''


def odd():
    # An inline table stands on one line in TOML 1.0; only strings and arrays go over several.
    return ODD.replace('"}]#",\n    tool', '"}]#", tool').replace("{\n    effect", "{ effect")


def test_lines_are_found_among_comments_strings_and_inline_tables():
    rules = read_policy(odd(), "p").rules
    assert [rule.origin for rule in rules] == ["p:3", "p:7", "p:7"]
    assert [rule.tool for rule in rules] == ["a", "b", "*"]
    lines = lines_of(odd())
    assert lines["rule", 0, "tool"] == 5
    assert lines["rule", 2, "agent"] == 9


def test_lines_of_tables_in_lists_of_tables():
    text = '[a]\nb.c = 1\n\n[[x]]\n[[x.y]]\nk = 1\n[[x]]\n[[x.y]]\n[[x.y]]\n"k k" = [1,\n2]\n'
    lines = lines_of(text)
    assert lines["a", "b", "c"] == 2
    assert lines["x", 0, "y", 0, "k"] == 6
    assert lines["x", 1, "y", 1] == 9
    assert lines["x", 1, "y", 1, "k k"] == 10
    assert lines["x", 1, "y", 1, "k k", 1] == 11


def test_lines_are_found_where_blanks_and_comments_stand_close():
    text = '[a]# c\nb = 1\n[[x]]# c\nk = { l = "y" , m = [ ] }\nn = [\n1 ,\n\n2, # c\n\n]\nXo = 1\n'
    lines = lines_of(text)
    assert lines["a", "b"] == 2
    assert lines["x", 0, "k", "m"] == 4
    assert [lines["x", 0, "n", number] for number in (0, 1)] == [6, 8]
    assert lines["x", 0, "Xo"] == 11


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAMES = st.one_of(TEXT, st.sampled_from(["a.b", "max", "null", '"', "'''", "#", "]", "é", ""]))
NUMBERS = st.one_of(
    st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False, allow_infinity=False)
)
TESTS = st.one_of(
    st.tuples(st.just("is"), st.one_of(TEXT, NUMBERS, st.booleans(), st.none())),
    st.tuples(st.just("like"), TEXT),
    st.tuples(st.just("prefix"), st.sampled_from(["rm", "git status", "a 'b c'"])),
    st.tuples(st.sampled_from(["min", "max"]), NUMBERS),
)


@st.composite
def conditions(draw):
    """Conditions, those on one argument side by side."""
    names = draw(st.lists(NAMES, unique=True, max_size=4))
    tests = [(name, draw(st.lists(TESTS, min_size=1, max_size=3))) for name in names]
    return tuple(condition(name, *test) for name, each in tests for test in each)


@st.composite
def rules(draw):
    exactly = draw(st.none() | st.sampled_from(["{}", '{"a": "\\ud800 \\u202e"}', '{"é": [1]}']))
    return Rule(
        effect=draw(st.sampled_from(["allow", "ask", "deny"])),
        agent=draw(TEXT),
        tool=draw(TEXT | st.just("*")),
        arguments=() if exactly is not None else draw(conditions()),
        exactly=exactly,
        reason=draw(TEXT),
        origin=draw(TEXT),
        until=draw(st.just(0.0) | st.integers(1, 10**14).map(lambda ms: ms / 1000)),
    )


def is_the_same(left, right):
    """Equal, and of the same types: 1 == 1.0 == True."""
    return repr(left) == repr(right)


@UNTIMED
@given(st.lists(rules(), min_size=1, max_size=3))
def test_a_rule_that_is_written_down_is_read_as_it_was(kept):
    text = "# mine\n\n" + "\n".join(as_toml(rule) for rule in kept)
    read = read_policy(text, "p").rules
    for rule, again in zip(kept, read, strict=True):
        line = int(again.origin.removeprefix("p:"))
        assert text.split("\n")[line - 1] == "[[rule]]"
        fields = {name: getattr(rule, name) for name in rule.__struct_fields__}
        assert is_the_same(again, Rule(**{**fields, "origin": again.origin}))


def test_scattered_conditions_come_to_stand_together():
    scattered = (condition("a", "min", 1), condition("b", "is", 2), condition("a", "max", 3))
    read = read_policy(as_toml(Rule(effect="deny", arguments=scattered)), "p").rules[0]
    assert read.arguments == (scattered[0], scattered[2], scattered[1])


def test_what_hides_is_written_visibly():
    text = as_toml(Rule(effect="deny", tool="a\u202eb", origin="x\n[[rule]]"))
    assert "\\u202E" in text
    assert text.startswith("# x [[rule]]\n[[rule]]\n")
    assert math.isclose(read_policy(text, "p").rules[0].until, 0.0)
