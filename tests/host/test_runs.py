"""What a host does with the wish to start a run: begin, go on, or take a failed one up again."""

from __future__ import annotations

import asyncio
import gc
import weakref
from contextlib import asynccontextmanager

import pytest

from tests.fakes.fake_endpoint import endpoint_pair
from tests.fakes.fake_runtime import RunState, Segment, agent_updated, message
from tests.host.running import DEADLINE_S, an_agent
from tui.host import garbage
from tui.host.console import Console
from tui.host.opening import agent_of_program
from tui.host.runs import Runs
from tui.wire.commands import StartRun
from tui.wire.events import (
    ENDINGS,
    ConsoleOutput,
    RunCompleted,
    RunFailed,
    RunStarted,
    UserMessage,
)


def user(text):
    return {"role": "user", "content": text}


def answering(text="done", items=()):
    return Segment([agent_updated(None)], output=text, items=list(items))


def failing(*items):
    """A run that settles a turn, and fails in the next."""
    steps = [message(None, "so far"), RuntimeError("boom")]
    return Segment(steps, items=list(items), new_items=["so far"])


class Host:
    """The runs of one scripted agent, and what they tell."""

    def __init__(self, agent):
        self.agent = agent
        self.screen, line = endpoint_pair()
        program = agent_of_program(agent, "desk.py:agent", {})
        self.runs = Runs(line, program, Console(), lambda: None)

    async def play(self, run_id, text, **fields):
        """Start a run and return all it tells."""
        self.runs.obey(StartRun(run_id=run_id, text=text, **fields))
        events = []
        async with asyncio.timeout(DEADLINE_S):
            while not events or not isinstance(events[-1], ENDINGS):
                events.append(await self.screen.read())
        return events


@asynccontextmanager
async def hosting(*segments):
    host = Host(an_agent(*segments))
    yield host
    await host.runs.close(DEADLINE_S)


def told(events, kind):
    return [event for event in events if isinstance(event, kind)]


async def test_a_failed_run_is_taken_up_without_its_message():
    async with hosting(failing(user("hello")), answering()) as host:
        assert isinstance((await host.play("r1", "hello"))[-1], RunFailed)
        events = await host.play("r2", "hello", continues="r1", retries="r1")

    assert isinstance(events[-1], RunCompleted)
    assert not told(events, UserMessage)
    assert told(events, RunStarted)[0].retries == "r1"
    assert told(events, RunStarted)[0].continues == "r1"
    assert isinstance(host.agent.inputs[1], RunState)


async def test_a_run_that_this_host_does_not_know_is_begun_with_its_message():
    async with hosting(answering()) as host:
        events = await host.play("r2", "hello", retries="r1")

    assert [event.text for event in told(events, UserMessage)] == ["hello"]
    assert told(events, RunStarted)[0].retries == "r1"
    assert host.agent.inputs == ["hello"]
    assert not told(events, ConsoleOutput)


async def test_trying_again_what_another_process_took_along_says_so():
    async with hosting(answering()) as host:
        events = await host.play("r2", "hello", continues="r1", retries="r1")

    assert "remembers nothing" in told(events, ConsoleOutput)[0].text
    assert host.agent.inputs == ["hello"]


async def test_what_no_host_heard_stands_before_the_message():
    async with hosting(answering(items=[user("x")]), answering()) as host:
        await host.play("r1", "three", unheard=("one", "two"))
        await host.play("r2", "five", continues="r1", unheard=("four",))

    assert host.agent.inputs[0] == [user("one"), user("two"), user("three")]
    assert host.agent.inputs[1] == [user("x"), user("four"), user("five")]


@pytest.mark.parametrize("retries", ["r1", "r9"])
async def test_a_run_that_others_went_on_from_is_not_taken_up_any_more(retries):
    script = [failing(user("hello")), answering(items=[user("all")]), answering()]
    async with hosting(*script) as host:
        await host.play("r1", "hello")
        await host.play("r2", "and now?", continues="r1")
        events = await host.play("r3", "and then?", continues="r2", retries=retries)

    assert [event.text for event in told(events, UserMessage)] == ["and then?"]
    assert host.agent.inputs[2] == [user("all"), user("and then?")]


class Heavy:
    """Something that a failed run holds, in a circle."""


async def test_what_a_failed_run_leaves_in_a_circle_is_collected(monkeypatch):
    monkeypatch.setattr(garbage, "_SOON_S", 0)
    is_gone = asyncio.Event()

    async def breaks(hooks, agent):
        heavy = Heavy()
        weakref.finalize(heavy, is_gone.set)
        error = RuntimeError("boom")
        heavy.error, error.heavy = error, heavy
        raise error

    gc.disable()
    try:
        async with hosting(Segment([breaks])) as host:
            assert isinstance((await host.play("r1", "hello"))[-1], RunFailed)
            async with asyncio.timeout(DEADLINE_S):
                await is_gone.wait()
    finally:
        gc.enable()


@pytest.mark.parametrize("own", [None, (5, 6, 7)])
def test_the_collector_looks_late_unless_the_agent_file_has_said_when(own):
    usual = gc.get_threshold()
    try:
        if own is not None:
            gc.set_threshold(*own)
        garbage.look_late(usual)
        assert gc.get_threshold() == (own or (50_000, *usual[1:]))
    finally:
        gc.set_threshold(*usual)
