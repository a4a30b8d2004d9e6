"""What a tool and the hooks around it see of a call."""

from __future__ import annotations

from dataclasses import fields

from tests.agents.one_call import FAILURE_TEXT, output_of
from tui.agents import (
    Agent,
    RunContextWrapper,
    RunHooks,
    Runner,
    ToolContext,
    function_tool,
)
from tui.agents.models.scripted import ScriptedModel, call, say


async def test_the_first_parameter_may_be_the_context():
    @function_tool
    def with_context(ctx: RunContextWrapper[str], x: int) -> str:
        return f"{ctx.context} {x}"

    @function_tool
    def with_call(ctx: ToolContext[str]) -> str:
        return f"{ctx.tool_name} {ctx.tool_call_id} {ctx.tool_arguments} {ctx.agent.name}"

    assert (await output_of(with_context, '{"x": 1}', context="mine")).output == "mine 1"
    assert (await output_of(with_call)).output == "with_call c1 {} A"
    assert "ctx" not in with_context.params_json_schema["properties"]


async def test_a_context_made_by_a_run_has_every_field():
    made: list[dict[str, object]] = []
    contexts: list[dict[str, object]] = []

    @function_tool
    def look(ctx: ToolContext[str]) -> str:
        made.append({field.name: getattr(ctx, field.name) for field in fields(ctx)})
        contexts.append(vars(ctx))
        return repr(ctx)

    item = await output_of(look, context="mine")
    (seen,) = made
    assert seen["context"] == "mine"
    assert seen["turn_input"] == [{"content": "go", "role": "user"}]
    assert seen.keys() <= contexts[0].keys(), "also without what a class has by itself"
    assert (seen["failure"], seen["edited_arguments"]) == (None, None)
    assert seen["tool_call"].call_id == item.call_id


async def test_every_turn_and_call_is_shown_what_the_run_was_asked_in_a_list_of_its_own():
    seen: list[object] = []

    @function_tool
    async def spoil(ctx: ToolContext) -> str:
        seen.append(list(ctx.turn_input))
        ctx.turn_input.append({"spoilt": True})
        return ""

    class Hooks(RunHooks):
        async def on_agent_start(self, context, agent):
            seen.append(list(context.turn_input))

        async def on_llm_start(self, context, *_):
            seen.append(list(context.turn_input))

    model = ScriptedModel([[call("spoil"), call("spoil")], [call("spoil")], [say("done")]])
    agent = Agent(name="A", model=model, tools=[spoil])
    result = await Runner.run(agent, "hi", hooks=Hooks())
    asked = [{"content": "hi", "role": "user"}]
    assert seen == [asked] * 7
    assert result.context_wrapper.turn_input == asked


async def test_hooks_hear_of_each_tools_start_and_end_and_its_failure():
    heard = []

    class Hooks(RunHooks):
        async def on_tool_start(self, context, agent, tool):
            heard.append(("start", context.tool_call_id))

        async def on_tool_end(self, context, agent, tool, result):
            heard.append(("end", context.failure.message, result))

    @function_tool
    def fail() -> str:
        raise ValueError("boom")

    await output_of(fail, hooks=Hooks())
    assert heard == [("start", "c1"), ("end", "boom", FAILURE_TEXT)]
