"""A grant goes into the text of a policy file and comes out of it; nothing else changes."""

import pytest

from tui.errors import PolicyError
from tui.policy.changing import with_rule, without_grant
from tui.policy.facts import Call
from tui.policy.file import read_policy
from tui.policy.judging import judge
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


def test_a_file_that_is_at_fault_is_not_written_on():
    with pytest.raises(PolicyError, match=r"^p\.toml:1: not TOML"):
        with_rule("[[rule\n", "p.toml", as_toml(GRANT))


def test_a_grant_is_called_the_same_wherever_it_stands():
    alone = kept(as_toml(GRANT))[0]
    behind = kept(with_rule(BY_HAND, "p.toml", as_toml(GRANT)))[0]

    assert alone.rule_id == behind.rule_id
    assert alone.origin != behind.origin


def test_a_kept_grant_answers_a_rule_of_the_file_that_asks():
    rules = read_policy(with_rule(BY_HAND, "p.toml", as_toml(GRANT)), "p.toml").rules
    covered = Call("Refunds", "refund", '{"cents": 500}')
    beyond = Call("Refunds", "refund", '{"cents": 501}')

    assert [judge(call, rules, (), 0.0).effect for call in (covered, beyond)] == ["allow", "ask"]
