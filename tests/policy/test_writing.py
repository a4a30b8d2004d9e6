"""How a rule stands in a policy file, to the letter."""

import pytest

from tui.policy.writing import as_toml
from tui.wire.rules import Condition, Rule

BARE = '[[rule]]\neffect = "deny"\ntool = "*"\n'


def condition(name, test, value):
    return Condition(name=name, test=test, value=value)


def test_a_rule_says_no_more_than_it_must():
    assert as_toml(Rule(effect="deny")) == BARE


def test_a_rule_says_all_that_it_holds():
    rule = Rule(
        effect="allow",
        agent="Refunds",
        tool="refund",
        arguments=(condition("cents", "min", 1), condition("cents", "max", 5.5)),
        reason="small",
        until=1_798_675_200.0,
        origin="granted by ada",
        granted=True,
    )
    assert as_toml(rule) == (
        "# granted by ada\n"
        "[[rule]]\n"
        'effect = "allow"\n'
        'agent = "Refunds"\n'
        'tool = "refund"\n'
        "arguments = { cents = { min = 1, max = 5.5 } }\n"
        "granted = true\n"
        'reason = "small"\n'
        "until = 2026-12-31T00:00:00+00:00\n"
    )


@pytest.mark.parametrize(
    ("conditions", "written"),
    [
        ([("a", "is", None)], "{ a = { null = true } }"),
        ([("a", "is", True), ("b", "is", False)], "{ a = { is = true }, b = { is = false } }"),
        ([("a.b", "like", "x*")], '{ "a.b" = { like = "x*" } }'),
        ([("", "is", 1)], '{ "" = { is = 1 } }'),
        (
            [("a", "like", "x*"), ("a", "like", "*y")],
            '{ a = [{ like = "x*" }, { like = "*y" }] }',
        ),
    ],
)
def test_conditions_are_tables_of_tests(conditions, written):
    rule = Rule(effect="deny", arguments=tuple(condition(*each) for each in conditions))
    assert as_toml(rule) == f"{BARE}arguments = {written}\n"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('say "hi" \\ there', r'"say \"hi\" \\ there"'),
        ("one\ttwo\nthree\rfour", r'"one\ttwo\nthree\rfour"'),
        ("é", '"é"'),
        ("\x7f\u202e", r'"\u007F\u202E"'),
        ("\uffff\U000e0001", r'"\uFFFF\U000E0001"'),
    ],
)
def test_what_an_editor_would_not_show_is_an_escape(text, written):
    assert as_toml(Rule(effect="deny", reason=text)) == f"{BARE}reason = {written}\n"


def test_a_comment_is_one_line_whatever_its_text():
    assert as_toml(Rule(effect="deny", origin="a\n[[rule]]\u202e")).startswith("# a [[rule]] \n[[")


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (Rule(effect="allow", run="r1"), "a rule for one conversation cannot be kept in a file"),
        (
            Rule(effect="deny", tool=chr(0xD800)),
            "half of a surrogate pair cannot be kept in a file",
        ),
        (
            Rule(effect="deny", tool=chr(0xDFFF)),
            "half of a surrogate pair cannot be kept in a file",
        ),
    ],
)
def test_what_a_file_cannot_say_is_told_in_a_sentence(rule, why):
    with pytest.raises(ValueError, match=f"^{why}$"):
        as_toml(rule)
