import pytest

from tui.policy.budgets import Spent, extend, reached
from tui.policy.settings import Budget

RUN = Budget(tokens=100, cost=2.5, turns=10, minutes=30)
EACH = Budget(agent="*", tokens=50)
ONE = Budget(agent="Refunds", turns=2)


def of(budgets, run=None, agents=None, extended=None):
    found = reached(budgets, run or Spent(), agents or {}, extended or {})
    return found and (found.of, found.what, found.limit, found.used)


@pytest.mark.parametrize(
    ("budgets", "run", "agents", "expected"),
    [
        ([], Spent(10**9, 1e9, 10**9, 1e9), {}, None),
        ([RUN], Spent(99, 2.4, 9, 29.9), {}, None),
        ([RUN], Spent(tokens=100), {}, ("", "tokens", 100, 100)),
        ([RUN], Spent(cost=2.6), {}, ("", "cost", 2.5, 2.6)),
        ([RUN], Spent(turns=11), {}, ("", "turns", 10, 11)),
        ([RUN], Spent(minutes=30.0), {}, ("", "minutes", 30, 30.0)),
        ([RUN], Spent(tokens=100, minutes=31), {}, ("", "tokens", 100, 100)),
        ([RUN], Spent(), {"A": Spent(tokens=500)}, None),
        ([RUN], Spent(), {"": Spent(tokens=500)}, None),  # no agent is the run
        ([EACH], Spent(tokens=500), {"A": Spent(tokens=49)}, None),
        ([EACH], Spent(), {"A": Spent(49), "B": Spent(50)}, ("B", "tokens", 50, 50)),
        ([ONE], Spent(), {"A": Spent(turns=9), "Refunds": Spent(turns=1)}, None),
        ([ONE], Spent(), {"Refunds": Spent(turns=2)}, ("Refunds", "turns", 2, 2)),
        ([ONE, EACH, RUN], Spent(100), {"A": Spent(50)}, ("", "tokens", 100, 100)),
    ],
)
def test_a_budget_is_reached_when_nothing_of_it_is_left(budgets, run, agents, expected):
    assert of(budgets, run, agents) == expected


def test_what_was_spent_adds_up():
    assert Spent(1, 2.0, 3, 4.0).plus(Spent(10, 20.0, 30, 40.0)) == Spent(11, 22.0, 33, 44.0)


def test_each_extension_gives_as_much_again():
    extended = {}
    for limit in (100, 200, 300):
        found = reached([RUN], Spent(tokens=limit), {}, extended)
        assert (found.limit, found.step) == (limit, 100)
        extended = extend(extended, found)
        assert of([RUN], Spent(tokens=limit), extended=extended) is None


def test_an_extension_is_for_one_budget_of_one_agent():
    found = reached([EACH], Spent(), {"A": Spent(50)}, {})
    extended = extend({}, found)
    assert extended == {("A", "tokens"): 1}
    assert of([EACH], agents={"A": Spent(50), "B": Spent(50)}, extended=extended)[0] == "B"
