"""A request on the screen: what decides it, what does not, and where the focus goes."""

import json

import pytest
from textual import events

from tests.cockpit.desk import PROMPT, opened, text_of
from tests.fakes.fake_scripts import (
    REFUND_ARGUMENTS,
    opening,
    plain_answer,
    refund_desk,
    tool,
    two_approvals,
)
from tests.fakes.fake_source import FakeRun, approval, hash_of
from tui.cockpit.widgets.timeline import Timeline
from tui.wire.events import RunCompleted


async def test_a_request_never_takes_the_focus():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        assert desk.app.focused is desk.composer
        assert desk.panel.display


async def test_while_a_request_waits_typing_is_text_and_decides_nothing():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.type("yes n r y a")
        desk.app.post_message(events.Paste("y\ny\n"))
        await desk.pilot.pause()
        assert desk.composer.text == "yes n r y ay\ny\n"
        await desk.press("enter", "space", "enter")
        assert desk.run.decisions == []
        assert desk.conversation.queued == ("yes n r y ay\ny",)


async def test_ctrl_g_then_y_approves_with_the_hash_of_what_was_shown():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        assert desk.app.focused is desk.card
        await desk.press("y")
        await desk.until_ended()
        assert [(d.arguments_hash, d.approve) for d in desk.run.decisions] == [
            (hash_of(REFUND_ARGUMENTS), True)
        ]
        assert not desk.panel.display


async def test_the_panel_changes_nothing_itself():
    async with opened(refund_desk, hold=True) as desk:
        desk.run.open("thinking")
        desk.run.open("tools running")
        await desk.until_asked()
        await desk.press("ctrl+g", "y")
        await desk.until(lambda view: not view.pending)
        assert not desk.panel.display


async def test_n_rejects_without_a_reason():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "n")
        await desk.until_ended()
        assert [(d.approve, d.reason) for d in desk.run.decisions] == [(False, "")]


async def test_r_opens_the_field_whose_enter_rejects_with_the_reason():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "r")
        assert desk.app.focused is desk.reason
        await desk.type("not yet, ask first")
        assert desk.run.decisions == []
        await desk.press("enter")
        await desk.until_ended()
        assert [(d.approve, d.reason) for d in desk.run.decisions] == [
            (False, "not yet, ask first")
        ]
        assert desk.app.focused is desk.composer


async def test_the_empty_composer_names_the_way_to_a_call_until_a_person_went_it():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        assert "Ctrl+G goes to it" in desk.composer.placeholder
        await desk.press("ctrl+g")
        assert desk.composer.placeholder == "A call waits for you"
        await desk.press("escape")
        assert "Ctrl+G goes to it" in desk.composer.placeholder


async def test_a_reason_typed_in_one_go_behind_r_is_text():
    """All keys are in the queue before the first is handled, as after a stall."""
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        for key in ("r", "n", "y", "n"):
            desk.app.post_message(events.Key(key, key))
        await desk.pilot.pause()
        assert desk.reason.text == "nyn"
        assert desk.run.decisions == []


async def test_a_paste_into_the_reason_field_sends_nothing():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "r")
        desk.app.post_message(events.Paste("because\nof this\n"))
        await desk.pilot.pause()
        assert desk.reason.text == "because\nof this\n"
        assert desk.run.decisions == []


async def test_a_paste_on_the_request_decides_nothing():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        desk.app.post_message(events.Paste("y"))
        await desk.press("enter", "space", "Y", "N", "e")
        assert desk.run.decisions == []


async def test_esc_in_the_reason_field_goes_back_to_the_request():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "r", "escape")
        assert desk.app.focused is desk.card
        assert not desk.reason.display
        await desk.press("y")
        assert [d.approve for d in desk.run.decisions] == [True]


async def test_esc_gives_the_focus_back_to_exactly_where_it_was():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.type("half a word")
        await desk.press("left", "left", "ctrl+g", "escape")
        assert desk.app.focused is desk.composer
        assert desk.composer.cursor_location == (0, 9)
        await desk.press("f3", "ctrl+g", "escape")
        assert isinstance(desk.app.focused, Timeline)
        assert desk.run.decisions == []
        assert desk.run.cancelled == []


async def test_a_goes_to_the_request_outside_text_fields_only():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("f3")
        await desk.press_later("a")
        assert desk.app.focused is desk.card


async def test_a_letter_or_a_click_right_after_the_request_appeared_is_not_going_to_it():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("f3", "a")
        await desk.click(desk.card, later_s=0.0)
        assert desk.app.focused is not desk.card
        assert "appeared" in desk.notice
        await desk.press("y")
        assert desk.run.decisions == []


async def test_a_click_on_the_request_goes_to_it_and_decides_nothing():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.click(desk.card)
        assert desk.app.focused is desk.card
        assert desk.run.decisions == []


async def test_tab_passes_the_request_by():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        seen = set()
        for _ in range(8):
            await desk.press("tab")
            seen.add(desk.app.focused)
        assert desk.card not in seen
        assert desk.reason not in seen


async def test_the_next_request_needs_its_own_ctrl_g():
    async with opened(two_approvals) as desk:
        await desk.until_asked(2)
        await desk.press("ctrl+g", "y")
        await desk.until(lambda view: len(view.pending) == 1)
        assert desk.app.focused is desk.composer
        await desk.press("y")
        assert len(desk.run.decisions) == 1
        await desk.press("ctrl+g", "n")
        await desk.until_ended()
        assert [d.approve for d in desk.run.decisions] == [True, False]


async def test_every_line_of_long_arguments_can_be_read():
    lines = [f"line {number}" for number in range(200)]
    arguments = json.dumps({"script": "\n".join(lines)})
    async with opened(_asks_for(arguments), size=(80, 24)) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "end")
        assert "line 199" in desk.pilot.app.export_screenshot().replace("&#160;", " ")
        await desk.press("home")
        assert "lines 1-" in desk.app.export_screenshot().replace("&#160;", " ")


async def test_s_shows_the_schema_of_the_tool_and_again_hides_it():
    async with opened(refund_desk, size=(80, 24)) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "s")
        assert "the tool's schema" in text_of(desk.screen)
        assert '"additionalProperties": false' not in text_of(desk.screen)
        await desk.press("end")
        assert '"additionalProperties": false' in text_of(desk.screen)
        await desk.press("s")
        assert '"order_id": "A-1001"' in text_of(desk.screen)
        await desk.press("y")
        assert len(desk.run.decisions) == 1


async def test_the_palette_cannot_decide():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        titles = {command.title for command in desk.app.get_system_commands(desk.screen)}
        assert not titles & {"Approve", "Reject", "Reject with a reason"}


async def test_no_key_but_those_that_go_to_it_reaches_a_request():
    """Every printable key and the editing keys, in each pane, with a request in sight."""
    printable = [chr(code) for code in range(33, 127) if chr(code) != "a"]
    others = ["enter", "space", "tab", "shift+tab", "ctrl+j", "ctrl+t", "f2", "f3", "f4"]
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        for pane in ("f2", "f3", "f4"):
            await desk.press(pane)
            for key in [*printable, *others]:
                desk.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await desk.pilot.pause()
            await desk.press("escape")
        assert desk.run.decisions == []
        assert desk.run.cancelled == []


LEADING_AWAY = [
    *("ctrl+o", "ctrl+n", "ctrl+p", "ctrl+q", "ctrl+c", "escape"),
    *("f1", "f2", "f3", "f4", "tab", "shift+tab", "question_mark"),
]


@pytest.mark.parametrize("away", LEADING_AWAY)
@pytest.mark.parametrize("key", ["y", "n"])
async def test_a_key_right_behind_one_that_leads_away_decides_nothing(away, key):
    async with opened([refund_desk, plain_answer]) as desk:
        await desk.until_asked()
        run = desk.run
        await desk.press("ctrl+g")
        assert desk.screen.is_at_request
        # Read together, as from a terminal whose reader was late.
        desk.app.post_message(events.Key(away, "?" if away == "question_mark" else None))
        desk.app.post_message(events.Key(key, key))
        await desk.pilot.pause()
        assert run.decisions == []


async def test_what_is_typed_right_behind_ctrl_n_is_for_the_new_conversation():
    async with opened([plain_answer, plain_answer]) as desk:
        await desk.until_ended()
        before = desk.conversation
        for name, character in [("ctrl+n", None), *((c, c) for c in "late"), ("enter", None)]:
            desk.app.post_message(events.Key(name, character))
        await desk.until_ended()
        assert desk.conversation is not before
        assert [run.text for run in desk.host.runs] == [PROMPT, "late"]


async def test_without_a_request_the_panel_takes_no_room():
    async with opened(plain_answer) as desk:
        await desk.until_ended()
        assert not desk.panel.display
        await desk.press("ctrl+g")
        assert desk.app.focused is desk.composer


def _asks_for(arguments: str):
    async def script(run: FakeRun):
        for event in [*opening(run), *tool(run, "Triage", "run_script", arguments)]:
            yield event
        call_id = f"{run.run_id}-run_script"
        async for event in run.ask(approval("Triage", call_id, "run_script", arguments)):
            yield event
        yield RunCompleted(run_id="")

    return script
