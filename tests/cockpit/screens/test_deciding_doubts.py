"""A call that may have run on the screen: what a person reads of it, and what each key answers."""

import pytest
from textual import events

from tests.cockpit.desk import opened, text_of
from tests.fakes.doubt_scripts import doubt_alone, doubtful_desk, lost_while_asked


def answers(desk):
    return [(each.approve, each.result, each.reason) for each in desk.run.answers]


async def test_the_panel_says_that_it_may_have_run_and_asks_whether_it_did():
    async with opened(doubtful_desk) as desk:
        await desk.until_asked(2)
        shown = text_of(desk.screen)
        assert "⚠ In doubt · 1 of 2" in shown
        assert "Refunds called issue_refund" in shown
        assert "its process was lost: did it take effect?" in shown


async def test_the_keys_on_the_panel_and_in_the_footer_are_those_of_a_doubt():
    async with opened(doubt_alone) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        shown = " ".join(text_of(desk.screen).split())
        assert "y run again d take as done n it failed r with a reason" in shown
        assert "Take as done" in shown
        assert "Approve" not in shown


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ("y", (True, None, "")),
        ("n", (False, None, "")),
        ("d enter", (True, "", "")),
        ("d R minus 7 enter", (True, "R-7", "")),
        ("d R escape d 7 enter", (True, "7", "")),
        ("r n o enter", (False, None, "no")),
        ("r enter", (False, None, "")),
    ],
)
async def test_each_key_gives_its_own_answer(keys, answer):
    async with opened(doubt_alone) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", *keys.split())
        await desk.until_ended()
        assert answers(desk) == [answer]
        assert desk.app.focused is desk.composer


@pytest.mark.parametrize("key", ["e", "u", "Y", "N"])
async def test_what_may_have_run_is_neither_edited_nor_made_a_rule_of_and_it_is_said(key):
    async with opened(doubt_alone, size=(80, 24)) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", key)
        assert "It may have run already" in desk.notice
        assert desk.app.focused is desk.card
        assert desk.run.answers == []


async def test_d_does_nothing_on_a_call_that_never_began():
    async with opened(doubtful_desk) as desk:
        await desk.until_asked(2)
        await desk.press("ctrl+g", "y")
        await desk.until(lambda view: len(view.pending) == 1)
        await desk.press("ctrl+g", "d")
        assert desk.app.focused is desk.card
        assert not desk.result.display
        assert len(desk.run.answers) == 1


async def test_a_paste_into_the_result_sends_nothing_and_letters_are_text():
    async with opened(doubt_alone) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "d")
        desk.app.post_message(events.Paste("y\nn\n"))
        await desk.press("y", "n", "ctrl+j")
        assert desk.result.text == "y\nn\nyn\n"
        assert desk.run.answers == []


async def test_a_result_typed_in_one_go_behind_d_is_text():
    async with opened(doubt_alone) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        for key in ("d", "n", "y", "n"):
            desk.app.post_message(events.Key(key, key))
        await desk.pilot.pause()
        assert desk.result.text == "nyn"
        assert desk.run.answers == []


async def test_a_request_that_comes_again_in_doubt_needs_its_own_ctrl_g():
    async with opened(lost_while_asked, hold=True) as desk:
        await desk.until(lambda view: len(view.pending) == 1)
        await desk.press("ctrl+g")
        assert desk.app.focused is desk.card
        desk.run.open("lost")
        await desk.until(lambda view: view.status == "waiting")
        assert desk.app.focused is desk.composer
        await desk.press("y")
        assert desk.run.answers == []
        assert await desk.comes_to_show(lambda words: "⚠ In doubt · 1 of 1" in words)


async def test_a_screen_that_only_watches_shows_a_doubt_and_answers_nothing():
    async with opened(doubt_alone, read_only=True) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "y", "d", "n", "r", "enter")
        assert "did it take effect?" in text_of(desk.screen)
        assert "this screen only watches" in text_of(desk.screen)
        assert "only watches" in desk.notice
        assert desk.run.answers == []


async def test_the_palette_cannot_take_as_done():
    async with opened(doubt_alone) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "d")
        titles = {command.title for command in desk.app.get_system_commands(desk.screen)}
        assert not {title for title in titles if "done" in title or "again" in title.lower()}


async def test_the_inbox_marks_a_doubt_ticks_it_not_and_opens_it():
    async with opened(doubtful_desk) as desk:
        await desk.until_asked(2)
        await desk.press("f6")
        assert "in doubt · order_id=A-1001" in text_of(desk.app.screen)
        await desk.press_later("space")
        assert "Enter opens the call" in desk.notice
        await desk.press_later("j", "space", "n")
        assert [each.call_id for each in desk.run.answers] == [f"{desk.run.run_id}-send_email"]
        await desk.press_later("k", "enter")
        assert await desk.comes_to_show(lambda words: "⚠ In doubt · 1 of 1" in words)
