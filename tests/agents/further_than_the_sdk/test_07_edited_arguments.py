"""Part 2, point 7: a person may change the arguments of a call before it runs."""

from __future__ import annotations

import json
from typing import Annotated

import pytest
from pydantic import AfterValidator

from tests.agents.telling import told
from tui.agents import (
    Agent,
    FunctionTool,
    RunHooks,
    Runner,
    ToolContext,
    ToolOutputText,
    UserError,
    function_tool,
)
from tui.agents.models.scripted import ScriptedModel, call, say

NOTE = '(arguments changed by the operator to {"x": 2})'


def recorder(**options):
    """Return a tool that needs approval, and the list of the contexts it ran with."""
    ran = []

    @function_tool(name_override="danger", **{"needs_approval": True, **options})
    def tool(ctx: ToolContext, x: int) -> str:
        ran.append((x, ctx))
        return f"danger {x}"

    return tool, ran


def an_agent(*turns, tools, name="A", **options):
    return Agent(name=name, model=ScriptedModel(turns), tools=tools, **options)


async def a_paused_state(agent):
    return (await Runner.run(agent, "go")).to_state()


async def test_the_tool_runs_with_the_changed_arguments_and_the_model_is_told(kept):
    danger, ran = recorder()
    agent = an_agent([call("danger", {"x": 1}, "c1")], [say("done")], tools=[danger])
    state = await kept(agent, await a_paused_state(agent))
    state.approve(state.get_interruptions()[0], arguments={"x": 2})
    state = await kept(agent, state)
    assert "tool_output(danger 2)" in await told(Runner.run_streamed(agent, state))
    [(x, context)] = ran
    assert x == 2
    assert context.edited_arguments == json.loads(context.tool_arguments) == {"x": 2}
    assert context.tool_call.arguments == '{"x": 1}'
    sent = agent.model.requests[-1].input
    assert sent[1]["arguments"] == '{"x": 1}'
    assert sent[2]["output"] == f"{NOTE}\ndanger 2"


async def test_the_edit_is_recorded_beside_the_original(kept):
    danger, _ = recorder()
    agent = an_agent([call("danger", {"x": 1}, "c1")], [say("done")], tools=[danger])
    state = await a_paused_state(agent)
    state.approve(state.get_interruptions()[0], arguments={"x": 2})
    [decided] = state.to_json()["context"]["approvals"]["calls"]
    assert decided["arguments"] == {"x": 2}
    result = await Runner.run(agent, state)
    read = await kept(agent, result.to_state())
    called, output = read.generated_items[0], read.generated_items[2]
    assert called.raw_item.arguments == '{"x": 1}'
    assert output.edited_arguments == {"x": 2}
    assert output.output == "danger 2"


WRONG = [
    ({"x": "two"}, "x: 'two' is not of type 'integer'"),
    ({}, "'x' is a required property"),
    ({"x": 2, "y": 3}, "Additional properties are not allowed ('y' was unexpected)"),
    ([2], "[2] is not of type 'object'"),
]


@pytest.mark.parametrize(("arguments", "fault"), WRONG)
async def test_a_wrong_edit_is_an_error_and_the_call_stays_pending(kept, arguments, fault):
    danger, ran = recorder()
    agent = an_agent([call("danger", {"x": 1})], [say("done")], tools=[danger])
    state = await kept(agent, await a_paused_state(agent))
    with pytest.raises(UserError, match="do not fit danger") as failed:
        state.approve(state.get_interruptions()[0], arguments=arguments)
    assert fault in str(failed.value)
    assert not state.has_decisions
    assert (await Runner.run(agent, state)).status == "interrupted"
    assert ran == []


def even(value):
    if value % 2:
        raise ValueError("must be even")
    return value


async def test_the_tools_own_checks_hold_for_an_edit():
    @function_tool(needs_approval=True)
    def pair(x: Annotated[int, AfterValidator(even)]) -> str:
        return f"{x}"

    agent = an_agent([call("pair", {"x": 2})], [say("done")], tools=[pair])
    state = await a_paused_state(agent)
    with pytest.raises(UserError, match="must be even"):
        state.approve(state.get_interruptions()[0], arguments={"x": 3})


async def test_a_tool_without_a_function_of_python_is_checked_by_its_schema():
    async def invoke(ctx, arguments):
        return arguments

    schema = {
        "type": "object",
        "properties": {
            "to": {"enum": ["a", "b"]},
            "tags": {"type": "array", "items": {"$ref": "#/$defs/tag"}, "maxItems": 2},
            "note": {"anyOf": [{"type": "string", "pattern": "^n"}, {"type": "null"}]},
        },
        "required": ["to"],
        "additionalProperties": False,
        "$defs": {"tag": {"type": "string", "minLength": 2}},
    }
    send = FunctionTool("send", "", schema, invoke, strict_json_schema=False, needs_approval=True)
    agent = an_agent([call("send", {"to": "a"})], [say("done")], tools=[send])
    state = await a_paused_state(agent)
    for wrong in (
        {"to": "c"},
        {"to": "a", "tags": ["long", "x"]},
        {"to": "a", "tags": ["long"] * 3},
        {"to": "a", "note": "x"},
        {"to": "a", "note": 1},
    ):
        with pytest.raises(UserError, match="do not fit send"):
            state.approve(state.get_interruptions()[0], arguments=wrong)
    edit = {"to": "b", "tags": ["long"], "note": None}
    state.approve(state.get_interruptions()[0], arguments=edit)
    result = await Runner.run(agent, state)
    assert json.loads(result.new_items[-2].output) == edit


async def test_the_last_decision_wins_over_an_edit(kept):
    danger, ran = recorder()
    agent = an_agent([call("danger", {"x": 1})], [say("done")], tools=[danger])
    state = await kept(agent, await a_paused_state(agent))
    [item] = state.get_interruptions()
    state.approve(item, arguments={"x": 2})
    state.approve(item)
    result = await Runner.run(agent, state)
    assert [x for x, _ in ran] == [1]
    assert result.new_items[-2].edited_arguments is None


async def test_an_edit_is_of_one_call_only():
    danger, _ = recorder()
    agent = an_agent([call("danger", {"x": 1})], tools=[danger])
    state = await a_paused_state(agent)
    with pytest.raises(UserError, match="of one call"):
        state.approve(state.get_interruptions()[0], always_approve=True, arguments={"x": 2})


async def test_a_call_inside_a_nested_run_can_be_changed(kept):
    danger, ran = recorder()
    sub = an_agent([call("danger", {"x": 1})], [say("sub done")], name="Sub", tools=[danger])
    outer = an_agent([call("ask", {"input": "q"})], [say("done")], tools=[sub.as_tool("ask", "")])
    state = await kept(outer, await a_paused_state(outer))
    with pytest.raises(UserError, match="do not fit danger"):
        state.approve(state.get_interruptions()[0], arguments={"x": "two"})
    state.approve(state.get_interruptions()[0], arguments={"x": 2})
    result = await Runner.run(outer, await kept(outer, state))
    assert [x for x, _ in ran] == [2]
    assert result.final_output == "done"
    assert sub.model.requests[-1].input[-1]["output"] == f"{NOTE}\ndanger 2"


async def test_what_an_agent_used_as_a_tool_is_given_can_be_changed():
    sub = an_agent([say("sub done")], name="Sub", tools=[])
    ask = sub.as_tool("ask", "", needs_approval=True)
    outer = an_agent([call("ask", {"input": "q"})], [say("done")], tools=[ask])
    state = await a_paused_state(outer)
    state.approve(state.get_interruptions()[0], arguments={"input": "better"})
    await Runner.run(outer, state)
    assert sub.model.requests[0].input == [{"role": "user", "content": "better"}]
    answer = '(arguments changed by the operator to {"input": "better"})\nsub done'
    assert outer.model.requests[-1].input[-1]["output"] == answer


async def test_who_hears_of_a_request_can_decide_it_with_changed_arguments():
    class Deciding(RunHooks):
        async def on_approval_requested(self, context, agent, tool, item):
            context.approve_tool(item, arguments={"x": 2})

    danger, ran = recorder()
    agent = an_agent([call("danger", {"x": 1})], [say("done")], tools=[danger])
    paused = await Runner.run(agent, "go", hooks=Deciding())
    await Runner.run(agent, paused.to_state())
    assert [x for x, _ in ran] == [2]


async def test_the_line_stands_before_other_outputs_and_failures_too():
    @function_tool(needs_approval=True)
    def show(x: int) -> ToolOutputText:
        if x == 3:
            raise LookupError
        return ToolOutputText("seen")

    agent = an_agent(
        [call("show", {"x": 1}, "c1"), call("show", {"x": 1}, "c2")], [say("ok")], tools=[show]
    )
    state = await a_paused_state(agent)
    for item, x in zip(state.get_interruptions(), (2, 3), strict=True):
        state.approve(item, arguments={"x": x})
    await Runner.run(agent, state)
    parts, text = (item["output"] for item in agent.model.requests[-1].input[-2:])
    assert [part["text"] for part in parts] == [NOTE, "seen"]
    assert text.splitlines()[0] == NOTE.replace("2", "3")
    assert "error occurred" in text


async def test_the_last_tools_value_is_the_final_output_without_the_line():
    danger, _ = recorder()
    agent = an_agent(
        [call("danger", {"x": 1})], tools=[danger], tool_use_behavior="stop_on_first_tool"
    )
    state = await a_paused_state(agent)
    state.approve(state.get_interruptions()[0], arguments={"x": 2})
    assert (await Runner.run(agent, state)).final_output == "danger 2"
