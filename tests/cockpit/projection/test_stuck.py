"""When a run looks stuck, as tables of events, a time and what is found."""

import math
from itertools import pairwise

import pytest

from tests.cockpit.projection.folding import (
    RUN,
    asked,
    begun,
    called,
    decided,
    finished,
    fold,
    handed,
    handing,
    message,
    output,
    started,
    text,
)
from tui.cockpit.projection.stuck import findings, next_change
from tui.cockpit.widgets.stuck_words import stuck_badge, stuck_words
from tui.policy.settings import Sentinel
from tui.wire.events import (
    AgentChanged,
    BudgetReached,
    CallHeld,
    ConsoleOutput,
    RunCompleted,
    RunPaused,
    ToolProgress,
)

USUAL = Sentinel(model_silence_s=45, tool_silence_s=120, person_silence_s=600)
OFF = Sentinel(0, 0, 0, ping_pong=0, repeats=0)
RUNS = [started(), called("c"), begun("c")]  # the tool is heard last at 2 s
WAITS = [started(), called("c"), asked("c"), RunPaused(run_id=RUN)]  # since 2 s
PROGRESS = ToolProgress(run_id=RUN, agent="A", call_id="c", text="half")
PRINTED = ConsoleOutput(run_id=RUN, call_id="c", text="half\n")
REACHED = BudgetReached(run_id=RUN, what="tokens", limit=5, used=6, of="A")
HELD = CallHeld(run_id=RUN, agent="A", call_id="c", tool="t", why="hold")


def said(events, now, sentinel=USUAL):
    return [stuck_words(finding) for finding in findings(fold(*events), now, sentinel)]


def asked_times(count, arguments="{}", tool="t"):
    return [called(f"{tool}{number}", arguments, tool) for number in range(count)]


def passed(*agents):
    """Handoffs from each of `agents` to the next."""
    events = [started(agents[0])]
    for number, (agent, target) in enumerate(pairwise(agents)):
        events += [
            handing(f"h{number}", agent=agent),
            handed(f"h{number}", target, agent),
            AgentChanged(run_id=RUN, agent=target),
        ]
    return events


@pytest.mark.parametrize(
    ("events", "now", "words"),
    [
        ([started()], 44.9, []),
        ([started()], 45.0, ["A: no word for 45 s"]),
        ([started()], 52.0, ["A: no word for 50 s"]),
        ([started()], 119.9, ["A: no word for 115 s"]),
        ([started()], 190.0, ["A: no word for 3 m"]),
        ([started("")], 45.0, ["This run: no word for 45 s"]),
        ([started(), text("m", "hel")], 45.9, []),
        ([started(), text("m", "hel")], 46.0, ["A: no word for 45 s"]),
        ([started(), RunCompleted(run_id=RUN)], 900.0, []),
        ([], 900.0, []),
        # A tool runs: the model has nothing to say.
        (RUNS, 100.0, []),
        (RUNS, 122.0, ["A: no word of t for 2 m"]),
        ([*RUNS, PROGRESS], 122.0, []),
        ([*RUNS, PROGRESS], 123.0, ["A: no word of t for 2 m"]),
        ([*RUNS, PRINTED], 122.0, []),
        ([*RUNS, finished("c")], 48.0, ["A: no word for 45 s"]),
        ([*RUNS, finished("c"), output("c")], 49.0, ["A: no word for 45 s"]),
        # Other tools have their own silence.
        ([*RUNS, called("d"), begun("d"), PROGRESS], 124.0, ["A: no word of t for 2 m"]),
        # A person is waited for.
        (WAITS, 601.0, []),
        (WAITS, 602.0, ["A: t has waited for you for 10 m"]),
        ([*WAITS, decided("c")], 1_000.0, []),
        ([started(), REACHED], 600.0, []),
        ([started(), REACHED], 601.0, ["A: a used-up budget has waited for you for 10 m"]),
        # A call stands at the gate: somebody held it.
        ([started(), called("c"), HELD], 900.0, []),
    ],
)
def test_silence_of_each_kind_has_its_own_time(events, now, words):
    assert said(events, now) == words


def test_an_agent_inside_a_call_is_silent_under_its_own_name():
    events = [*RUNS, AgentChanged(run_id=RUN, agent="Sub", within="c")]
    assert said(events, 48.0) == ["Sub: no word for 45 s"]


@pytest.mark.parametrize(
    ("agents", "words"),
    [
        ("ABABA", []),
        ("ABABAB", []),
        ("ABABABA", ["A ⇄ B: handed to and fro 3 times"]),
        ("CABABABA", ["A ⇄ B: handed to and fro 3 times"]),
        ("ABABABAB", ["A ⇄ B: handed to and fro 3 times"]),
        ("BABABABAB", ["B ⇄ A: handed to and fro 4 times"]),
        ("ABABABAC", []),
        ("ABCABCABC", []),
    ],
)
def test_control_that_goes_to_and_fro_is_found_in_the_newest_handoffs(agents, words):
    assert said(passed(*agents), 30.0) == words


@pytest.mark.parametrize(
    ("calls", "words"),
    [
        (asked_times(2), []),
        (asked_times(3), ["A: t called 3 times with the same arguments"]),
        (asked_times(4), ["A: t called 4 times with the same arguments"]),
        ([*asked_times(2), called("x", '{"a": 1}')], []),
        ([*asked_times(2), called("x", tool="u")], []),
        (
            [*asked_times(2), message("m", "hm"), called("x")],
            ["A: t called 3 times with the same arguments"],
        ),
        (
            [*asked_times(3), *asked_times(4, tool="u")],
            ["A: u called 4 times with the same arguments"],
        ),
    ],
)
def test_the_same_call_again_and_again_is_found(calls, words):
    assert said([started(), *calls], 10.0) == words


def test_calls_of_the_run_before_count_no_more():
    ended = [started(), *asked_times(3), RunCompleted(run_id=RUN)]
    assert said([*ended, started(run_id="run2")], 10.0) == []


@pytest.mark.parametrize("events", [[started()], RUNS, WAITS, passed(*"ABABABA"), asked_times(9)])
def test_each_is_off_where_its_number_is_0(events):
    assert said(events, 9_000.0, OFF) == []
    assert next_change(fold(*events), 9_000.0, OFF) == math.inf


@pytest.mark.parametrize(
    ("events", "now", "at"),
    [
        ([], 0.0, math.inf),
        ([started()], 1.0, 45.0),
        ([started()], 45.0, 50.0),
        ([started()], 47.0, 50.0),
        ([started()], 130.0, 180.0),
        (RUNS, 5.0, 122.0),
        (WAITS, 5.0, 602.0),
        (WAITS, 662.0, 722.0),
        ([started(), RunCompleted(run_id=RUN)], 5.0, math.inf),
    ],
)
def test_the_next_look_is_when_something_changes_and_no_sooner(events, now, at):
    assert next_change(fold(*events), now, USUAL) == at


@pytest.mark.parametrize(
    ("events", "now", "badge", "place"),
    [
        ([started(), message("m", "hi")], 46.0, "⚠ no word for 45 s", "m"),
        (RUNS, 122.0, "⚠ no word for 2 m", "i-c"),
        (WAITS, 602.0, "⚠ waits for 10 m", "i-c"),
        (passed(*"ABABABA"), 20.0, "⚠ to and fro 3×", "i-h5"),
        ([started(), *asked_times(3)], 9.0, "⚠ same call 3×", "i-t2"),
    ],
)
def test_each_has_a_badge_and_the_entry_where_it_shows(events, now, badge, place):
    (finding,) = findings(fold(*events), now, USUAL)
    assert (stuck_badge(finding), finding.item_id) == (badge, place)


def test_a_finding_keeps_its_key_while_it_lasts():
    view = fold(*RUNS)
    keys = {finding.key for now in (122.0, 500.0) for finding in findings(view, now, USUAL)}
    assert len(keys) == 1
