"""Whatever a tool returns or raises, its run ends with exactly one terminal event."""

from __future__ import annotations

import asyncio

import pytest

from tests.fakes.fake_endpoint import endpoint_pair
from tests.fakes.fake_runtime import Segment
from tests.host.running import DEADLINE_S, an_agent
from tests.host.serving import LIBRARIES, desk
from tests.host.told import only
from tui.host.console import Console
from tui.host.live.chain import Chain
from tui.host.live.normalize import output_text
from tui.host.opening import agent_of_program
from tui.host.runs import Runs
from tui.rehearsal.script import call, reply, say
from tui.wire.commands import StartRun
from tui.wire.events import ENDINGS, RunCompleted, RunFailed, ToolFinished

both = pytest.mark.parametrize("library", LIBRARIES)


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


class Unshowable:
    """Has no text."""

    def __str__(self):
        raise ValueError("no text")


class OddError(BaseException):
    """No `Exception`, and has no text."""

    def __str__(self):
        raise ValueError("no text")


def unshowable():
    return Unshowable()


def nested_deep():
    value = []
    for _ in range(100_000):
        value = [value]
    return value


async def leaves_as_a_generator():
    raise GeneratorExit


async def is_odd():
    raise OddError


def leaves_a_thread_as_a_generator():
    raise GeneratorExit


def is_odd_in_a_thread():
    raise OddError


async def cancels_itself():
    raise asyncio.CancelledError


TOOLS = (
    unshowable,
    nested_deep,
    leaves_as_a_generator,
    is_odd,
    leaves_a_thread_as_a_generator,
    is_odd_in_a_thread,
    cancels_itself,
)


@both
@pytest.mark.parametrize("others", [0, 1])
@pytest.mark.parametrize("tool", TOOLS)
async def test_a_run_ends_once_and_not_as_cancelled(library, tool, others):
    def free() -> str:
        return "free"

    calls = [call(tool.__name__, "c1"), *[call("free", "c2")] * others]
    async with desk(library, [reply(*calls), reply(say("Well."))]) as d:
        tools = [d.library.function_tool(each) for each in (tool, free)]
        run = d.run(d.agent("Triage", tools=tools))
        events = await run.ended()

    ends = only(events, ENDINGS)
    assert len(ends) == 1
    assert isinstance(ends[0], RunFailed | RunCompleted)
    assert events[-1] is ends[0]


@both
@pytest.mark.parametrize("tool", [is_odd, is_odd_in_a_thread, leaves_as_a_generator])
async def test_a_tool_that_raises_what_is_no_exception_has_failed(library, tool):
    async with desk(library, [reply(call(tool.__name__, "c1")), reply(say("Well."))]) as d:
        run = d.run(d.agent("Triage", tools=[d.library.function_tool(tool)]))
        events = await run.ended()

    assert "CancelledError" not in [told.error_type for told in only(events, ToolFinished)]
    assert [told.error_type for told in only(events, ToolFinished)] != [""]


@both
async def test_instructions_that_raise_what_is_no_exception_fail_the_run(library):
    def instructions(context, agent):
        raise GeneratorExit

    async with desk(library, [reply(say("Never."))]) as d:
        events = await d.run(d.agent("Triage", instructions=instructions)).ended()

    assert isinstance(events[-1], RunFailed)


@pytest.mark.parametrize("make", [unshowable, nested_deep])
def test_an_output_without_a_text_has_a_stand_in(make):
    value = make()
    assert output_text(value).startswith("<output that cannot be shown: ")


class BrokenChain(Chain):
    """Fails where it should say how it ended."""

    def _end(self, ending):
        raise GeneratorExit


async def test_the_net_under_a_run_tells_its_end_once(monkeypatch):
    monkeypatch.setattr("tui.host.runs.Chain", BrokenChain)
    screen, host = endpoint_pair()
    agent = agent_of_program(an_agent(Segment(output="Hi.")), "desk.py:agent", {})
    runs = Runs(host, agent, Console(), lambda: None)
    runs.obey(StartRun(run_id="run", text="hello"))
    events = []
    async with asyncio.timeout(DEADLINE_S):
        while not events or not isinstance(events[-1], ENDINGS):
            events.append(await screen.read())
    await runs.close(DEADLINE_S)

    assert isinstance(events[-1], RunFailed)
    assert events[-1].error_type == "GeneratorExit"


def half_a_pair():
    return "\ud800 \xe4"


async def test_a_lone_surrogate_goes_to_the_model_as_an_escape():
    async with desk("tui.agents", [reply(call("half_a_pair", "c1")), reply(say("Well."))]) as d:
        tools = [d.library.function_tool(half_a_pair)]
        events = await d.run(d.agent("Triage", tools=tools)).ended()
        sent = d.server.bodies[1]["input"][-1]["output"]

    assert isinstance(events[-1], RunCompleted)
    assert sent == "\\ud800 \xe4"


@both
async def test_a_follow_up_after_a_lone_surrogate_is_answered(library):
    script = [reply(call("half_a_pair", "c1")), reply(say("Well.")), reply(say("Again."))]
    async with desk(library, script) as d:
        agent = d.agent("Triage", tools=[d.library.function_tool(half_a_pair)])
        first = d.run(agent)
        await first.ended()
        second = d.run(agent, "and now?", conversation=first.chain.conversation)
        events = await second.ended()

    assert isinstance(events[-1], RunCompleted)
