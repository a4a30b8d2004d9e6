"""A run that looks stuck is told on every screen, in its timeline, and held where that is set."""

import pytest

from tests.cockpit.desk import Desk, opened, text_of
from tests.fakes.fake_alarms import FakeAlarms
from tests.fakes.fake_clock import FakeClock
from tests.fakes.fake_scripts import refund_desk
from tests.fakes.fake_source import FIRST_AT, play
from tui.policy.settings import Sentinel
from tui.wire.events import RunStarted, TextDelta, ToolCalled, ToolStarted

STARTED = RunStarted(run_id="", target="support.py:triage", agent="Billing")
CALLS = [
    ToolCalled(
        run_id="", item_id=f"i{n}", agent="Billing", call_id=f"c{n}", tool="look", arguments="{}"
    )
    for n in range(3)
]
RUNS = ToolStarted(run_id="", agent="Billing", call_id="c0", tool="look")
WORD = TextDelta(run_id="", item_id="m", agent="Billing", text="Well,")
SILENT = "⚠ Billing: no word for 45 s"
AGAIN = "Billing: look called 3 times with the same arguments"


async def until_policy_read(desk: Desk) -> None:
    for worker in list(desk.app.workers):
        if worker.group == "sentinel":
            await worker.wait()


async def test_a_silent_model_is_told_on_every_screen_and_no_longer_once_it_speaks():
    clock, alarms = FakeClock(47), FakeAlarms()
    script = play(STARTED, "silent", WORD, "spoken")
    async with opened(script, hold=True, wall=clock, alarms=alarms) as desk:
        await desk.until(lambda view: view.status == "running")
        shown = text_of(desk.app.screen)
        assert SILENT in shown
        assert "⚠ no word for 45 s" in shown.splitlines()[0]
        await desk.press("ctrl+o")
        assert SILENT in text_of(desk.app.screen)
        await desk.press("enter")
        assert alarms.told == ["Billing: no word for 45 s"]
        clock.now = FIRST_AT + 1
        desk.run.open("silent")
        await desk.until(lambda view: bool(view.live))
        assert "no word" not in text_of(desk.app.screen)


async def test_a_silent_tool_is_marked_in_the_timeline():
    async with opened(play(STARTED, CALLS[0], RUNS, "end"), hold=True, wall=FakeClock(400)) as desk:
        await desk.until(lambda view: bool(view.open_calls))
        shown = text_of(desk.app.screen)
        assert "⚠ Billing: no word of look for 6 m" in shown
        assert any(
            "look" in line and "⚠ no word for 6 m" in line for line in shown.splitlines()[3:]
        )


async def test_the_policy_file_says_how_long_silence_may_be():
    patient = Sentinel(model_silence_s=100)
    async with opened(
        play(STARTED, "end"), hold=True, wall=FakeClock(50), sentinel=patient
    ) as desk:
        await desk.until(lambda view: view.status == "running")
        await until_policy_read(desk)
        await desk.pilot.pause()
        assert "no word" not in text_of(desk.app.screen)


async def test_what_looks_stuck_holds_everything_once_where_that_is_set():
    pausing = Sentinel(pauses=True)
    script = play(STARTED, "policy read", *CALLS, "looping", WORD, "spoken")
    async with opened(script, hold=True, sentinel=pausing, wall=FakeClock(1)) as desk:
        await until_policy_read(desk)
        desk.run.open("policy read")
        await desk.until(lambda view: len(view.open_calls) == 3)
        assert desk.host.wishes == ["hold by sentinel"]
        shown = text_of(desk.app.screen)
        assert "⏸ HELD: no new tool call begins  F9 releases" in shown
        assert f"⚠ held because {AGAIN}" in shown
        assert f"⚠ {AGAIN}" not in shown
        await desk.press("f9")
        desk.run.open("looping")
        await desk.until(lambda view: bool(view.live))
        assert desk.host.wishes == ["hold by sentinel", "release"]
        assert f"⚠ {AGAIN}" in text_of(desk.app.screen)


@pytest.mark.parametrize("settings", [{"sentinel": Sentinel()}, {"read_only": True}])
async def test_it_holds_nothing_unless_set_nor_from_a_screen_that_only_watches(settings):
    script = play(STARTED, *CALLS, "looping")
    async with opened(script, hold=True, wall=FakeClock(1), **settings) as desk:
        await desk.until(lambda view: len(view.open_calls) == 3)
        assert desk.host.wishes == []
        assert f"⚠ {AGAIN}" in text_of(desk.app.screen)


async def test_a_person_is_reminded_of_what_waits_for_long():
    alarms = FakeAlarms()
    async with opened(refund_desk, wall=FakeClock(700), alarms=alarms) as desk:
        await desk.until_asked()
        assert "has waited for you for 11 m" in text_of(desk.app.screen)


async def test_nothing_is_looked_at_again_where_nothing_ages():
    async with opened(play(STARTED, "end"), hold=True, prompt=None) as desk:
        assert desk.app._lookout._timer is None


async def test_why_it_is_held_goes_on_ageing_and_is_said_once():
    clock, pausing = FakeClock(1), Sentinel(pauses=True)
    script = play(STARTED, "policy read", "silent")
    async with opened(script, hold=True, sentinel=pausing, wall=clock) as desk:
        await until_policy_read(desk)
        for seconds, said in ((46, "45 s"), (56, "55 s")):
            clock.now = FIRST_AT + seconds
            desk.conversation.queue("hello?")
            await desk.comes_to_show(lambda words, said=said: f"no word for {said}" in words)
            shown = text_of(desk.app.screen)
            assert f"⚠ held because Billing: no word for {said}" in shown
            assert shown.count("Billing: no word") == 1
