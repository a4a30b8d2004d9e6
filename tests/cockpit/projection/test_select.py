"""What panes ask of a view."""

from tests.cockpit.projection.folding import (
    RUN,
    asked,
    called,
    fold,
    handed,
    handing,
    message,
    started,
    text,
)
from tui.cockpit.projection import select
from tui.cockpit.projection.view import RunView
from tui.wire.events import AgentChanged, BudgetReached, RunCompleted, RunPaused, UsageReported


def test_nobody_is_active_before_the_first_run():
    assert select.active_agent(RunView()) == ""
    assert not select.is_running(RunView())
    assert select.elapsed_s(RunView(), now=5.0) == 0.0


def test_the_active_agent_is_the_last_of_the_path():
    view = fold(started(), handing("h"), handed("h"))
    assert select.active_agent(view) == "B"
    assert select.is_running(view)


def test_a_waiting_run_is_running_and_an_ended_one_is_not():
    assert select.is_running(fold(started(), RunPaused(run_id=RUN)))
    assert not select.is_running(fold(started(), RunCompleted(run_id=RUN)))


def test_time_goes_on_until_the_end():
    assert select.elapsed_s(fold(started()), now=7.0) == 7.0
    assert select.elapsed_s(fold(started(), RunCompleted(run_id=RUN)), now=7.0) == 1.0


def test_tokens_are_those_of_all_agents_in_and_out():
    def used(agent):
        return UsageReported(run_id=RUN, agent=agent, input_tokens=10, output_tokens=5)

    assert select.tokens(fold(started(), used("A"), used("B"))) == 30


def test_an_item_is_found_by_its_id_open_or_not_and_by_where_it_stood():
    view = fold(started(), text("m", "a"), message("n", "b"))
    assert select.place_of(view, "m") == 0
    assert select.place_of(view, "n") == 1
    assert select.place_of(view, "n", hint=1) == 1
    assert select.place_of(view, "nobody") is None
    assert select.place_of(view, "nobody", hint=7) is None


def test_text_of_an_item_is_the_one_in_flight_while_it_is_in_flight():
    view = fold(started(), text("m", "a"), message("n", "b"))
    assert str(select.text_of(view, view.entries[0])) == "a"
    assert select.text_of(view, view.entries[1]) == "b"


def test_calls_that_wait_are_counted_by_agent():
    view = fold(started(), called("c"), asked("c"), called("d"), asked("d", path=("A", "B")))
    assert select.waiting_by_agent(view) == {"A": 1, "B": 1}


def test_agents_in_use_as_tools_are_named_once_each():
    inside = [AgentChanged(run_id=RUN, agent="Sub", within=call) for call in ("o", "p")]
    assert select.nested_agents(fold(started(), called("o"), called("p"), *inside)) == ("Sub",)


def test_budgets_of_a_run_wait_for_the_person_as_one():
    def reached(what, of):
        return BudgetReached(run_id=RUN, what=what, limit=1, used=2, of=of)

    view = fold(started(), reached("tokens", ""), reached("turns", "A"))
    assert select.waiting_for_person(view) == 1
    assert select.waits_since(view) == 1.0
