"""A frame draws again what has changed and nothing beside it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from textual.widget import Widget

from tests.cockpit.desk import opened
from tests.fakes.fake_scripts import opening, refund_desk, said
from tests.fakes.fake_source import FakeRun
from tui.cockpit.screens.panes import Panes
from tui.cockpit.widgets.agent_bar import AgentBar
from tui.cockpit.widgets.status_bar import StatusBar
from tui.wire.events import RunEvent


@contextmanager
def drawn_rows(*widgets: Widget) -> Iterator[dict[str, set[int]]]:
    """Collect the rows that each widget draws, by the widget's class."""
    drawn: dict[str, set[int]] = {type(widget).__name__: set() for widget in widgets}

    def watch(widget: Widget) -> None:
        draw, rows = widget.render_line, drawn[type(widget).__name__]

        def drawing(y: int):
            rows.add(y)
            return draw(y)

        widget.render_line = drawing

    for widget in widgets:
        watch(widget)
    yield drawn
    for widget in widgets:
        del widget.render_line


class FakeWall:
    """A clock that stands until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


async def test_while_a_call_waits_a_tick_draws_only_what_ages():
    wall = FakeWall()
    async with opened(refund_desk, wall=wall) as desk:
        await desk.until_asked()
        panes = desk.screen.query_one(Panes)
        [waiting] = desk.conversation.view.open_items
        panes.timeline.select(waiting)
        wall.now = desk.conversation.view.pending[0].requested_at + 6
        desk.screen._tick()
        await desk.pilot.pause()
        watched = (panes.transcript, panes.timeline, panes.inspector, desk.card, desk.composer)
        with drawn_rows(*watched) as drawn:
            wall.now += 1
            desk.screen._tick()
            await desk.pilot.pause()
        assert drawn["Transcript"] == drawn["Composer"] == set()
        assert drawn["RequestCard"] == {0}
        assert len(drawn["Inspector"]) == len(drawn["Timeline"]) == 1


async def talking(run: FakeRun) -> AsyncIterator[RunEvent]:
    """A message of two deltas, with the gate "one more" between them and "the end" behind them."""
    first, second, *_ = said(run, "Triage", "m", "a word and another")
    for event in (*opening(run), first):
        yield event
    await run.gate("one more")
    yield second
    await run.gate("the end")


async def test_a_delta_draws_its_text_and_neither_bars_nor_composer():
    wall = FakeWall()
    async with opened(talking, wall=wall, hold=True) as desk:
        await desk.until(lambda view: bool(view.live))
        panes = desk.screen.query_one(Panes)
        bars = (desk.screen.query_one(StatusBar), desk.screen.query_one(AgentBar))
        seen = desk.conversation.view
        with drawn_rows(*bars, desk.composer, panes.transcript) as drawn:
            desk.run.open("one more")
            await desk.until(lambda view: view.live is not seen.live)
        assert drawn["StatusBar"] == drawn["AgentBar"] == drawn["Composer"] == set()
        assert drawn["Transcript"]
