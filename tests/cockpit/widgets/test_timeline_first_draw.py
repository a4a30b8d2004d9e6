"""The timeline's first frame is drawn before it knows its size; the next one must not be."""

from tests.cockpit.desk import opened
from tests.fakes.fake_scripts import plain_answer
from tui.cockpit.widgets.timeline import Timeline


async def test_an_empty_timeline_says_so_from_the_start():
    async with opened(plain_answer, prompt=None) as desk:
        timeline = desk.screen.query_one(Timeline)
        drawn = timeline.render_lines(timeline.outer_size.region)
        assert any("Nothing has happened yet." in strip.text for strip in drawn)
