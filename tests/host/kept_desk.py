"""A host in this process whose runs are kept, with one tool that a test gives."""

from __future__ import annotations

import asyncio
from contextlib import closing

from tests.fakes.fake_endpoint import endpoint_pair
from tests.fakes.responses_server import FakeResponsesServer
from tests.host.kept_programs import client_of
from tests.host.running import DEADLINE_S
from tui.agents import Agent, OpenAIResponsesModel
from tui.host.console import Console
from tui.host.keeping import Place
from tui.host.opening import agent_of_program
from tui.host.runs import Runs
from tui.journal.sqlite_store import SqliteStore
from tui.rehearsal.script import call, reply, say
from tui.wire.commands import Decide, StartRun
from tui.wire.events import ENDINGS, ApprovalRequested


def kept(path, run_id="r1"):
    """Return the events of a run that are kept."""
    with closing(SqliteStore(path)) as store:
        return list(store.events(run_id))


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


async def played(path, tool, runs=1, calls=1):
    """Return all that each of the runs told the screen; the tool is called so often in each."""
    script = [*(reply(call("pay")) for _ in range(calls)), reply(say("Paid."))] * runs
    async with FakeResponsesServer(script) as server, client_of(server.base_url) as client:
        desk = Desk(OpenAIResponsesModel("scripted", client), tool, path)
        told = [await desk.play(f"r{number}") for number in range(1, runs + 1)]
        await desk.runs.close(DEADLINE_S)
    return told
