"""Part 2, point 2: every event reaches its one reader, and a slow reader slows the run."""

from __future__ import annotations

import asyncio
import gc

import pytest

from tests.agents.fake_models import (
    FakeFloodingModel,
    ended,
    first_delta,
    plain_run,
    stuck_run,
)
from tests.agents.telling import told, words_of
from tui.agents import Agent, Runner, UserError, function_tool
from tui.agents.event_queue import WAITING_LIMIT
from tui.agents.models.scripted import ScriptedModel, call, say


async def test_a_failure_is_raised_once():
    result = Runner.run_streamed(Agent(name="A", model=ScriptedModel([OSError("gone")])), "hi")
    with pytest.raises(OSError, match="gone"):
        await told(result)
    assert await told(result) == []


async def test_a_second_reader_is_refused_at_once():
    result, _ = stuck_run()
    first = await first_delta(result)
    with pytest.raises(UserError, match="already being read"):
        await anext(aiter(result))
    await first.aclose()


async def test_after_a_bare_break_the_run_goes_on_and_its_events_are_gone():
    result = plain_run()
    async for _ in result.stream_events():
        break
    gc.collect()
    await ended(result)
    assert result.final_output == "hello"
    assert await told(result) == []


async def test_leaving_async_with_early_cancels():
    result, model = stuck_run()
    async with result:
        async for event in result:
            if words_of(event) == "RAW":
                break
    assert result.status == "cancelled"
    assert model.was_closed


async def test_aclose_of_the_stream_cancels():
    result, model = stuck_run()
    await (await first_delta(result)).aclose()
    await ended(result)
    assert result.status == "cancelled"
    assert model.was_closed


async def test_a_slow_reader_slows_the_model():
    model = FakeFloodingModel(50 * WAITING_LIMIT)
    result = Runner.run_streamed(Agent(name="A", model=model), "hi")
    stream = await first_delta(result)
    for _ in range(10):
        await asyncio.sleep(0)
    assert model.sent <= WAITING_LIMIT + 10
    await stream.aclose()
    await ended(result)


async def test_every_event_reaches_a_reader_however_many_there_are():
    model = FakeFloodingModel(5 * WAITING_LIMIT)
    result = Runner.run_streamed(Agent(name="A", model=model), "hi")
    deltas = 0
    async for event in result:
        if event.type == "raw_response_event" and event.data.type.endswith(".delta"):
            deltas += 1
    assert deltas == 5 * WAITING_LIMIT


async def test_an_unread_run_joins_neighbouring_deltas_and_loses_no_text():
    model = FakeFloodingModel(5 * WAITING_LIMIT)
    result = Runner.run_streamed(Agent(name="A", model=model), "hi")
    await ended(result)
    deltas = [
        event.data.delta
        async for event in result
        if event.type == "raw_response_event" and event.data.type.endswith(".delta")
    ]
    assert len(deltas) <= WAITING_LIMIT
    assert "".join(deltas) == "word" * 5 * WAITING_LIMIT


def texts_of(events):
    return [
        e.data.delta for e in events if e.type == "raw_response_event" and "delta" in e.data.type
    ]


class FakeBreakingModel(FakeFloodingModel):
    """Floods, and then its connection is reset."""

    async def stream_response(self, *args, **options):
        async for event in super().stream_response(*args, **options):
            yield event
        raise OSError("reset")


@pytest.mark.parametrize("reads", ["while it runs", "after it failed"])
async def test_what_was_queued_before_a_failure_is_told_before_it(reads):
    result = Runner.run_streamed(Agent(name="A", model=FakeBreakingModel(20)), "hi")
    if reads == "after it failed":
        await ended(result)
    stream, seen = result.stream_events(), []
    try:
        while True:
            seen.append(await anext(stream))
    except OSError as error:
        assert str(error) == "reset"  # noqa: PT017 - what came before it counts here
    assert len(texts_of(seen)) == 20


async def test_what_lies_between_deltas_is_never_joined():
    @function_tool
    async def look() -> str:
        return "seen"

    turns = [[call("look")] for _ in range(WAITING_LIMIT // 4)]
    agent = Agent(name="A", model=ScriptedModel([*turns, [say("done")]]), tools=[look])
    result = Runner.run_streamed(agent, "hi", max_turns=None)
    await ended(result)
    outputs = [word for word in await told(result) if word == "tool_output(seen)"]
    assert len(outputs) == len(turns)


def a_nest(model):
    """Return an agent whose tool is an agent with this model."""
    ask = Agent(name="Sub", model=model).as_tool("ask", "")
    script = ScriptedModel([[call("ask", {"input": "q"}, "c1")], [say("done")]])
    return Agent(name="A", model=script, tools=[ask])


async def test_a_slow_reader_slows_nested_models_too():
    model = FakeFloodingModel(50 * WAITING_LIMIT)
    result = Runner.run_streamed(a_nest(model), "hi")
    stream = result.stream_events(nested=True)
    async for event in stream:
        if event.type == "nested_stream_event":
            break
    for _ in range(10 * WAITING_LIMIT):
        await asyncio.sleep(0)
    # One full queue for each of the two runs.
    assert model.sent <= 2 * WAITING_LIMIT + 20
    await stream.aclose()
    await ended(result)


async def test_nested_deltas_that_nobody_has_begun_to_read_are_joined():
    model = FakeFloodingModel(5 * WAITING_LIMIT)
    result = Runner.run_streamed(a_nest(model), "hi")
    stream = result.stream_events(nested=True)
    await ended(result)
    seen = [event async for event in stream]
    nested = [event.event for event in seen if event.type == "nested_stream_event"]
    assert len(seen) <= WAITING_LIMIT + 20
    assert "".join(texts_of(nested)) == "word" * 5 * WAITING_LIMIT
