"""A conversation goes on by itself, shows its newest view, and outlives what its source does."""

import asyncio
from collections.abc import Callable

import pytest

from tests.fakes.fake_scripts import failing, long_run, plain_answer, refund_desk, two_approvals
from tests.fakes.fake_source import FIRST_AT, FakeAgentHost, FakeRun, play
from tui.cockpit.projection.view import RunView, UserEntry
from tui.cockpit.runs import FRAME_S, OpenRun
from tui.cockpit.sources.base import Answer, Loss
from tui.errors import HostError
from tui.wire.events import RunStarted, TextDelta


class FakeTimers:
    """Timers that go off when the test says so."""

    def __init__(self) -> None:
        self.armed: list[tuple[float, Callable[[], None]]] = []

    def __call__(self, delay_s: float, callback: Callable[[], None]) -> None:
        self.armed.append((delay_s, callback))

    def go_off(self) -> None:
        armed, self.armed = self.armed, []
        for _, callback in armed:
            callback()


class Stage:
    """A conversation with its worker running, and the views it published."""

    def __init__(self, host: FakeAgentHost) -> None:
        self.host = host
        self.timers = FakeTimers()
        self.shown: list[RunView] = []
        self.run = OpenRun(host, later=self.timers, wall=lambda: FIRST_AT)
        self.run.subscribe(self.shown.append)
        self.worker = asyncio.create_task(self.run.follow())

    async def settle(self) -> RunView:
        """Let everything happen that can, then the frame timer."""
        for _ in range(500):
            await asyncio.sleep(0)
        self.timers.go_off()
        return self.shown[-1]

    async def close(self) -> None:
        self.run.close()
        await asyncio.wait_for(self.worker, 5)


@pytest.fixture
async def stage():
    stages: list[Stage] = []

    def build(script, **of_host) -> Stage:
        stages.append(Stage(FakeAgentHost(script, **of_host)))
        return stages[-1]

    yield build
    for each in stages:
        await each.close()


def last_text(view: RunView) -> str:
    return getattr(view.entries[-1], "text", "")


async def test_a_run_is_started_and_its_end_is_shown(stage):
    it = stage(plain_answer)
    it.run.start("hello")
    view = await it.settle()
    assert view.status == "completed"
    assert last_text(view) == "You said: hello"


async def test_a_message_is_known_as_starting_until_its_run_tells_of_itself(stage):
    talk = stage(plain_answer)
    assert talk.run.starting == ""
    talk.run.send("Hello")
    assert talk.run.starting == "Hello"
    await talk.settle()
    assert talk.run.starting == ""


async def test_one_timer_is_armed_a_frame_and_the_last_event_before_a_pause_is_shown(stage):
    it = stage(refund_desk)
    it.run.start("refund")
    for _ in range(500):
        await asyncio.sleep(0)
    assert [delay for delay, _ in it.timers.armed] == [FRAME_S]
    assert len(it.shown) == 1, "nothing but what it was when the pane came"
    it.timers.go_off()
    assert it.shown[-1].status == "waiting"
    assert not it.timers.armed, "nothing moves while nothing happens"


async def test_who_subscribes_sees_the_newest_view_at_once_and_nothing_after_leaving(stage):
    it = stage(plain_answer)
    it.run.start("hello")
    await it.settle()
    late: list[RunView] = []
    leave = it.run.subscribe(late.append)
    assert late[-1].status == "completed"
    leave()
    it.run.follow_up("again")
    await it.settle()
    assert len(late) == 1


async def test_a_follow_up_continues_the_conversation_in_one_view(stage):
    it = stage(plain_answer)
    it.run.start("one")
    await it.settle()
    it.run.follow_up("two")
    view = await it.settle()
    assert it.host.run.continues == it.host.runs[0].run_id
    assert [entry.text for entry in view.entries] == [
        "one",
        "You said: one",
        "two",
        "You said: two",
    ]


async def test_a_message_while_it_works_is_queued_and_sent_when_the_run_completed(stage):
    it = stage(plain_answer, hold=True)
    it.run.start("one")
    await it.settle()
    it.run.queue("two")
    it.run.queue("three")
    assert it.run.queued == ("two", "three")
    for run_number in range(3):
        it.host.runs[run_number].open("mid-answer")
        await it.settle()
    assert [run.text for run in it.host.runs] == ["one", "two", "three"]
    assert it.run.queued == ()


async def test_a_queued_message_can_be_taken_back(stage):
    it = stage(plain_answer, hold=True)
    it.run.start("one")
    it.run.queue("two")
    it.run.queue("three")
    assert it.run.take_back() == "three"
    assert it.run.take_back() == "two"
    assert it.run.take_back() is None


async def cancelled_with_queued(stage, *texts, script=plain_answer):
    """A conversation of which the first run was cancelled while these messages waited."""
    it = stage(script, hold=True)
    it.run.start("one")
    await it.settle()
    for text in texts:
        it.run.queue(text)
    it.run.cancel()
    await it.settle()
    return it


async def play_all(it):
    """Let every run come to its end."""
    while not it.host.run.stands_at("mid-answer") or it.run.is_working:
        it.host.run.open("mid-answer")
        await it.settle()


async def test_what_is_held_waits_for_a_person_and_then_goes_out_in_order(stage):
    it = await cancelled_with_queued(stage, "two", "three")
    assert it.run.is_held
    it.run.send_queued()
    assert (it.run.queued, it.run.is_held) == (("three",), False)
    await play_all(it)
    assert [run.text for run in it.host.runs] == ["one", "two", "three"]


async def test_a_new_message_goes_behind_what_is_held(stage):
    it = await cancelled_with_queued(stage, "two")
    it.run.send("three")
    assert it.run.queued == ("three",)
    await play_all(it)
    assert [run.text for run in it.host.runs] == ["one", "two", "three"]


async def test_while_a_run_works_nothing_is_held_and_nothing_sent(stage):
    it = stage(plain_answer, hold=True)
    it.run.start("one")
    await it.settle()
    it.run.queue("two")
    it.run.send_queued()
    assert (it.run.queued, it.run.is_held) == (("two",), False)


async def test_what_is_held_goes_out_once_the_failed_run_was_tried_again_and_completed(stage):
    it = stage([failing, plain_answer], hold=True)
    it.run.start("one")
    await it.settle()
    it.run.queue("two")
    it.host.run.open("before the failure")
    await it.settle()
    it.run.retry()
    assert it.run.queued == ("two",)
    await it.settle()
    await play_all(it)
    assert [(run.text, bool(run.retries)) for run in it.host.runs] == [
        ("one", False),
        ("one", True),
        ("two", False),
    ]


async def test_a_failed_run_is_taken_up_and_its_message_shown_once(stage):
    it = stage([failing, plain_answer])
    it.run.start("one")
    await it.settle()
    first = it.host.run.run_id
    it.run.retry()
    view = await it.settle()
    assert (it.host.run.retries, it.host.run.continues) == (first, first)
    assert view.status == "completed"
    assert [e.text for e in view.entries if isinstance(e, UserEntry)] == ["one"]


async def test_to_send_what_failed_once_more_is_to_try_it_again(stage):
    it = stage([failing, plain_answer])
    it.run.start("one")
    await it.settle()
    it.run.send("one")
    await it.settle()
    assert it.host.run.retries == it.host.runs[0].run_id
    it.run.send("one")
    await it.settle()
    assert it.host.run.retries is None, "what was answered can be asked again"


async def test_what_did_not_fail_is_not_tried_again(stage):
    it = stage(plain_answer)
    it.run.retry()
    it.run.start("one")
    await it.settle()
    it.run.retry()
    assert len(it.host.runs) == 1


async def test_what_no_host_heard_is_told_with_the_next_message(stage):
    it = stage(plain_answer)
    it.host.open_error = HostError("no such file")
    it.run.send("one")
    it.run.send("two")
    it.host.open_error = None
    it.run.send("three")
    await it.settle()
    assert (it.host.run.text, it.host.run.unheard) == ("three", ("one", "two"))
    it.run.send("four")
    await it.settle()
    assert it.host.run.unheard == ()


@pytest.mark.parametrize("ending", ["failed", "cancelled"])
async def test_what_is_queued_is_kept_when_the_run_did_not_complete(stage, ending):
    it = stage([failing if ending == "failed" else plain_answer], hold=True)
    it.run.start("one")
    await it.settle()
    it.run.queue("two")
    if ending == "failed":
        it.host.run.open("before the failure")
    else:
        it.run.cancel()
    view = await it.settle()
    assert view.status == ending
    assert it.run.queued == ("two",)
    assert len(it.host.runs) == 1


async def test_the_queue_arms_the_timer_so_that_it_is_shown(stage):
    it = stage(plain_answer, hold=True)
    it.run.start("one")
    await it.settle()
    it.run.queue("two")
    assert len(it.timers.armed) == 1


async def test_send_starts_queues_or_follows_up_as_the_moment_asks(stage):
    it = stage(plain_answer, hold=True)
    it.run.send("one")
    await it.settle()
    it.run.send("two")
    assert it.run.queued == ("two",)
    it.run.take_back()
    it.host.run.open("mid-answer")
    await it.settle()
    it.run.send("three")
    assert it.host.run.text == "three"
    assert it.host.run.continues == it.host.runs[0].run_id


async def test_what_is_queued_as_the_run_ends_goes_out_at_once(stage):
    it = stage(plain_answer)
    it.run.start("one")
    await it.settle()
    it.run.queue("two")
    await it.settle()
    assert [run.text for run in it.host.runs] == ["one", "two"]
    assert it.run.queued == ()


async def test_what_is_said_as_the_run_ends_is_a_message_like_any_other(stage):
    it = stage(plain_answer)
    it.run.start("one")
    await it.settle()
    it.run.say("two")
    await it.settle()
    assert [run.text for run in it.host.runs] == ["one", "two"]


async def test_what_is_said_is_shown_until_the_run_heard_it(stage):
    it = stage(two_approvals)
    it.run.start("both")
    view = await it.settle()
    it.run.say("be quick")
    assert it.run.steering == ("be quick",)
    for pending in view.pending:
        it.run.decide(Answer(pending.call_id, pending.arguments_hash, approve=True))
    view = await it.settle()
    assert it.run.steering == ()
    assert [e.text for e in view.entries if isinstance(e, UserEntry) and e.steering] == ["be quick"]


async def test_what_the_run_did_not_live_to_hear_is_kept_before_what_is_queued(stage):
    it = stage(two_approvals)
    it.run.start("both")
    await it.settle()
    it.run.queue("later")
    it.run.say("be quick")
    it.run.cancel("immediate")
    await it.settle()
    assert (it.run.steering, it.run.queued) == ((), ("be quick", "later"))
    assert it.run.is_held


async def test_wishes_reach_the_control(stage):
    it = stage(two_approvals)
    it.run.start("both")
    view = await it.settle()
    first, second = view.pending
    it.run.say("be quick")
    it.run.decide(Answer(second.call_id, second.arguments_hash, approve=False, reason="no"))
    it.run.decide(Answer(first.call_id, first.arguments_hash, approve=True))
    view = await it.settle()
    assert it.host.run.said == ["be quick"]
    assert [d.approve for d in it.host.run.decisions] == [False, True]
    assert view.status == "completed"


async def test_cancelling_withdraws_and_ends(stage):
    it = stage(two_approvals)
    it.run.start("both")
    await it.settle()
    it.run.cancel("immediate")
    view = await it.settle()
    assert (view.status, view.pending) == ("cancelled", ())
    assert it.host.run.cancelled == ["immediate"]


async def test_wishes_without_a_run_are_nothing(stage):
    it = stage(plain_answer)
    it.run.decide(Answer("c", "h", approve=True))
    it.run.cancel()
    assert it.host.runs == []


class Broken(Exception):
    pass


async def raising(run: FakeRun):
    yield RunStarted(run_id="", agent="A", target="t")
    yield TextDelta(run_id="", item_id=f"{run.run_id}-m", agent="A", text="half")
    raise Broken("the pipe broke")


async def raising_at_once(run: FakeRun):
    raise Broken("the pipe broke")
    yield


@pytest.mark.parametrize("script", [raising, raising_at_once])
async def test_a_source_that_raises_is_a_failed_run_and_the_next_one_works(stage, script):
    it = stage([script, plain_answer])
    it.run.start("one")
    view = await it.settle()
    assert view.status == "failed"
    assert view.entries[-1].error_type == "Broken"
    assert "the pipe broke" in view.entries[-1].message
    assert "Traceback" in view.entries[-1].details
    it.run.follow_up("two")
    view = await it.settle()
    assert view.status == "completed"


async def test_a_source_that_ends_without_an_ending_is_a_failed_run(stage):
    it = stage(play(RunStarted(run_id="", agent="A", target="t")))
    it.run.start("one")
    view = await it.settle()
    assert view.status == "failed"
    assert "ended" in view.entries[-1].message


async def test_a_host_that_opens_no_run_is_a_failed_run(stage):
    it = stage(plain_answer)
    it.host.open_error = HostError("no such file", details="where it looked")
    it.run.start("one")
    view = await it.settle()
    assert (view.status, view.entries[-1].message) == ("failed", "no such file")
    assert view.entries[0].text == "one"
    it.host.open_error = None
    it.run.follow_up("two")
    assert (await it.settle()).status == "completed"
    assert it.host.run.continues is None, "the host never took the first one"


NOT_LOADED = Loss("ValueError", "desk.py could not be loaded.", "Correct it.", "Traceback")


async def test_an_agent_that_cannot_be_loaded_is_shown_as_a_failed_run_is(stage):
    it = stage(plain_answer)
    it.run.tell_loss(NOT_LOADED)
    view = await it.settle()
    end = view.entries[-1]
    assert view.status == "failed"
    assert (end.error_type, end.message) == ("ValueError", "desk.py could not be loaded.")
    assert (end.advice, end.details) == ("Correct it.", "Traceback")


async def test_a_message_after_an_agent_could_not_be_loaded_begins_anew(stage):
    it = stage(plain_answer)
    it.run.tell_loss(NOT_LOADED)
    it.run.send("hello")
    assert (await it.settle()).status == "completed"
    assert it.host.run.continues is None


async def test_a_conversation_that_goes_on_is_told_of_no_start_that_failed(stage):
    it = stage(plain_answer)
    it.run.send("hello")
    it.run.tell_loss(NOT_LOADED)
    await it.settle()
    it.run.tell_loss(NOT_LOADED)
    assert (await it.settle()).status == "completed"


async def test_a_run_that_never_began_is_not_gone_on_with(stage):
    it = stage(plain_answer)
    it.run.start("one")
    await it.settle()
    first = it.host.run.run_id
    it.run.follow_up("two")
    it.host.run.begins = False
    it.run.cancel()
    assert (await it.settle()).status == "cancelled"
    it.run.follow_up("three")
    assert it.host.run.continues == first
    await it.settle()


class FakeRunSlowToEnd(FakeRun):
    """A run whose stream stays open after its ending, until `over` is set."""

    async def stream_events(self):
        self.over = asyncio.Event()
        async for event in super().stream_events():
            yield event
        await self.over.wait()


async def test_after_an_ending_the_next_message_goes_out_though_the_source_lingers(stage):
    it = stage(failing)
    slow = FakeRunSlowToEnd("slow", "one", failing)
    it.host.open_run = lambda text, continues=None, **_: slow
    it.run.start("one")
    assert (await it.settle()).status == "failed"
    assert not it.run.is_working
    del it.host.open_run
    it.host.script = plain_answer
    it.run.send("two")
    assert it.run.queued == ()
    slow.over.set()
    assert (await it.settle()).status == "completed"


async def test_a_flood_leaves_the_loop_to_others(stage):
    it = stage(long_run(calls=200, text_size=100_000))
    turns = 0
    it.run.start("go")
    while it.run.view.status != "completed":
        await asyncio.sleep(0)
        turns += 1
    assert turns > 20


async def test_closing_ends_the_worker_and_the_run(stage):
    it = stage(two_approvals)
    it.run.start("both")
    await it.settle()
    await it.close()
    assert it.worker.done()
    assert it.host.run.cancelled == ["immediate"]
    shown = len(it.shown)
    it.timers.go_off()
    assert len(it.shown) == shown
