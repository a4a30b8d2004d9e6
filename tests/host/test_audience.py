"""Who listens to a host: screens that come by its socket, and how long it goes on without one."""

from __future__ import annotations

import asyncio
import socket
from contextlib import closing

import pytest

from tests.fakes.fake_endpoint import endpoint_pair
from tests.fakes.fake_runtime import Agent, Segment, agent_updated, called, message, waiting
from tests.host.told import kinds, only
from tui.host import audience as audience_module
from tui.host.console import Console
from tui.host.hosting import serve
from tui.host.keeping import Place
from tui.host.opening import agent_of_program
from tui.journal.sqlite_store import SqliteStore
from tui.wire.commands import Attach, Cancel, Decide, StartRun
from tui.wire.endpoint import StreamEndpoint
from tui.wire.events import ENDINGS, ApprovalRequested, MessageOutput, RunPaused
from tui.wire.frames import Hello, NotResumed, Ready, upward_reader
from tui.wire.meeting import Door

DEADLINE_S = 10.0
DESK = Agent("Desk")
NEVER_S, AT_ONCE_S = 3600.0, 0.0


def asking():
    ask = Segment(
        [agent_updated(DESK), message(DESK, "a moment"), called(DESK, "c1", "refund")],
        interruptions=[waiting(DESK, "c1", "refund")],
    )
    return Agent("Desk", [ask, Segment([message(DESK, "done")], output="done")])


def working(until):
    async def work(hooks, agent):
        await until.wait()

    return Agent("Desk", [Segment([message(DESK, "working"), work], output="done")])


class Host:
    """A host with a journal and a door, and the screen that started it."""

    def __init__(self, agent, folder, *, outlives=True):
        self.path = folder / "journal.sqlite3"
        self.door = Door(folder)
        self.first, self.line = endpoint_pair()
        self.serving = asyncio.ensure_future(
            serve(
                self.line,
                agent_of_program(agent, "desk.py:agent", {}),
                Console(),
                journal=Place(self.path, str(self.door.path)),
                door=self.door,
                outlives=lambda are_kept: are_kept and outlives,
            )
        )

    async def start(self, run_id="r"):
        self.first.write(Hello())
        self.first.write(StartRun(run_id=run_id, text="Pay."))
        assert await self.first.read() == Hello()
        return await self.first.read()

    async def screen(self):
        """Come in by the door, and say what a screen says."""
        peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        peer.setblocking(False)
        await asyncio.get_running_loop().sock_connect(peer, str(self.door.path))
        line = await StreamEndpoint.over(peer, upward_reader())
        line.write(Hello())
        assert await line.read() == Hello()
        return line, await line.read()

    async def ended(self):
        async with asyncio.timeout(DEADLINE_S):
            await self.serving
        self.door.close()

    def kept(self, run_id="r"):
        with closing(SqliteStore(self.path)) as store:
            return list(store.events(run_id)), store.run(run_id)


@pytest.fixture(autouse=True)
def grace(monkeypatch):
    """How long a host waits for a person; for ever unless a test says so."""

    def is_(seconds):
        monkeypatch.setattr(audience_module, "GRACE_S", seconds)

    is_(NEVER_S)
    return is_


async def until(line, kind):
    """Read up to the first of a kind; return all that was read."""
    told = []
    async with asyncio.timeout(DEADLINE_S):
        while not (told and isinstance(told[-1], kind)):
            told.append(await line.read())
            assert told[-1] is not None, "the line has ended"
    return told


def approve(request, run_id="r"):
    return Decide(
        run_id=run_id,
        call_id=request.call_id,
        arguments_hash=request.arguments_hash,
        approve=True,
        by="eve",
    )


async def test_who_comes_later_sees_the_run_from_its_start_and_may_decide(tmp_path):
    host = Host(asking(), tmp_path)
    assert await host.start() == Ready(agent="Desk", outlives=True)
    seen = await until(host.first, RunPaused)
    other, ready = await host.screen()
    assert ready == Ready(agent="Desk", outlives=True)
    other.write(Attach(run_id="r"))
    found = await until(other, RunPaused)
    assert kinds(found) == kinds(seen)
    other.write(approve(only(found, ApprovalRequested)[0]))
    rest = [await until(line, ENDINGS) for line in (host.first, other)]
    assert kinds(rest[0]) == kinds(rest[1])
    assert [event.seq for event in found + rest[1]] == list(range(len(found + rest[1])))
    assert rest[1][0].by == "eve"
    other.close()
    host.first.close()
    await host.ended()


async def test_who_knows_the_beginning_is_sent_the_rest(tmp_path):
    host = Host(asking(), tmp_path)
    await host.start()
    seen = await until(host.first, RunPaused)
    other, _ = await host.screen()
    other.write(Attach(run_id="r", after=1))
    assert [event.seq for event in await until(other, RunPaused)] == list(range(2, len(seen)))
    host.first.write(Cancel(run_id="r"))
    await until(other, ENDINGS)
    other.close()
    host.first.close()
    await host.ended()


async def test_a_run_of_nobody_here_is_answered(tmp_path):
    host = Host(asking(), tmp_path)
    await host.start()
    other, _ = await host.screen()
    other.write(Attach(run_id="nobody"))
    async with asyncio.timeout(DEADLINE_S):
        answer = await other.read()
    assert answer == NotResumed(run_id="nobody", why="the agent process does not run it any more")
    host.first.write(Cancel(run_id="r"))
    other.close()
    host.first.close()
    await host.ended()


async def test_without_a_screen_the_host_goes_on_until_its_run_has_ended(tmp_path):
    gate = asyncio.Event()
    host = Host(working(gate), tmp_path)
    await host.start()
    await until(host.first, MessageOutput)
    host.first.close()
    gate.set()
    await host.ended()
    events, run = host.kept()
    assert run.status == "completed"
    assert [event.seq for event in events] == list(range(len(events)))


async def test_what_waits_for_a_person_still_waits_when_its_host_has_gone(tmp_path, grace):
    grace(AT_ONCE_S)
    host = Host(asking(), tmp_path)
    await host.start()
    seen = await until(host.first, RunPaused)
    host.first.close()
    await host.ended()
    events, run = host.kept()
    assert run.status == "waiting"
    assert kinds(events) == kinds(seen)


async def test_a_host_waits_for_the_next_screen_as_long_as_somebody_may_decide(tmp_path):
    host = Host(asking(), tmp_path)
    await host.start()
    seen = await until(host.first, RunPaused)
    host.first.close()
    other, _ = await host.screen()
    other.write(Attach(run_id="r"))
    found = await until(other, RunPaused)
    other.write(approve(only(seen, ApprovalRequested)[0]))
    rest = await until(other, ENDINGS)
    other.close()
    await host.ended()
    assert host.kept()[1].status == "completed"
    assert [event.seq for event in found + rest] == list(range(len(found + rest)))


async def test_a_program_of_ones_own_ends_its_runs_with_its_screen(tmp_path):
    host = Host(asking(), tmp_path, outlives=False)
    assert not (await host.start()).outlives
    await until(host.first, RunPaused)
    host.first.close()
    await host.ended()
    assert host.kept()[1].status == "cancelled"


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\n\r\n", b"", b"\0\0\0\x02{}"])
async def test_who_does_not_speak_our_wire_is_shown_out_and_the_host_goes_on(tmp_path, said):
    host = Host(asking(), tmp_path)
    await host.start()
    reader, writer = await asyncio.open_unix_connection(str(host.door.path))
    writer.write(said)
    writer.write_eof()
    async with asyncio.timeout(DEADLINE_S):
        await reader.read()
    writer.close()
    request = only(await until(host.first, ApprovalRequested), ApprovalRequested)[0]
    await until(host.first, RunPaused)
    host.first.write(approve(request))
    await until(host.first, ENDINGS)
    host.first.close()
    await host.ended()


async def test_each_screen_hears_the_runs_that_it_began(tmp_path):
    host = Host(asking(), tmp_path)
    await host.start()
    await until(host.first, RunPaused)
    other, _ = await host.screen()
    other.write(StartRun(run_id="q", text="Pay again."))
    assert {event.run_id for event in await until(other, ENDINGS)} == {"q"}
    host.first.write(Cancel(run_id="r"))
    assert {event.run_id for event in await until(host.first, ENDINGS)} == {"r"}
    other.close()
    host.first.close()
    await host.ended()
