"""A key holds every new tool call of every agent, and every screen says so."""

from tests.cockpit.desk import opened, text_of
from tests.cockpit.screens.test_home import at_home
from tests.fakes.fake_scripts import plain_answer, refund_desk
from tests.fakes.fake_source import play
from tui.wire.events import GateHeld, GateReleased, RunStarted

HELD = "⏸ HELD: no new tool call begins"


async def test_the_key_holds_and_releases_also_while_a_person_writes():
    async with opened(refund_desk, hold=True) as desk:
        await desk.type("half a mess")
        await desk.press("f9")
        assert desk.host.wishes == ["hold"]
        assert HELD in text_of(desk.app.screen)
        await desk.press("f9")
        assert desk.host.wishes == ["hold", "release"]
        assert HELD not in text_of(desk.app.screen)
        assert desk.composer.text == "half a mess"


async def test_every_screen_says_it_and_running_tools_are_counted():
    async with opened(refund_desk, hold=True) as desk:
        desk.run.open("thinking")
        await desk.until(lambda _: desk.run.stands_at("tools running"))
        await desk.press("f9")
        assert f"{HELD}, 2 still run" in text_of(desk.app.screen)
        await desk.press("ctrl+o")
        assert f"{HELD}, 2 still run" in text_of(desk.app.screen)


async def test_hosts_that_are_opened_later_are_held_too():
    async with at_home(plain_answer) as desk:
        await desk.press("f9", "enter")
        host = desk.host.by_target["desk.py:triage"]
        assert host.wishes == ["hold"]


async def test_a_hold_from_elsewhere_is_shown_and_can_be_released():
    script = play(
        RunStarted(run_id="", target="t", agent="A"),
        GateHeld(run_id="", by="ada"),
        "held",
        GateReleased(run_id=""),
        "released",
    )
    async with opened(script, hold=True) as desk:
        await desk.until(lambda view: view.is_held)
        assert HELD in text_of(desk.app.screen)
        await desk.press("f9")
        assert desk.host.wishes == ["release"]
        desk.run.open("held")
        await desk.until(lambda view: not view.is_held)
        assert HELD not in text_of(desk.app.screen)
