"""What home says of a conversation, in one line, at every width."""

import pytest
from rich.cells import cell_len

from tests.cockpit.widgets.views import user, view_of
from tui.cockpit.projection.view import NoticeEntry, PendingApproval, RunView
from tui.cockpit.widgets.home_rows import (
    RunRow,
    choice_lines,
    choice_row,
    heading,
    run_lines,
    run_row,
)

ASKED = PendingApproval(
    run_id="r",
    item_id="i",
    call_id="c",
    agent="Refunds",
    tool="pay",
    arguments="{}",
    arguments_hash="h",
    requested_at=40.0,
)
BEGUN = {
    "run_id": "r",
    "target": "/home/me/desk.py:triage",
    "path": ("Triage",),
    "started_at": 10.0,
}


def row(starting="", now=100.0, **view):
    return run_row("k", RunView(**view), starting=starting, now=now)


STATES = [
    (row(target="far/desk.py:a"), ("○ not begun", "desk.py:a", "", "")),
    (row(rehearsal=True), ("○ not begun", "The rehearsal", "", "")),
    (row(target="desk.py:a", starting="Hi"), ("… starting", "desk.py:a", "Hi", "")),
    (row(**BEGUN, status="running"), ("● running", "Triage", "", "1 m 30 s")),
    (
        row(**BEGUN, status="waiting", pending=(ASKED,)),
        ("⏸ waits for you", "Triage", "", "1 m 00 s"),
    ),
    (
        row(**BEGUN, status="running", pending=(ASKED,)),
        ("⏸ waits for you", "Triage", "", "1 m 00 s"),
    ),
    (
        row(**BEGUN, status="waiting", pending=(ASKED,) * 2),
        ("⏸ 2 wait for you", "Triage", "", "1 m 00 s"),
    ),
    (row(**BEGUN, status="completed", ended_at=12.5), ("✓ done", "Triage", "", "2.5 s · 1 m ago")),
    (
        row(**BEGUN, status="failed", ended_at=99.0),
        ("✗ failed", "Triage", "", "1 m 29 s · just now"),
    ),
    (
        row(**BEGUN, status="cancelled", ended_at=10.0, now=9000.0),
        ("■ cancelled", "Triage", "", "0.0 s · 2 h ago"),
    ),
    (
        row(**{**BEGUN, "path": ("",)}, status="running"),
        ("● running", "desk.py:triage", "", "1 m 30 s"),
    ),
]


@pytest.mark.parametrize(("told", "expected"), STATES)
def test_a_conversation_says_its_state_who_has_it_and_for_how_long(told, expected):
    assert (told.state, told.agent, told.said, told.time) == expected


def test_a_conversation_goes_by_its_first_message():
    notice = NoticeEntry(item_id="n", run_id="r", at=1.0, text="a note")
    view = view_of(notice, user("1", "\n  First\nsecond line"), user("2", "later"))
    assert run_row("k", view, starting="next", now=1.0).said == "First"


def test_what_a_person_an_agent_or_a_file_says_is_shown_as_text():
    view = view_of(user("1", "\x1b[2J hi"), path=("A\x07",))
    told = run_row("k", view, starting="", now=1.0)
    assert (told.agent, told.said) == ("A␇", "␛[2J hi")
    assert choice_row("k", "a\udcff\x1b", "b\n").label == "a⟨U+DCFF⟩␛"


ROWS = [
    RunRow("1", "⏸ waits for you", "waiting", "Refunds", "Where is order 4711? " * 9, "2 s"),
    RunRow(
        "2",
        "✓ done",
        "done",
        "An agent with a name that never ends",
        "顧客への" * 30,
        "2.5 s · 1 m ago",
    ),
]


def text(line):
    return "".join(part for part, _ in line)


@pytest.mark.parametrize("width", [1, 5, 20, 40, 60, 76, 100, 200])
def test_rows_never_exceed_the_width(width):
    choices = [choice_row("1", "x" * 300, "y" * 300), choice_row("2", "顧客" * 90, "")]
    lines = [*run_lines(ROWS, width), *choice_lines(choices, width)]
    lines.append(heading("Agents in", width, "/" + "very/" * 50 + "deep"))
    assert max(cell_len(text(line)) for line in lines) <= width


def test_columns_stand_below_each_other_and_times_end_at_the_edge():
    first, second = map(text, run_lines(ROWS, 90))
    assert (first.index("Refunds"), second.index("An agent")) == (17, 17)
    assert (cell_len(first), cell_len(second)) == (90, 90)
    assert first.endswith("             2 s")
    assert second.endswith("  2.5 s · 1 m ago")


def test_where_it_is_narrow_the_time_goes_first():
    first, second = map(text, run_lines(ROWS, 44))
    assert "2 s" not in first + second
    assert "Where is" in first


def test_of_a_long_place_the_end_is_kept():
    line = text(heading("Agents in", 30, "/home/me/projects/of/this/year/desk"))
    assert line == "Agents in …f/this/year/desk ──"
    assert text(heading("Agents in", 24, "/home/me")) == "Agents in /home/me ─────"
