"""Tool calls that wait for a person: what is asked, decided, and done."""

from __future__ import annotations

import asyncio

import pytest

from tests.agents.telling import told
from tui.agents import Agent, RunHooks, Runner, RunState, UserError, function_tool
from tui.agents.models.scripted import ScriptedModel, call, say

REFUSED = "tool_output(Tool execution was not approved.)"


def recorder(name="danger", **options):
    """Return a tool that needs approval, and the list of what it was run with."""
    ran = []

    @function_tool(name_override=name, **{"needs_approval": True, **options})
    def tool(x: int = 0) -> str:
        ran.append(x)
        return f"{name} {x}"

    return tool, ran


@function_tool
def free(x: int) -> str:
    return f"free {x}"


def an_agent(*turns, tools, name="A", **options):
    return Agent(name=name, model=ScriptedModel(turns), tools=tools, **options)


async def paused(agent, given="go", **options):
    result = Runner.run_streamed(agent, given, **options)
    words = await told(result)
    assert result.interruptions
    assert result.status == "interrupted"
    return result, words


async def test_a_call_that_needs_approval_ends_the_stream_without_an_event_of_its_own():
    danger, ran = recorder()
    agent = an_agent([say("hm"), call("danger", {"x": 1}, "c1")], tools=[danger])
    result, words = await paused(agent)
    assert words == ["AGENT(A)", "RAW", "message_output_created", "tool_called"]
    assert ran == []
    assert result.final_output is None
    [item] = result.interruptions
    assert (item.tool_name, item.arguments, item.call_id) == ("danger", '{"x": 1}', "c1")
    assert item.agent is agent


async def test_an_approved_call_runs_once_and_the_model_goes_on(kept):
    danger, ran = recorder()
    agent = an_agent([call("danger", {"x": 1})], [say("done")], tools=[danger])
    result, _ = await paused(agent)
    state = await kept(agent, result.to_state())
    state.approve(state.get_interruptions()[0])
    resumed = Runner.run_streamed(agent, state)
    assert await told(resumed) == [
        "AGENT(A)",
        "tool_output(danger 1)",
        "RAW",
        "message_output_created",
    ]
    assert ran == [1]
    assert resumed.final_output == "done"


@pytest.mark.parametrize("message", [None, "not on a Friday"])
async def test_a_rejected_call_is_answered_with_the_reason(kept, message):
    danger, ran = recorder()
    agent = an_agent([call("danger")], [say("done")], tools=[danger])
    result, _ = await paused(agent)
    state = await kept(agent, result.to_state())
    state.reject(state.get_interruptions()[0], rejection_message=message)
    words = await told(Runner.run_streamed(agent, state))
    assert words[1] == (REFUSED if message is None else f"tool_output({message})")
    assert ran == []


async def test_without_a_decision_the_same_call_is_asked_again_and_no_model_called(kept):
    danger, _ = recorder()
    agent = an_agent([call("danger", call_id="c1")], tools=[danger])
    result, _ = await paused(agent)
    again, words = await paused(agent, await kept(agent, result.to_state()))
    assert words == ["AGENT(A)"]
    assert [item.call_id for item in again.interruptions] == ["c1"]
    assert len(agent.model.requests) == 1


async def test_decisions_come_one_by_one(kept):
    danger, ran = recorder()
    calls = [call("danger", {"x": 1}), call("free", {"x": 2}), call("danger", {"x": 3})]
    agent = an_agent(calls, [say("done")], tools=[danger, free])
    first, words = await paused(agent)
    assert words[2:] == [*["tool_called"] * 3, "tool_output(free 2)"]
    state = await kept(agent, first.to_state())
    state.approve(state.get_interruptions()[0])
    second, words = await paused(agent, state)
    assert words == ["AGENT(A)", "tool_output(danger 1)"]
    state = await kept(agent, second.to_state())
    [left] = state.get_interruptions()
    state.reject(left)
    assert (await told(Runner.run_streamed(agent, state)))[:2] == ["AGENT(A)", REFUSED]
    assert ran == [1]


async def test_the_last_decision_wins():
    danger, ran = recorder()
    agent = an_agent([call("danger")], [say("done")], tools=[danger])
    result, _ = await paused(agent)
    state = result.to_state()
    [item] = state.get_interruptions()
    state.approve(item)
    state.reject(item)
    await told(Runner.run_streamed(agent, state))
    assert ran == []


async def test_always_covers_pending_siblings_and_later_turns(kept):
    danger, ran = recorder()
    agent = an_agent(
        [call("danger", {"x": 1}), call("danger", {"x": 2})],
        [call("danger", {"x": 3})],
        [say("done")],
        tools=[danger],
    )
    result, _ = await paused(agent)
    state = await kept(agent, result.to_state())
    state.approve(state.get_interruptions()[0], always_approve=True)
    await told(Runner.run_streamed(agent, state))
    assert ran == [1, 2, 3]


async def test_deciding_on_a_state_leaves_the_result_it_came_from_alone():
    danger, ran = recorder()
    agent = an_agent([call("danger")], tools=[danger])
    result, _ = await paused(agent)
    approved, untouched = result.to_state(), result.to_state()
    approved.approve(approved.get_interruptions()[0])
    await paused(agent, untouched)
    assert ran == []


async def test_a_handoff_waits_for_the_call_beside_it(kept):
    danger, _ = recorder()
    b = an_agent([say("b")], name="B", tools=[])
    a = an_agent([call("danger", {"x": 1}), call("transfer_to_b")], tools=[danger], handoffs=[b])
    result, words = await paused(a)
    assert words[2:] == ["tool_called", "handoff_requested"]
    state = await kept(a, result.to_state())
    state.approve(state.get_interruptions()[0])
    assert (await told(Runner.run_streamed(a, state)))[:4] == [
        "AGENT(A)",
        "tool_output(danger 1)",
        "handoff_occured",
        "AGENT(B)",
    ]


async def test_a_pause_after_a_handoff_resumes_with_the_agent_that_paused(kept):
    danger, ran = recorder()
    b = an_agent([call("danger", {"x": 1})], [say("b")], name="B", tools=[danger])
    a = an_agent([call("transfer_to_b")], tools=[], handoffs=[b])
    result, _ = await paused(a)
    state = await kept(a, result.to_state())
    state.approve(state.get_interruptions()[0])
    resumed = Runner.run_streamed(a, state)
    assert (await told(resumed))[0] == "AGENT(B)"
    assert ran == [1]
    assert resumed.last_agent is b


async def test_max_turns_comes_from_the_state():
    danger, _ = recorder()
    agent = an_agent([call("danger")], [call("danger")], tools=[danger])
    result, _ = await paused(agent, max_turns=1)
    state = result.to_state()
    state.approve(state.get_interruptions()[0])
    resumed = Runner.run_streamed(agent, state, max_turns=5)
    with pytest.raises(Exception, match="Max turns"):
        await told(resumed)


async def test_a_request_is_told_to_the_hooks_while_free_tools_still_run():
    asked = asyncio.Event()

    class Hooks(RunHooks):
        async def on_approval_requested(self, context, agent, tool, item):
            assert context.tool_call_id == item.call_id == "c2"
            asked.set()

    @function_tool
    async def waits_for_the_request() -> str:
        await asked.wait()
        return "ok"

    danger, _ = recorder()
    agent = an_agent(
        [call("waits_for_the_request"), call("danger", call_id="c2")],
        tools=[waits_for_the_request, danger],
    )
    _, words = await paused(agent, hooks=Hooks())
    assert words[-1] == "tool_output(ok)"


async def test_input_added_in_a_pause_reaches_the_model_after_the_tools_answer(kept):
    danger, _ = recorder()
    agent = an_agent([call("danger", {"x": 1})], [say("done")], tools=[danger])
    result, _ = await paused(agent)
    state = result.to_state()
    state.add_input("hurry up")
    state = await kept(agent, state)
    state.approve(state.get_interruptions()[0])
    resumed = await Runner.run(agent, state)
    sent = agent.model.requests[-1].input
    assert [entry.get("type", entry.get("role")) for entry in sent] == [
        "user",
        "function_call",
        "function_call_output",
        "user",
    ]
    assert "input_item" in [item.type for item in resumed.new_items]


async def test_input_cannot_be_added_to_a_run_that_is_over():
    result = await Runner.run(an_agent([say("done")], tools=[]), "go")
    with pytest.raises(UserError, match="start a new run"):
        result.to_state().add_input("more")


async def test_a_nested_request_is_asked_outside_and_decided_inside(kept):
    danger, ran = recorder()
    sub = an_agent(
        [call("danger", {"x": 1}, "inner")], [say("sub done")], name="Sub", tools=[danger]
    )
    outer = an_agent(
        [call("ask_sub", {"input": "do it"}, "outer")],
        [say("done")],
        tools=[sub.as_tool("ask_sub", "asks")],
    )
    result, words = await paused(outer)
    assert words == ["AGENT(A)", "RAW", "tool_called"]
    [item] = result.interruptions
    assert (item.call_id, item.agent) == ("inner", sub)
    assert "tool_approval_item" not in [made.type for made in result.new_items]
    state = await kept(outer, result.to_state())
    state.approve(state.get_interruptions()[0])
    resumed = Runner.run_streamed(outer, state)
    assert await told(resumed) == [
        "AGENT(A)",
        "tool_output(sub done)",
        "RAW",
        "message_output_created",
    ]
    assert ran == [1]


async def test_an_undecided_nested_request_is_asked_again(kept):
    danger, _ = recorder()
    sub = an_agent([call("danger", call_id="inner")], name="Sub", tools=[danger])
    outer = an_agent([call("ask", {"input": "x"})], tools=[sub.as_tool("ask", "")])
    result, _ = await paused(outer)
    again, words = await paused(outer, await kept(outer, result.to_state()))
    assert words == ["AGENT(A)"]
    assert [item.call_id for item in again.interruptions] == ["inner"]


async def test_outer_hooks_hear_of_nested_requests():
    heard = []

    class Hooks(RunHooks):
        async def on_approval_requested(self, context, agent, tool, item):
            heard.append((agent.name, tool.name))

    danger, _ = recorder()
    sub = an_agent([call("danger")], name="Sub", tools=[danger])
    middle = an_agent([call("ask", {"input": "x"})], name="M", tools=[sub.as_tool("ask", "")])
    outer = an_agent([call("m", {"input": "x"})], tools=[middle.as_tool("m", "")])
    result, _ = await paused(outer, hooks=Hooks())
    assert heard == [("Sub", "danger")]
    state = await RunState.from_string(outer, result.to_state().to_string())
    assert [item.tool_name for item in state.get_interruptions()] == ["danger"]
