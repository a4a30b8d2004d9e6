"""Runs of a host are kept as they happen: the same events, a call's begin before its tool."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress

import msgspec
import pytest
from openai import AsyncOpenAI

from tests.fakes.fake_endpoint import endpoint_pair
from tests.fakes.responses_server import FakeResponsesServer
from tests.host.running import DEADLINE_S
from tui.agents import Agent, OpenAIResponsesModel, function_tool
from tui.host.console import Console
from tui.host.keeping import Place
from tui.host.opening import agent_of_program
from tui.host.runs import Runs
from tui.journal.sqlite_store import SqliteStore
from tui.rehearsal.script import call, reply, say
from tui.wire.commands import Decide, StartRun
from tui.wire.events import ENDINGS, ApprovalRequested, ConsoleOutput, RunCompleted


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite3"


def kept(path, run_id="r1"):
    store = SqliteStore(path)
    try:
        return list(store.events(run_id))
    finally:
        store.close()


class Desk:
    """A host whose agent has a tool; what it tells is read, and what it asks approved."""

    def __init__(self, model, tool, path):
        self.screen, line = endpoint_pair()
        agent = Agent(name="Triage", model=model, tools=[tool])
        program = agent_of_program(agent, "desk.py:agent", {})
        self.runs = Runs(line, program, Console(), lambda: None, journal=Place(path))

    async def play(self, run_id="r1"):
        self.runs.obey(StartRun(run_id=run_id, text="Pay."))
        events = []
        async with asyncio.timeout(DEADLINE_S):
            while not events or not isinstance(events[-1], ENDINGS):
                events.append(await self.screen.read())
                self._approve(events[-1])
        return events

    def _approve(self, event):
        if isinstance(event, ApprovalRequested):
            decision = {"call_id": event.call_id, "arguments_hash": event.arguments_hash}
            self.runs.obey(Decide(run_id=event.run_id, approve=True, **decision))


def client_of(server):
    return AsyncOpenAI(base_url=server.base_url, api_key="key", max_retries=0)


async def played(path, tool, runs=1, calls=1):
    """Return all that each of the runs told the screen; the tool is called so often in each."""
    script = [*(reply(call("pay")) for _ in range(calls)), reply(say("Paid."))] * runs
    async with FakeResponsesServer(script) as server, client_of(server) as client:
        desk = Desk(OpenAIResponsesModel("scripted", client), tool, path)
        told = [await desk.play(f"r{number}") for number in range(1, runs + 1)]
        await desk.runs.close(DEADLINE_S)
    return told


async def test_what_is_kept_is_what_the_screen_was_told(path):
    @function_tool(needs_approval=True)
    def pay() -> str:
        return "paid"

    (told,) = await played(path, pay)

    assert isinstance(told[-1], RunCompleted)
    assert msgspec.to_builtins(kept(path)) == msgspec.to_builtins(told)
    assert [event.seq for event in told] == list(range(len(told)))


async def test_a_calls_begin_is_kept_before_its_tool_runs(path):
    seen = []

    @function_tool
    async def pay() -> str:
        connection = sqlite3.connect(path)
        bodies = connection.execute("SELECT body FROM event ORDER BY seq").fetchall()
        connection.close()
        seen.append('"type":"tool_started"' in bodies[-1][0])
        return "paid"

    await played(path, pay)
    assert seen == [True]


async def test_a_journal_that_cannot_be_opened_is_told_of_once_and_the_runs_go_on(tmp_path):
    (tmp_path / "file").write_text("")

    @function_tool
    def pay() -> str:
        return "paid"

    told = await played(tmp_path / "file" / "journal.sqlite3", pay, runs=2)

    assert [isinstance(events[-1], RunCompleted) for events in told] == [True, True]
    notices = [e.text for events in told for e in events if isinstance(e, ConsoleOutput)]
    assert len(notices) == 1
    assert "not kept: " in notices[0]


async def test_a_journal_that_fails_on_the_way_is_told_of_once_and_keeps_what_it_has(path):
    @function_tool
    async def pay() -> str:
        connection = sqlite3.connect(path)
        with suppress(sqlite3.OperationalError):
            connection.execute("ALTER TABLE event RENAME TO lost")
        connection.close()
        return "paid"

    (told,) = await played(path, pay, calls=2)

    assert isinstance(told[-1], RunCompleted)
    notices = [event.text for event in told if isinstance(event, ConsoleOutput)]
    assert len(notices) == 1
    assert "not kept: " in notices[0]
