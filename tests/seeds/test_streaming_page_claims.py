"""What the streaming page says, in English and in Chinese, and the table of its annotated copy.

What is not so stands in `test_not_so`.
"""

from __future__ import annotations

import importlib

import pytest
from openai.types.responses import ResponseTextDeltaEvent

from tests.agents.telling import told
from tests.fakes.delivery import Before, Delivery, Hold
from tests.fakes.milestone import Gate
from tests.seeds.serving import serving
from tui.rehearsal.script import Say, call, reply, say

GREETING = reply(Say(("Hello ", "there.")))


@pytest.mark.parametrize(
    "linked",
    [
        "run.Runner.run_streamed",
        "result.RunResultStreaming",
        "stream_events.StreamEvent",
        "stream_events.RawResponsesStreamEvent",
        "stream_events.RunItemStreamEvent",
        "stream_events.AgentUpdatedStreamEvent",
    ],
)
def test_what_the_page_links_to_is_where_the_link_says(linked, library):
    module, _, name = linked.partition(".")
    found = importlib.import_module(f"{library}.{module}")
    for part in name.split("."):
        found = getattr(found, part)
    assert found is not None


async def test_run_streamed_gives_a_run_result_streaming(sdk):
    async with serving(sdk, [GREETING]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi")
        assert isinstance(result, sdk.RunResultStreaming)
        await told(result)


async def test_stream_events_gives_stream_events_asynchronously(sdk):
    async with serving(sdk, [GREETING]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi")
        events = [event async for event in result.stream_events()]
    assert all(isinstance(event, sdk.StreamEvent) for event in events)


async def test_raw_events_are_the_services_own_with_type_and_data(sdk):
    async with serving(sdk, [GREETING]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi")
        events = [event async for event in result.stream_events()]
    raw = [event.data for event in events if event.type == "raw_response_event"]
    assert [data.type for data in raw] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        "response.output_text.delta",
        "response.output_text.delta",
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert all(type(data).__module__.startswith("openai.types.responses") for data in raw)


async def test_text_can_be_shown_as_soon_as_it_is_generated(sdk):
    gate = Gate()
    held = Delivery(GREETING, (Before("response.output_text.done", Hold(gate)),))
    async with serving(sdk, [held]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi")
        shown = ""
        async for event in result.stream_events():
            if event.type == "raw_response_event" and isinstance(
                event.data, ResponseTextDeltaEvent
            ):
                shown += event.data.delta
            if shown == "Hello there.":
                assert not result.is_complete
                gate.open()
    assert result.final_output == shown


async def test_a_message_event_comes_once_the_message_is_fully_generated(sdk):
    async with serving(sdk, [GREETING]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi")
        events = [event async for event in result.stream_events()]
    *before, message = events
    assert sdk.ItemHelpers.text_message_output(message.item) == "Hello there."
    assert before[-1].data.type == "response.completed"


async def test_progress_is_told_as_tool_ran_and_message_generated(sdk):
    @sdk.function_tool
    def look() -> str:
        return "seen"

    async with serving(sdk, [reply(call("look")), GREETING]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A", tools=[look]), "Hi")
        words = await told(result)
    assert [word for word in words if word != "RAW"] == [
        "AGENT(A)",
        "tool_called",
        "tool_output(seen)",
        "message_output_created",
    ]


async def test_a_handoff_tells_which_agent_is_in_control_now(sdk):
    async with serving(sdk, [reply(call("transfer_to_b")), reply(say("B speaking."))]):
        agent = sdk.Agent(name="A", handoffs=[sdk.Agent(name="B")])
        words = await told(sdk.Runner.run_streamed(agent, "Hi"))
    after = words.index("handoff_occured")
    assert words[after:] == ["handoff_occured", "AGENT(B)", "RAW", "message_output_created"]
