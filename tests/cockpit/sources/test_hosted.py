"""The screen's end of the line, with a host served in the same process."""

from __future__ import annotations

import asyncio

import pytest

from tests.fakes.fake_endpoint_process import FakeSpawn
from tests.fakes.fake_runtime import Agent, Segment, agent_updated, called, message, waiting
from tests.host.told import kinds, only
from tui.cockpit.sources.base import AgentHost, Answer, Loss, Run
from tui.cockpit.sources.hosted import HostedAgents
from tui.cockpit.sources.hosted_run import HostedRun
from tui.errors import HostError
from tui.wire.commands import StartRun
from tui.wire.events import (
    ApprovalRequested,
    ConsoleOutput,
    MessageOutput,
    RunCancelled,
    RunCompleted,
    RunFailed,
    RunPaused,
    RunStarted,
    ToolOutput,
    UserMessage,
)
from tui.wire.frames import Hello, Unready

DEADLINE_S = 60.0
DESK = Agent("Desk")


def answering(*texts):
    return Agent("Desk", [Segment([message(DESK, text)], output=text) for text in texts])


def asking():
    ask = Segment(
        [agent_updated(DESK), called(DESK, "c1", "refund")],
        interruptions=[waiting(DESK, "c1", "refund")],
    )
    return Agent("Desk", [ask, Segment([message(DESK, "done")], output="done")])


def working():
    async def for_ever(hooks, agent):
        await asyncio.Event().wait()

    return Agent("Desk", [Segment([message(DESK, "working"), for_ever])])


async def all_events(run):
    async with asyncio.timeout(DEADLINE_S):
        return [event async for event in run.stream_events()]


async def until(run, kind):
    async with asyncio.timeout(DEADLINE_S):
        async for event in run.stream_events():
            if isinstance(event, kind):
                return event
    raise AssertionError(f"the run ended without {kind.__name__}")


async def test_a_run_comes_over_the_line_from_start_to_end():
    agents: AgentHost = HostedAgents("desk.py:agent", spawn=FakeSpawn(answering("hi")))
    run: Run = agents.open_run("hello")
    events = await all_events(run)
    await agents.close()

    assert kinds(events) == ["run_started", "user_message", "message_output", "run_completed"]
    assert {event.run_id for event in events} == {run.run_id}
    assert [event.seq for event in events] == [0, 1, 2, 3]


async def test_a_second_iteration_after_the_end_yields_nothing():
    agents = HostedAgents("desk.py:agent", spawn=FakeSpawn(answering("hi")))
    run = agents.open_run("hello")
    await all_events(run)

    assert await all_events(run) == []
    await agents.close()


async def test_start_starts_one_process_for_all_runs():
    spawn = FakeSpawn(answering("one", "two"))
    agents = HostedAgents("desk.py:agent", spawn=spawn)
    await agents.start()
    await agents.start()
    for _ in range(2):
        await all_events(agents.open_run("hello"))
    await agents.close()

    assert len(spawn.started) == 1


async def test_a_decision_goes_down_and_its_event_comes_up():
    agents = HostedAgents("desk.py:agent", spawn=FakeSpawn(asking()))
    run = agents.open_run("hello")
    request = await until(run, ApprovalRequested)
    await until(run, RunPaused)
    run.decide(Answer(request.call_id, request.arguments_hash, approve=False, reason="no"))
    events = await all_events(run)
    await agents.close()

    assert kinds(events) == ["approval_decided", "run_resumed", "message_output", "run_completed"]
    assert (events[0].approved, events[0].reason) == (False, "no")


async def test_what_a_call_in_doubt_came_to_goes_down_with_its_decision():
    sent = []
    run = HostedRun(StartRun(run_id="r1", text="Hi"), "desk.py", rehearsal=False, send=sent.append)
    run.decide(Answer("c", "h", approve=True, result=""))
    run.decide(Answer("d", "h", approve=True))
    assert [(each.call_id, each.approve, each.result) for each in sent] == [
        ("c", True, ""),
        ("d", True, None),
    ]


async def test_a_cancel_goes_down():
    agents = HostedAgents("desk.py:agent", spawn=FakeSpawn(working()))
    run = agents.open_run("hello")
    await until(run, MessageOutput)
    run.cancel()
    events = await all_events(run)
    await agents.close()

    assert isinstance(events[-1], RunCancelled)


async def test_what_is_said_enters_the_run():
    agents = HostedAgents("desk.py:agent", spawn=FakeSpawn(asking()))
    run = agents.open_run("hello")
    request = await until(run, ApprovalRequested)
    run.say("quickly")
    run.decide(Answer(request.call_id, request.arguments_hash, approve=True))
    events = await all_events(run)
    await agents.close()

    assert [event.text for event in only(events, UserMessage)] == ["quickly"]


async def test_wishes_before_the_process_listens_are_kept():
    agents = HostedAgents("desk.py:agent", spawn=FakeSpawn(working()))
    run = agents.open_run("hello")
    run.cancel()
    events = await all_events(run)
    await agents.close()

    assert kinds(events)[0] == "run_started"
    assert isinstance(events[-1], RunCancelled)


async def test_two_runs_at_a_time_keep_their_events_apart():
    agents = HostedAgents("desk.py:agent", spawn=FakeSpawn(answering("one", "two")))
    runs = [agents.open_run(text) for text in ("a", "b")]
    outputs = [(await all_events(run))[-1].final_output for run in runs]
    await agents.close()

    assert outputs == ["one", "two"]


async def test_a_run_cancelled_while_its_process_still_imports_never_began():
    async with asyncio.timeout(DEADLINE_S):
        processes = FakeSpawn(answering("lost"), answering("Hello!"))
        host = HostedAgents("desk.py:agent", spawn=processes)
        unbegun = host.open_run("Hi")
        unbegun.cancel()
        assert kinds(await all_events(unbegun)) == ["run_started", "user_message", "run_cancelled"]
        assert not unbegun.has_begun
        begun = host.open_run("Hi again")
        assert kinds(await all_events(begun))[-1] == "run_completed"
        assert begun.has_begun
        await host.close()


async def test_the_hosts_death_withdraws_fails_and_the_next_run_has_a_new_host():
    spawn = FakeSpawn(asking(), answering("back"))
    agents = HostedAgents("desk.py:agent", spawn=spawn)
    run = agents.open_run("hello")
    await until(run, RunPaused)
    spawn.started[0].kill()
    events = await all_events(run)
    again = await all_events(agents.open_run("hello", continues=run.run_id))
    await agents.close()

    assert kinds(events) == ["approval_withdrawn", "run_failed"]
    assert events[-1].message == "The agent process ended with exit code 7."
    assert events[-1].details == "last words"
    assert [event.seq for event in events] == [6, 7]
    assert only(again, RunStarted)[0].continues is None
    assert "remembers nothing" in only(again, ConsoleOutput)[0].text
    assert isinstance(again[-1], RunCompleted)


async def test_a_process_that_cannot_be_started_fails_the_run_and_is_tried_again():
    spawn = FakeSpawn(HostError("the agent process could not be started: out of memory"))
    agents = HostedAgents("desk.py:agent", spawn=spawn)
    events = await all_events(agents.open_run("hello"))
    spawn._agents.append(answering("back"))
    again = await all_events(agents.open_run("hello"))
    await agents.close()

    assert kinds(events) == ["run_started", "user_message", "run_failed"]
    assert events[1].text == "hello"
    assert events[-1].message == "The agent process could not be started: out of memory."
    assert isinstance(again[-1], RunCompleted)


async def test_a_process_that_could_not_be_started_is_told_too():
    agents = HostedAgents("desk.py:agent", spawn=FakeSpawn(HostError("no"), answering("hi")))
    loss = await agents.start()

    assert loss is not None
    assert (loss.error_type, loss.message) == ("HostError", "No.")
    assert isinstance((await all_events(agents.open_run("hello")))[-1], RunCompleted)
    await agents.close()


UNREADY = Unready(error_type="LoadError", message="no such file", advice="a", details="d")


async def test_a_start_tells_why_nothing_can_be_run_and_the_next_run_tries_again():
    agents = HostedAgents("desk.py:agent", spawn=FakeSpawn(UNREADY, answering("hi")))

    assert await agents.start() == Loss("LoadError", "no such file", "a", "d")
    assert isinstance((await all_events(agents.open_run("hello")))[-1], RunCompleted)
    assert await agents.start() is None
    await agents.close()


async def test_what_was_printed_before_it_failed_is_told_before_it_failed():
    unready = Unready(error_type="SystemExit", message="It ended.", printed="no database\n")
    agents = HostedAgents("desk.py:agent", spawn=FakeSpawn(unready, unready))
    events = await all_events(agents.open_run("hello"))
    loss = await agents.start()

    assert kinds(events) == ["run_started", "user_message", "console_output", "run_failed"]
    assert events[2].text == "no database\n"
    assert loss is not None
    assert loss.printed == "no database\n"


async def test_why_nothing_can_be_run_is_told_once():
    agents = HostedAgents("desk.py:agent", spawn=FakeSpawn(UNREADY))
    starting = asyncio.ensure_future(agents.start())
    failed = (await all_events(agents.open_run("hello")))[-1]

    assert failed.message == "no such file"
    assert await starting is None
    await agents.close()


async def test_a_process_that_was_ended_on_purpose_while_it_started_is_no_loss():
    spawn = FakeSpawn(answering("hi"))
    agents = HostedAgents("desk.py:agent", spawn=spawn)
    starting = asyncio.ensure_future(agents.start())
    await asyncio.sleep(0)
    agents.open_run("hello").cancel()

    assert await starting is None
    assert len(spawn.started) == 1


async def test_a_process_that_dies_while_it_loads_says_so():
    agents = HostedAgents("desk.py:agent", spawn=_DiesLoading())
    loss = await agents.start()

    assert loss is not None
    assert loss.message == (
        "The agent process ended with exit code 7 while it loaded desk.py:agent."
    )
    assert "correct it, then send your message" in loss.advice
    assert loss.details == "last words"


class _DiesLoading(FakeSpawn):
    """A host that is gone before it says anything."""

    def __init__(self):
        super().__init__(working())

    async def __call__(self):
        process = await super().__call__()
        process.kill()
        return process


async def test_an_agent_that_could_not_be_loaded_fails_the_runs_with_its_sentence():
    agents = HostedAgents("desk.py:agent", spawn=FakeSpawn(UNREADY))
    failed = (await all_events(agents.open_run("hello")))[-1]
    await agents.close()

    assert isinstance(failed, RunFailed)
    assert (failed.error_type, failed.message) == ("LoadError", "no such file")
    assert (failed.advice, failed.details) == ("a", "d")


async def test_a_gap_in_the_events_ends_the_run_and_says_so():
    spawn = FakeSpawn(working())
    agents = HostedAgents("desk.py:agent", spawn=spawn)
    run = agents.open_run("hello")
    await until(run, MessageOutput)
    lost = ToolOutput(run_id=run.run_id, seq=9, agent="Desk", call_id="c", output="")
    spawn.started[0].host_end.write(lost)
    events = await all_events(run)
    await agents.close()

    assert isinstance(events[-1], RunFailed)
    assert "Event 3 of the run is missing" in events[-1].message


@pytest.mark.parametrize(
    ("first", "sentence"),
    [
        (Hello(version=99), "speaks wire version 99"),
        (Unready(error_type="E", message="m"), "did not begin with a hello frame"),
    ],
)
async def test_another_version_on_the_other_side_is_refused(first, sentence):
    agents = HostedAgents("desk.py:agent", spawn=_SpeaksFirst(first))
    failed = (await all_events(agents.open_run("hello")))[-1]
    await agents.close()

    assert failed.error_type == "WireError"
    assert sentence in failed.message


class _SpeaksFirst(FakeSpawn):
    """A host whose first frame is another's."""

    def __init__(self, first):
        super().__init__(working())
        self._first = first

    async def __call__(self):
        process = await super().__call__()
        process.host_end.write(self._first)
        return process


async def test_close_asks_first_and_lets_the_runs_say_that_they_were_cancelled():
    spawn = FakeSpawn(working())
    agents = HostedAgents("desk.py:agent", spawn=spawn)
    run = agents.open_run("hello")
    await until(run, MessageOutput)
    await agents.close()

    assert isinstance((await all_events(run))[-1], RunCancelled)
    assert (spawn.started[0].was_asked, spawn.started[0].was_killed) == (True, False)


async def test_close_of_agents_that_never_ran_does_nothing():
    await HostedAgents("desk.py:agent", spawn=FakeSpawn()).close()


async def test_the_rehearsal_says_that_it_is_one():
    assert HostedAgents("rehearsal", spawn=FakeSpawn()).rehearsal
    assert not HostedAgents("desk.py:agent", spawn=FakeSpawn()).rehearsal
