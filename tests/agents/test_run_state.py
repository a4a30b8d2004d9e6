"""What a state keeps through JSON, and what it refuses to read."""

from __future__ import annotations

import json

import pytest

from tui.agents import Agent, Runner, RunState, ToolApprovalItem, UserError, function_tool
from tui.agents.models.scripted import ScriptedModel, call, reason, say
from tui.responses.events import decode_item


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


async def test_a_value_that_is_no_json_is_kept_as_the_model_got_it():
    @function_tool
    def odd() -> object:
        return {1, 2} if numbers else float("nan")

    for numbers in (True, False):
        agent = an_agent([call("odd")], [say("done")], tools=[odd])
        result = await Runner.run(agent, "go")
        [output] = [item.raw_item["output"] for item in result.new_items[1:2]]
        state = await through_json(agent, result.to_state())
        assert state.generated_items[1].output == output == ("{1, 2}" if numbers else "nan")


@pytest.mark.parametrize("context", [{"a": object()}, {"a": float("nan")}, "text", [1]])
async def test_a_context_that_cannot_be_written_does_not_stop_the_rest(context):
    agent, result = await a_paused_run(context=context)
    text = result.to_state().to_string()
    state = await RunState.from_string(agent, text, context_override=context)
    state.approve(state.get_interruptions()[0])
    assert (await Runner.run(agent, state)).context_wrapper.context is context


async def test_the_text_is_one_that_any_file_takes():
    agent = an_agent([say("\ud83d half")], name="Ä")
    result = await Runner.run(agent, [{"role": "user", "content": "\udc80"}])
    text = result.to_state().to_string()
    assert text.isascii()
    state = await RunState.from_string(agent, text)
    assert state.original_input[0]["content"] == "\udc80"


async def test_input_of_openai_objects_is_written_too():
    asked = decode_item({"type": "message", "id": "m1", "role": "assistant", "content": []})
    agent = an_agent([say("done")])
    result = await Runner.run(agent, [asked, {"role": "user", "content": "go"}])
    state = await through_json(agent, result.to_state())
    assert state.original_input[0]["id"] == "m1"


async def test_what_can_never_be_written_is_an_error_that_says_so():
    state = (await a_paused_run())[1].to_state()
    state.add_input([{"role": "user", "content": object()}])
    with pytest.raises(UserError, match="cannot be written as JSON"):
        state.to_string()


async def test_the_key_of_traces_is_never_written():
    state = (await a_paused_run())[1].to_state()
    state.to_json(include_tracing_api_key=False)
    with pytest.raises(UserError, match="include_tracing_api_key"):
        state.to_json(include_tracing_api_key=True)


async def test_a_decision_on_an_unknown_call_is_taken_without_a_word():
    _, result = await a_paused_run()
    state, (item,) = result.to_state(), result.interruptions
    raw = decode_item({"type": "function_call", "name": "x", "call_id": "?", "arguments": "{}"})
    state.approve(ToolApprovalItem(item.agent, raw))
    assert not state.has_decisions


ENDING = [
    ("stop_on_first_tool", False),
    ({"stop_at_tool_names": ["danger"]}, False),
    ({"stop_at_tool_names": ["free"]}, False),
    ({"stop_at_tool_names": ["other"]}, True),
    (lambda _context, _results: None, False),
    ("run_llm_again", True),
]


@pytest.mark.parametrize(("behavior", "takes_it"), ENDING)
async def test_input_is_refused_where_a_waiting_tool_may_end_the_run(behavior, takes_it):
    agent = an_agent([call("free"), call("danger", {"x": 1})], tools=[danger, free])
    agent.tool_use_behavior = behavior
    state = (await Runner.run(agent, "go")).to_state()
    if takes_it:
        state.add_input("more")
        return
    with pytest.raises(UserError, match="may end this run"):
        state.add_input("more")


async def test_a_handoff_beside_the_waiting_tool_goes_on_whatever_ran():
    b = an_agent(name="B")
    agent = an_agent([call("free"), call("danger", {"x": 1}), call("transfer_to_b")], handoffs=[b])
    agent.tools, agent.tool_use_behavior = [danger, free], {"stop_at_tool_names": ["free"]}
    (await Runner.run(agent, "go")).to_state().add_input("more")


async def test_a_state_of_a_run_that_is_over_asks_the_model_again():
    agent = an_agent([say("first")], [say("second")])
    state = await through_json(agent, (await Runner.run(agent, "go")).to_state())
    assert (await Runner.run(agent, state)).final_output == "second"
