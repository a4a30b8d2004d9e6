"""Tool calls and handoffs, as they fold: every state of a call is a state of its one entry."""

import msgspec
import pytest

from tests.cockpit.projection.folding import (
    RUN,
    asked,
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
    text,
    writing,
)
from tui.wire.events import (
    AgentChanged,
    RunCancelled,
    RunCompleted,
    ToolOutput,
    ToolProgress,
    ToolStarted,
)

NOT_RUN = ToolOutput(run_id=RUN, agent="A", call_id="c", output="no", not_run=True)


@pytest.mark.parametrize(
    ("events", "states"),
    [
        pytest.param([writing("c", "")], ["writing"], id="the first delta opens it"),
        pytest.param([writing("c", "{"), called("c")], ["called"], id="whole"),
        pytest.param([called("c"), begun("c")], ["running"], id="begun"),
        pytest.param([begun("c")], ["running"], id="begun without a call"),
        pytest.param([begun("c"), called("c")], ["running"], id="begun before the call"),
        pytest.param([called("c"), begun("c"), finished("c")], ["done"], id="returned"),
        pytest.param([called("c"), begun("c"), finished("c", "no")], ["failed"], id="raised"),
        pytest.param([called("c"), output("c")], ["answered"], id="output without start"),
        pytest.param([output("c")], ["answered"], id="output without a call"),
        pytest.param([called("c"), NOT_RUN], ["skipped"], id="answered in place of the tool"),
        pytest.param([called("c"), begun("c"), output("c")], ["done"], id="output without end"),
        pytest.param(
            [called("c"), output("c"), finished("c", "no")], ["failed"], id="finished after output"
        ),
        pytest.param(
            [called("c"), output("c"), called("c")], ["answered"], id="a call repeated on resume"
        ),
        pytest.param(
            [writing("c", "{"), RunCancelled(run_id=RUN)], ["cancelled", None], id="cut in writing"
        ),
        pytest.param(
            [called("c"), begun("c"), RunCompleted(run_id=RUN)], ["cancelled"], id="never ended"
        ),
        pytest.param(
            [called("c"), begun("c"), finished("c"), RunCompleted(run_id=RUN)],
            ["done"],
            id="without output",
        ),
        pytest.param(
            [called("a"), called("b"), begun("b"), begun("a"), finished("b")],
            ["running", "done"],
            id="in parallel",
        ),
    ],
)
def test_a_call_folds_into(events, states):
    assert entries(fold(started(), *events), "state") == states


def test_a_call_keeps_its_times():
    view = fold(
        started(), writing("c", "{"), called("c"), begun("c"), finished("c"), output("c", "42")
    )
    assert entries(view, "at", "called_at", "started_at", "ended_at", "output") == [
        (1.0, 2.0, 3.0, 4.0, "42")
    ]


def test_arguments_are_live_while_they_are_written():
    view = fold(started(), writing("c", '{"a"'), writing("c", ": 1}"))
    assert str(view.live["i-c"]) == '{"a": 1}'
    settled = fold(started(), writing("c", '{"a"'), called("c", '{"a": 1}'))
    assert not settled.live
    assert entries(settled, "arguments") == ['{"a": 1}']


def test_arguments_cut_by_the_end_are_kept():
    view = fold(started(), writing("c", '{"a"'), RunCancelled(run_id=RUN))
    assert entries(view, "arguments")[0] == '{"a"'


def test_progress_replaces_the_last_progress():
    view = fold(
        started(),
        called("c"),
        begun("c"),
        *(ToolProgress(run_id=RUN, agent="A", call_id="c", text=t) for t in ("1 of 2", "2 of 2")),
    )
    assert entries(view, "progress", "state") == [("2 of 2", "running")]


def test_a_call_with_its_output_is_closed():
    view = fold(started(), called("c"), begun("c"), finished("c"), output("c"))
    assert not view.open_calls
    assert not view.open_items


def test_a_call_id_used_again_is_a_new_call():
    second = msgspec.structs.replace(called("c", '{"n": 2}'), item_id="another")
    view = fold(started(), called("c"), output("c", "one"), second, begun("c"), output("c", "two"))
    assert entries(view, "output") == ["one", "two"]


def test_the_same_call_id_inside_an_agent_is_another_call():
    view = fold(
        started(),
        called("c"),
        msgspec.structs.replace(called("c", within="c"), item_id="inner"),
        output("c", "inner", within="c"),
        output("c", "outer"),
    )
    assert entries(view, "output") == ["outer", "inner"]


def test_a_nested_entry_marks_its_outer_call_as_an_agent():
    assert entries(fold(started(), called("o")), "is_agent") == [False]
    nested = fold(started(), called("o"), begun("o"), text("m", "hm", agent="Sub", within="o"))
    assert entries(nested, "is_agent") == [True, None]


def test_an_agent_used_as_a_tool_is_active_until_its_call_ends():
    inside = [called("o"), begun("o"), AgentChanged(run_id=RUN, agent="Sub", within="o")]
    assert fold(started(), *inside).active_within == {"o": "Sub"}
    assert fold(started(), *inside, finished("o")).active_within == {}


def test_what_is_open_inside_a_call_is_settled_by_its_output():
    view = fold(
        started(),
        called("o"),
        begun("o"),
        called("c", within="o"),
        begun("c", within="o"),
        text("m", "half a", within="o"),
        output("o", "failed inside"),
        message("n", "done"),
    )
    assert entries(view, "state", "cut") == [
        ("done", None),
        ("cancelled", None),
        (None, True),
        (None, False),
    ]
    assert not view.live


def test_calls_and_their_errors_are_counted_by_agent():
    view = fold(started(), writing("a", ""), called("a"), finished("a", "no"), begun("b"))
    tally = view.tallies[0]
    assert (tally.name, tally.tool_calls, tally.tool_errors) == ("A", 2, 1)


@pytest.mark.parametrize(
    ("events", "shown"),
    [
        pytest.param([handing("h", '{"a": 1}')], ("handoff", '{"a": 1}', "", "", None), id="asked"),
        pytest.param([handing("h"), handed("h")], ("handoff", "{}", "B", "", 2.0), id="occurred"),
        pytest.param([handed("h")], ("handoff", "", "B", "", 1.0), id="never asked"),
        pytest.param(
            [writing("h", "{", tool="to_b"), handing("h"), handed("h")],
            ("handoff", "{}", "B", "", 3.0),
            id="first seen as a call being written",
        ),
        pytest.param(
            [handing("h"), output("h", "Multiple handoffs detected, ignoring this one.")],
            ("handoff", "{}", "", "Multiple handoffs detected, ignoring this one.", 2.0),
            id="ignored",
        ),
        pytest.param(
            [handing("h"), handed("h"), output("h", '{"assistant": "B"}')],
            ("handoff", "{}", "B", "", 2.0),
            id="the output of one that occurred is not shown",
        ),
        pytest.param(
            [handing("h"), RunCompleted(run_id=RUN)],
            ("handoff", "{}", "", "", 2.0),
            id="never answered",
        ),
    ],
)
def test_a_handoff_folds_into(events, shown):
    view = fold(started(), *events)
    assert entries(view, "type", "arguments", "target", "output", "ended_at") == [shown]


def test_a_handoff_moves_the_path_once_however_it_is_told():
    told_twice = fold(started(), handing("h"), handed("h"), AgentChanged(run_id=RUN, agent="B"))
    assert told_twice.path == ("A", "B")
    back = fold(
        started(), handing("h"), handed("h"), handing("g", agent="B"), handed("g", "A", "B")
    )
    assert back.path == ("A", "B", "A")


def test_what_a_tool_says_of_itself_is_known_once_it_runs():
    about = ToolStarted(run_id=RUN, agent="A", call_id="c", tool="t", description="Add up.")
    assert entries(fold(started(), called("c"), about), "description") == ["Add up."]
    asked_first = fold(started(), called("c"), asked("c"), begun("c"))
    assert entries(asked_first, "description") == ["Pay money back."]
