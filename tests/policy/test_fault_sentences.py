"""What is said of a policy file's faults, whole: file, line, what is wrong, and what to do."""

import pytest

from tui.errors import PolicyError
from tui.policy.file import read_policy
from tui.toml.tables import Table

RULE = "[[rule]]\neffect = 'deny'\n"
# On lines of their own, so that a fault has a line that is not its table's.
ARGUMENTS = f"{RULE}[rule.arguments]\nb = 1\n"
SENTENCES = [
    ("a = \nb = 1", "1: not TOML: Invalid value at column 5; correct that line"),
    ("zzz = 1", '1: unknown key "zzz"; known are rule, budget, prices, sentinel'),
    ("rules = []", '1: unknown key "rules"; did you mean "rule"?'),
    ("[rule]\ntool = 'x'", '1: "rule" is a table; there may be several: [[rule]]'),
    ("\nrule = 5", '2: "rule" is a whole number; there may be several: [[rule]]'),
    ("rule = [\n{ effect = 'deny' },\n5 ]", '3: "rule" holds a whole number; write [[rule]]'),
    ("[[rule]]", '1: an empty rule; give it an effect: "allow", "ask" or "deny"'),
    ("[[rule]]\ntool = 'x'", '1: a rule without effect; give it "allow", "ask" or "deny"'),
    ("[[rule]]\neffect = 'x'", '2: effect "x"; it must be "allow", "ask" or "deny"'),
    ("[[rule]]\neffect = 5.5", '2: "effect" is a number; it must be text in quotes'),
    ("[[rule]]\neffect = true", '2: "effect" is true or false; it must be text in quotes'),
    ("[[rule]]\neffect = 'allow'", '1: this allows every call; write tool = "*" if that is meant'),
    (
        f"{RULE}arguments = {{ a = 1 }}\nexactly = '{{}}'",
        '4: a rule has "arguments" or "exactly", not both; drop one',
    ),
    (
        f"{RULE}exactly = '[1]'",
        '3: "exactly" is no JSON object; write all arguments in {}',
    ),
    (f'{RULE}exactly = \'{{"a":1,"a":1}}\'', '3: "exactly" has "a" twice; drop one'),
    (f"{RULE}exactly = '{{\"a\": NaN}}'", '3: "exactly" is not JSON: NaN is no JSON value'),
    (
        f"{RULE}until = 2026-12-31",
        '3: "until" is a date or time, not a day, a time and a zone; write 2026-12-31T00:00:00Z',
    ),
    (
        f"{RULE}until = 2026-12-31T00:00:00",
        '3: "until" has no zone; write 2026-12-31T00:00:00Z',
    ),
    (
        f"{RULE}until = 1970-01-01T00:00:00Z",
        '3: "until" is before 1970; write 2026-12-31T00:00:00Z',
    ),
    (f"{ARGUMENTS}a = []", '5: "a" is a list; use "exactly" for all arguments'),
    (f"{ARGUMENTS}a = {{}}", '5: "a" has no test; the tests are is, like, prefix, min, max'),
    (
        f"{ARGUMENTS}a = {{ mx = 5 }}",
        (
            '5: "mx" is no test of "a"; did you mean "max"? '
            '(inner arguments are named with dots, in quotes: "order.lines")'
        ),
    ),
    (
        f"{ARGUMENTS}[rule.arguments.a]\nmin = 1\nzzzzz = 5",
        (
            '7: "zzzzz" is no test of "a"; the tests are is, like, prefix, min, max '
            '(inner arguments are named with dots, in quotes: "order.lines")'
        ),
    ),
    (
        f"{ARGUMENTS}a = 2026-01-01",
        '5: "a" is a date or time; it must be text, a number, true or false',
    ),
    (f"{ARGUMENTS}a = inf", '5: "a" is no finite number; no argument can be that'),
    (f"{ARGUMENTS}a = {2**64}", '5: "a" does not fit into 64 bits; write it with a point'),
    (
        f"{ARGUMENTS}[rule.arguments.a]\nmin = 1\nis = [1]",
        '7: "is" is a list; it must be text, a number, true or false',
    ),
    (
        f"{ARGUMENTS}[rule.arguments.a]\nmin = 1\nmax = 'x'",
        '7: "max" is text in quotes; it must be a number',
    ),
    (
        f"{ARGUMENTS}[rule.arguments.a]\nmin = 1\nmax = nan",
        '7: "max" is no finite number; no argument can be that',
    ),
    (
        f"{ARGUMENTS}[rule.arguments.a]\nmin = 1\nprefix = 'a; b'",
        '7: "prefix" is "a; b"; it must be the first plain words of a command',
    ),
    (
        "[[budget]]\nagent = 'A'",
        "1: a budget without a number; give it one of tokens, cost, turns, minutes",
    ),
    (
        "[[budget]]\nturns = 1\ntokens = 0",
        '3: "tokens" is 0, which nothing can begin with; give it more',
    ),
    ("[[budget]]\nturns = 1\ntokens = -5", '3: "tokens" is -5; it cannot be less than 0'),
    ("[[budget]]\ntokens = 1.5", '2: "tokens" is a number; it must be a whole number'),
    ("[[budget]]\nminutes = inf", '2: "minutes" is no finite number; it must be a number'),
    (
        "[[budget]]\nturns = 1\ncost = 1",
        '3: "cost" needs to know what tokens cost; add [prices]',
    ),
    (
        "[prices]\noutput = 5",
        '1: prices need "input" and "output", per million tokens; add them',
    ),
    ("[sentinel]\npauses = 1", '2: "pauses" is a whole number; it must be true or false'),
    ("sentinel = 5", '1: "sentinel" is a whole number; it must be a table'),
]


@pytest.mark.parametrize(("text", "sentence"), SENTENCES)
def test_a_fault_is_one_sentence_with_its_place_and_what_to_do(text, sentence):
    with pytest.raises(PolicyError) as caught:
        read_policy(text, "my.toml")
    assert str(caught.value) == f"my.toml:{sentence}"


def test_a_text_that_ends_too_early_is_told_at_its_last_line():
    with pytest.raises(PolicyError) as caught:
        read_policy('# mine\nx = """\n\n', "my.toml")
    assert str(caught.value) == "my.toml:2: not TOML: Unterminated string; correct that line"


def test_a_prefix_is_as_many_words_as_are_read_of_a_command_and_no_more():
    text = f"{RULE}arguments = {{ a = {{ prefix = '{{}}' }} }}".replace("{}' }", "%s' }")
    assert read_policy(text % " ".join(["w"] * 32), "p").rules
    with pytest.raises(PolicyError, match="plain words"):
        read_policy(text % " ".join(["w"] * 33), "p")


def test_what_has_no_line_of_its_own_is_told_at_the_table_around_it():
    table = Table("my.toml", {}, {("rule", 0): 7}, ("rule", 0, "arguments"))
    assert str(table.fault("no good", "a")) == "my.toml:7: no good"
    rule = Table("my.toml", {}, {("rule", 0): 7}, ("rule", 0))
    assert str(rule.fault("no good", "a")) == "my.toml:7: no good"
    assert str(Table("my.toml", {}, {}).fault("no good", "a")) == "my.toml:1: no good"
