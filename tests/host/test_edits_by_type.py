"""An edit that Python takes for no change: to a tool 1, 1.0 and true are three values."""

from __future__ import annotations

import pytest

from tests.fakes.fake_policy import FakePolicy
from tests.host.ruled import rule
from tests.host.serving import LIBRARIES, desk
from tui.host.live.rulebook import Rulebook
from tui.rehearsal.script import call, reply, say
from tui.wire.events import ApprovalRequested, RunCompleted


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("asks", [False, True])
@pytest.mark.parametrize(("edited", "expected"), [("true", True), ("1.0", 1.0)])
async def test_a_tool_gets_the_type_that_a_person_wrote(library, asks, edited, expected):
    got = []

    async def put(value: bool | float) -> str:
        got.append(value)
        return "put"

    async with desk(library, [reply(call("put", "c1", value=1)), reply(say("done"))]) as d:
        agent = d.agent("A", tools=[d.library.function_tool(needs_approval=asks)(put)])
        rules = [] if asks else [rule("ask", "put")]
        run = d.run(agent, book=Rulebook(FakePolicy(*rules)))
        request = await run.until(ApprovalRequested)
        edit = f'{{"value": {edited}}}'
        run.decide("c1", approve=True, arguments=request.arguments, edited=edit)
        events = await run.ended()

    assert isinstance(events[-1], RunCompleted)
    assert [(type(each), each) for each in got] == [(type(expected), expected)]
