"""What a state keeps through JSON, and what it refuses to read."""

from __future__ import annotations

import json

import pytest

from tui.agents import Agent, Runner, RunState, UserError, function_tool
from tui.agents.models.scripted import ScriptedModel, call, reason, say


@function_tool(needs_approval=True)
def danger(x: int) -> str:
    return f"danger {x}"


@function_tool
def free() -> list[int]:
    return [1]


def an_agent(*turns, name="A", **options):
    return Agent(name=name, model=ScriptedModel(turns), **options)


async def a_paused_run(**options):
    b = an_agent([reason("hm"), call("free"), call("danger", {"x": 1})], [say("done")], name="B")
    b.tools = [danger, free]
    a = an_agent([call("transfer_to_b")], handoffs=[b])
    return a, await Runner.run(a, "go", **options)


def a_state(**changes):
    return {"schema": "tui.agents/run-state", "version": 1, **changes}


async def through_json(agent, state, **options):
    return await RunState.from_string(agent, state.to_string(), **options)


async def test_all_items_survive():
    agent, result = await a_paused_run()
    state = await through_json(agent, result.to_state())
    assert [item.type for item in state.generated_items] == [i.type for i in result.new_items]
    assert [item.agent for item in state.generated_items] == [i.agent for i in result.new_items]
    wire = [i.to_input_item() for i in state.generated_items if i.type != "tool_approval_item"]
    assert wire == [i.to_input_item() for i in result.new_items if i.type != "tool_approval_item"]


async def test_writing_what_was_read_gives_the_same():
    agent, result = await a_paused_run(context={"user": 7})
    written = result.to_state().to_json()
    again = await RunState.from_json(agent, json.loads(json.dumps(written)))
    assert again.to_json() == written
    assert again.context.context == {"user": 7}


async def test_raw_items_come_back_as_the_openai_objects():
    agent, result = await a_paused_run()
    state = await through_json(agent, result.to_state())
    kinds = [type(item.raw_item).__name__ for item in state.generated_items]
    assert kinds == [type(item.raw_item).__name__ for item in result.new_items]


async def test_a_resumed_result_is_cumulative():
    agent, result = await a_paused_run()
    state = await through_json(agent, result.to_state())
    state.approve(state.get_interruptions()[0])
    resumed = await Runner.run(agent, state)
    assert len(resumed.raw_responses) == 3
    assert resumed.new_items[0].type == "handoff_call_item"
    assert resumed.context_wrapper.usage.requests == 3
    assert resumed.final_output == "done"


async def test_a_context_given_on_resume_replaces_the_old_one():
    agent, result = await a_paused_run(context="old")
    state = await through_json(agent, result.to_state())
    assert state.context.context is None
    state.approve(state.get_interruptions()[0])
    assert (await Runner.run(agent, state, context="new")).context_wrapper.context == "new"


async def test_a_context_that_is_no_json_object_can_be_demanded_or_converted():
    agent, result = await a_paused_run(context=complex(1, 2))
    state = result.to_state()
    with pytest.raises(UserError, match="context_serializer"):
        state.to_json(strict_context=True)
    with pytest.raises(UserError, match="context_override"):
        await RunState.from_json(agent, state.to_json(), strict_context=True)
    data = state.to_json(context_serializer=lambda c: {"re": c.real, "im": c.imag})
    read = await RunState.from_json(
        agent, data, context_deserializer=lambda d: complex(d["re"], d["im"])
    )
    assert read.context.context == complex(1, 2)
    kept = await RunState.from_json(agent, state.to_json(), context_override="given")
    assert kept.context.context == "given"


async def test_pending_input_survives():
    agent, result = await a_paused_run()
    state = result.to_state()
    state.add_input("hurry")
    read = await through_json(agent, state)
    assert read.pending_input == [{"role": "user", "content": "hurry"}]
    read.clear_pending_input()
    assert read.pending_input == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "no run state"),
        (a_state(version=99), "schema version is not supported"),
    ],
)
async def test_unknown_forms_are_refused(data, message):
    with pytest.raises(UserError, match=message):
        await RunState.from_json(an_agent(), data)


async def test_text_that_is_no_json_is_refused():
    with pytest.raises(UserError, match="no run state"):
        await RunState.from_string(an_agent(), "{")


async def test_an_agent_that_is_gone_is_refused():
    _, result = await a_paused_run()
    with pytest.raises(UserError, match="not found in agent map"):
        await through_json(an_agent(), result.to_state())


async def test_a_pending_tool_that_is_gone_or_changed_is_refused():
    agent, result = await a_paused_run()
    text = result.to_state().to_string()
    b = agent.handoffs[0]
    b.tools = [free]
    with pytest.raises(UserError, match="lost the tool danger"):
        await RunState.from_string(agent, text)

    @function_tool(name_override="danger", needs_approval=True)
    def other(y: str) -> str:
        return y

    b.tools = [free, other]
    with pytest.raises(UserError, match="parameters of danger have changed"):
        await RunState.from_string(agent, text)


async def test_two_agents_of_one_name_are_refused():
    twin = an_agent(name="B")
    agent, result = await a_paused_run()
    agent.handoffs.append(twin)
    with pytest.raises(UserError, match="2 agents are called 'B'"):
        await through_json(agent, result.to_state())


async def test_calls_of_one_id_in_two_nested_runs_are_decided_apart():
    ran = []

    @function_tool(needs_approval=True)
    def pay(to: str) -> str:
        ran.append(to)
        return "paid"

    subs = [
        an_agent([call("pay", {"to": name}, "c1")], [say("ok")], name=name, tools=[pay])
        for name in ("X", "Y")
    ]
    agent = an_agent([call("x", {"input": "q"}), call("y", {"input": "q"})], [say("done")])
    agent.tools = [sub.as_tool(sub.name.lower(), "") for sub in subs]
    state = await through_json(agent, (await Runner.run(agent, "go")).to_state())
    to_x, to_y = state.get_interruptions()
    state.reject(to_x)
    state.approve(to_y)
    await Runner.run(agent, state)
    assert ran == ["Y"]
