"""Agents used as tools: what they give back, and what can be seen of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tests.agents.telling import told
from tui.agents import Agent, FunctionTool, RunContextWrapper, Runner, RunState, function_tool
from tui.agents.models.scripted import ScriptedModel, call, say


@function_tool
def look() -> str:
    return "seen"


def an_agent(*turns, name="A", **options):
    return Agent(name=name, model=ScriptedModel(turns), **options)


def a_pair(**options):
    sub = an_agent([call("look")], [say("sub done")], name="Sub Agent", tools=[look])
    ask = sub.as_tool("ask", "asks", **options)
    return sub, an_agent([call("ask", {"input": "q"}, "c1")], [say("done")], tools=[ask])


OUTER = ["AGENT(A)", "RAW", "tool_called", "tool_output(sub done)", "RAW", "message_output_created"]
NESTED = [
    "AGENT(Sub Agent)",
    "RAW",
    "tool_called",
    "tool_output(seen)",
    "RAW",
    "message_output_created",
]


async def test_a_nested_run_is_one_tool_call_from_outside():
    sub, outer = a_pair()
    assert await told(Runner.run_streamed(outer, "go")) == OUTER
    assert sub.model.requests[0].input == [{"role": "user", "content": "q"}]


async def test_a_nested_run_counts_in_the_outer_usage():
    _, outer = a_pair()
    result = await Runner.run(outer, "go")
    assert result.context_wrapper.usage.requests == 4


async def test_nested_events_come_in_place_when_asked_for():
    _, outer = a_pair()
    words = await told(Runner.run_streamed(outer, "go"), nested=True)
    assert words == [*OUTER[:3], *[f">c1 {word}" for word in NESTED], *OUTER[3:]]


async def test_nested_events_tell_their_depth_and_the_calls_around_them():
    sub, middle = a_pair()
    middle.name = "M"
    outer = an_agent([call("m", {"input": "q"}, "c0")], [say("x")], tools=[middle.as_tool("m", "")])
    events = [e async for e in Runner.run_streamed(outer, "go").stream_events(nested=True)]
    deepest = [e for e in events if e.type == "nested_stream_event" and e.depth == 2]
    assert deepest[0].event.new_agent is sub
    assert {(e.tool_call_id, e.path) for e in deepest} == {("c1", ("c0", "c1"))}


async def test_on_stream_is_given_the_nested_events_before_the_output():
    seen = []

    async def on_stream(payload):
        seen.append((payload["agent"].name, payload["tool_call"].call_id, payload["event"].type))

    _, outer = a_pair(on_stream=on_stream)
    assert await told(Runner.run_streamed(outer, "go")) == OUTER
    assert seen[0] == ("Sub Agent", "c1", "agent_updated_stream_event")
    assert seen[-1] == ("Sub Agent", "c1", "run_item_stream_event")


async def test_on_stream_works_in_an_unstreamed_run_and_may_fail():
    def on_stream(_payload):
        raise LookupError

    _, outer = a_pair(on_stream=on_stream)
    assert (await Runner.run(outer, "go")).final_output == "done"


async def test_a_failing_nested_run_is_told_to_the_outer_model():
    sub = an_agent(OSError("gone"), name="Sub")
    outer = an_agent([call("ask", {"input": "q"})], [say("ok")], tools=[sub.as_tool("ask", "")])
    assert (await Runner.run(outer, "go")).new_items[1].failure.error_type == "OSError"


async def test_an_extractor_makes_the_output():
    async def count(result):
        return f"{len(result.new_items)} items"

    _, outer = a_pair(custom_output_extractor=count)
    assert "tool_output(3 items)" in await told(Runner.run_streamed(outer, "go"))


async def test_max_turns_is_the_nested_runs_own():
    _, outer = a_pair(max_turns=1)
    result = await Runner.run(outer, "go", max_turns=5)
    assert result.new_items[1].failure.error_type == "MaxTurnsExceeded"


async def test_the_tool_leads_to_its_agent_and_is_named_after_it():
    sub = an_agent(name="Sub Agent")
    tool = sub.as_tool(None, None)
    assert isinstance(tool, FunctionTool)
    assert tool.name == "sub_agent"
    assert tool._is_agent_tool
    assert tool._agent_instance is sub


async def test_who_listens_is_left_alone_when_the_outer_run_is_cancelled():
    hears = asyncio.Event()

    async def on_stream(_payload):
        hears.set()
        await asyncio.Event().wait()

    _, outer = a_pair(on_stream=on_stream)
    result = Runner.run_streamed(outer, "go")
    await hears.wait()
    await result.aclose()
    assert result.status == "cancelled"
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_all_of_a_nested_run_that_fails_is_heard_before_its_call_ends():
    order = []

    async def on_stream(payload):
        await asyncio.sleep(0)
        order.append(payload["event"].type)

    def explain(_ctx, error):
        order.append(str(error))
        return "no"

    sub = an_agent([call("look")], OSError("gone"), tools=[look])
    ask = sub.as_tool("ask", "", on_stream=on_stream, failure_error_function=explain)
    outer = an_agent([call("ask", {"input": "q"})], [say("ok")], tools=[ask])
    await Runner.run(outer, "go")
    assert order.count("run_item_stream_event") == 2
    assert order[-1] == "gone"


@dataclass
class Trip:
    city: str


@function_tool(needs_approval=True)
def book(ctx: RunContextWrapper) -> str:
    return f"booked {ctx.tool_input['city']}"


async def test_the_arguments_of_a_nested_run_outlive_its_pause():
    sub = an_agent([call("book")], [say("done")], name="Sub", tools=[book])
    outer = an_agent([call("ask", {"city": "Porto"})], [say("ok")])
    outer.tools.append(sub.as_tool("ask", "", parameters=Trip))
    text = (await Runner.run(outer, "go")).to_state().to_string()
    state = await RunState.from_string(outer, text)
    state.approve(state.get_interruptions()[0])
    await Runner.run(outer, state)
    assert sub.model.requests[1].input[-1]["output"] == "booked Porto"
