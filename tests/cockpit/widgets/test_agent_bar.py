"""The agent bar names who has the control, who waits, and who works inside a tool, at any width."""

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult

from tests.cockpit.projection.folding import (
    RUN,
    asked,
    called,
    decided,
    fold,
    handed,
    handing,
    started,
)
from tui.cockpit.projection.view import RunView
from tui.cockpit.widgets.agent_bar import AgentBar
from tui.cockpit.widgets.agent_line import agent_line
from tui.cockpit.widgets.cast import Cast
from tui.wire.events import (
    AgentChanged,
    BudgetReached,
    RunCancelled,
    RunCompleted,
    RunFailed,
    RunPaused,
    RunResumed,
)

TO_REFUNDS = [
    started("Triage"),
    handing("h", agent="Triage"),
    handed("h", "Billing", "Triage"),
    handing("g", agent="Billing"),
    handed("g", "Refunds", "Billing"),
]
NESTED = [called("o"), AgentChanged(run_id=RUN, agent="Analyst", within="o")]


def line(view: RunView, width: int = 100) -> str:
    return "".join(text for text, _ in agent_line(view, Cast(), width)).rstrip()


@pytest.mark.parametrize(
    ("events", "shown"),
    [
        pytest.param([], "No agent has the control yet.", id="nobody yet"),
        pytest.param([started("Triage")], "[Triage] ● working", id="one"),
        pytest.param(TO_REFUNDS, "Triage ─▶ Billing ─▶ [Refunds] ● working", id="a path"),
        pytest.param(
            [*TO_REFUNDS, called("c"), asked("c", ("Triage", "Billing", "Refunds"))],
            "Triage ─▶ Billing ─▶ [Refunds] ● working, ⏸ 1 call waits for you",
            id="works and waits",
        ),
        pytest.param(
            [started("Triage"), BudgetReached(run_id=RUN, what="turns", limit=1, used=1)],
            "[Triage] ⏸ budget used up",
            id="used up",
        ),
        pytest.param(
            [*TO_REFUNDS, called("c"), asked("c", ("Refunds",)), RunPaused(run_id=RUN)],
            "Triage ─▶ Billing ─▶ [Refunds] ⏸ 1 call waits for you",
            id="waits",
        ),
        pytest.param(
            [
                *TO_REFUNDS,
                called("c"),
                asked("c", ("Refunds",)),
                decided("c"),
                RunPaused(run_id=RUN),
            ],
            "Triage ─▶ Billing ─▶ [Refunds] ⏸ paused",
            id="decided and not yet resumed",
        ),
        pytest.param(
            [
                started("Triage"),
                called("c"),
                asked("c", ("Triage",)),
                RunPaused(run_id=RUN),
                decided("c"),
                RunResumed(run_id=RUN),
            ],
            "[Triage] ● working",
            id="resumed",
        ),
        pytest.param(
            [started("Triage"), *NESTED],
            "[Triage] ● working · ↳ Analyst ● working",
            id="an agent inside a tool",
        ),
        pytest.param(
            [
                started("Triage"),
                *NESTED,
                called("c", within="o"),
                asked("c", ("Triage", "Analyst")),
            ],
            "[Triage] ● working · ↳ Analyst ⏸ 1 call waits for you",
            id="the one inside waits",
        ),
        pytest.param(
            [*TO_REFUNDS, *NESTED, RunCompleted(run_id=RUN)],
            "Triage ─▶ Billing ─▶ Refunds ✓ done",
            id="after the end nobody has the control",
        ),
        pytest.param(
            [*TO_REFUNDS, RunFailed(run_id=RUN, error_type="E", message="m")],
            "Triage ─▶ Billing ─▶ Refunds ✗ failed",
            id="after a failure",
        ),
        pytest.param(
            [*TO_REFUNDS, RunCancelled(run_id=RUN)],
            "Triage ─▶ Billing ─▶ Refunds ■ cancelled",
            id="after a cancel",
        ),
    ],
)
def test_the_line_says(events, shown):
    assert line(fold(*events)) == shown


@pytest.mark.parametrize("width", range(1, 60))
def test_it_fits_any_width(width):
    view = fold(*TO_REFUNDS, *NESTED, called("c"), asked("c", ("Refunds",)))
    assert cell_len(line(view, width)) <= width


@pytest.mark.parametrize("width", range(12, 60))
def test_the_active_agent_and_its_mark_are_never_cut(width):
    shown = line(fold(*TO_REFUNDS), width)
    assert "[Refunds]" in shown
    assert "●" in shown


def test_a_long_path_is_cut_in_its_middle():
    events = [started("Triage")]
    for number in range(12):
        call = f"h{number}"
        events += [handing(call), handed(call, f"Agent{number}")]
    shown = line(fold(*events), 60)
    assert shown.startswith("Triage ─▶ … ─▶ ")
    assert "[Agent11] ● working" in shown


def test_the_way_that_was_come_matters_more_than_the_words_about_agents_inside():
    view = fold(*TO_REFUNDS, *NESTED)
    assert line(view, 42) == "Triage ─▶ … ─▶ [Refunds] ● working · ↳ 1"
    assert line(view, 38) == "Triage ─▶ … ─▶ [Refunds] ● working"
    assert line(view, 26) == "… ─▶ [Refunds] ● working"


def test_names_cannot_act_on_the_terminal():
    assert "\x1b" not in line(fold(started("Tri\x1b[2Jage\n[red]x")))


def test_an_agent_without_a_name_is_said_to_have_none():
    assert line(fold(started(""))) == "[(unnamed)] ● working"


def test_a_long_name_leaves_room_for_the_way_and_the_state():
    events = [started("Triage"), handing("h"), handed("h", "N" * 5_000)]
    shown = line(fold(*events), 80)
    assert shown.startswith("Triage ─▶ [NNNNN")
    assert shown.endswith("NN…] ● working")


class BarApp(App[None]):
    def compose(self) -> ComposeResult:
        yield AgentBar()


async def test_the_widget_draws_its_view_and_the_next_one():
    app = BarApp()
    async with app.run_test(size=(60, 5)) as pilot:
        bar = app.query_one(AgentBar)
        assert bar.size.height == 1
        bar.view = fold(*TO_REFUNDS)
        await pilot.pause()
        assert "[Refunds] ● working" in bar.render_line(0).text
        bar.view = fold(*TO_REFUNDS, RunCancelled(run_id=RUN))
        await pilot.pause()
        assert "Refunds ■ cancelled" in bar.render_line(0).text
