"""Agents and runs as they are defined: checks, defaults, hooks, handoffs, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import tui.agents
from tests.agents.telling import told
from tui.agents import (
    Agent,
    AgentHooks,
    ItemHelpers,
    ModelSettings,
    RunConfig,
    RunHooks,
    Runner,
    ToolsToFinalOutputResult,
    UserError,
    decorators,
    function_tool,
    handoff,
)
from tui.agents.extensions.handoff_filters import remove_all_tools
from tui.agents.extensions.handoff_prompt import prompt_with_handoff_instructions
from tui.agents.models.scripted import ScriptedModel, call, reason, say


def an_agent(*turns, name="A", **options):
    return Agent(name=name, model=ScriptedModel(turns), **options)


@function_tool
def look() -> str:
    return "seen"


async def by_coroutine(ctx, agent):
    return f"{agent.name} for {ctx.context}"


@pytest.mark.parametrize(
    ("instructions", "expected"),
    [
        (None, None),
        ("be nice", "be nice"),
        (lambda ctx, agent: f"{agent.name} for {ctx.context}", "A for me"),
        (by_coroutine, "A for me"),
    ],
)
async def test_instructions_are_text_or_made_by_a_function(instructions, expected):
    agent = an_agent([say("ok")], instructions=instructions)
    await Runner.run(agent, "go", context="me")
    assert agent.model.requests[0].system_instructions == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": 1},
        {"tools": ()},
        {"handoffs": None},
        {"model": 1},
        {"model_settings": "hot"},
        {"model_settings": {"heat": 1}},
        {"instructions": 1},
        {"instructions": lambda ctx: ""},
        {"handoff_description": 1},
    ],
)
def test_wrong_types_are_refused_at_once(wrong):
    with pytest.raises(TypeError):
        Agent(**{"name": "A", **wrong})


@pytest.mark.parametrize("name", ["sandbox"])
async def test_runs_refuse_by_name_what_is_not_supported(name):
    for start in (Runner.run_streamed, Agent.run_streamed):
        with pytest.raises(UserError, match=name):
            start(Agent(name="A"), "go", **{name: object()})


@pytest.mark.parametrize(
    "unserved",
    [
        {"nest_handoff_history": True},
        {"tool_error_formatter": print},
        {"tool_execution": {"max_function_tool_concurrency": 1}},
        {"tool_name_collision_policy": "raise"},
    ],
)
def test_run_configurations_refuse_by_name_what_is_not_supported(unserved):
    with pytest.raises(UserError, match=next(iter(unserved))):
        RunConfig(**unserved)
    assert RunConfig(tracing_disabled=True, workflow_name="mine").workflow_name == "mine"


def test_a_file_that_traces_runs_and_nothing_is_traced():
    chosen = tui.agents.gen_trace_id()
    with tui.agents.trace("Support", trace_id=chosen, group_id="g", metadata={"a": "b"}) as trace:
        assert (trace.name, trace.trace_id) == ("Support", chosen)
        with tui.agents.custom_span("look", {"for": "it"}):
            assert tui.agents.get_current_trace() is None
    trace.start(mark_as_current=True)
    trace.finish(reset_current=True)
    tui.agents.flush_traces()


def test_all_decorators_stand_in_one_module():
    for name in ("input_guardrail", "output_guardrail", "tool_input_guardrail"):
        assert getattr(decorators, name) is getattr(tui.agents, name)


async def test_a_tool_of_an_unknown_kind_is_refused():
    with pytest.raises(UserError, match="not a known tool"):
        await Runner.run(an_agent([say("ok")], tools=[object()]), "go")


async def test_something_else_than_an_agent_is_refused():
    with pytest.raises(UserError, match="must be an Agent"):
        await Runner.run("A", "go")


def test_a_clone_shares_what_is_not_given_and_follows_its_models_defaults():
    agent = Agent(name="A", tools=[look])
    clone = agent.clone(name="B", model="gpt-4.1")
    assert clone.tools is agent.tools
    assert agent.model_settings.verbosity == "low"
    assert clone.model_settings == ModelSettings()


async def test_the_conversation_can_be_given_as_items():
    agent = an_agent([say("ok")])
    given = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
    result = await Runner.run(agent, given)
    assert agent.model.requests[0].input == given
    assert len(result.to_input_list()) == 3


async def test_a_result_continues_as_the_next_input():
    agent = an_agent([call("look")], [say("one")], [say("two")], tools=[look])
    first = await Runner.run(agent, "a")
    await Runner.run(agent, [*first.to_input_list(), {"role": "user", "content": "b"}])
    kinds = [entry.get("type", entry.get("role")) for entry in agent.model.requests[-1].input]
    assert kinds == ["user", "function_call", "function_call_output", "message", "user"]


async def test_hooks_hear_of_a_run_in_order():
    heard = []

    class Heard(RunHooks):
        async def on_agent_start(self, context, agent):
            heard.append(f"start {agent.name}")

        async def on_llm_start(self, context, agent, system_prompt, input_items):
            heard.append("model")

        async def on_llm_end(self, context, agent, response):
            heard.append("answer")

        async def on_handoff(self, context, from_agent, to_agent):
            heard.append(f"{from_agent.name} to {to_agent.name}")

        async def on_agent_end(self, context, agent, output):
            heard.append(f"end {output}")

    class Own(AgentHooks):
        async def on_start(self, context, agent):
            heard.append("own start")

        async def on_handoff(self, context, agent, source):
            heard.append(f"own {source.name} to {agent.name}")

    b = an_agent([say("b")], name="B")
    a = an_agent([call("transfer_to_b")], handoffs=[b], hooks=Own())
    await Runner.run(a, "go", hooks=Heard())
    assert heard == [
        *["start A", "own start", "model", "answer", "A to B", "own A to B"],
        *["start B", "model", "answer", "end b"],
    ]


async def test_a_handoff_tells_its_callback():
    told_to = []
    b = an_agent([say("b")], name="B")
    to_b = handoff(b, tool_name_override="go_b", on_handoff=lambda ctx: told_to.append(ctx.context))
    await Runner.run(an_agent([call("go_b")], handoffs=[to_b]), "go", context="me")
    assert told_to == ["me"]


def test_a_handoffs_callback_must_fit_its_input():
    b = an_agent(name="B")
    with pytest.raises(UserError, match="must provide on_handoff"):
        handoff(b, input_type=int)
    with pytest.raises(UserError, match="two arguments"):
        handoff(b, input_type=int, on_handoff=lambda ctx: None)
    with pytest.raises(UserError, match="one argument"):
        handoff(b, on_handoff=lambda: None)


async def test_disabled_handoffs_are_not_shown():
    b = an_agent(name="B")
    a = an_agent([say("a")], handoffs=[handoff(b, is_enabled=False)])
    await Runner.run(a, "go")
    assert a.model.requests[0].handoffs == []


async def test_a_filter_changes_what_the_next_agent_sees():
    b = an_agent([say("b")], name="B")
    to_b = handoff(b, input_filter=remove_all_tools)
    a = an_agent(
        [say("hm"), call("look")],
        [reason("r"), call("transfer_to_b")],
        tools=[look],
        handoffs=[to_b],
    )
    given = [
        {"role": "user", "content": "go"},
        {"type": "function_call_output", "call_id": "x", "output": ""},
    ]
    result = Runner.run_streamed(a, given)
    await told(result)
    kinds = [entry.get("type", entry.get("role")) for entry in b.model.requests[0].input]
    assert kinds == ["user", "message"]
    assert result.input == given[:1]
    assert len(result.to_input_list(mode="normalized")) == 3
    assert len(result.to_input_list()) == 5


async def test_the_runs_filter_serves_handoffs_that_have_none():
    seen = []

    async def watch(data):
        seen.append((data.input_history, len(data.new_items)))
        return data

    b = an_agent([say("b")], name="B")
    a = an_agent([call("transfer_to_b")], handoffs=[b])
    await Runner.run(a, "go", run_config=RunConfig(handoff_input_filter=watch))
    assert seen == [("go", 2)]


async def test_tools_can_end_a_run_by_name_or_by_a_function():
    def when_seen(_ctx, results):
        return ToolsToFinalOutputResult(True, f"{results[0].tool.name}: {results[0].output}")

    by_name = {"stop_at_tool_names": ["look"]}
    for behavior, expected in [(by_name, "seen"), (when_seen, "look: seen")]:
        agent = an_agent([call("look")], tools=[look], tool_use_behavior=behavior)
        assert (await Runner.run(agent, "go")).final_output == expected


async def test_texts_can_be_read_out_of_items():
    result = await Runner.run(an_agent([say("one"), say("two")]), "go")
    assert ItemHelpers.text_message_outputs(result.new_items) == "onetwo"
    assert ItemHelpers.text_message_output(result.new_items[0]) == "one"
    raw = result.new_items[0].raw_item
    assert ItemHelpers.extract_last_content(raw) == "one"
    assert ItemHelpers.extract_last_text(raw) == "one"
    assert ItemHelpers.extract_refusal(raw) is None


def test_the_prompt_prefix_stands_before_the_prompt():
    assert prompt_with_handoff_instructions("Be nice.").endswith("\n\nBe nice.")


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("HostedMCPTool", "MCPServerStreamableHttp"),
        ("WebSearchTool", "function tool"),
        ("OpenAIConversationsSession", "conversation_id"),
        ("ModelRetrySettings", "max_retries"),
        ("set_tracing_export_api_key", "leave it out"),
    ],
)
def test_what_is_not_served_can_be_imported_and_says_what_to_do(name, instead):
    with pytest.raises(UserError, match=f"{name} is not supported .*{instead}"):
        getattr(tui.agents, name)(tool_config={})


def test_what_nobody_knows_is_no_name_of_the_runtime():
    with pytest.raises(AttributeError, match="no attribute 'WebSearchTol'"):
        _ = tui.agents.WebSearchTol


def test_importing_the_runtime_loads_nothing_heavy():
    heavy = ["openai", "pydantic", "textual", "msgspec", "httpx2", "mcp"]
    code = (
        f"import json, sys, tui.agents; print(json.dumps([n for n in {heavy} if n in sys.modules]))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert json.loads(loaded.stdout) == []
