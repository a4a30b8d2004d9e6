"""When a run's final output is an answer of its own, and when a message said it already."""

import pytest

from tests.cockpit.projection.folding import (
    RUN,
    begun,
    called,
    entries,
    finished,
    fold,
    handed,
    handing,
    message,
    output,
    started,
)
from tui.wire.events import RunCompleted, RunStarted

TOOL = (called("c"), begun("c"), finished("c"), output("c", "42"))


def completed(final_output, run_id=RUN):
    return RunCompleted(run_id=run_id, final_output=final_output)


def answers(*events):
    view = fold(started("Ann"), *events)
    return [(e.agent, e.text) for e in view.entries if getattr(e, "is_final_output", False)]


@pytest.mark.parametrize(
    ("events", "final_output"),
    [
        ((message("m", "Hello."),), "Hello."),
        ((message("m", " Hello.\n"),), "Hello."),
        ((), ""),
        ((message("m", ""),), ""),
        (TOOL, ""),
        ((message("m", "The same."), *TOOL), "The same."),
        ((message("m", '{"a":1,"when":"2026-01-01T00:00Z"}'),), '{"a": 1, "when": "2026-01-01"}'),
        ((message("m", '{"response":[1,2]}'),), "[1, 2]"),
        ((message("m", '{"response":5}'),), "5"),
        ((message("m", '{"response":"yes"}'),), "Answer.YES"),
        ((message("m", "[1,2]"),), "[1, 2]"),
        ((*TOOL, message("m", '{"a":1}')), '{"a": 1, "b": 2}'),
        ((message("m", "Hello."), message("n", "Inside.", within="c")), "Hello."),
    ],
)
def test_what_a_message_said_is_not_said_again(events, final_output):
    assert answers(*events, completed(final_output)) == []


@pytest.mark.parametrize(
    ("events", "final_output"),
    [
        (TOOL, "42"),
        ((message("m", "I look."), *TOOL), "42"),
        ((message("m", '{"a":1}'), *TOOL), '{"a": 1}  {'),
        ((message("m", '{"a":1}'), *TOOL), '{"b": 2}'),
        ((message("m", "I will not."),), "A handler's words."),
        ((message("m", "not json"),), '{"a": 1}'),
        ((message("m", '{"a":1}'),), "plain words"),
        ((message("m", "42", within="c"), *TOOL), "42"),
        ((), "from nowhere"),
        (TOOL, "# Long\n\n- of many\n- lines"),
    ],
)
def test_what_no_message_said_is_one_answer_of_the_active_agent(events, final_output):
    assert answers(*events, completed(final_output)) == [("Ann", final_output)]


def test_the_answer_is_the_last_entry_and_that_of_the_agent_that_has_the_control():
    view = fold(started("A"), handing("h"), handed("h", "Bob"), *TOOL, completed("42"))

    assert entries(view, "agent")[-1] == "Bob"
    assert view.entries[-1].item_id == f"{RUN}/answer"
    assert view.status == "completed"


def test_a_message_of_an_earlier_run_says_nothing_in_a_later_one():
    second = RunStarted(run_id="run2", agent="Ann", target="f", continues=RUN)
    again = completed("Hello.", "run2")
    view = fold(started("Ann"), message("m", "Hello."), completed("Hello."), second, again)

    assert [entry.run_id for entry in view.entries] == [RUN, "run2"]
