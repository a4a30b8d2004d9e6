"""A terminal that changes its size over a request: what is out of sight is not decided."""

import pytest
from textual import events
from textual.geometry import Size

from tests.cockpit.desk import Desk, opened
from tests.fakes.fake_scripts import refund_desk

TOO_SMALL = [(20, 5), (80, 9), (80, 12), (1, 1)]
LARGE = (120, 40)


async def resize(desk: Desk, size: tuple[int, int]) -> None:
    await desk.pilot.resize_terminal(*size)
    await desk.pilot.pause()


@pytest.mark.parametrize("size", TOO_SMALL)
async def test_a_request_that_a_resize_took_from_sight_is_not_gone_to(size):
    async with opened(refund_desk, size=LARGE) as desk:
        await desk.until_asked()
        await resize(desk, size)
        await desk.press("ctrl+g", "y")
        assert desk.run.decisions == []
        assert "too small" in desk.notice
        await resize(desk, LARGE)
        await desk.press("y")
        assert desk.run.decisions == []
        await desk.press("ctrl+g", "y")
        assert len(desk.run.decisions) == 1


@pytest.mark.parametrize("size", TOO_SMALL)
async def test_a_request_at_hand_that_a_resize_takes_from_sight_loses_the_focus(size):
    async with opened(refund_desk, size=LARGE) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        await resize(desk, size)
        assert desk.app.focused is desk.composer
        assert "too small" in desk.notice
        await desk.press("y")
        await resize(desk, LARGE)
        await desk.press("y")
        assert desk.run.decisions == []


async def test_a_reason_is_not_sent_for_a_request_out_of_sight():
    async with opened(refund_desk, size=LARGE) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "r", "n", "o")
        await resize(desk, (20, 5))
        await desk.press("enter")
        assert desk.run.decisions == []
        assert desk.app.focused is desk.composer


async def test_between_large_sizes_the_request_stays_at_hand():
    async with opened(refund_desk, size=LARGE) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        await resize(desk, (100, 30))
        assert desk.app.focused is desk.card
        await desk.press("y")
        assert len(desk.run.decisions) == 1


async def test_a_key_behind_a_resize_that_is_not_drawn_yet_decides_nothing():
    """Both are in the queue before the first is handled."""
    async with opened(refund_desk, size=LARGE) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        size = Size(100, 30)
        desk.app.post_message(events.Resize(size, size))
        desk.app.post_message(events.Key("y", "y"))
        await desk.pilot.pause()
        assert desk.run.decisions == []


async def test_a_resize_shows_the_first_lines_again():
    async with opened(refund_desk, size=(80, 16)) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "end")
        await resize(desk, (80, 17))
        assert "lines 1-" in desk.app.export_screenshot().replace("&#160;", " ")


async def test_going_to_the_request_shows_its_keys_instead_of_a_notice():
    async with opened(refund_desk, size=LARGE) as desk:
        await desk.until_asked()
        desk.screen.say("The request had just appeared")
        await desk.press("ctrl+g")
        assert desk.notice == ""
