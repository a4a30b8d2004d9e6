"""The page of a rule: what can be chosen, what each choice would have covered and covers now."""

import pytest
from msgspec.structs import replace

from tui.cockpit.dialogs.always import AlwaysPage, page_for
from tui.cockpit.dialogs.always_text import always_text, always_title
from tui.cockpit.projection.pages import Pages
from tui.cockpit.projection.view import Decided, PendingApproval, RunView
from tui.cockpit.widgets.lines import Line, line_width
from tui.wire.rules import Rule

NOW = 1_700_000_000.0
WHOLE = 2
KEPT = 3


def waits(call_id: str, cents: int, tool: str = "pay") -> PendingApproval:
    return PendingApproval(
        run_id="run",
        item_id=f"item-{call_id}",
        call_id=call_id,
        agent="Refunds",
        tool=tool,
        arguments=f'{{"cents": {cents}}}',
        arguments_hash=f"hash-{cents}",
        requested_at=NOW,
    )


def was(cents: int, *, approved: bool, rule: Rule | None = None) -> Decided:
    return Decided(
        run_id="run",
        item_id="item",
        call_id=f"earlier-{cents}",
        agent="Refunds",
        tool="pay",
        arguments=f'{{"cents": {cents}}}',
        arguments_hash="hash",
        at=NOW,
        asked_at=NOW,
        approved=approved,
        rule=rule,
    )


def page(*pending: PendingApproval, decided: tuple[Decided, ...] = (), effect="allow"):
    decisions: Pages[Decided] = Pages()
    for each in decided:
        decisions = decisions.append(each)
    view = RunView(root="run", pending=pending, decisions=decisions)
    return page_for(pending[0], view, effect, NOW)


def text(lines: tuple[Line, ...]) -> str:
    return "\n".join("".join(part for part, _ in line) for line in lines)


def told(of: AlwaysPage, width: int = 80) -> str:
    laid_out = always_text(of, width)
    return text((*laid_out.head, *laid_out.body))


def test_the_narrowest_and_shortest_rule_is_chosen_first():
    first = page(waits("a", 500))
    assert first.rule.exactly == '{"cents": 500}'
    assert first.rule.run == "run"
    assert first.rule.granted
    assert not first.keeps


@pytest.mark.parametrize("effect", ["allow", "deny"])
def test_the_widest_and_longest_is_kept_in_the_policy_file(effect):
    last = page(waits("a", 500), effect=effect).chosen(99, 99)
    assert last.rule == Rule(effect=effect, agent="Refunds", tool="pay", granted=True)
    assert last.keeps


def test_a_choice_beyond_the_ends_stays_at_them():
    assert page(waits("a", 500)).chosen(-5, -5).rule == page(waits("a", 500)).rule


def test_earlier_calls_are_counted_by_the_rule_that_is_chosen():
    earlier = (was(500, approved=True), was(400, approved=True), was(900, approved=False))
    exact = page(waits("a", 500), decided=earlier)
    assert "1 call like it: 1 approved" in told(exact)
    assert "2 calls like it: 2 approved" in told(exact.chosen(1, 0))
    assert "⚠ 3 calls like it: 2 approved, 1 rejected" in told(exact.chosen(WHOLE, 0))


def test_what_rules_decided_tells_nothing_of_what_is_wanted():
    by_rule = was(500, approved=True, rule=Rule(effect="allow"))
    assert "no decided call was like it" in told(page(waits("a", 500), decided=(by_rule,)))


def test_what_was_said_of_calls_in_doubt_tells_nothing_of_what_is_wanted():
    doubt = replace(was(500, approved=True), in_doubt_since=NOW)
    assert "no decided call was like it" in told(page(waits("a", 500), decided=(doubt,)))


def test_no_rule_answers_for_a_call_that_may_have_run():
    doubt = replace(waits("b", 700), in_doubt_since=NOW - 60.0)
    assert page(waits("a", 500), doubt).chosen(WHOLE, 0).also_now == ()


def test_calls_that_the_rule_decides_at_once_are_named_whole():
    both = page(waits("a", 500), waits("b", 700), waits("c", 100, tool="look")).chosen(WHOLE, 0)
    assert [pending.call_id for pending in both.also_now] == ["b"]
    assert "this call, and 1 more: pay for Refunds (cents=700)" in told(both)
    assert "it would approve at once, too" in told(both)


def test_a_page_tells_the_same_until_the_choice_or_what_it_covers_changes():
    alone = page(waits("a", 500))
    assert page(waits("a", 500)).tells_the_same(alone)
    assert page(waits("a", 500), waits("b", 700)).tells_the_same(alone)
    assert not page(waits("a", 500), waits("b", 500)).tells_the_same(alone)
    assert not alone.chosen(1, 0).tells_the_same(alone)
    assert not alone.chosen(0, 1).tells_the_same(alone)
    decided = (was(500, approved=True),)
    assert not page(waits("a", 500), decided=decided).tells_the_same(alone)


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_the_rule_stands_whole_in_the_body_at_any_width(width):
    of = page(waits("a", 500)).chosen(1, KEPT)
    laid_out = always_text(of, width)
    whole = text(laid_out.body).replace("\n ┆ ", "")
    assert "allow pay for Refunds when cents is at most 500, kept in the policy file" in whole
    assert max(line_width(line) for line in (*laid_out.head, *laid_out.body)) <= width


@pytest.mark.parametrize(("effect", "does"), [("allow", "Approve"), ("deny", "Reject")])
def test_the_title_says_what_the_rule_does(effect, does):
    assert f"{does} this call, and calls like it" in text(
        (always_title(page(waits("a", 5), effect=effect), 80),)
    )
