"""Arguments that a person edits: checked as they type, read as a diff, and only then approved."""

import json

import pytest
from textual import events

from tests.cockpit.desk import Desk, opened, text_of
from tests.fakes.fake_scripts import REFUND_ARGUMENTS, plain_answer, refund_desk, two_approvals
from tests.fakes.fake_source import hash_of

ASKED = json.loads(REFUND_ARGUMENTS)
EDITED = json.dumps({**ASKED, "amount_eur": 5}, ensure_ascii=False)
FAULTY = json.dumps({**ASKED, "amount_eur": "much"}, ensure_ascii=False)


async def edit(desk: Desk, text: str) -> None:
    """Go to the request, open the editor and put `text` in it."""
    await desk.until_asked()
    await desk.press("ctrl+g", "e")
    assert desk.app.focused is desk.arguments
    desk.arguments.replace(text, (0, 0), desk.arguments.document.end)
    await desk.pilot.pause()


async def test_an_edit_is_read_as_a_diff_and_then_approved():
    async with opened(refund_desk) as desk:
        await edit(desk, EDITED)
        await desk.press("ctrl+s")
        assert desk.app.focused is desk.card
        shown = text_of(desk.screen)
        assert '-   "amount_eur": 49.9' in shown
        assert '+   "amount_eur": 5' in shown
        assert "approve as edited" in shown
        await desk.press("y")
        (answer,) = desk.run.answers
        assert answer.approve
        assert json.loads(answer.arguments) == {**ASKED, "amount_eur": 5}
        assert answer.arguments_hash == hash_of(REFUND_ARGUMENTS)
        await desk.until_ended()
        assert "✎ edited" in text_of(desk.screen)


async def test_what_is_typed_in_one_go_behind_e_is_text():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        for key in ("e", "y", "n", "Y"):
            desk.app.post_message(events.Key(key, key))
        await desk.pilot.pause()
        assert desk.arguments.text.startswith("ynY{")
        assert desk.run.decisions == []


async def test_a_y_right_behind_the_end_of_an_edit_approves_nothing():
    async with opened(refund_desk) as desk:
        await edit(desk, EDITED)
        for key, character in (("ctrl+s", None), ("y", "y")):
            desk.app.post_message(events.Key(key, character))
        await desk.pilot.pause()
        assert desk.run.decisions == []


async def test_a_faulty_edit_says_so_at_once_and_cannot_be_approved():
    async with opened(refund_desk) as desk:
        await edit(desk, FAULTY)
        assert await desk.comes_to_show(lambda shown: "✗ amount_eur: 'much' is not" in shown)
        await desk.press("escape", "y")
        assert desk.run.decisions == []
        assert "does not fit the tool" in desk.notice
        await desk.press("n")
        assert [(a.approve, a.arguments) for a in desk.run.answers] == [(False, None)]


async def test_u_undoes_the_edit_and_the_call_is_approved_as_it_was_asked():
    async with opened(refund_desk) as desk:
        await edit(desk, EDITED)
        await desk.press("ctrl+s", "u")
        assert "edited" not in text_of(desk.screen)
        await desk.press("y")
        assert [(a.approve, a.arguments) for a in desk.run.answers] == [(True, None)]


async def test_an_edit_is_taken_up_where_it_was_left():
    async with opened(refund_desk) as desk:
        await edit(desk, FAULTY)
        await desk.press("escape", "escape")
        assert desk.app.focused is desk.composer
        await desk.press("ctrl+g", "e")
        assert desk.arguments.text == FAULTY


async def test_leaving_by_a_key_of_the_app_keeps_the_edit_and_decides_nothing():
    async with opened(refund_desk) as desk:
        await edit(desk, EDITED)
        await desk.press("ctrl+o", "ctrl+g", "y")
        assert desk.run.decisions == []
        assert '+   "amount_eur": 5' in text_of(desk.screen)


async def test_an_edit_to_the_same_arguments_is_none():
    async with opened(refund_desk) as desk:
        await edit(desk, REFUND_ARGUMENTS)
        await desk.press("ctrl+s", "y")
        assert [(a.approve, a.arguments) for a in desk.run.answers] == [(True, None)]


@pytest.mark.parametrize("key", ["Y", "y"])
async def test_no_rule_is_made_of_edited_arguments(key):
    async with opened(refund_desk) as desk:
        await edit(desk, EDITED)
        await desk.press("ctrl+s", "Y")
        assert "undoes the edit" in desk.notice
        await desk.press(key)
        assert all(answer.grant is None for answer in desk.run.answers)


async def test_a_call_whose_tool_tells_no_schema_cannot_be_edited_and_it_is_said():
    async with opened(two_approvals) as desk:
        await desk.until_asked(2)
        await desk.press("ctrl+g", "e")
        assert desk.app.focused is desk.card
        assert "cannot be edited" in desk.notice


async def test_enter_and_a_paste_in_the_editor_are_text():
    async with opened(refund_desk) as desk:
        await edit(desk, EDITED)
        desk.app.post_message(events.Paste("y\n"))
        await desk.press("enter", "enter")
        assert desk.app.focused is desk.arguments
        assert desk.run.decisions == []


async def test_the_edit_of_one_call_is_not_that_of_the_next():
    async with opened([refund_desk, plain_answer]) as desk:
        await edit(desk, EDITED)
        await desk.press("ctrl+s", "n")
        await desk.until_ended()
        desk.conversation.send("again")
        await desk.until_ended()
        assert "edited" not in text_of(desk.screen)


async def test_the_palette_offers_no_key_of_the_editor():
    async with opened(refund_desk) as desk:
        await edit(desk, EDITED)
        titles = {command.title for command in desk.app.get_system_commands(desk.screen)}
        assert not titles & {"Back to the request", "In your editor"}
