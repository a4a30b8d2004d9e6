"""What a run has used up, counted from its events; who tells of it, and how often."""

import pytest
from msgspec import to_builtins

from tests.host.counted import Counted
from tui.policy.settings import Budget, Prices
from tui.wire.events import (
    AgentChanged,
    BudgetExtended,
    BudgetReached,
    RunPaused,
    RunResumed,
)


def reached(what, limit, used, of=""):
    return to_builtins(BudgetReached(run_id="run", what=what, limit=limit, used=used, of=of))


@pytest.mark.parametrize(
    "tokens", [{"input_tokens": 9}, {"output_tokens": 9}, {"input_tokens": 4, "output_tokens": 5}]
)
def test_tokens_are_those_that_go_in_and_those_that_come_out(tokens):
    counted = Counted(Budget(tokens=10))
    counted.uses(**tokens)
    assert not counted.spending.is_used_up("Refunds")
    counted.uses(output_tokens=1)
    assert counted.spending.is_used_up("Refunds")
    assert counted.told == [reached("tokens", 10, 10)]


def test_cost_is_by_the_prices_cached_input_apart():
    counted = Counted(Budget(cost=1.0), prices=Prices(input=4.0, cached=1.0, output=8.0))
    counted.uses(input_tokens=300_000, cached_tokens=200_000, output_tokens=50_000)
    assert counted.spending.is_used_up("Refunds")
    assert counted.told == [reached("cost", 1.0, 1.0)]


def test_without_prices_nothing_costs():
    counted = Counted(Budget(cost=0.01))
    counted.uses(input_tokens=10**9)
    assert not counted.spending.is_used_up("Refunds")


def test_each_response_of_a_model_is_a_turn():
    counted = Counted(Budget(turns=2))
    counted.uses()
    assert not counted.spending.is_used_up("Refunds")
    counted.uses(agent="Triage")
    assert counted.spending.is_used_up("Refunds")


def test_minutes_are_those_of_work_and_not_of_waiting_for_a_person():
    counted = Counted(Budget(minutes=10))
    counted.passes(minutes=4)
    counted.spending.note(RunPaused(run_id="run"))
    counted.passes(minutes=60)
    assert not counted.spending.is_used_up("Refunds")
    counted.spending.note(RunResumed(run_id="run"))
    counted.passes(minutes=5.5)
    assert not counted.spending.is_used_up("Refunds")
    counted.passes(minutes=0.5)
    assert counted.spending.is_used_up("Refunds")
    assert counted.told == [reached("minutes", 10, 10.0)]


def test_a_wait_that_nobody_asked_about_meanwhile_costs_nothing_either():
    counted = Counted(Budget(minutes=10))
    counted.spending.note(RunPaused(run_id="run"))
    counted.passes(minutes=60)
    counted.spending.note(RunResumed(run_id="run"))
    assert not counted.spending.is_used_up("Refunds")


def test_minutes_are_of_the_agent_that_had_the_control():
    counted = Counted(Budget(agent="*", minutes=10))
    counted.spending.note(AgentChanged(run_id="run", agent="Triage"))
    counted.passes(minutes=9)
    counted.spending.note(AgentChanged(run_id="run", agent="Refunds"))
    counted.passes(minutes=9)
    assert not counted.spending.is_used_up("Triage")
    assert not counted.spending.is_used_up("Refunds")
    counted.passes(minutes=1)
    assert not counted.spending.is_used_up("Triage")
    assert counted.spending.is_used_up("Refunds")
    assert counted.told == [reached("minutes", 10, 10.0, "Refunds")]


def test_who_has_the_control_inside_a_call_is_not_who_works():
    counted = Counted(Budget(agent="Triage", minutes=10))
    counted.spending.note(AgentChanged(run_id="run", agent="Triage"))
    counted.spending.note(AgentChanged(run_id="run", agent="Inner", within="call"))
    counted.passes(minutes=10)
    assert counted.spending.is_used_up("Triage")


def test_an_agent_has_a_share_of_its_own():
    counted = Counted(Budget(agent="*", tokens=10))
    counted.uses("Triage", input_tokens=9)
    counted.uses("Triage", output_tokens=1)
    assert counted.spending.is_used_up("Triage")
    assert not counted.spending.is_used_up("Refunds")
    assert counted.told == [reached("tokens", 10, 10, "Triage")]


def test_a_used_up_budget_is_told_once_and_again_when_what_was_added_is_used_up():
    counted = Counted(Budget(turns=1))
    counted.uses()
    assert [counted.spending.is_used_up("Refunds") for _ in range(3)] == [True] * 3
    counted.spending.extend("ada")
    assert not counted.spending.is_used_up("Refunds")
    counted.uses()
    assert counted.spending.is_used_up("Refunds")
    assert counted.told == [
        reached("turns", 1, 1),
        to_builtins(BudgetExtended(run_id="run", what="turns", limit=2, by="ada")),
        reached("turns", 2, 2),
    ]


def test_all_that_is_used_up_is_extended_until_something_is_left():
    counted = Counted(Budget(turns=1), Budget(agent="Triage", tokens=10))
    counted.uses("Triage", input_tokens=25)
    counted.uses("Refunds")
    counted.spending.extend("ada")
    assert [(each["what"], each["limit"], each.get("of", "")) for each in counted.told] == [
        ("turns", 2, ""),
        ("turns", 3, ""),
        ("tokens", 20, "Triage"),
        ("tokens", 30, "Triage"),
    ]
    assert not counted.spending.is_used_up("Triage")


async def test_who_waits_for_a_budget_looks_again_when_it_is_extended():
    counted = Counted(Budget(turns=1))
    counted.uses()
    looks = iter([False, True])
    waiting = counted.book.changed.until(lambda: next(looks))
    waiting.send(None)
    counted.spending.extend("ada")
    with pytest.raises(StopIteration):
        waiting.send(None)
