"""What the how-to guide says of layers, events, approvals and pitfalls.

What is not so stands in `test_not_so`; its loop with approvals has `test_approval_loop`.
"""

import asyncio
import importlib
import json

import pytest

from tests.agents.telling import told, words_of
from tests.seeds.serving import serving
from tui import agents
from tui.agents.stream_events import events_of
from tui.rehearsal.script import Say, Think, call, reply, say

GREETING = reply(Say(("Hello ", "there.")))
DONE = reply(say("Done."))
THOUGHT = Think(("It is ", "a greeting."))


def guarded(sdk, *, seen_contexts=None):
    """Return an agent whose tool needs approval, and may note the contexts it runs in."""

    @sdk.function_tool(needs_approval=True)
    def erase(ctx: sdk.RunContextWrapper) -> str:
        if seen_contexts is not None:
            seen_contexts.append(ctx.context)
        return "erased"

    return sdk.Agent(name="A", tools=[erase])


async def streamed(sdk, agent, given="Hi", **options):
    """Return a streamed run that was read to its end, and its events."""
    result = sdk.Runner.run_streamed(agent, given, **options)
    return result, [event async for event in result.stream_events()]


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("RawResponsesStreamEvent", "stream_events"),
        ("RunItemStreamEvent", "stream_events"),
        ("AgentUpdatedStreamEvent", "stream_events"),
        ("Runner", "run"),
    ],
)
def test_layers_events_are_defined_in_one_module_and_runs_start_in_another(name, layer, library):
    found = getattr(importlib.import_module(library), name)
    assert found.__module__ == f"{library}.{layer}"


def test_layers_a_module_between_makes_events_of_items_and_leaves_placeholders_out():
    agent = agents.Agent(name="A")
    raw = {"type": "function_call", "name": "erase", "arguments": "{}", "call_id": "call_1"}
    called, placeholder = agents.ToolCallItem(agent, raw), agents.ToolApprovalItem(agent, raw)
    (event,) = events_of([called, placeholder])
    assert (event.name, event.item) == ("tool_called", called)


async def test_events_wait_in_the_result_until_they_are_read(sdk):
    async with serving(sdk, [GREETING]):
        result = sdk.Runner.run_streamed(sdk.Agent(name="A"), "Hi")
        await asyncio.wait([result.run_loop_task])
    assert await told(result) == ["AGENT(A)", "RAW", "message_output_created"]


async def test_the_three_primary_event_types_carry_their_key_fields(sdk):
    async with serving(sdk, [GREETING]):
        _, events = await streamed(sdk, sdk.Agent(name="A"))
    agent_event, raw_event, *_, item_event = events
    assert (agent_event.type, agent_event.new_agent.name) == ("agent_updated_stream_event", "A")
    assert (raw_event.type, raw_event.data.type) == ("raw_response_event", "response.created")
    assert (item_event.type, item_event.name) == (
        "run_item_stream_event",
        "message_output_created",
    )
    assert item_event.item.type == "message_output_item"


async def test_reasoning_and_text_deltas_are_raw_events(sdk):
    async with serving(sdk, [reply(THOUGHT, Say(("Hello ", "there.")))]):
        _, events = await streamed(sdk, sdk.Agent(name="A"))
    raw = [event.data for event in events if event.type == "raw_response_event"]
    text = {"response.reasoning_summary_text.delta": "", "response.output_text.delta": ""}
    for data in raw:
        if data.type in text:
            text[data.type] += data.delta
    assert list(text.values()) == ["It is a greeting.", "Hello there."]


async def test_each_class_of_items_has_a_name_of_its_own(sdk):
    @sdk.function_tool
    def look() -> str:
        return "seen"

    agent = sdk.Agent(name="A", tools=[look], handoffs=[sdk.Agent(name="B")])
    script = [reply(THOUGHT, call("look")), reply(call("transfer_to_b")), DONE]
    async with serving(sdk, script):
        _, events = await streamed(sdk, agent)
    items = [event for event in events if event.type == "run_item_stream_event"]
    assert [(type(event.item).__name__, event.name) for event in items] == [
        ("ReasoningItem", "reasoning_item_created"),
        ("ToolCallItem", "tool_called"),
        ("ToolCallOutputItem", "tool_output"),
        ("HandoffCallItem", "handoff_requested"),
        ("HandoffOutputItem", "handoff_occured"),
        ("MessageOutputItem", "message_output_created"),
    ]


async def test_every_item_but_the_approval_placeholder_is_streamed_in_order(sdk):
    async with serving(sdk, [reply(say("I will erase it."), call("erase"))]):
        result, events = await streamed(sdk, guarded(sdk))
    items = [event.item for event in events if event.type == "run_item_stream_event"]
    placeholder = result.new_items[-1]
    assert items == result.new_items[:-1]
    assert placeholder.type == "tool_approval_item"
    assert result.interruptions == [placeholder]


async def test_interruptions_are_kept_apart_and_filled_when_the_stream_has_ended(sdk):
    async with serving(sdk, [reply(call("erase"))]):
        result = sdk.Runner.run_streamed(guarded(sdk), "Hi")
        during = [list(result.interruptions) async for _ in result.stream_events()]
    assert not any(during)
    assert [(item.name, item.agent.name) for item in result.interruptions] == [("erase", "A")]


async def test_the_stream_is_iterated_to_its_end_and_no_sentinel_is_seen(sdk):
    async with serving(sdk, [GREETING]):
        result, events = await streamed(sdk, sdk.Agent(name="A"))
    assert {event.type for event in events} == {
        "agent_updated_stream_event",
        "raw_response_event",
        "run_item_stream_event",
    }
    assert result.is_complete


async def test_the_state_is_serialisable_and_takes_the_run_up_again(sdk):
    async with serving(sdk, [reply(call("erase")), DONE]) as server:
        agent = guarded(sdk)
        result, _ = await streamed(sdk, agent)
        kept = json.dumps(result.to_state().to_json())
        state = await sdk.RunState.from_json(agent, json.loads(kept))
        (interruption,) = state.get_interruptions()
        state.approve(interruption)
        resumed, _ = await streamed(sdk, agent, state)
    assert resumed.final_output == "Done."
    history = [item.get("type", item.get("role")) for item in server.bodies[1]["input"]]
    assert history == ["user", "function_call", "function_call_output"]


async def test_resuming_restores_the_context_and_goes_on_where_it_stopped(sdk):
    contexts: list[object] = []
    async with serving(sdk, [reply(call("erase")), DONE]) as server:
        agent = guarded(sdk, seen_contexts=contexts)
        result, _ = await streamed(sdk, agent, context="mine")
        state = result.to_state()
        state.approve(result.interruptions[0])
        words = await told(sdk.Runner.run_streamed(agent, state))
    assert words == ["AGENT(A)", "tool_output(erased)", "RAW", "message_output_created"]
    assert contexts == ["mine"]
    assert len(server.bodies) == 2


async def test_a_rejected_call_is_settled_without_running(sdk):
    contexts: list[object] = []
    async with serving(sdk, [reply(call("erase")), DONE]):
        agent = guarded(sdk, seen_contexts=contexts)
        result, _ = await streamed(sdk, agent)
        state = result.to_state()
        state.reject(result.interruptions[0])
        await told(sdk.Runner.run_streamed(agent, state))
    assert contexts == []


async def test_pitfall_leaving_the_loop_early_gives_up_the_other_events():
    # In the SDK too, but only once its abandoned generator has been collected.
    async with serving(agents, [GREETING]):
        result = agents.Runner.run_streamed(agents.Agent(name="A"), "Hi")
        async for event in result.stream_events():
            if event.type == "raw_response_event":
                break
        await asyncio.wait([result.run_loop_task])
        assert await told(result) == []
    assert result.final_output == "Hello there."


async def test_pitfall_interruptions_and_not_is_complete_tell_that_a_person_is_waited_for(sdk):
    async with serving(sdk, [reply(call("erase"))]):
        result, _ = await streamed(sdk, guarded(sdk))
    assert result.is_complete
    assert result.interruptions


async def test_pitfall_a_call_that_waits_shows_in_the_interruptions_and_runs_after_resuming(sdk):
    async with serving(sdk, [reply(call("erase")), DONE]):
        agent = guarded(sdk)
        result, events = await streamed(sdk, agent)
        assert not any(words_of(event).startswith("tool_output") for event in events)
        state = result.to_state()
        state.approve(result.interruptions[0])
        _, events = await streamed(sdk, agent, state)
        assert any(words_of(event) == "tool_output(erased)" for event in events)


async def test_pitfall_an_agent_update_for_a_handoff_needs_the_model_to_call_the_handoff(sdk):
    agent = sdk.Agent(name="A", handoffs=[sdk.Agent(name="B")])
    async with serving(sdk, [reply(say("I hand you over to B."))]):
        assert "AGENT(B)" not in await told(sdk.Runner.run_streamed(agent, "Hi"))
    async with serving(sdk, [reply(call("transfer_to_b")), DONE]):
        assert "AGENT(B)" in await told(sdk.Runner.run_streamed(agent, "Hi"))
