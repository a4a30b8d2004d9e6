"""What the page on `Runner.run` and `Runner.run_streamed` says, and the mistakes it warns of.

What is not so stands in `test_not_so`; its endpoint has `test_endpoint`.
"""

from __future__ import annotations

import asyncio

import pytest

from tests.agents.telling import told, words_of
from tests.fakes.milestone import Gate
from tests.seeds.serving import serving
from tui import agents
from tui.agents import Agent, AgentsException, Runner
from tui.rehearsal.script import Say, call, reply, say

GREETING = reply(Say(("Hello ", "there.")))


async def test_run_waits_for_the_full_response(sdk):
    gate = Gate()

    @sdk.function_tool
    async def look() -> str:
        await gate.wait()
        return "seen"

    async with serving(sdk, [reply(call("look")), GREETING]):
        running = asyncio.create_task(sdk.Runner.run(sdk.Agent(name="A", tools=[look]), "Hi"))
        await gate.arrived.at_least()
        assert not running.done()
        gate.open()
        assert (await running).final_output == "Hello there."


async def test_run_streamed_returns_before_the_model_is_asked(sdk):
    async with serving(sdk, [GREETING]) as server:
        result = sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi")
        assert server.requests == []
        await told(result)


async def test_each_chunk_of_the_models_stream_is_a_raw_event(sdk):
    async with serving(sdk, [GREETING]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi")
        events = [event async for event in result.stream_events()]
    raw = [event for event in events if isinstance(event, sdk.RawResponsesStreamEvent)]
    assert [event.data.sequence_number for event in raw] == list(range(len(raw)))


async def test_calling_tool_can_be_shown_until_its_result_is_there(sdk):
    gate = Gate()

    @sdk.function_tool
    async def look() -> str:
        await gate.wait()
        return "seen"

    async with serving(sdk, [reply(call("look")), GREETING]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A", tools=[look]), "Hi")
        words = []
        async for event in result.stream_events():
            words.append(words_of(event))
            if words[-1] == "tool_called":
                await gate.arrived.at_least()
                gate.open()
    assert words.index("tool_called") < words.index("tool_output(seen)")


async def test_a_result_is_joined_to_its_call_by_the_calls_id(sdk):
    @sdk.function_tool
    def look(where: str) -> str:
        return f"{where} seen"

    calls = reply(call("look", "call_1", where="here"), call("look", "call_2", where="there"))
    async with serving(sdk, [calls, GREETING]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A", tools=[look]), "Hi")
        events = [event async for event in result.stream_events()]
    named = [event for event in events if isinstance(event, sdk.RunItemStreamEvent)]
    called = [event.item.raw_item.call_id for event in named if event.name == "tool_called"]
    results = {
        event.item.raw_item["call_id"]: event.item.output
        for event in named
        if event.name == "tool_output"
    }
    assert called == ["call_1", "call_2"]
    assert results == {"call_1": "here seen", "call_2": "there seen"}


async def test_a_handoff_shows_which_agent_is_active(sdk):
    async with serving(sdk, [reply(call("transfer_to_b")), reply(say("B speaking."))]):
        agent = sdk.Agent(name="A", handoffs=[sdk.Agent(name="B")])
        result = sdk.Runner.run_streamed(agent, "Hi")
        events = [event async for event in result.stream_events()]
    updates = [event for event in events if isinstance(event, sdk.AgentUpdatedStreamEvent)]
    assert updates[-1].new_agent is result.last_agent
    assert result.last_agent.name == "B"


async def test_run_streamed_returns_a_context_manager():
    async with serving(agents, [GREETING]):
        async with Runner.run_streamed(Agent(name="A"), "Hi") as stream:
            words = [words_of(event) async for event in stream]
        assert words[0] == "AGENT(A)"
        assert words[-1] == "message_output_created"


async def test_mistake_reading_the_result_before_the_stream_has_ended_is_an_error_that_says_so():
    async with serving(agents, [GREETING]):
        async with Runner.run_streamed(Agent(name="A"), "Hi") as stream:
            with pytest.raises(AgentsException, match="has not finished: consume the stream first"):
                _ = stream.result
            await told(stream)
            assert stream.result.final_output == "Hello there."
        assert len(stream.result.new_items) == len(stream.result.raw_responses) == 1


async def test_mistake_reading_data_without_a_type_check_only_raw_events_have_it(sdk):
    async with serving(sdk, [GREETING]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi")
        events = [event async for event in result.stream_events()]
    assert {type(event).__name__ for event in events if hasattr(event, "data")} == {
        "RawResponsesStreamEvent"
    }
    shapes = {
        type(event.data): set(type(event.data).model_fields)
        for event in events
        if hasattr(event, "data")
    }
    assert len({frozenset(fields) for fields in shapes.values()}) > 1
