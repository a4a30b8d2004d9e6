"""Part 2, point 6: a request is told at once; what is decided meanwhile counts after the pause."""

from __future__ import annotations

import asyncio

import pytest

from tests.agents.telling import told
from tui.agents import Agent, RunHooks, Runner, RunState, function_tool
from tui.agents.models.scripted import ScriptedModel, call, say


class Deciding(RunHooks):
    """Decides each request as soon as it hears of it."""

    def __init__(self, decide):
        self.decide = decide
        self.asked = asyncio.Event()

    async def on_approval_requested(self, context, agent, tool, item):
        self.decide(context, item)
        self.asked.set()


def approve(context, item):
    context.approve_tool(item)


def reject(context, item):
    context.reject_tool(item, rejection_message="not now")


def recorder():
    ran = []

    @function_tool(needs_approval=True)
    def danger() -> str:
        ran.append("danger")
        return "danger"

    return danger, ran


def an_agent(*turns, tools, name="A"):
    return Agent(name=name, model=ScriptedModel(turns), tools=tools)


def a_turn_with_a_free_tool(hooks):
    @function_tool
    async def waits_for_the_request() -> str:
        await hooks.asked.wait()
        return "free"

    danger, ran = recorder()
    calls = [call("waits_for_the_request"), call("danger", call_id="c2")]
    return an_agent(calls, [say("done")], tools=[waits_for_the_request, danger]), ran


async def test_a_request_is_told_while_free_tools_of_its_turn_still_run():
    hooks = Deciding(lambda context, item: None)
    agent, _ = a_turn_with_a_free_tool(hooks)
    result = Runner.run_streamed(agent, "go", hooks=hooks)
    assert (await told(result))[-1] == "tool_output(free)"
    assert [item.call_id for item in result.interruptions] == ["c2"]


@pytest.mark.parametrize(
    ("decide", "output"), [(approve, "danger"), (reject, "not now")], ids=["approve", "reject"]
)
@pytest.mark.parametrize("keeps", ["in memory", "through JSON"])
async def test_what_is_decided_early_is_kept_and_the_order_of_events_stays(decide, output, keeps):
    hooks = Deciding(decide)
    agent, ran = a_turn_with_a_free_tool(hooks)
    result = Runner.run_streamed(agent, "go", hooks=hooks)
    words = await told(result)
    assert words[2:] == ["tool_called", "tool_called", "tool_output(free)"]
    assert (result.status, ran) == ("interrupted", [])
    assert len(agent.model.requests) == 1
    state = result.to_state()
    assert state.has_decisions
    if keeps == "through JSON":
        state = await RunState.from_string(agent, state.to_string())
    assert await told(Runner.run_streamed(agent, state)) == [
        "AGENT(A)",
        f"tool_output({output})",
        "RAW",
        "message_output_created",
    ]
    assert len(ran) == (decide is approve)


async def test_the_same_request_is_told_once():
    heard = []
    hooks = Deciding(lambda context, item: heard.append(item.call_id))
    agent, _ = a_turn_with_a_free_tool(hooks)
    paused = await Runner.run(agent, "go", hooks=hooks)
    await Runner.run(agent, paused.to_state(), hooks=hooks)
    assert heard == ["c2"]


@pytest.mark.parametrize("depth", [1, 2])
async def test_a_nested_request_can_be_decided_until_the_outer_segment_ends(depth):
    was_asked, was_decided, kept = asyncio.Event(), asyncio.Event(), []

    class Keeping(RunHooks):
        async def on_approval_requested(self, context, agent, tool, item):
            kept.append((context, item))
            was_asked.set()

    @function_tool
    async def slow() -> str:
        await was_decided.wait()
        return "slow"

    danger, ran = recorder()
    agent = an_agent([call("danger")], [say("inner done")], name="Sub", tools=[danger])
    for at in range(depth):
        ask = agent.as_tool("ask", "")
        calls = (
            [call("ask", {"input": "q"}), call("slow")]
            if at == depth - 1
            else [call("ask", {"input": "q"})]
        )
        agent = an_agent(calls, [say("done")], name=f"N{at}", tools=[ask, slow])
    result = Runner.run_streamed(agent, "go", hooks=Keeping())
    await was_asked.wait()
    for _ in range(50):
        # The nested run has paused long since; only the slow tool keeps the segment open.
        await asyncio.sleep(0)
    context, item = kept[0]
    context.approve_tool(item)
    was_decided.set()
    await told(result)
    assert result.status == "interrupted"
    state = await RunState.from_string(agent, result.to_state().to_string())
    resumed = await Runner.run(agent, state)
    assert (resumed.final_output, ran) == ("done", ["danger"])
