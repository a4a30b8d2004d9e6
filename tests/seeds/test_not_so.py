"""What the documents say that is not so, and what happens instead.

Where our runtime and the SDK are the same, both are shown.
"""

from __future__ import annotations

import asyncio
import importlib.util

from tests.agents.telling import told, words_of
from tests.seeds.serving import OURS, serving
from tui import agents
from tui.agents import Runner
from tui.rehearsal.script import Say, call, reply, say

GREETING = reply(Say(("Hello ", "there.")))
DONE = reply(say("Done."))


def with_a_nested_agent(sdk):
    nested = sdk.Agent(name="Nested")
    ask = nested.as_tool(tool_name="ask", tool_description="Ask the nested agent.")
    return sdk.Agent(name="Outer", tools=[ask])


NESTED_SCRIPT = [reply(call("ask", "call_1", input="Hi")), reply(say("From inside.")), DONE]


async def test_said_the_stream_never_starts_without_async_with_but_the_run_starts_at_once(sdk):
    async with serving(sdk, [GREETING]) as server:
        result = sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi")
        await asyncio.wait([result.run_loop_task])
    assert len(server.requests) == 1
    assert result.final_output == "Hello there."


async def test_said_streamed_run_result_but_the_class_is_run_result_streaming(sdk):
    assert not hasattr(sdk, "StreamedRunResult")
    async with serving(sdk, [GREETING]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi")
        await told(result)
    assert type(result).__name__ == "RunResultStreaming"


async def test_said_message_output_but_the_event_is_named_message_output_created(sdk):
    async with serving(sdk, [GREETING]):
        words = await told(sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi"))
    assert "message_output" not in words
    assert words[-1] == "message_output_created"


async def test_said_item_events_are_token_by_token_but_each_item_has_one_and_raw_events_are(sdk):
    async with serving(sdk, [GREETING]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi")
        events = [event async for event in result.stream_events()]
    items = [event.item for event in events if event.type == "run_item_stream_event"]
    assert [sdk.ItemHelpers.text_message_output(item) for item in items] == ["Hello there."]
    raw = [event.data for event in events if event.type == "raw_response_event"]
    deltas = [data.delta for data in raw if data.type == "response.output_text.delta"]
    assert deltas == ["Hello ", "there."]


async def test_said_as_tool_emits_agent_updated_but_a_nested_run_stays_out_of_the_stream(sdk):
    async with serving(sdk, NESTED_SCRIPT):
        words = await told(sdk.Runner.run_streamed(with_a_nested_agent(sdk), "Hi"))
    assert [word for word in words if word.startswith("AGENT")] == ["AGENT(Outer)"]


async def test_said_as_tool_emits_agent_updated_and_it_can_be_seen_with_nested_events():
    async with serving(agents, NESTED_SCRIPT):
        words = await told(Runner.run_streamed(with_a_nested_agent(agents), "Hi"), nested=True)
    assert ">call_1 AGENT(Nested)" in words


async def test_said_a_waiting_call_is_missing_but_only_its_request_for_approval_is(sdk):
    @sdk.function_tool(needs_approval=True)
    def erase() -> str:
        return "erased"

    async with serving(sdk, [reply(call("erase"))]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A", tools=[erase]), "Hi")
        assert await told(result) == ["AGENT(A)", "RAW", "tool_called"]
    assert [item.type for item in result.new_items] == ["tool_call_item", "tool_approval_item"]


async def test_said_agent_updated_means_a_handoff_but_every_run_begins_with_one(sdk):
    async with serving(sdk, [GREETING]):
        words = await told(sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi"))
    assert words[0] == "AGENT(A)"


async def test_said_agent_updated_is_a_run_item_but_it_is_an_event_without_one(sdk):
    async with serving(sdk, [GREETING]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi")
        events = [event async for event in result.stream_events()]
    assert events[0].type == "agent_updated_stream_event"
    assert not hasattr(events[0], "item")
    assert [item.type for item in result.new_items] == ["message_output_item"]


async def test_said_completion_signals_are_streamed_but_the_end_of_the_stream_is_the_signal(sdk):
    @sdk.function_tool
    def look() -> str:
        return "seen"

    async with serving(sdk, [reply(call("look")), DONE]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A", tools=[look]), "Hi")
        events = [event async for event in result.stream_events()]
    raw = [event.data.type for event in events if event.type == "raw_response_event"]
    assert raw.count("response.completed") == 2  # one a model response, none for the run
    assert words_of(events[-1]) == "message_output_created"
    assert result.is_complete


async def test_said_events_must_not_be_printed_unchecked_but_every_event_prints(sdk):
    async with serving(sdk, [GREETING]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi")
        printed = [str(event) async for event in result.stream_events()]
    assert all(text.partition("(")[0].endswith("StreamEvent") for text in printed)


def test_said_events_inherit_from_stream_event_but_it_is_their_union(sdk):
    kinds = [sdk.RawResponsesStreamEvent, sdk.RunItemStreamEvent, sdk.AgentUpdatedStreamEvent]
    assert [kind.__mro__[1:] for kind in kinds] == [(object,)] * 3
    assert set(sdk.StreamEvent.__args__) == set(kinds)


async def test_said_the_agent_returns_a_handoff_step_but_the_model_calls_a_tool(sdk):
    assert not hasattr(sdk, "NextStepHandoff")
    async with serving(sdk, [reply(call("transfer_to_b")), DONE]) as server:
        agent = sdk.Agent(name="A", handoffs=[sdk.Agent(name="B")])
        await told(sdk.Runner.run_streamed(agent, "Hi"))
    assert [tool["name"] for tool in server.bodies[0]["tools"]] == ["transfer_to_b"]


def test_said_internals_have_module_paths_but_ours_keeps_the_public_ones_only():
    assert importlib.util.find_spec(f"{OURS}.run_internal") is None
