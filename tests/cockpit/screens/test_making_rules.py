"""Always, and never again: a page of its own, read before its key decides."""

import pytest
from textual import events

from tests.cockpit.desk import Desk, opened, text_of
from tests.fakes.fake_scripts import REFUND_ARGUMENTS, opening, refund_desk
from tests.fakes.fake_source import FakeRun, approval
from tui.wire.events import ApprovalRequested, RunCompleted

EXACTLY = "with exactly these arguments"


async def on_the_page(desk: Desk, key: str, calls: int = 1) -> None:
    await desk.until_asked(calls)
    await desk.press("ctrl+g", key)


@pytest.mark.parametrize(("key", "effect"), [("Y", "allow"), ("N", "deny")])
async def test_the_key_that_opens_the_page_decides_nothing_and_again_it_decides(key, effect):
    async with opened(refund_desk) as desk:
        await on_the_page(desk, key)
        assert desk.run.decisions == []
        assert EXACTLY in text_of(desk.screen)
        await desk.press(key)
        (answer,) = desk.run.answers
        assert answer.approve is (effect == "allow")
        assert answer.grant is not None
        assert answer.grant.effect == effect
        assert answer.grant.exactly == REFUND_ARGUMENTS
        assert answer.grant.granted
        assert not answer.keeps


@pytest.mark.parametrize("key", ["Y", "N"])
async def test_the_key_twice_in_one_go_decides_nothing(key):
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        for _ in range(2):
            desk.app.post_message(events.Key(key, key))
        await desk.pilot.pause()
        assert desk.run.decisions == []
        assert EXACTLY in text_of(desk.screen)


@pytest.mark.parametrize("key", ["y", "n", "r", "e", "u", "enter", "space", "N", "ctrl+s", "a"])
async def test_no_other_key_decides_on_the_page(key):
    async with opened(refund_desk) as desk:
        await on_the_page(desk, "Y")
        await desk.press(key)
        assert desk.run.decisions == []
        assert EXACTLY in text_of(desk.screen)


async def test_esc_goes_back_to_the_request():
    async with opened(refund_desk) as desk:
        await on_the_page(desk, "Y")
        await desk.press("escape")
        assert EXACTLY not in text_of(desk.screen)
        await desk.press("y")
        assert [(a.approve, a.grant) for a in desk.run.answers] == [(True, None)]


async def test_how_wide_and_how_long_is_chosen():
    async with opened(refund_desk) as desk:
        await on_the_page(desk, "Y")
        await desk.press("down", "down", "down", "right", "right", "right", "right")
        await desk.press("Y")
        (answer,) = desk.run.answers
        assert answer.grant.tool == "issue_refund"
        assert answer.grant.agent == "Refunds"
        assert answer.grant.exactly is None
        assert answer.grant.arguments == ()
        assert answer.keeps


async def test_a_choice_and_the_key_in_one_go_decide_nothing():
    async with opened(refund_desk) as desk:
        await on_the_page(desk, "Y")
        for key, character in (("down", None), ("Y", "Y")):
            desk.app.post_message(events.Key(key, character))
        await desk.pilot.pause()
        assert desk.run.decisions == []
        await desk.press("Y")
        assert len(desk.run.decisions) == 1


async def test_a_digit_chooses_how_wide():
    async with opened(refund_desk) as desk:
        await on_the_page(desk, "Y")
        await desk.press("3", "Y")
        assert desk.run.answers[0].grant.exactly is None


async def test_the_page_tells_what_was_decided_before_and_that_nothing_else_waits():
    async with opened(_twice) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "n")
        await desk.until(lambda view: [p.call_id for p in view.pending] == ["call-2"])
        await desk.press("ctrl+g", "Y", "down", "down")
        shown = text_of(desk.screen)
        assert "1 call like it: 1 rejected" in shown
        assert "this call, and no other that waits" in shown


async def test_a_call_that_comes_while_the_page_is_open_is_told_before_the_key_decides():
    async with opened(_joined, hold=True) as desk:
        await desk.until(lambda view: len(view.pending) == 1)
        await desk.press("ctrl+g", "Y", "down", "down")
        desk.run.open("another")
        await desk.until(lambda view: len(view.pending) == 2)
        assert "this call, and 1 more: pay for Triage (n=2)" in text_of(desk.screen)
        assert desk.screen.is_at_request


async def test_a_terminal_that_is_too_small_for_the_page_decides_nothing():
    async with opened(refund_desk) as desk:
        await on_the_page(desk, "Y")
        await desk.pilot.resize_terminal(80, 8)
        await desk.press("Y")
        assert desk.run.decisions == []
        assert "too small" in desk.notice


def _request(call_id: str, arguments: str) -> ApprovalRequested:
    request = approval("Triage", call_id, "pay", arguments, path=("Triage",))
    assert isinstance(request, ApprovalRequested)
    return request


async def _twice(run: FakeRun):
    """Two calls of the same tool, one after the other."""
    for event in opening(run):
        yield event
    for number in (1, 2):
        async for event in run.ask(_request(f"call-{number}", f'{{"n": {number}}}')):
            yield event
    yield RunCompleted(run_id="")


async def _joined(run: FakeRun):
    """A second call of the same tool comes while the first waits."""
    for event in [*opening(run), _request("call-1", '{"n": 1}')]:
        yield event
    await run.gate("another")
    yield _request("call-2", '{"n": 2}')
    await run.gate("end")
    yield RunCompleted(run_id="")
