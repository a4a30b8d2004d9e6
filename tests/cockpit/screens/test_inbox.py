"""The inbox on the screen: what waits in all conversations, ticks, and one decision for them."""

import random
from contextlib import asynccontextmanager

import pytest
from textual import events

from tests.captures import start_another
from tests.cockpit.desk import Desk, opened, text_of
from tests.cockpit.many_calls import asking
from tests.cockpit.screens.test_home import LISTING
from tests.fakes.fake_scripts import plain_answer
from tests.fakes.fake_source import FIRST_AT
from tui.cockpit.dialogs.inbox_list import InboxList
from tui.cockpit.screens.home import HomeScreen
from tui.cockpit.screens.inbox import InboxScreen
from tui.cockpit.screens.run import RunScreen
from tui.cockpit.widgets.key_bar import working_keys

REFUNDS = asking(
    ("refund", {"order": "A-1", "cents": 100}), ("refund", {"order": "A-2", "cents": 200})
)
LETTERS = asking(
    ("refund", {"order": "B-1", "cents": 300}),
    ("send_email", {"to": "ada@example.org", "text": "Dear Ada, " + "we are sorry. " * 60}),
    agent="Letters",
    path=("Letters",),
    at=FIRST_AT + 60.0,
)


@asynccontextmanager
async def at_inbox(*scripts, **more):
    """The inbox over a conversation for each script, in this order."""
    async with opened(list(scripts or (REFUNDS, LETTERS)), home=LISTING, **more) as desk:
        await desk.until_asked(2)
        for _ in range(len(scripts or (REFUNDS, LETTERS)) - 1):
            await start_another(desk, "Go on")
            await desk.until_asked(2)
        await desk.press("f6")
        yield desk


def rows(desk: Desk) -> list[str]:
    """What the list shows, without the cursor."""
    lines = text_of(desk.app.screen).splitlines()
    return [line.replace("▸", " ").strip() for line in lines if "[ ]" in line or "[✓]" in line]


def decisions(desk: Desk) -> list[list[tuple[str, bool]]]:
    """What each run was told, in the order of the runs."""
    return [
        [(told.call_id.removeprefix(f"{run.run_id}-"), told.approve) for told in run.decisions]
        for run in desk.host.runs
    ]


def footer(desk: Desk) -> list[str]:
    return [hint.does for hint in working_keys(desk.app.screen)]


async def test_every_call_of_every_run_stands_there_the_oldest_first():
    async with at_inbox() as desk:
        assert isinstance(desk.app.screen, InboxScreen)
        assert "Inbox · 4 calls wait for you" in text_of(desk.app.screen)
        shown = rows(desk)
        assert [row.split()[2] for row in shown] == ["Triage", "Triage", "Letters", "Letters"]
        assert "Triage → Refunds  refund      order=A-1 cents=100" in shown[0]
        assert all(row.startswith("[ ]") for row in shown)


async def test_space_ticks_one_and_y_approves_the_ticked_alone():
    async with at_inbox() as desk:
        await desk.press_later("j", "space", "y")
        assert decisions(desk) == [[("refund-1", True)], []]


async def test_n_rejects_what_is_ticked_in_several_runs():
    async with at_inbox() as desk:
        await desk.press_later("space", "j", "j", "space", "n")
        assert decisions(desk) == [[("refund-0", False)], [("refund-0", False)]]


async def test_t_ticks_all_of_this_tool_and_u_unticks():
    async with at_inbox() as desk:
        await desk.press_later("t")
        assert [row[:3] for row in rows(desk)] == ["[✓]", "[✓]", "[✓]", "[ ]"]
        assert "3 ticked" in text_of(desk.app.screen)
        await desk.press("u", "y")
        assert decisions(desk) == [[], []]


async def test_arguments_without_room_in_the_row_are_ticked_once_they_stood_below():
    async with at_inbox() as desk:
        await desk.press("G")
        assert "we are sorry." in text_of(desk.app.screen)
        await desk.press_later("space", "y")
        assert decisions(desk) == [[], [("send_email-1", True)]]


async def test_what_is_decided_leaves_the_list_and_the_cursor_stays_at_its_place():
    async with at_inbox() as desk:
        await desk.press_later("j", "space", "y")
        assert await desk.comes_to_show(lambda words: "3 calls wait" in words)
        await desk.press_later("space", "n")
        assert decisions(desk) == [[("refund-1", True)], [("refund-0", False)]]


@pytest.mark.parametrize("key", ["y", "n", "enter", "escape", "f6", "question_mark"])
async def test_nothing_is_decided_without_a_tick(key):
    async with at_inbox() as desk:
        await desk.press(key)
        assert decisions(desk) == [[], []]


async def test_two_hundred_keys_without_a_tick_and_without_ctrl_g_decide_nothing():
    chance = random.Random(7)
    keys = ["y", "n", "u", "Y", "N", "r", "1", "enter", "f6", "f7", "j", "k", "G", "pagedown"]
    async with at_inbox() as desk:
        await desk.press(*chance.choices(keys, k=200))
        assert decisions(desk) == [[], []]
        assert not any(run.cancelled for run in desk.host.runs)


async def test_pastes_and_clicks_tick_and_decide_nothing():
    async with at_inbox() as desk:
        desk.app.post_message(events.Paste("  ty\ny\n"))
        await desk.pilot.click(InboxList, offset=(4, 1))
        await desk.press("y")
        assert decisions(desk) == [[], []]


async def test_keys_that_were_pressed_before_the_inbox_was_painted_tick_nothing():
    """All keys are in the queue before the first is handled, as after a stall."""
    async with opened([REFUNDS], home=LISTING) as desk:
        await desk.until_asked(2)
        for key in ("f6", "space", "t", "y", "y"):
            desk.app.post_message(events.Key(key, " " if key == "space" else key))
        await desk.pilot.pause()
        assert isinstance(desk.app.screen, InboxScreen)
        assert decisions(desk) == [[]]


async def test_a_call_that_has_just_appeared_is_not_ticked():
    async with at_inbox() as desk:
        await desk.press("space", "t", "y")
        assert decisions(desk) == [[], []]
        assert not any(row.startswith("[✓]") for row in rows(desk))


async def test_ticks_are_gone_when_a_person_went_elsewhere():
    async with at_inbox() as desk:
        await desk.press_later("space", "escape", "f6", "y")
        assert decisions(desk) == [[], []]


async def test_a_palette_over_the_inbox_offers_no_decision():
    async with at_inbox() as desk:
        await desk.press_later("space")
        titles = [command.title for command in desk.app.get_system_commands(desk.app.screen)]
        assert {"Open", "Back", "Grants and rules", "Decisions so far"} <= set(titles)
        assert not {"Tick", "Approve ticked", "Reject ticked"} & set(titles)


async def test_enter_shows_that_call_in_its_conversation_where_it_needs_a_key_of_its_own():
    async with at_inbox() as desk:
        await desk.press("j", "j", "j", "enter")
        assert isinstance(desk.app.screen, RunScreen)
        assert "asks to call send_email" in text_of(desk.app.screen)
        await desk.press("y")
        assert decisions(desk) == [[], []]
        await desk.press("escape", "ctrl+g", "y")
        assert decisions(desk) == [[], [("send_email-1", True)]]


async def test_escape_goes_back_to_where_the_inbox_was_asked_for():
    async with at_inbox() as desk:
        await desk.press("escape")
        assert isinstance(desk.app.screen, RunScreen)
        await desk.press("ctrl+o", "i")
        assert isinstance(desk.app.screen, InboxScreen)
        await desk.press("escape")
        assert isinstance(desk.app.screen, HomeScreen)


async def test_i_is_text_in_the_composer_and_a_key_outside():
    async with opened([REFUNDS], home=LISTING) as desk:
        await desk.until_asked(2)
        await desk.press("i")
        assert desk.composer.text == "i"
        await desk.press("tab", "i")
        assert isinstance(desk.app.screen, InboxScreen)


async def test_at_a_request_i_does_nothing_and_f6_leads_away():
    async with opened([REFUNDS], home=LISTING) as desk:
        await desk.until_asked(2)
        await desk.press("ctrl+g", "i")
        assert isinstance(desk.app.screen, RunScreen)
        await desk.press("f6", "y")
        assert isinstance(desk.app.screen, InboxScreen)
        assert desk.run.decisions == []


async def test_ctrl_g_leads_from_the_inbox_and_from_another_run_to_the_call_that_waits_longest():
    async with at_inbox(REFUNDS, LETTERS) as desk:
        await desk.press("ctrl+g")
        assert desk.conversation.view.run_id == desk.host.runs[0].run_id
    async with opened([REFUNDS, plain_answer], home=LISTING) as desk:
        await desk.until_asked(2)
        await start_another(desk, "Hello")
        await desk.until_ended()
        await desk.press("ctrl+g", "y")
        assert desk.conversation.view.run_id == desk.host.runs[0].run_id
        assert desk.host.runs[0].decisions == []


async def test_ctrl_g_at_a_request_goes_on_to_the_next_conversation_where_it_decides_nothing():
    async with at_inbox(REFUNDS, LETTERS) as desk:
        await desk.press("ctrl+g", "ctrl+g", "ctrl+g", "y", "n")
        assert desk.conversation.view.run_id == desk.host.runs[1].run_id
        assert decisions(desk) == [[], []]
        await desk.press("ctrl+g", "y")
        assert decisions(desk) == [[], [("refund-0", True)]]


async def test_the_footer_tells_what_works():
    async with at_inbox() as desk:
        assert "Approve ticked" not in footer(desk)
        await desk.press_later("space")
        assert footer(desk)[:6] == [
            *("Tick", "Approve ticked", "Reject ticked", "Same tool", "Untick", "Open")
        ]


async def test_an_empty_inbox_says_so_and_offers_nothing():
    async with opened([plain_answer], home=LISTING) as desk:
        await desk.until_ended()
        await desk.press("f6")
        assert "No call waits for you" in text_of(desk.app.screen)
        assert not {"Tick", "Open", "Up"} & set(footer(desk))


async def test_a_screen_that_only_watches_lists_what_waits_without_boxes_and_decides_nothing():
    async with at_inbox(read_only=True) as desk:
        shown = text_of(desk.app.screen)
        assert "4 calls wait for you" in shown
        assert "order=A-1" in shown
        assert "[ ]" not in shown
        await desk.press("space", "t", "y", "n")
        assert decisions(desk) == [[], []]
        assert not {"Tick", "Same tool", "Approve ticked"} & set(footer(desk))
        assert "READ ONLY" in shown


async def test_the_footer_names_the_inbox_once_several_calls_wait():
    async with opened([REFUNDS], home=LISTING) as desk:
        await desk.until_asked(2)
        assert "Inbox" in footer(desk)
    async with opened([plain_answer], home=LISTING) as desk:
        await desk.until_ended()
        assert "Inbox" not in footer(desk)


async def test_an_answer_that_is_refused_is_said():
    async with at_inbox() as desk:
        await desk.press_later("space", "y")
        desk.host.runs[0].decide(desk.host.runs[0].answers[0])
        assert await desk.comes_to_show(lambda words: "it no longer waits" in words)


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (24, 6)])
async def test_of_many_calls_the_one_under_the_cursor_is_in_sight(size):
    many = asking(*[("refund", {"order": f"C-{at}"}) for at in range(50)])
    async with opened([many], home=LISTING, size=size) as desk:
        await desk.until_asked(50)
        await desk.press("f6", "G")
        marked = [line for line in text_of(desk.app.screen).splitlines() if "▸" in line]
        assert len(marked) == 1
        await desk.press("home")
        assert [line for line in text_of(desk.app.screen).splitlines() if "▸" in line] != []
