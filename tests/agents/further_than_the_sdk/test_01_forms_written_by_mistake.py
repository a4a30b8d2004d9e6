"""Part 2, point 1: the forms that users write down by mistake work."""

from __future__ import annotations

import asyncio

import pytest

from tests.agents.fake_models import ended, plain_run
from tests.agents.telling import told, words_of
from tui.agents import Agent, AgentsException, Runner
from tui.agents.models.scripted import ScriptedModel, say


async def test_the_run_begins_at_once_and_needs_no_reader():
    result = plain_run()
    assert not result.is_complete
    assert result.current_turn == 0
    await ended(result)
    assert result.final_output == "hello"
    assert await told(result) == ["AGENT(A)", "RAW", "message_output_created"]


async def test_forms_written_by_mistake_work():
    async with plain_run() as stream:
        words = [words_of(event) async for event in stream]
        assert words[-1] == "message_output_created"
        assert stream.result.final_output == "hello"
    agent = Agent(name="A", model=ScriptedModel([[say("hello")]]))
    assert "message_output_created" in await told(Agent.run_streamed(agent, "hi"))


async def test_the_result_of_an_unfinished_run_is_refused():
    result = plain_run()
    with pytest.raises(AgentsException, match="consume the stream first"):
        _ = result.result
    await ended(result)


async def test_a_run_needs_a_running_loop():
    agent = Agent(name="A")
    with pytest.raises(RuntimeError):
        await asyncio.to_thread(Runner.run_streamed, agent, "hi")


async def test_the_result_is_there_after_the_end_without_async_with():
    result = plain_run()
    assert await told(result)
    assert result.result.final_output == "hello"
