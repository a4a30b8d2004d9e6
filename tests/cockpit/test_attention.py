"""When a person is told that they are needed: tables of looks, and what goes out at each."""

import math

import pytest

from tests.cockpit.projection.folding import RUN, asked, called, fold, started
from tui.cockpit.attention import Attention, Cause, attend, causes_of
from tui.cockpit.projection.stuck import Finding
from tui.wire.events import BudgetReached, RunCancelled, RunCompleted, RunFailed

EVERY_S = 15.0


def cause(key):
    event = {"f": "failed", "c": "completed"}.get(key[0], "request")
    return Cause(key, event, f"about {key}")


def told(*looks):
    """What goes out at looks of (now, "a b": the causes that stand, whether they look here)."""
    attention, out = Attention(), []
    for now, standing, has_focus in looks:
        causes = [cause(key) for key in standing.split()]
        attended = attend(attention, causes, now, has_focus=has_focus, every_s=EVERY_S)
        attention = attended.attention
        keys = [each.key for each in attended.notice.causes] if attended.notice else []
        out.append(" ".join(keys))
    return out


@pytest.mark.parametrize(
    ("looks", "out"),
    [
        # The first goes out at once, and once.
        ([(0, "a", True), (1, "a", True), (99, "a", True)], ["a", "", ""]),
        # What comes soon after waits, and goes out together.
        (
            [(0, "a", True), (3, "a b", True), (5, "a b d", True), (15, "a b d", True)],
            ["a", "", "", "b d"],
        ),
        # What was decided in the meantime is not told.
        ([(0, "a", True), (3, "a b", True), (15, "a", True)], ["a", "", ""]),
        ([(0, "a", True), (3, "a b d", True), (15, "d", True)], ["a", "", "d"]),
        # A notice after a long time is at once again.
        ([(0, "a", True), (20, "a b", True), (22, "b d", True)], ["a", "b", ""]),
        # What goes and comes back is new.
        ([(0, "a", True), (20, "", True), (40, "a", True)], ["a", "", "a"]),
        # The end of a run is news to who does not look.
        ([(0, "f", False)], ["f"]),
        ([(0, "c", False)], ["c"]),
        ([(0, "f", True)], [""]),
        ([(0, "f", True), (30, "f", False)], ["", ""]),
        # It is no news any more once the person looks.
        ([(0, "a", False), (3, "a f", False), (15, "a f", True)], ["a", "", ""]),
        ([(0, "a", False), (3, "a f b", False), (15, "a f b", True)], ["a", "", "b"]),
        # A clock that is set back silences nothing.
        ([(100, "a", True), (50, "a b", True)], ["a", "b"]),
    ],
)
def test_one_at_once_then_at_most_one_in_a_while_with_all_that_stands(looks, out):
    assert told(*looks) == out


def test_the_next_look_is_when_the_while_is_over():
    attention = attend(Attention(), [cause("a")], 2.0, has_focus=True, every_s=EVERY_S).attention
    attended = attend(attention, [cause("a"), cause("b")], 5.0, has_focus=True, every_s=EVERY_S)
    assert attended.next_at == 2.0 + EVERY_S
    nothing_new = attend(attention, [cause("a")], 5.0, has_focus=True, every_s=EVERY_S)
    assert nothing_new.next_at == math.inf


def test_a_notice_names_the_first_and_counts_the_others():
    causes = [cause("a"), cause("b"), cause("d")]
    notice = attend(Attention(), causes, 0.0, has_focus=True, every_s=EVERY_S).notice
    assert notice.words == "about a, and 2 more"


@pytest.mark.parametrize(
    ("events", "event", "words"),
    [
        ([called("c"), asked("c")], "request", "A asks to call t"),
        (
            [BudgetReached(run_id=RUN, what="tokens", limit=5, used=6, of="A")],
            "budget",
            "⚠ A used 6 of 5 tokens",
        ),
        ([RunFailed(run_id=RUN, error_type="E", message="secret")], "failed", "A failed: E"),
        ([RunCompleted(run_id=RUN)], "completed", "A is done"),
    ],
)
def test_each_cause_says_what_it_is_and_no_arguments(events, event, words):
    (found,) = causes_of("run", fold(started(), *events), ())
    assert (found.event, found.words) == (event, words)


def test_a_run_that_a_person_cancelled_calls_nobody():
    assert list(causes_of("run", fold(started(), RunCancelled(run_id=RUN)), ())) == []


def test_what_looks_stuck_is_a_cause_as_long_as_it_lasts():
    view = fold(started())
    keys = set()
    for silent_s in (45.0, 50.0):
        (found,) = causes_of("run", view, [Finding("model", "model", "A", silent_s=silent_s)])
        keys.add(found.key)
    assert found.words == "A: no word for 50 s"
    assert len(keys) == 1


def test_the_same_call_id_in_two_conversations_is_two_causes():
    view = fold(started(), called("c"), asked("c"))
    keys = {found.key for name in "xy" for found in causes_of(name, view, ())}
    assert len(keys) == 2
