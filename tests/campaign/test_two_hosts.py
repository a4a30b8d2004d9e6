"""Two host processes keep their runs in one file at once; neither harms what the other keeps."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, closing

import msgspec

from tests.campaign.hosts import forked_host
from tests.campaign.person import Person
from tests.campaign.programs import CASTS
from tests.campaign.trial import DEADLINE_S, damage, environment_of
from tests.fakes.responses_server import FakeResponsesServer
from tui.journal.sqlite_store import SqliteStore
from tui.wire.commands import Resume, StartRun
from tui.wire.events import ENDINGS, ApprovalRequested, RunCompleted, RunEvent, ToolStarted
from tui.wire.frames import Hello

CAST = CASTS["approvals"]
RUNS = 10


class Desk:
    """A host that plays some runs beside each other; what it tells, by run."""

    def __init__(self, host, names):
        self.host = host
        self.told = {name: [] for name in names}

    async def play(self, *commands, until=lambda event: False):
        """Give commands; read to the end of all runs, of the process, or to an event."""
        self.host.line.write(Hello())
        for command in commands:
            self.host.line.write(command)
        async with asyncio.timeout(DEADLINE_S):
            while not all(map(has_ended, self.told.values())):
                event = await self.host.line.read()
                if event is None or until(event):
                    return
                self._take(event)

    def _take(self, event):
        if not isinstance(event, RunEvent):
            return
        self.told[event.run_id].append(event)
        if isinstance(event, ApprovalRequested):
            self.host.line.write(Person(CAST, 0).answer(event))

    async def end(self):
        """Have it keep what it has."""
        self.host.ask_to_end()
        while await self.host.line.read() is not None:
            pass


def has_ended(events):
    return bool(events) and isinstance(events[-1], ENDINGS)


@asynccontextmanager
async def desks(tmp_path):
    """Yield what opens a desk for runs whose names begin so; all on one journal."""
    async with FakeResponsesServer(CAST.program.script) as server:
        environment = environment_of("tui.agents", CAST, tmp_path / "effects", server.base_url)
        opened = []

        async def open_desk(name):
            host = await forked_host(tmp_path / "journal.sqlite3", environment)
            opened.append(Desk(host, [f"{name}{number}" for number in range(RUNS)]))
            return opened[-1]

        yield open_desk
        for desk in opened:
            await desk.host.ended()
            desk.host.line.close()


def starts(desk):
    return [StartRun(run_id=name, text="Go.") for name in desk.told]


def kept(tmp_path, run_id):
    with closing(SqliteStore(tmp_path / "journal.sqlite3")) as store:
        return list(store.events(run_id))


def can_go_on(tmp_path, run_id):
    with closing(SqliteStore(tmp_path / "journal.sqlite3")) as store:
        return bool(store.checkpoints(run_id)) and not has_ended(list(store.events(run_id)))


def is_kept_whole(tmp_path, desk):
    return all(
        msgspec.to_builtins(kept(tmp_path, name)) == msgspec.to_builtins(told)
        and isinstance(told[-1], RunCompleted)
        for name, told in desk.told.items()
    )


async def test_ten_runs_each_at_once_are_kept_whole(tmp_path):
    async with desks(tmp_path) as open_desk:
        one, other = await open_desk("a"), await open_desk("b")
        await asyncio.gather(*(desk.play(*starts(desk)) for desk in (one, other)))
        await asyncio.gather(one.end(), other.end())
    assert is_kept_whole(tmp_path, one)
    assert is_kept_whole(tmp_path, other)
    assert damage(tmp_path / "journal.sqlite3") == []


async def test_a_writer_that_is_killed_harms_no_other_and_its_runs_go_on_in_a_third(tmp_path):
    async with desks(tmp_path) as open_desk:
        lost, other = await open_desk("a"), await open_desk("b")

        async def killed():
            await lost.play(*starts(lost), until=lambda event: isinstance(event, ToolStarted))
            lost.host.kill()

        await asyncio.gather(killed(), other.play(*starts(other)))
        await other.end()
        assert damage(tmp_path / "journal.sqlite3") == []
        third = await open_desk("a")
        third.told = {name: [] for name in third.told if can_go_on(tmp_path, name)}
        await third.play(*(Resume(run_id=name) for name in third.told))
        await third.end()
    assert third.told
    assert is_kept_whole(tmp_path, other)
    for name, told in third.told.items():
        assert isinstance(told[-1], RunCompleted)
        events = kept(tmp_path, name)
        assert [event.seq for event in events] == list(range(len(events)))
        assert msgspec.to_builtins(events[-len(told) :]) == msgspec.to_builtins(told)
