"""Part 2, point 12: a tool says whether it may be repeated, and knows a repetition by its key."""

from __future__ import annotations

import asyncio

from tui.agents import Agent, Runner, RunState, ToolContext, function_tool
from tui.agents.models.scripted import ScriptedModel, call, say


def pay_tool(**options):
    """Return a tool, and the keys it ran with."""
    keys = []

    @function_tool(name_override="pay", **options)
    def pay(ctx: ToolContext) -> str:
        keys.append(ctx.idempotency_key)
        return "paid"

    return pay, keys


def an_agent(*turns, tools, name="A"):
    return Agent(name=name, model=ScriptedModel(turns), tools=tools)


def test_a_tool_is_not_safe_to_retry_unless_it_says_so():
    assert not pay_tool()[0].safe_to_retry
    assert pay_tool(safe_to_retry=True)[0].safe_to_retry


async def test_the_key_is_of_the_run_and_the_call():
    pay, keys = pay_tool()
    agent = an_agent(
        [call("pay", call_id="c1")], [call("pay", call_id="c2")], [say("x")], tools=[pay]
    )
    result = await Runner.run(agent, "go")
    assert keys == [f"{result.run_id}/c1", f"{result.run_id}/c2"]


async def test_no_two_runs_share_a_key():
    pay, keys = pay_tool()
    for _ in range(2):
        agent = an_agent([call("pay", call_id="c1")], [say("x")], tools=[pay])
        await Runner.run(agent, "go")
    assert len(set(keys)) == 2


async def test_the_run_keeps_its_id_over_pauses_and_through_json():
    pay, keys = pay_tool(needs_approval=True)
    agent = an_agent([call("pay", call_id="c1")], [say("x")], tools=[pay])
    paused = await Runner.run(agent, "go")
    state = await RunState.from_string(agent, paused.to_state().to_string())
    state.approve(state.get_interruptions()[0])
    resumed = await Runner.run(agent, state)
    assert keys == [f"{paused.run_id}/c1"]
    assert resumed.run_id == paused.run_id


async def test_a_nested_run_keeps_its_own_id_over_pauses():
    pay, keys = pay_tool(needs_approval=True)
    seen, seen_keys = pay_tool()
    seen.name = "look"
    sub = an_agent(
        [call("look", call_id="i0")],
        [call("pay", call_id="i1")],
        [say("x")],
        tools=[pay, seen],
        name="Sub",
    )
    outer = an_agent([call("ask", {"input": "q"})], [say("x")], tools=[sub.as_tool("ask", "")])
    paused = await Runner.run(outer, "go")
    state = await RunState.from_string(outer, paused.to_state().to_string())
    state.approve(state.get_interruptions()[0])
    await Runner.run(outer, state)
    assert keys[0].split("/")[0] == seen_keys[0].split("/")[0] != paused.run_id


async def test_a_call_that_is_made_again_after_a_cancel_has_the_same_key():
    keys, goes_on = [], asyncio.Event()

    @function_tool(safe_to_retry=True, needs_approval=True)
    async def pay(ctx: ToolContext) -> str:
        keys.append(ctx.idempotency_key)
        if len(keys) == 1:
            goes_on.set()
            await asyncio.Event().wait()
        return "paid"

    agent = an_agent([call("pay", call_id="c1")], [say("x")], tools=[pay])
    state = (await Runner.run(agent, "go")).to_state()
    state.approve(state.get_interruptions()[0])
    cancelled = Runner.run_streamed(agent, state)
    await goes_on.wait()
    await cancelled.aclose()
    resumed = await Runner.run(agent, cancelled.to_state())
    assert resumed.final_output == "x"
    assert keys[0] == keys[1]
