"""A screen that only watches: everything can be read, nothing decided, and it says so."""

import pytest

from tests.cockpit.desk import opened, text_of
from tests.fakes.fake_scripts import refund_desk
from tui.cockpit.widgets.key_bar import working_keys

DECIDING = ["y", "n", "r", "e", "u", "Y", "N"]


@pytest.mark.parametrize("key", [key for key in DECIDING if key != "u"])
async def test_no_key_decides_or_opens_anything_and_it_is_said(key):
    async with opened(refund_desk, read_only=True) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", key)
        assert desk.app.focused is desk.card
        assert "This screen only watches" in desk.notice
        await desk.press("enter", key)
        assert desk.run.decisions == []


async def test_the_request_can_be_gone_to_read_and_left():
    async with opened(refund_desk, read_only=True, size=(80, 24)) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "end")
        assert desk.app.focused is desk.card
        assert "this screen only watches" in text_of(desk.screen)
        await desk.press("escape")
        assert desk.app.focused is desk.composer


async def test_the_footer_promises_no_key_that_decides():
    async with opened(refund_desk, read_only=True) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        told = {hint.key for hint in working_keys(desk.screen, hidden=True)}
        assert not told & set(DECIDING)
        assert "Esc" in told
