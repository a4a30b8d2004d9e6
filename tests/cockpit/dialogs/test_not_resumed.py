"""A run that does not go on by itself: what is told, and what a person can choose."""

import pytest
from textual import events

from tests.captures import CHANGES, WHY
from tests.cockpit.desk import LATER_S, later, opened, text_of
from tests.fakes.fake_scripts import plain_answer
from tui.cockpit.dialogs.not_resumed import NotResumedScreen
from tui.cockpit.screens.run import RunScreen

HOSTILE = "a\x1b[2J\u202eb [red]c[/red]"


async def asked(desk, why=WHY, changes=CHANGES):
    """Show the dialog; return what collects the choice."""
    chosen = []
    await desk.app.push_screen(NotResumedScreen(why, changes), chosen.append)
    await desk.pilot.pause()
    return chosen


async def test_it_says_why_and_every_change():
    async with opened(plain_answer, prompt=None, size=(80, 24)) as desk:
        await asked(desk)
        shown = text_of(desk.app.screen)
        assert [line for line in (WHY, *CHANGES) if line not in shown] == []
        assert "y go on  n Esc leave it" in shown


@pytest.mark.parametrize(("key", "goes_on"), [("y", True), ("n", False), ("escape", False)])
async def test_a_person_chooses(key, goes_on):
    async with opened(plain_answer, prompt=None) as desk:
        chosen = await asked(desk)
        await desk.press_later(key)
        assert chosen == [goes_on]
        assert isinstance(desk.app.screen, RunScreen)


@pytest.mark.parametrize("key", ["enter", "space", "Y", "a", "ctrl+g", "x"])
async def test_no_other_key_chooses(key):
    async with opened(plain_answer, prompt=None) as desk:
        chosen = await asked(desk)
        await desk.press_later(key)
        assert chosen == []
        assert isinstance(desk.app.screen, NotResumedScreen)


async def test_a_key_from_before_it_stood_there_does_not_go_on_and_it_is_said():
    async with opened(plain_answer, prompt=None) as desk:
        chosen = await asked(desk)
        early = events.Key("y", "y")
        early.time -= 2 * LATER_S
        desk.app.post_message(early)
        await desk.pilot.pause()
        assert chosen == []
        assert "This had just appeared" in text_of(desk.app.screen)
        desk.app.post_message(later("y"))
        await desk.pilot.pause()
        assert chosen == [True]


async def test_a_paste_chooses_nothing():
    async with opened(plain_answer, prompt=None) as desk:
        chosen = await asked(desk)
        desk.app.post_message(events.Paste("y\n"))
        await desk.pilot.pause()
        assert chosen == []


async def test_where_nothing_changed_there_is_nothing_to_choose():
    async with opened(plain_answer, prompt=None) as desk:
        chosen = await asked(desk, "run r1 is not kept here", ())
        assert "go on" not in text_of(desk.app.screen)
        await desk.press_later("y")
        assert chosen == []
        await desk.press_later("escape")
        assert chosen == [False]


async def test_many_changes_scroll_and_the_keys_stand():
    changes = [f"Triage has a new tool number_{n}" for n in range(60)]
    async with opened(plain_answer, prompt=None, size=(80, 24)) as desk:
        await asked(desk, changes=changes)
        assert "y go on" in text_of(desk.app.screen)
        await desk.press("end")
        assert await desk.comes_to_show(lambda words: "number_59" in words)
        assert "y go on" in text_of(desk.app.screen)


async def test_names_from_a_file_do_nothing():
    async with opened(plain_answer, prompt=None) as desk:
        await asked(desk, HOSTILE, (HOSTILE,))
        shown = text_of(desk.app.screen)
        assert shown.count("[red]c[/red]") == 2
        assert not set(shown) & set("\x1b\u202e")
