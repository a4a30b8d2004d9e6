"""Published programs of openai-agents run in the cockpit as they are, each to its end."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from tests.examples.programs import PROGRAMS, Program
from tests.fakes.responses_server import FakeResponsesServer
from tui.cockpit.projection.reduce import reduce
from tui.cockpit.projection.view import (
    ConsoleEntry,
    MessageEntry,
    RunView,
    ToolEntry,
    UnknownEntry,
    UserEntry,
)
from tui.cockpit.sources.base import Answer
from tui.cockpit.sources.host_process import HostOptions
from tui.cockpit.sources.hosted import HostedAgents
from tui.wire.events import ApprovalRequested

DEADLINE_S = 60.0


class Talk:
    """A conversation with a program: types, approves, and keeps what a person sees.

    Attributes:
        asked: The tools that a person was asked for.
        answers: The agent's last words in each run.
    """

    def __init__(self, agents: HostedAgents) -> None:
        self.view = RunView()
        self.asked: list[str] = []
        self.answers: list[str] = []
        self._agents = agents

    async def say(self, text: str) -> None:
        """Type a message and wait for the run's end."""
        run = self._agents.open_run(text, self.view.run_id or None)
        async with asyncio.timeout(DEADLINE_S):
            async for event in run.stream_events():
                self.view = reduce(self.view, event)
                if isinstance(event, ApprovalRequested):
                    self.asked.append(event.tool)
                    run.decide(Answer(event.call_id, event.arguments_hash, approve=True))
        self.answers.append(self.of(MessageEntry)[-1].text)

    def of(self, kind: type) -> list:
        """Return the entries of one kind, none of those inside a call."""
        return [each for each in self.view.entries if isinstance(each, kind) and not each.within]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talks(
    request: pytest.FixtureRequest, published: Path
) -> AsyncIterator[Mapping[str, asyncio.Task[Talk]]]:
    """Return the talk with each program that is tested, some at a time.

    Importing the SDK takes each host process seconds, and one alone would use a single core.
    """
    tested = [item.callspec.params["program"] for item in _of_this_file(request)]
    turns = asyncio.Semaphore(os.cpu_count() or 1)
    with pytest.MonkeyPatch.context() as patch:
        # As a person would who has the repository: `examples` can be imported from here.
        patch.chdir(published)
        talking = {each.name: asyncio.create_task(talked(each, turns)) for each in tested}
        yield talking
        for task in talking.values():
            task.cancel()
        await asyncio.gather(*talking.values(), return_exceptions=True)


def _of_this_file(request: pytest.FixtureRequest) -> list[pytest.Function]:
    items = request.session.items
    return [item for item in items if item.path == request.path and hasattr(item, "callspec")]


async def talked(program: Program, turns: asyncio.Semaphore) -> Talk:
    """Say to a program what there is to say."""
    async with turns, FakeResponsesServer(program.script) as server:
        service = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "key"}
        agents = HostedAgents(program.target, HostOptions(program.context, environment=service))
        talk = Talk(agents)
        try:
            for message, _ in program.talk:
                await talk.say(message)
        finally:
            await agents.close()
    return talk


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("program", [pytest.param(each, id=each.name) for each in PROGRAMS])
async def test_a_published_program_is_driven_to_its_end(
    program: Program, talks: Mapping[str, asyncio.Task[Talk]]
) -> None:
    talk = await talks[program.name]

    assert talk.answers == [answer for _, answer in program.talk]
    assert [each.text for each in talk.of(UserEntry)] == [message for message, _ in program.talk]
    assert talk.view.status == program.status
    assert talk.view.path == program.path
    assert tuple(talk.asked) == program.approved
    assert_whole(program, talk.view)


def assert_whole(program: Program, view: RunView) -> None:
    """Check that every call was seen from its start to its output, and nothing was a puzzle."""
    calls = [each for each in view.entries if isinstance(each, ToolEntry)]
    first_outputs = {each.tool: each.output for each in reversed(calls)}
    assert first_outputs.keys() == program.outputs.keys()
    for tool, output in program.outputs.items():
        assert output in first_outputs[tool]
    assert {(each.state, each.started_at is not None) for each in calls} <= {("done", True)}
    assert not [each for each in view.entries if isinstance(each, UnknownEntry)]
    told = "".join(str(each.text) for each in view.entries if isinstance(each, ConsoleEntry))
    assert "not gated" not in told
    assert view.missed == 0
