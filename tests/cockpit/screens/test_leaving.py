"""Who leaves while runs go on is asked, and no key decides anything by accident."""

from __future__ import annotations

import pytest

from tests.cockpit.desk import later, opened, text_of
from tests.fakes.fake_scripts import plain_answer, refund_desk
from tui.cockpit.screens.leaving import LeavingDialog


async def asked(desk):
    await desk.until_asked()
    desk.host.outlives = True
    await desk.press("ctrl+q")
    assert isinstance(desk.app.screen, LeavingDialog)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_question_says_what_runs_and_each_answer(size):
    async with opened(refund_desk, size=size) as desk:
        await asked(desk)
        shown = text_of(desk.app.screen)
        assert "One run waits for you." in shown
        for key in ("l, Ctrl+Q   Leave it running", "e           End it", "Esc         Stay"):
            assert key in shown


@pytest.mark.parametrize("key", ["l", "ctrl+q"])
async def test_a_run_that_is_left_goes_on(key):
    async with opened(refund_desk) as desk:
        await asked(desk)
        await desk.press_later(key)
        assert not desk.app.is_running
    assert desk.host.left
    assert desk.run.cancelled == []


async def test_a_run_that_is_to_end_ends():
    async with opened(refund_desk) as desk:
        await asked(desk)
        await desk.press_later("e")
        assert not desk.app.is_running
    assert desk.host.closed
    assert not desk.host.left
    assert desk.run.cancelled == ["immediate"]


async def test_esc_stays_where_the_request_still_waits():
    async with opened(refund_desk) as desk:
        await asked(desk)
        await desk.press_later("escape")
        assert desk.app.screen is desk.screen
        assert desk.conversation.view.pending


async def test_a_letter_that_would_decide_the_call_does_nothing_here_and_after():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        desk.host.outlives = True
        await desk.press("ctrl+g", "ctrl+q", "y", "n", "Y", "r", "enter")
        await desk.press_later("y", "ctrl+g", "y", "escape", "y")
        assert desk.run.decisions == []


async def test_a_key_typed_ahead_of_the_question_answers_nothing():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        desk.host.outlives = True
        ahead = later("e")
        ahead.time -= 3600
        await desk.press("ctrl+q")
        desk.app.post_message(ahead)
        await desk.pilot.pause()
        assert isinstance(desk.app.screen, LeavingDialog)
        assert desk.run.cancelled == []


@pytest.mark.parametrize("key", ["ctrl+o", "ctrl+n", "f6", "f9", "f1"])
async def test_nothing_leads_away_from_the_question(key):
    async with opened(refund_desk) as desk:
        await asked(desk)
        await desk.press_later(key)
        assert isinstance(desk.app.screen, LeavingDialog)


async def test_who_leaves_nothing_behind_is_asked_nothing():
    async with opened(plain_answer) as desk:
        await desk.until_ended()
        desk.host.outlives = True
        await desk.press("ctrl+q")
        assert not desk.app.is_running
