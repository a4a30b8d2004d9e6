"""A budget that is used up stands on the screen, and a key gives as much again."""

import pytest

from tests.cockpit.desk import Desk, opened, text_of
from tests.fakes.fake_source import play
from tui.cockpit.actions import commands_of
from tui.wire.events import (
    BudgetExtended,
    BudgetReached,
    Event,
    RunCancelled,
    RunCompleted,
    RunStarted,
)

STARTED = RunStarted(run_id="", target="support.py:triage", agent="Refunds")
REACHED = BudgetReached(run_id="", what="tokens", limit=200_000, used=201_400, of="Refunds")
EXTENDED = BudgetExtended(run_id="", what="tokens", limit=400_000, of="Refunds")
WORDS = "⚠ Refunds used 201k of 200k tokens"


def spends(ending: Event):
    return play(STARTED, REACHED, "used up", EXTENDED, "extended", ending)


async def until_used_up(desk: Desk) -> None:
    await desk.until(lambda view: bool(view.used_up))


async def test_it_says_whose_how_much_and_which_key_and_waits_for_the_person():
    async with opened(spends(RunCompleted(run_id="")), hold=True) as desk:
        await until_used_up(desk)
        shown = text_of(desk.app.screen)
        assert f"{WORDS}  F12 gives as much again" in shown
        assert "⏸ Refunds" in shown
        assert "⚠ 1 waiting for you" in shown
        assert "F12 Give as much again" in shown.splitlines()[-1]


async def test_the_key_extends_it_also_while_a_person_writes():
    async with opened(spends(RunCompleted(run_id="")), hold=True) as desk:
        await until_used_up(desk)
        await desk.type("bb half a mess")
        assert desk.run.extended == 0
        await desk.press("f12")
        assert desk.run.extended == 1
        assert desk.composer.text == "bb half a mess"
        desk.run.open("used up")
        await desk.until(lambda view: not view.used_up)
        assert WORDS not in text_of(desk.app.screen)
        await desk.press("f12")
        assert desk.run.extended == 1


async def test_the_palette_offers_it_while_something_is_used_up():
    async with opened(spends(RunCompleted(run_id="")), hold=True) as desk:
        await until_used_up(desk)
        assert "Give as much again" in [each.title for each in commands_of(desk.screen)]
        desk.run.open("used up")
        await desk.until(lambda view: not view.used_up)
        assert "Give as much again" not in [each.title for each in commands_of(desk.screen)]


async def test_a_screen_that_only_watches_extends_nothing():
    async with opened(spends(RunCompleted(run_id="")), hold=True, read_only=True) as desk:
        await until_used_up(desk)
        await desk.press("f12")
        assert desk.run.extended == 0


@pytest.mark.parametrize("ending", [RunCancelled(run_id=""), RunCompleted(run_id="")])
async def test_nothing_is_used_up_of_a_run_that_ended(ending):
    async with opened(play(STARTED, REACHED, ending)) as desk:
        await desk.until_ended()
        assert desk.conversation.view.used_up == ()
        assert WORDS not in text_of(desk.app.screen)


async def test_the_key_to_requests_leads_to_it_from_elsewhere_and_not_from_itself():
    async with opened(spends(RunCompleted(run_id="")), hold=True) as desk:
        await until_used_up(desk)
        screen = desk.app.screen
        assert "Ctrl+G" not in text_of(screen).splitlines()[-1]
        await desk.press("ctrl+o")
        assert "⏸ waits for you" in text_of(desk.app.screen)
        await desk.press("ctrl+g")
        assert desk.app.screen is screen
