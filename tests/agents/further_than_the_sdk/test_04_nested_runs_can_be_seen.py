"""Part 2, point 4: the events of agents used as tools, in place, with their call and depth."""

from __future__ import annotations

import asyncio

from tests.agents.telling import told
from tui.agents import Agent, Runner, RunState, function_tool
from tui.agents.models.scripted import ScriptedModel, call, say


@function_tool
def look() -> str:
    return "seen"


@function_tool(needs_approval=True)
def danger() -> str:
    return "danger"


def an_agent(*turns, name="A", **options):
    return Agent(name=name, model=ScriptedModel(turns), **options)


def a_chain(depth, *, tool="look"):
    """Return an agent with an agent in it, `depth` deep; the calls are c1, c2, ... inward."""
    call_id = f"c{depth + 1}"
    agent = an_agent(
        [call(tool, {}, call_id)], [say(f"done {depth}")], name=f"N{depth}", tools=[look, danger]
    )
    for at in range(depth, 0, -1):
        asked = agent.as_tool("ask", "")
        script = [call("ask", {"input": "q"}, f"c{at}")], [say(f"done {at - 1}")]
        agent = an_agent(*script, name=f"N{at - 1}", tools=[asked])
    return agent


def inner_words(mark, name, output, text):
    words = [f"AGENT({name})", "RAW", "tool_called", f"tool_output({output})", "RAW"]
    return [f"{mark} {word}" for word in (*words, "message_output_created")]


async def test_nested_events_are_off_unless_asked_for():
    words = await told(Runner.run_streamed(a_chain(1), "go"))
    assert not [word for word in words if word.startswith(">")]


async def test_the_events_of_a_nested_run_stand_between_its_call_and_its_output():
    words = await told(Runner.run_streamed(a_chain(1), "go"), nested=True)
    assert words == [
        *["AGENT(N0)", "RAW", "tool_called"],
        *inner_words(">c1", "N1", "seen", "done 1"),
        *["tool_output(done 1)", "RAW", "message_output_created"],
    ]


async def test_a_run_inside_a_nested_run_stands_in_place_two_deep():
    words = await told(Runner.run_streamed(a_chain(2), "go"), nested=True)
    middle = inner_words(">c1", "N1", "done 2", "done 1")
    assert words == [
        *["AGENT(N0)", "RAW", "tool_called"],
        *middle[:3],
        *inner_words(">>c2", "N2", "seen", "done 2"),
        *middle[3:],
        *["tool_output(done 1)", "RAW", "message_output_created"],
    ]


async def test_each_event_names_all_calls_around_it():
    events = [e async for e in Runner.run_streamed(a_chain(3), "go").stream_events(nested=True)]
    nested = [e for e in events if e.type == "nested_stream_event"]
    assert {(e.depth, e.tool_call_id, e.path) for e in nested} == {
        (1, "c1", ("c1",)),
        (2, "c2", ("c1", "c2")),
        (3, "c3", ("c1", "c2", "c3")),
    }


async def test_two_nested_runs_side_by_side_are_told_apart():
    both_run = asyncio.Barrier(2)

    @function_tool
    async def meet() -> str:
        await both_run.wait()
        return "met"

    subs = [an_agent([call("meet")], [say("ok")], name=name, tools=[meet]) for name in ("X", "Y")]
    outer = an_agent(
        [call("x", {"input": "q"}, "c1"), call("y", {"input": "q"}, "c2")],
        [say("done")],
        tools=[sub.as_tool(sub.name.lower(), "") for sub in subs],
    )
    words = await told(Runner.run_streamed(outer, "go"), nested=True)
    for call_id, name in (("c1", "X"), ("c2", "Y")):
        mine = [word for word in words if word.startswith(f">{call_id}")]
        # With the other's events between them, raw events need not be neighbours.
        once = [word for at, word in enumerate(mine) if word != mine[at - 1]]
        assert once == inner_words(f">{call_id}", name, "met", "ok")


async def test_a_pause_two_deep_goes_on_two_deep_also_through_json():
    outer = a_chain(2, tool="danger")
    result = Runner.run_streamed(outer, "go")
    words = await told(result, nested=True)
    assert words[-1] == ">>c2 tool_called"
    assert [item.call_id for item in result.interruptions] == ["c3"]
    state = await RunState.from_string(outer, result.to_state().to_string())
    state.approve(state.get_interruptions()[0])
    resumed = Runner.run_streamed(outer, state)
    assert await told(resumed, nested=True) == [
        "AGENT(N0)",
        ">c1 AGENT(N1)",
        ">>c2 AGENT(N2)",
        ">>c2 tool_output(danger)",
        ">>c2 RAW",
        ">>c2 message_output_created",
        ">c1 tool_output(done 2)",
        ">c1 RAW",
        ">c1 message_output_created",
        "tool_output(done 1)",
        "RAW",
        "message_output_created",
    ]


async def test_the_events_of_a_nested_run_that_fails_are_told_up_to_its_failure():
    sub = an_agent([call("look")], OSError("gone"), name="Sub", tools=[look])
    outer = an_agent(
        [call("ask", {"input": "q"}, "c1")], [say("ok")], tools=[sub.as_tool("ask", "")]
    )
    words = await told(Runner.run_streamed(outer, "go"), nested=True)
    assert [word for word in words if word.startswith(">")] == [
        ">c1 AGENT(Sub)",
        ">c1 RAW",
        ">c1 tool_called",
        ">c1 tool_output(seen)",
    ]
    assert words[-1] == "message_output_created"
