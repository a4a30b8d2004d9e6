"""Runs that are found at another screen's host, and runs whose host is gone but not forgotten."""

from __future__ import annotations

import asyncio

from tests.cockpit.sources.test_hosted import all_events, until
from tests.fakes.fake_endpoint import endpoint_pair
from tests.fakes.fake_runtime import Agent, Segment, message
from tests.host.test_audience import DESK, Host, asking
from tests.host.test_audience import until as told
from tests.host.told import kinds
from tui.cockpit.projection.reduce import reduce
from tui.cockpit.projection.view import as_plain
from tui.cockpit.sources.base import Answer
from tui.cockpit.sources.hosted import HostedAgents
from tui.cockpit.sources.kept import KeptConversations
from tui.wire.commands import Cancel, Resume
from tui.wire.events import (
    ApprovalRequested,
    MessageOutput,
    RunCompleted,
    RunFailed,
    RunPaused,
    RunRecovered,
    RunStarted,
)
from tui.wire.frames import Hello, NotResumed, Ready

DEADLINE_S = 10.0


class ScriptedProcess:
    """An agent process that says what a test says.

    Attributes:
        ours: The host's end of the line.
    """

    def __init__(self):
        self.line, self.ours = endpoint_pair()
        self.was_killed = False

    async def __call__(self):
        self.ours.write(Hello())
        self.ours.write(Ready(agent="Desk", outlives=True))
        return self

    async def ended(self):
        return "signal SIGKILL", "last words"

    def ask_to_end(self):
        self.ours.close()

    def kill(self):
        self.was_killed = True

    def leave(self):
        self.line.close()

    async def heard(self):
        """The next wish."""
        async with asyncio.timeout(DEADLINE_S):
            while isinstance(wish := await self.ours.read(), Hello):
                pass
        return wish


async def test_a_run_of_another_screen_is_followed_and_decided_from_here(tmp_path):
    host = Host(asking(), tmp_path)
    await host.start()
    seen = await told(host.first, RunPaused)
    agents = HostedAgents("desk.py:agent")
    run = agents.attach("r", 1, str(host.door.path))
    assert run.has_begun
    request = await until(run, ApprovalRequested)
    await until(run, RunPaused)
    run.decide(Answer(request.call_id, request.arguments_hash, approve=True))
    rest = await all_events(run)
    assert isinstance(rest[-1], RunCompleted)
    assert rest[0].seq == len(seen)
    assert agents.outlives
    await agents.close()
    host.first.close()
    await host.ended()


async def test_who_leaves_does_not_end_what_goes_on():
    process = ScriptedProcess()
    agents = HostedAgents("desk.py:agent", spawn=process)
    run = agents.open_run("hello")
    await process.heard()
    process.ours.write(RunStarted(run_id=run.run_id, seq=0, target="t"))
    await until(run, RunStarted)
    await agents.close(leaves=True)
    async with asyncio.timeout(DEADLINE_S):
        assert await process.ours.read() is None
    assert not process.was_killed


async def test_a_kept_run_is_taken_up_behind_what_is_known():
    process = ScriptedProcess()
    agents = HostedAgents("desk.py:agent", spawn=process)
    run = agents.resume("r", 41)
    assert await process.heard() == Resume(run_id="r")
    for event in (RunRecovered(run_id="r", seq=42), RunCompleted(run_id="r", seq=43)):
        process.ours.write(event)
    assert [event.seq for event in await all_events(run)] == [42, 43]
    await agents.close()


async def test_what_is_known_already_is_not_told_twice():
    process = ScriptedProcess()
    agents = HostedAgents("desk.py:agent", spawn=process)
    run = agents.resume("r", 41)
    await process.heard()
    for seq in (40, 41, 42):
        process.ours.write(RunRecovered(run_id="r", seq=seq))
    process.ours.write(RunCompleted(run_id="r", seq=43))
    assert [event.seq for event in await all_events(run)] == [42, 43]
    await agents.close()


async def test_a_run_whose_host_dies_was_interrupted_and_can_be_taken_up():
    process = ScriptedProcess()
    agents = HostedAgents("desk.py:agent", spawn=process)
    run = agents.open_run("hello")
    await process.heard()
    process.ours.write(RunStarted(run_id=run.run_id, seq=0, target="t"))
    await until(run, RunStarted)
    process.ours.close()
    (failed,) = await all_events(run)
    assert run.is_interrupted
    assert failed.message == "The agent process ended with signal SIGKILL."
    assert failed.advice == (
        "The run was interrupted, and what it did is kept: Ctrl+R takes it up again."
    )
    assert failed.can_retry


async def test_a_run_that_never_began_is_no_interrupted_one():
    process = ScriptedProcess()
    agents = HostedAgents("desk.py:agent", spawn=process)
    run = agents.open_run("hello")
    await process.heard()
    process.ours.close()
    events = await all_events(run)
    assert kinds(events) == ["run_started", "user_message", "run_failed"]
    assert not run.is_interrupted
    assert "a new process begins anew" in events[-1].advice


async def test_a_host_that_does_not_have_the_run_says_so():
    process = ScriptedProcess()
    agents = HostedAgents("desk.py:agent", spawn=process)
    run = agents.resume("r", 3)
    await process.heard()
    process.ours.write(NotResumed(run_id="r", why="it is run elsewhere"))
    (failed,) = await all_events(run)
    assert (failed.message, failed.seq) == ("It is run elsewhere.", 4)
    assert run.is_interrupted
    await agents.close()


async def test_a_socket_where_nobody_listens_leaves_the_run_to_be_taken_up(tmp_path):
    agents = HostedAgents("desk.py:agent")
    run = agents.attach("r", 3, str(tmp_path / "gone.sock"))
    (failed,) = await all_events(run)
    assert isinstance(failed, RunFailed)
    assert "cannot be reached" in failed.message
    assert run.is_interrupted


async def test_a_cancel_waits_for_a_host_that_has_the_run():
    process = ScriptedProcess()
    agents = HostedAgents("desk.py:agent", spawn=process)
    run = agents.resume("r", 3)
    run.cancel()
    assert [type(await process.heard()) for _ in range(2)] == [Resume, Cancel]
    await agents.close()


async def test_what_was_left_and_found_again_looks_as_if_it_had_been_watched(tmp_path):
    gate = asyncio.Event()

    async def work(hooks, agent):
        await gate.wait()

    said = [message(DESK, f"part {number}") for number in range(20)]
    host = Host(Agent("Desk", [Segment([*said[:10], work, *said[10:]], output="done")]), tmp_path)
    await host.start()
    for _ in range(10):
        await told(host.first, MessageOutput)
    host.first.close()
    found = KeptConversations(host.path).reopened("r")
    assert found.met_at == str(host.door.path)
    assert not found.is_over
    agents = HostedAgents("desk.py:agent")
    run = agents.attach("r", found.view.seq, found.met_at)
    await agents.start()
    gate.set()
    view = found.view
    for event in await all_events(run):
        view = reduce(view, event)
    await agents.close(leaves=True)
    await host.ended()
    kept = KeptConversations(host.path).reopened("r")
    assert kept.is_over
    assert as_plain(view) == as_plain(kept.view)


async def test_what_changed_in_the_program_is_told_and_accepted_by_who_takes_it_up():
    process = ScriptedProcess()
    agents = HostedAgents("desk.py:agent", spawn=process)
    run = agents.resume("r", 3)
    await process.heard()
    why = "the program has changed since the run began"
    process.ours.write(NotResumed(run_id="r", why=why, changes=("pay has another schema",)))
    (failed,) = await all_events(run)
    assert failed.message == (
        "The program has changed since the run began; pay has another schema."
    )
    assert failed.advice == "Ctrl+R shows that, and takes it up with the program as it is now."
    assert run.changes == ("pay has another schema",)
    again = agents.resume("r", 3, accepts_changes=True)
    assert await process.heard() == Resume(run_id="r", accepts_changes=True)
    process.ours.write(RunCompleted(run_id="r", seq=4))
    await all_events(again)
    await agents.close()
