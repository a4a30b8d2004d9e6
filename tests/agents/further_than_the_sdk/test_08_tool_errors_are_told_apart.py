"""Part 2, point 8: the model gets the fixed text; the hook and the item keep what was raised."""

from __future__ import annotations

import asyncio

import pytest

from tui.agents import Agent, RunHooks, Runner, RunState, function_tool
from tui.agents.models.scripted import ScriptedModel, call, say

FIXED = "An error occurred while running the tool. Please try again."


class Listening(RunHooks):
    def __init__(self):
        self.failures = []

    async def on_tool_end(self, context, agent, tool, result):
        self.failures.append((context.failure, result))


@function_tool
def explode() -> str:
    raise ValueError("secret")


@function_tool
def needs_a_number(x: int) -> str:
    return str(x)


@function_tool(timeout=0.001)
async def hang() -> str:
    await asyncio.Event().wait()
    return ""


@function_tool(failure_error_function=lambda _ctx, error: f"told: {error}")
def explain() -> str:
    raise LookupError("why")


ROWS = [
    ("explode", "{}", FIXED, "ValueError", "secret"),
    ("needs_a_number", '{"x": "no"}', FIXED, "ModelBehaviorError", "Invalid JSON input"),
    ("needs_a_number", "{", FIXED, "ModelBehaviorError", "Invalid JSON input"),
    ("hang", "{}", "Tool 'hang' timed out after 0.001 seconds.", "ToolTimeoutError", "timed out"),
    ("explain", "{}", "told: why", "LookupError", "why"),
]


@pytest.mark.parametrize(("tool", "arguments", "text", "error_type", "message"), ROWS)
async def test_the_failure_is_kept_beside_what_the_model_is_told(
    tool, arguments, text, error_type, message
):
    hooks = Listening()
    tools = [explode, needs_a_number, hang, explain]
    agent = Agent(name="A", model=ScriptedModel([[call(tool, arguments)], [say("x")]]), tools=tools)
    result = await Runner.run(agent, "go", hooks=hooks)
    item = result.new_items[1]
    assert item.raw_item["output"] == item.output == text
    assert item.failure.error_type == error_type
    assert message in item.failure.message
    assert hooks.failures == [(item.failure, text)]
    read = await RunState.from_string(agent, result.to_state().to_string())
    assert read.generated_items[1].failure == item.failure


async def test_a_tool_that_returns_the_same_text_has_not_failed():
    @function_tool
    def pretends() -> str:
        return FIXED

    agent = Agent(name="A", model=ScriptedModel([[call("pretends")], [say("x")]]), tools=[pretends])
    assert (await Runner.run(agent, "go")).new_items[1].failure is None
