"""A kept conversation comes back as if it had been watched, and goes on where it was."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from tests.fakes.fake_scripts import failing, plain_answer, refund_desk
from tests.fakes.fake_source import FIRST_AT, STEP_S, FakeAgentHost, FakeRun, play
from tui.cockpit.projection.reduce import reduce
from tui.cockpit.projection.view import RunView, as_plain
from tui.cockpit.runs import OpenRun
from tui.cockpit.sources.base import Answer, Loss
from tui.cockpit.sources.kept import KeptConversations
from tui.errors import JournalError
from tui.journal.sqlite_store import SqliteStore
from tui.wire.events import (
    ENDINGS,
    RunCompleted,
    RunPaused,
    RunResumed,
    RunStarted,
)
from tui.wire.meeting import Door

DEADLINE_S = 10.0
TARGET = "support.py:triage"


async def told(script, run_id, *, continues=None, until=ENDINGS):
    """What a scripted run tells, up to an event of a kind."""
    run = FakeRun(run_id, "refund", script)
    events = []
    async for event in run.stream_events():
        if isinstance(event, RunStarted):
            event = msgspec.structs.replace(event, continues=continues)
        events.append(event)
        if isinstance(event, until):
            break
    return events


def folded(events):
    view = RunView(target=TARGET)
    for event in events:
        view = reduce(view, event)
    return view


class Stage:
    """A journal with events in it, and a conversation that is reopened from it."""

    def __init__(self, folder, events, host, *, met_at=""):
        path = folder / "journal.sqlite3"
        self.store = SqliteStore(path)
        self.store.begin_as(met_at, "")
        self.store.append(events)
        self.host = host
        self.run = OpenRun(
            host,
            later=lambda _, publish: publish(),
            wall=lambda: FIRST_AT,
            journal=KeptConversations(path),
        )
        self.changed = asyncio.Event()
        self.run.subscribe(lambda _: self.changed.set())
        self.worker = asyncio.create_task(self.run.follow())

    async def until(self, holds):
        async with asyncio.timeout(DEADLINE_S):
            while not holds():
                self.changed.clear()
                await self.changed.wait()

    async def close(self):
        self.run.close()
        await asyncio.wait_for(self.worker, DEADLINE_S)
        self.store.close()


@pytest.fixture
async def stage(tmp_path):
    stages = []

    def build(events, script=plain_answer, **more):
        stages.append(Stage(tmp_path, events, FakeAgentHost(script), **more))
        return stages[-1]

    yield build
    for each in stages:
        await each.close()


async def test_a_conversation_of_several_runs_looks_as_if_it_had_been_watched(stage):
    events = [
        *await told(failing, "r1"),
        *await told(plain_answer, "r2", continues="r1"),
    ]
    it = stage(events)
    it.run.reopen("r1")
    assert it.run.is_working, "what is typed meanwhile waits"
    await it.until(lambda: not it.run.is_working)
    assert as_plain(it.run.view) == as_plain(folded(events))
    assert it.host.found == []


async def test_after_its_end_the_next_message_goes_on_with_the_newest_run(stage):
    it = stage(await told(plain_answer, "r1"))
    it.run.reopen("r1")
    it.run.send("and now?")
    assert it.run.queued == ("and now?",)
    await it.until(lambda: bool(it.host.runs) and not it.run.is_working)
    assert (it.host.run.text, it.host.run.continues) == ("and now?", "r1")
    assert it.run.view.status == "completed"


async def test_what_is_typed_for_a_failed_run_is_sent_once_it_is_read(stage):
    it = stage(await told(failing, "r1"))
    it.run.reopen("r1")
    it.run.send("something else")
    await it.until(lambda: bool(it.host.runs) and not it.run.is_working)
    assert it.host.run.text == "something else"


async def test_a_run_that_lives_is_followed_from_behind_what_was_read(stage, tmp_path):
    door = Door(tmp_path)
    begun = await told(refund_desk, "r1", until=RunStarted)
    rest = play(RunCompleted(run_id="", final_output="done"))
    it = stage(begun, rest, met_at=str(door.path))
    it.run.reopen("r1")
    await it.until(lambda: bool(it.host.runs) and not it.run.is_working)
    assert it.host.found == [("attach", "r1", 0, str(door.path))]
    assert it.run.view.status == "completed"
    assert it.run.view.seq == 1
    door.close()


async def test_a_run_that_was_interrupted_is_taken_up_with_its_request(stage):
    asked = await told(refund_desk, "r1", until=RunPaused)
    it = stage(asked, play("gate", RunResumed(run_id=""), RunCompleted(run_id="")))
    it.host.hold = True
    it.run.reopen("r1")
    await it.until(lambda: bool(it.host.runs))
    last = asked[-1].seq
    assert it.host.found == [("resume", "r1", last, "")]
    (pending,) = it.run.view.pending
    it.run.decide(Answer(pending.call_id, pending.arguments_hash, approve=True))
    assert [each.approve for each in it.host.run.decisions] == [True]
    it.host.run.open("gate")
    await it.until(lambda: not it.run.is_working)
    assert it.run.view.seq == last + 2


async def test_what_was_told_here_alone_vanishes_when_an_interrupted_run_is_taken_up(stage):
    begun = await told(plain_answer, "r1", until=RunStarted)
    lost = Loss("HostError", "The agent process ended.", "Ctrl+R", is_interruption=True)
    ends = play(RunCompleted(run_id="", final_output="done"))
    it = stage(begun, [play("gate", *lost.events("")), ends])
    it.host.hold = True
    it.run.reopen("r1")
    await it.until(lambda: bool(it.host.runs))
    it.host.run.is_interrupted = True
    it.host.run.open("gate")
    await it.until(lambda: not it.run.is_working)
    assert it.run.view.status == "failed"
    it.run.retry()
    await it.until(lambda: len(it.host.runs) == 2 and not it.run.is_working)
    end = RunCompleted(run_id="r1", seq=1, at=FIRST_AT + STEP_S, final_output="done")
    assert as_plain(it.run.view) == as_plain(folded([*begun, end]))


async def test_a_journal_that_cannot_be_read_is_told_and_the_composer_is_back(stage):
    it = stage([])
    it.run.reopen("nobody")
    await it.until(lambda: not it.run.is_working)
    assert it.run.view.status == "failed"
    assert "is not kept" in it.run.view.entries[-1].message
    assert it.run.view.entries[-1].error_type == JournalError.__name__


async def test_who_saw_what_changed_and_takes_it_up_again_accepts_it(stage):
    begun = await told(plain_answer, "r1", until=RunStarted)
    lost = Loss("ResumeError", "The program has changed.", is_interruption=True)
    it = stage(begun, [play("gate", *lost.events("")), play(RunCompleted(run_id=""))])
    it.host.hold = True
    it.run.reopen("r1")
    await it.until(lambda: bool(it.host.runs))
    it.host.run.is_interrupted, it.host.run.changes = True, ("pay",)
    it.host.run.open("gate")
    await it.until(lambda: not it.run.is_working)
    assert it.run.changes == ("pay",)
    it.run.retry(accepts_changes=True)
    await it.until(lambda: len(it.host.runs) == 2 and not it.run.is_working)
    assert it.run.changes == ()
    assert [how for how, *_ in it.host.found] == ["resume", "resume changed"]
