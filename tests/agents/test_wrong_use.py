"""What is given wrongly is refused by a sentence that names it, not by what breaks later."""

from __future__ import annotations

import pytest

from tui.agents import Agent, ModelBehaviorError, RunConfig, Runner, UserError, function_tool
from tui.agents.models.scripted import ScriptedModel, call, say


def an_agent(*turns, **options):
    return Agent(name="A", model=ScriptedModel(turns or [[say("ok")]]), **options)


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"hooks": "abc"}, TypeError, "Run hooks must be RunHooks, got str"),
        ({"run_config": "abc"}, TypeError, "A RunConfig or a dict of its settings is due, got 'a"),
        ({"run_config": {"modl": "x"}}, TypeError, r"RunConfig.* unexpected .*'modl'"),
        ({"input": ["x"]}, UserError, "The input must be a text, a list of input items, or a Run"),
        ({"input": 5}, UserError, "The input must be a text, a list of input items, or a Run"),
    ],
)
async def test_a_runner_says_what_it_cannot_take(given, error, words):
    with pytest.raises(error, match=words):
        await Runner.run(an_agent(), **{"input": "go", **given})


async def test_one_input_item_stands_for_a_list_of_it():
    agent = an_agent()
    await Runner.run(agent, {"role": "user", "content": "hi"})
    assert agent.model.requests[0].input == [{"role": "user", "content": "hi"}]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"hooks": "abc"}, "Agent hooks must be an AgentHooks instance or None, got str"),
        ({"tool_use_behavior": "bogus"}, "Agent tool_use_behavior must be .*, got 'bogus'"),
        ({"tool_use_behavior": 5}, "Agent tool_use_behavior must be .*, got 5"),
        (
            {"model_settings": "warm"},
            "A ModelSettings or a dict of its settings is due, got 'warm'",
        ),
    ],
)
def test_an_agent_says_what_it_cannot_take(given, words):
    with pytest.raises(TypeError, match=words):
        an_agent(**given)


async def test_a_handoff_that_is_none_is_named():
    with pytest.raises(UserError, match="A handoff of A is a str: 'b'"):
        await Runner.run(an_agent(handoffs=["b"]), "go")


def test_what_is_no_function_is_no_tool():
    with pytest.raises(UserError, match="function_tool takes a function, not a int"):
        function_tool(5)


def test_settings_may_be_a_dict():
    assert an_agent(model_settings={"temperature": 0.5}).model_settings.temperature == 0.5
    assert RunConfig(model_settings={"temperature": 0.5}).model_settings.temperature == 0.5


DEEP = '{"x": ' + "[" * 100_000 + "]" * 100_000 + "}"


@pytest.mark.parametrize(
    ("first", "second", "is_the_same"),
    [
        ('{"x": 1, "y": 2}', '{"y": 2,"x":1}', True),
        ('{"x": 1}', '{"x": true}', False),
        ('{"x": 1}', '{"x": 1.0}', False),
        (DEEP, DEEP, True),
        ("{nope", "{nope", True),
    ],
)
async def test_an_id_that_is_used_again_is_of_the_same_call_or_an_error(first, second, is_the_same):
    ran = []

    @function_tool(failure_error_function=None, strict_mode=False)
    def work(x: int = 0, y: int = 0) -> str:
        ran.append(x)
        return ""

    agent = an_agent([call("work", first, "c"), call("work", second, "c")], tools=[work])
    if is_the_same:
        agent.tools[0].failure_error_function = lambda _ctx, _error: "no"
        agent.tool_use_behavior = "stop_on_first_tool"
        result = await Runner.run(agent, "go")
        assert [item.type for item in result.new_items].count("tool_call_output_item") == 1
    else:
        with pytest.raises(ModelBehaviorError, match="Model reused a tool call ID"):
            await Runner.run(agent, "go")
        assert ran == []


@pytest.mark.parametrize("given", [{"hooks": "abc"}, {"run_config": "abc"}])
def test_an_agent_as_a_tool_says_it_when_it_is_made(given):
    with pytest.raises(TypeError, match=r"RunHooks|RunConfig"):
        an_agent().as_tool("a", "d", **given)
