"""A grant goes into the text of a policy file and comes out of it; nothing else changes."""

import re

import pytest
from msgspec.structs import replace

from tui.errors import PolicyError
from tui.policy.changing import with_rule, without_grant
from tui.policy.facts import Call
from tui.policy.file import read_policy
from tui.policy.judging import judge
from tui.policy.kept import kept_id
from tui.policy.writing import as_toml
from tui.wire.rules import Condition, Rule

GRANT = Rule(
    effect="allow",
    tool="refund",
    arguments=(Condition(name="cents", test="max", value=500),),
    granted=True,
    origin="granted by ada on 2026-11-29 18:00 UTC",
)
BY_HAND = '# money\n[[rule]]\neffect = "ask"\ntool = "refund"\n'
BEHIND = '\n# never\n[[rule]]\neffect = "deny"\ntool = "shell"\n\n[sentinel]\nrepeats = 4\n'


def kept(text):
    return [rule for rule in read_policy(text, "p.toml").rules if rule.granted]


@pytest.mark.parametrize("text", ["", BY_HAND, BY_HAND + BEHIND, BY_HAND.rstrip()])
def test_a_grant_that_is_kept_and_taken_back_leaves_the_text_as_it_was(text):
    longer = with_rule(text, "p.toml", as_toml(GRANT))
    (found,) = kept(longer)

    assert found.granted
    assert without_grant(longer, "p.toml", found.rule_id) == (text.rstrip() + "\n" if text else "")


def test_a_grant_in_the_middle_goes_with_its_comment():
    text = BY_HAND + "\n" + as_toml(GRANT) + BEHIND
    (found,) = kept(text)

    assert without_grant(text, "p.toml", found.rule_id) == BY_HAND + BEHIND


def test_a_grant_whose_arguments_are_a_table_of_their_own_goes_with_it():
    text = '[[rule]]\neffect = "allow"\ngranted = true\n[rule.arguments]\ncents = 5\n' + BEHIND
    (found,) = kept(text)

    assert without_grant(text, "p.toml", found.rule_id) == BEHIND


def test_the_same_grant_twice_goes_twice():
    text = with_rule(with_rule(BY_HAND, "p.toml", as_toml(GRANT)), "p.toml", as_toml(GRANT))

    assert without_grant(text, "p.toml", kept(text)[0].rule_id) == BY_HAND


def test_a_name_that_is_not_there_changes_nothing():
    assert without_grant(BY_HAND, "p.toml", "kept-0") == BY_HAND


def test_a_grant_inside_a_list_of_inline_tables_is_left_to_the_person():
    text = 'rule = [{ effect = "allow", tool = "a", granted = true }]\n'
    (found,) = kept(text)

    with pytest.raises(PolicyError, match=r"^p\.toml:1: this rule is part of more; take it out"):
        without_grant(text, "p.toml", found.rule_id)


@pytest.mark.parametrize("above", [BY_HAND, ""])
def test_a_grant_with_a_part_far_below_it_is_left_to_the_person(above):
    """Without its head, that part would belong to the rule above, or to none."""
    head = '[[rule]]\neffect = "allow"\ntool = "a"\ngranted = true\n'
    text = f"{above}{head}[sentinel]\nrepeats = 4\n[rule.arguments]\ncents = 5\n"
    (found,) = kept(text)

    with pytest.raises(PolicyError, match=r"^p\.toml:\d: this rule is part of more; take it out"):
        without_grant(text, "p.toml", found.rule_id)


BLOCK = '[[rule]]\neffect = "allow"\ntool = "a"\ngranted = true\n'


@pytest.mark.parametrize(
    ("above", "block", "below"),
    [
        (BY_HAND, BLOCK, ""),
        (BY_HAND, BLOCK, "[sentinel]\nrepeats = 4\n"),
        (BY_HAND, "  " + BLOCK, BEHIND),
        ("", BLOCK, "# granted by hand"),
        ("# mine\n", BLOCK, "# of the next\n[sentinel]\n"),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_only_the_lines_of_the_grant_go(above, block, below, ends, mark):
    def as_saved(text):
        return mark + text.replace("\n", ends)

    text = as_saved(above + block + below)
    (found,) = kept(text)
    assert without_grant(text, "p.toml", found.rule_id) == as_saved(above + below)


def test_a_grant_stands_apart_from_what_is_above_it():
    assert with_rule(BY_HAND.rstrip(), "p.toml", as_toml(GRANT)) == f"{BY_HAND}\n{as_toml(GRANT)}"


def test_a_grant_that_cannot_stand_behind_the_text_is_not_written():
    text = 'rule = [{ effect = "deny" }]\n'
    with pytest.raises(PolicyError, match=r"^p\.toml:\d"):
        with_rule(text, "p.toml", as_toml(GRANT))


def test_a_file_that_is_at_fault_is_not_written_on():
    with pytest.raises(PolicyError, match=r"^p\.toml:1: not TOML"):
        with_rule("[[rule\n", "p.toml", as_toml(GRANT))


def test_a_grant_is_called_the_same_wherever_it_stands():
    alone = kept(as_toml(GRANT))[0]
    behind = kept(with_rule(BY_HAND, "p.toml", as_toml(GRANT)))[0]

    assert alone.rule_id == behind.rule_id
    assert alone.origin != behind.origin


def test_a_grant_is_called_by_what_it_says_alone():
    name = kept_id(GRANT)
    assert name == kept_id(replace(GRANT, origin="elsewhere", rule_id="grant-1"))
    assert kept(as_toml(GRANT))[0].rule_id == name
    assert name != kept_id(replace(GRANT, tool="other"))
    assert re.fullmatch("kept-[0-9a-f]{12}", name)


def test_a_kept_grant_answers_a_rule_of_the_file_that_asks():
    rules = read_policy(with_rule(BY_HAND, "p.toml", as_toml(GRANT)), "p.toml").rules
    covered = Call("Refunds", "refund", '{"cents": 500}')
    beyond = Call("Refunds", "refund", '{"cents": 501}')

    assert [judge(call, rules, (), 0.0).effect for call in (covered, beyond)] == ["allow", "ask"]
