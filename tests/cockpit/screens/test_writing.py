"""The composer on its screen: what Enter, Esc and the arrows do."""

from textual import events

from tests.captures import text_of
from tests.cockpit.desk import PROMPT, opened
from tests.fakes.fake_scripts import failing, plain_answer, refund_desk
from tui.cockpit.projection.view import PendingApproval, RunView
from tui.cockpit.screens.cancelling import ARMED_S, Cancelling, Wish, press
from tui.cockpit.widgets.queued import QueuedMessages

RUNNING = RunView(run_id="one", status="running")
WAITING = RunView(
    run_id="one",
    status="waiting",
    pending=(
        PendingApproval(
            run_id="one",
            item_id="i",
            call_id="c",
            agent="A",
            tool="t",
            arguments="{}",
            arguments_hash="h",
            requested_at=0.0,
        ),
    ),
)


async def test_enter_sends_and_the_answer_comes():
    async with opened(plain_answer, prompt=None) as desk:
        await desk.type("hello there")
        await desk.press("enter")
        await desk.until_ended()
        assert desk.run.text == "hello there"
        assert desk.composer.text == ""


async def test_a_paste_never_sends():
    async with opened(plain_answer, prompt=None) as desk:
        desk.app.post_message(events.Paste("first\nsecond\n"))
        await desk.pilot.pause()
        assert desk.composer.text == "first\nsecond\n"
        assert desk.host.runs == []


async def test_what_was_pasted_cannot_act_on_the_terminal():
    async with opened(plain_answer, prompt=None) as desk:
        desk.app.post_message(events.Paste("a\x1b[2Jb\u202e"))
        await desk.pilot.pause()
        assert desk.composer.text == "a␛[2Jb⟨U+202E⟩"


async def test_ctrl_j_is_a_new_line():
    async with opened(plain_answer, prompt=None) as desk:
        await desk.press("a", "ctrl+j", "b", "enter")
        await desk.until_ended()
        assert desk.run.text == "a\nb"


async def test_nothing_is_no_message():
    async with opened(plain_answer, prompt=None) as desk:
        await desk.press("enter", "space", "ctrl+j", "enter")
        assert desk.host.runs == []


async def test_after_the_end_a_message_goes_on_with_the_conversation():
    async with opened(plain_answer, prompt="one") as desk:
        await desk.until_ended()
        await desk.type("two")
        await desk.press("enter")
        await desk.until(lambda view: view.run_id == desk.host.runs[-1].run_id)
        assert desk.run.continues == desk.host.runs[0].run_id


async def test_while_a_run_works_enter_queues_and_up_takes_it_back():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.type("later")
        await desk.press("enter")
        await desk.until_queued("later")
        assert "later" in desk.app.export_screenshot()
        await desk.press("up")
        assert desk.composer.text == "later"
        assert desk.conversation.queued == ()


async def cancelled(desk):
    """Cancel the run that works, from the empty composer."""
    await desk.press("escape", "escape")
    await desk.until(lambda view: view.status == "cancelled")


async def test_after_a_cancel_the_queued_message_says_how_it_goes_and_enter_sends_it():
    async with opened([refund_desk, plain_answer]) as desk:
        await desk.until_asked()
        await desk.type("later\n")
        await desk.until_queued("later")
        assert "Enter sends it" not in text_of(desk.screen)
        await cancelled(desk)
        drawn = text_of(desk.screen)
        assert "queued · Enter sends it · Up takes it back  later" in drawn
        assert "Enter sends what is queued" in drawn
        await desk.press("enter")
        await desk.until(lambda view: view.status == "completed")
        assert [run.text for run in desk.host.runs] == [PROMPT, "later"]
        assert "queued" not in text_of(desk.screen)


async def test_of_several_the_first_is_sent_and_the_last_taken_back():
    async with opened([refund_desk, plain_answer]) as desk:
        await desk.until_asked()
        await desk.type("first\nlast\n")
        await desk.until_queued("first", "last")
        await cancelled(desk)
        drawn = text_of(desk.screen)
        assert "queued · Enter sends it  first" in drawn
        assert "queued · Up takes it back  last" in drawn


async def test_what_is_written_while_a_message_is_held_goes_behind_it():
    async with opened([refund_desk, plain_answer]) as desk:
        await desk.until_asked()
        await desk.type("first\n")
        await cancelled(desk)
        await desk.type("second\n")
        await desk.until(lambda view: len(desk.host.runs) == 3 and view.status == "completed")
        assert [run.text for run in desk.host.runs] == [PROMPT, "first", "second"]


async def test_while_a_run_works_ctrl_t_steers():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.type("be brief")
        await desk.press("ctrl+t")
        assert desk.run.said == ["be brief"]
        waiting = desk.screen.query_one(QueuedMessages)
        await desk.until(lambda _: waiting.steering == ("be brief",))


async def test_up_and_down_at_the_edges_leaf_through_what_was_sent():
    async with opened(plain_answer, prompt=None) as desk:
        for text in ("one", "two"):
            await desk.type(text)
            await desk.press("enter")
            await desk.until(lambda view, text=text: desk.host.runs[-1].text == text)
            await desk.until_ended()
        await desk.type("draft")
        await desk.press("up")
        assert desk.composer.text == "two"
        await desk.press("up", "up")
        assert desk.composer.text == "one"
        await desk.press("down", "down")
        assert desk.composer.text == "draft"


async def test_inside_a_text_of_two_lines_the_arrows_move_the_cursor():
    async with opened(plain_answer, prompt=None) as desk:
        await desk.press("a", "ctrl+j", "b", "up")
        assert desk.composer.cursor_location == (0, 1)
        await desk.press("down")
        assert desk.composer.cursor_location == (1, 1)
        assert desk.composer.text == "a\nb"


async def test_keys_typed_before_ctrl_g_still_reach_the_field():
    """All keys are in the queue before the first is handled, as after a stall."""
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.type("ab")
        for key in ("backspace", "ctrl+g"):
            desk.app.post_message(events.Key(key, None))
        await desk.pilot.pause()
        assert desk.composer.text == "a"
        assert desk.app.focused is desk.card


async def test_esc_in_the_empty_field_arms_then_cancels_then_at_once():
    async with opened(plain_answer, hold=True) as desk:
        await desk.until(lambda view: view.status == "running")
        await desk.press("escape")
        assert "Esc again" in desk.notice
        assert desk.run.cancelled == []
        desk.run.cancel = desk.run.cancelled.append
        await desk.press("escape")
        assert desk.run.cancelled == ["after_turn"]
        await desk.press("escape")
        assert desk.run.cancelled == ["after_turn", "immediate"]


async def test_esc_with_text_in_the_field_cancels_nothing():
    async with opened(plain_answer, hold=True) as desk:
        await desk.until(lambda view: view.status == "running")
        await desk.type("x")
        await desk.press("escape", "escape", "escape")
        assert desk.run.cancelled == []


async def test_while_a_call_waits_the_second_esc_cancels_at_once():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("escape", "escape")
        await desk.until_ended()
        assert desk.run.cancelled == ["immediate"]
        assert desk.run.decisions == []


def test_a_press_after_three_seconds_arms_anew():
    state, wish = press(Cancelling(), RUNNING, 10.0)
    assert wish is Wish.ARM
    state, wish = press(state, RUNNING, 10.1 + ARMED_S)
    assert wish is Wish.ARM
    assert press(state, RUNNING, 10.2 + ARMED_S)[1] is Wish.AFTER_TURN


def test_another_run_begins_unarmed():
    state, _ = press(Cancelling(), RUNNING, 10.0)
    assert press(state, RunView(run_id="two", status="running"), 10.5)[1] is Wish.ARM


def test_with_a_call_waiting_the_second_press_is_at_once():
    state, wish = press(Cancelling(), WAITING, 10.0)
    assert wish is Wish.ARM_WAITING
    assert press(state, WAITING, 11.0)[1] is Wish.IMMEDIATE


def test_a_run_that_is_starting_is_ended_by_the_second_press():
    state, wish = press(Cancelling(), RunView(), 10.0, is_starting=True)
    assert wish is Wish.ARM_STARTING
    assert press(state, RunView(), 11.0, is_starting=True)[1] is Wish.IMMEDIATE


async def test_after_a_failure_the_composer_is_ready_and_r_tries_again():
    async with opened([failing, plain_answer], prompt="do it") as desk:
        await desk.until_ended()
        assert desk.app.focused is desk.composer
        await desk.press("f3", "r")
        await desk.until(lambda view: view.status == "completed")
        assert [run.text for run in desk.host.runs] == ["do it", "do it"]


async def test_a_run_that_failed_can_be_tried_again_from_the_composer():
    async with opened([failing, plain_answer], prompt="do it") as desk:
        await desk.until_ended()
        await desk.press("ctrl+r")
        await desk.until(lambda view: view.status == "completed")
        assert [run.text for run in desk.host.runs] == ["do it", "do it"]


async def test_what_was_tried_again_is_told_in_one_quiet_line():
    async with opened([failing, plain_answer], prompt="do it", size=(120, 40)) as desk:
        await desk.until_ended()
        await desk.press("ctrl+r")
        await desk.until(lambda view: view.status == "completed")
        drawn = text_of(desk.screen)
        assert drawn.count("↻ tried again") == 2, "in the timeline and in the transcript"
        assert drawn.count("› You") == 2


async def test_where_it_is_wide_all_panes_stand_side_by_side():
    async with opened(plain_answer, size=(200, 50)) as desk:
        await desk.until_ended()
        names = ("timeline", "transcript", "inspector")
        panes = [desk.screen.query_one(f"#{name}").region for name in names]
        assert panes[0].right <= panes[1].x < panes[1].right <= panes[2].x
        assert len({(pane.y, pane.height) for pane in panes}) == 1
        await desk.pilot.resize_terminal(120, 40)
        transcript, inspector = (desk.screen.query_one(f"#{name}").region for name in names[1:])
        assert transcript.bottom <= inspector.y


async def test_where_it_is_narrow_one_pane_shows_at_a_time():
    async with opened(plain_answer, size=(80, 24)) as desk:
        await desk.until_ended()
        shown = {name: desk.screen.query_one(f"#{name}") for name in ("transcript", "timeline")}
        assert (shown["transcript"].region.area > 0, shown["timeline"].region.area) == (True, 0)
        await desk.press("f3")
        assert (shown["transcript"].region.area, shown["timeline"].region.area > 0) == (0, True)
        assert desk.app.focused is shown["timeline"]
        await desk.press("1")
        assert desk.app.focused is shown["transcript"]
        await desk.pilot.resize_terminal(120, 40)
        await desk.pilot.pause()
        assert all(pane.region.area for pane in shown.values())


async def test_esc_in_a_pane_goes_back_to_the_composer():
    async with opened(plain_answer) as desk:
        await desk.until_ended()
        await desk.press("f3", "escape")
        assert desk.app.focused is desk.composer
