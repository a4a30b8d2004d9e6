"""What happens to a request behind a person's back, and what becomes of the focus then."""

from textual import events

from tests.cockpit.desk import opened, text_of
from tests.fakes.fake_scripts import (
    opening,
    refund_desk,
    two_approvals,
)
from tests.fakes.fake_source import FakeRun, approval, hash_of
from tui.cockpit.sources.base import Answer
from tui.wire.events import ApprovalRequested, ApprovalWithdrawn, RunCompleted


async def test_a_request_that_was_not_painted_before_the_key_is_not_gone_to():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        early = events.Key("ctrl+g", None)
        early.time -= 3600
        desk.app.post_message(early)
        await desk.press("y")
        assert desk.app.focused is desk.composer
        assert "appeared" in desk.notice
        assert desk.run.decisions == []


async def test_without_room_for_the_request_nobody_decides_it():
    async with opened(refund_desk, size=(80, 8)) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "y")
        assert desk.run.decisions == []
        assert "too small" in desk.notice
        await desk.pilot.resize_terminal(80, 24)
        await desk.pilot.pause()
        await desk.press("ctrl+g", "y")
        assert len(desk.run.decisions) == 1


async def test_a_request_behind_another_screen_is_not_painted():
    async with opened(refund_desk, hold=True) as desk:
        await desk.press("f1")
        for gate in ("thinking", "tools running"):
            desk.run.open(gate)
        screen = desk.app.screen_stack[0]
        while not screen.conversation.view.pending:
            await desk.pilot.pause()
        await desk.press("ctrl+g", "y")
        assert desk.run.decisions == []
        await desk.press("escape")
        assert desk.app.screen is screen
        await desk.press("ctrl+g", "y")
        assert len(desk.run.decisions) == 1


async def test_a_new_request_does_not_replace_the_one_at_hand():
    async with opened(_one_then_another) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        desk.run.open("another")
        await desk.until(lambda view: len(view.pending) == 2)
        assert desk.app.focused is desk.card
        await desk.press("y")
        assert [d.call_id for d in desk.run.decisions] == ["first"]


async def test_a_request_that_goes_gives_the_focus_back_and_it_is_said():
    async with opened(_withdrawn, hold=True) as desk:
        await desk.until(lambda view: bool(view.pending))
        await desk.press("ctrl+g")
        assert desk.app.focused is desk.card
        desk.run.open("withdraw")
        await desk.until(lambda view: not view.pending)
        assert desk.app.focused is desk.composer
        assert "gone" in desk.notice
        await desk.press("y")
        assert desk.run.decisions == []
        assert desk.composer.text == "y"


async def test_a_request_that_changes_loses_the_focus_and_it_is_said():
    async with opened(_changed, hold=True) as desk:
        await desk.until(lambda view: bool(view.pending))
        await desk.press("ctrl+g")
        desk.run.open("change")
        await desk.until(lambda view: "2" in view.pending[0].arguments)
        assert desk.app.focused is desk.composer
        assert "changed" in desk.notice
        await desk.press("y")
        assert desk.run.decisions == []


async def test_an_edit_of_a_request_that_changes_is_not_one_of_what_it_became():
    async with opened(_changed, hold=True) as desk:
        await desk.until(lambda view: bool(view.pending))
        await desk.press("ctrl+g", "e")
        desk.arguments.load_text('{"n": 3}')
        desk.run.open("change")
        await desk.until(lambda view: "2" in view.pending[0].arguments)
        assert "changed" in desk.notice
        assert desk.app.focused is desk.composer
        assert "edited" not in text_of(desk.screen)
        await desk.press("ctrl+g", "y")
        (answer,) = desk.run.answers
        assert (answer.arguments, answer.arguments_hash) == (None, hash_of('{"n": 2}'))


async def test_a_page_of_a_request_that_changes_is_closed():
    async with opened(_changed, hold=True) as desk:
        await desk.until(lambda view: bool(view.pending))
        await desk.press("ctrl+g", "Y")
        desk.run.open("change")
        await desk.until(lambda view: "2" in view.pending[0].arguments)
        await desk.press("Y", "ctrl+g", "Y")
        assert desk.run.answers == []
        assert "asks to call" not in text_of(desk.screen)


async def test_an_answer_that_was_refused_is_told():
    async with opened(two_approvals) as desk:
        await desk.until_asked(2)
        desk.conversation.decide(
            Answer(desk.conversation.view.pending[0].call_id, "another hash", approve=True)
        )
        await desk.until(lambda view: view.refused is not None)
        assert "the arguments have changed" in desk.notice


async def test_a_window_that_loses_the_focus_and_gets_it_back_changes_nothing():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g")
        desk.app.post_message(events.AppBlur())
        await desk.pilot.pause()
        assert desk.app.focused is None
        desk.app.post_message(events.AppFocus())
        await desk.pilot.pause()
        assert desk.app.focused is desk.card
        await desk.press("y")
        assert len(desk.run.decisions) == 1


async def test_coming_back_from_home_is_not_going_to_the_request():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "ctrl+o", "ctrl+g", "y")
        assert desk.run.decisions == []
        assert desk.composer.text == "y"


async def test_keys_shown_by_help_over_a_request_leave_it_at_hand():
    async with opened(refund_desk) as desk:
        await desk.until_asked()
        await desk.press("ctrl+g", "f1", "y", "n", "escape")
        assert desk.run.decisions == []
        await desk.press("n")
        assert [d.approve for d in desk.run.decisions] == [False]


def _request(call_id: str, arguments: str = "{}") -> ApprovalRequested:
    request = approval("Triage", call_id, "pay", arguments, path=("Triage",), schema="{}")
    assert isinstance(request, ApprovalRequested)
    return request


async def _one_then_another(run: FakeRun):
    """The second request comes when the gate opens, while the first waits or after it."""
    for event in opening(run):
        yield event
    asked = run.ask(_request("first"))
    yield await anext(asked)
    yield await anext(asked)
    run.hold = True
    await run.gate("another")
    yield _request("second")
    async for event in asked:
        yield event


async def _withdrawn(run: FakeRun):
    for event in [*opening(run), _request("first")]:
        yield event
    await run.gate("withdraw")
    yield ApprovalWithdrawn(run_id="", call_id="first", why="the run went on without it")
    await run.gate("end")
    yield RunCompleted(run_id="")


async def _changed(run: FakeRun):
    for event in [*opening(run), _request("first", '{"n": 1}')]:
        yield event
    await run.gate("change")
    yield ApprovalWithdrawn(run_id="", call_id="first", why="it was changed")
    yield _request("first", '{"n": 2}')
    await run.gate("end")
    yield RunCompleted(run_id="")
