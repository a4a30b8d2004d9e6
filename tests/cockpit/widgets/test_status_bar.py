"""The status bar says what runs, for how long, and what waits, in whatever width there is."""

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from tests.cockpit.projection.folding import RUN, asked, called, fold, folded, numbered, started
from tui.cockpit.projection.view import RunView
from tui.cockpit.widgets.status_bar import StatusBar
from tui.cockpit.widgets.status_line import status_line
from tui.wire.events import (
    RunCancelled,
    RunCompleted,
    RunFailed,
    RunPaused,
    UsageReported,
)

USED = UsageReported(run_id=RUN, agent="Billing", input_tokens=2_900, output_tokens=170)
WAITS = [called("c"), asked("c")]


def line(view: RunView, now: float = 42.0, width: int = 100) -> str:
    return "".join(text for text, _ in status_line(view, now, width))


def test_everything_shows_where_there_is_room():
    shown = line(fold(started("Billing"), USED, *WAITS), width=110)
    assert shown.startswith("Baton · support.py:triage · run run1 ─")
    assert shown.endswith("─ ● Billing ── 00:42 ── 3.1k tok ── ⚠ 1 waiting for you")
    assert cell_len(shown) == 110


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ([], "○ ready"),
        ([started("Billing")], "● Billing"),
        ([started("Billing"), *WAITS, RunPaused(run_id=RUN)], "⏸ Billing"),
        ([started("Billing"), RunCompleted(run_id=RUN)], "✓ done"),
        ([started("Billing"), RunCancelled(run_id=RUN)], "■ cancelled"),
        ([started("Billing"), RunFailed(run_id=RUN, error_type="E", message="m")], "✗ failed"),
    ],
)
def test_the_status_is_a_mark_and_a_word(events, says):
    assert says in line(fold(*events))


@pytest.mark.parametrize(
    ("now", "clock"), [(0.0, "00:00"), (59.9, "00:59"), (61.0, "01:01"), (3_725.0, "1:02:05")]
)
def test_the_clock_counts_the_run(now, clock):
    assert f" {clock} " in line(fold(started()), now) + " "


def test_the_clock_stands_at_the_end_of_the_run():
    assert "00:01" in line(fold(started(), RunCompleted(run_id=RUN)), now=500.0)


@pytest.mark.parametrize(
    ("count", "words"),
    [(950, "950 tok"), (3_070, "3.1k tok"), (12_345, "12k tok"), (1_234_567, "1.2M tok")],
)
def test_tokens_are_rounded_for_people(count, words):
    used = UsageReported(run_id=RUN, agent="A", input_tokens=count)
    assert words in line(fold(started(), used))


def test_a_rehearsal_says_so():
    assert "REHEARSAL" in line(fold(started(rehearsal=True)))
    assert "REHEARSAL" in line(RunView(target="rehearsal", rehearsal=True), width=24)
    assert "REHEARSAL" not in line(fold(started()))


def test_missed_events_are_owned_up_to():
    events = numbered([started(), called("c"), called("d")])
    assert "⚠ 1 event missed" in line(folded([events[0], events[2]]))


@pytest.mark.parametrize("width", range(1, 130))
def test_it_fits_any_width(width):
    view = fold(started("Billing", rehearsal=True), USED, *WAITS)
    assert cell_len(line(view, width=width)) <= width


def test_narrow_lines_drop_what_matters_least():
    view = fold(started("Billing"), USED, *WAITS)
    in_order = ["run run1", "3.1k tok", "support.py", "00:42", "Baton", "● Billing", "⚠ 1 waiting"]
    last_seen = [
        min(width for width in range(1, 130) if part in line(view, width=width))
        for part in in_order
    ]
    assert last_seen == sorted(last_seen, reverse=True)


def test_a_line_too_narrow_for_anything_shows_what_matters_most():
    assert line(fold(started("Billing"), USED), width=5) == "● Bi…"
    assert line(fold(started("Billing"), USED, *WAITS), width=5) == "⚠ 1…"


def test_a_long_name_pushes_nothing_out():
    shown = line(fold(started("N" * 5_000), USED, *WAITS), width=100)
    assert shown.startswith("Baton · support.py:triage ─")
    assert "─ ● NNNNN" in shown
    assert shown.endswith("NN… ── 00:42 ── ⚠ 1 waiting for you")
    assert "00:42" in line(fold(started("名" * 5_000)), width=40)


@pytest.mark.parametrize("name", ["", " ", "\t"])
def test_an_agent_without_a_name_is_said_to_have_none(name):
    assert "● (unnamed) ── 00:42" in line(fold(started(name)))


class BarApp(App[None]):
    def compose(self) -> ComposeResult:
        yield StatusBar()


async def test_the_widget_draws_its_view_at_its_time():
    app = BarApp()
    async with app.run_test(size=(80, 5)) as pilot:
        bar = app.query_one(StatusBar)
        bar.view = fold(started("Billing"))
        bar.now = 5.0
        await pilot.pause()
        assert "00:05" in bar.render_line(0).text
        bar.now = 6.0
        await pilot.pause()
        assert "00:06" in bar.render_line(0).text
