"""Policies that say which calls of a tool must wait for a person: what they are asked about."""

from __future__ import annotations

import gc
import json
import weakref
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from tui.agents import (
    Agent,
    RunHooks,
    Runner,
    ToolContext,
    ToolGuardrailFunctionOutput,
    UserError,
    function_tool,
    tool_input_guardrail,
)
from tui.agents.models.scripted import ScriptedModel, call, say


def an_agent(*turns, tools):
    return Agent(name="A", model=ScriptedModel(turns), tools=tools)


class Amount(BaseModel):
    euros: int


POLICY_ROWS = [
    ('{"x": 1, "y": 2}', "asks the policy, which says no"),
    ('{"x": 9, "y": 2}', "asks the policy, which says yes"),
    ('{"x": 1}', "holds: a default would be filled in"),
    ('{"x": "1", "y": 2}', "holds: the value would be converted"),
    ('{"x": "a", "y": 2}', "holds: the value is invalid"),
    ('{"x": 1, "y": 2, "z": 3}', "holds: an unknown argument would be dropped"),
    ('{"x": 1e999, "y": 2}', "holds: infinite"),
    ('{"x": 1, "y": [{"a": 1e999}]}', "holds: infinite inside"),
    ("{nope", "holds: unreadable"),
    *((f'{{"x": 1, "y": {"[" * n}{"]" * n}}}', "holds: no number") for n in (300, 600, 900, 10**5)),
    ("", "holds: nothing to look at"),
]


@pytest.mark.parametrize(("arguments", "expected"), POLICY_ROWS)
async def test_a_policy_is_asked_only_about_arguments_the_tool_would_really_get(
    arguments, expected
):
    asked = []

    async def policy(_ctx, given, _call_id):
        asked.append(given)
        return given["x"] > 5

    @function_tool(needs_approval=policy)
    def pay(x: int, y: int = 1) -> str:
        return "paid"

    result = await Runner.run(an_agent([call("pay", arguments)], [say("ok")], tools=[pay]), "go")
    assert bool(asked) == expected.startswith("asks")
    assert bool(result.interruptions) == (not expected.endswith("says no"))


@pytest.mark.parametrize(
    ("arguments", "given"),
    [({"x": 1, "to": "me"}, [1, "me"]), ({"x": [1, [2]], "to": {"a": []}}, [[1, [2]], {"a": []}])],
)
async def test_a_policy_cannot_change_what_the_tool_gets(arguments, given):
    def spoil(_ctx, shown, _call_id):
        for value in shown.values():
            if isinstance(value, list):
                value[-1:] = ["spoilt"]
            elif isinstance(value, dict):
                value["a"].append("spoilt")
        shown["x"] = "spoilt"
        return False

    ran = []

    @function_tool(needs_approval=spoil, strict_mode=False)
    def pay(x: Any, to: Any) -> str:
        ran.append([x, to])
        return "paid"

    await Runner.run(an_agent([call("pay", arguments)], [say("ok")], tools=[pay]), "go")
    assert ran == [given]


async def test_a_tool_gets_what_its_invoker_is_given_not_what_the_policy_was_shown():
    ran = []

    @function_tool(needs_approval=lambda *_: False)
    def pay(x: int) -> str:
        ran.append(x)
        return "paid"

    class Doubling(type(pay.on_invoke_tool)):
        async def __call__(self, ctx, input):
            await super().__call__(ctx, input)
            return await super().__call__(ctx, f'{{"x": {2 * json.loads(input)["x"]}}}')

    doubling = Doubling.__new__(Doubling)
    doubling.__dict__.update(pay.on_invoke_tool.__dict__)
    pay.on_invoke_tool = doubling
    await Runner.run(an_agent([call("pay", {"x": 2})], [say("ok")], tools=[pay]), "go")
    assert ran == [2, 4]


async def test_a_policy_is_not_asked_about_arguments_of_the_users_own_types():
    @function_tool(needs_approval=lambda *_: pytest.fail("asked"))
    def pay(amount: Amount) -> str:
        return "paid"

    agent = an_agent([call("pay", {"amount": {"euros": 1}})], tools=[pay])
    assert (await Runner.run(agent, "go")).interruptions


@pytest.mark.parametrize("policy", [None, 0, "yes"])
async def test_an_approval_policy_that_is_none_ends_the_run(policy):
    @function_tool(needs_approval=policy)
    def work() -> str:
        return ""

    agent = Agent(name="A", model=ScriptedModel([[call("work")], [say("done")]]), tools=[work])
    with pytest.raises(UserError, match="Invalid needs_approval value: expected a bool or call"):
        await Runner.run(agent, "hi")


async def test_a_policy_cannot_put_another_tool_in_place():
    ran = []

    def swaps(*_):
        pay.on_invoke_tool = other.on_invoke_tool
        return False

    @function_tool(needs_approval=swaps)
    def pay(x: int) -> str:
        ran.append("pay")
        return ""

    @function_tool
    def other(x: int) -> str:
        ran.append("other")
        return ""

    with pytest.raises(UserError, match="invocation changed during approval evaluation"):
        await Runner.run(an_agent([call("pay", {"x": 1})], tools=[pay]), "go")
    assert ran == []


@pytest.mark.parametrize(
    ("parameters", "output"), [("cents", "refused"), ("half", "12.5 float"), ("other", "got 100")]
)
async def test_a_tool_that_is_called_by_another_checks_the_arguments_itself(parameters, output):
    @function_tool(failure_error_function=lambda _ctx, _error: "refused")
    def cents(amount: Annotated[int, Field(le=99)]) -> str:
        return "paid"

    @function_tool
    def half(amount: float) -> str:
        return f"{amount / 8} {type(amount).__name__}"

    @function_tool(strict_mode=False)
    def other(amount: int = 0, note: str = "") -> str:
        return f"got {amount}{note}"

    tools = {"cents": cents, "half": half, "other": other}

    @function_tool(needs_approval=lambda *_: False)
    async def pay(ctx: ToolContext, amount: int) -> str:
        return await tools[parameters].on_invoke_tool(ctx, ctx.tool_arguments)

    agent = an_agent([call("pay", {"amount": 100})], [say("ok")], tools=[pay])
    assert (await Runner.run(agent, "go")).new_items[1].output == output


async def test_what_was_read_for_a_policy_is_used_once():
    seen = []

    @function_tool(needs_approval=lambda *_: False, strict_mode=False)
    def note(**options: str) -> str:
        seen.append(options)
        return ""

    class Twice(type(note.on_invoke_tool)):
        async def __call__(self, ctx, input):
            await super().__call__(ctx, input)
            seen[0]["spoilt"] = "yes"
            return await super().__call__(ctx, input)

    twice = Twice.__new__(Twice)
    twice.__dict__.update(note.on_invoke_tool.__dict__)
    note.on_invoke_tool = twice
    await Runner.run(an_agent([call("note", {"options": {"a": "b"}})], [say("")], tools=[note]), "")
    assert seen == [{"a": "b", "spoilt": "yes"}, {"a": "b"}]


async def test_neither_a_hook_nor_a_guardrail_changes_what_a_tool_is_run_with():
    ran = []

    class Hooks(RunHooks):
        async def on_tool_start(self, context, agent, tool):
            context.tool_arguments = '{"x": 999}'

    @tool_input_guardrail
    def changes(data):
        data.context.tool_arguments = '{"x": 998}'
        return ToolGuardrailFunctionOutput.allow()

    @function_tool(tool_input_guardrails=[changes])
    def pay(x: int) -> str:
        ran.append(x)
        return ""

    agent = an_agent([call("pay", {"x": 1})], [say("ok")], tools=[pay])
    await Runner.run(agent, "go", hooks=Hooks())
    assert ran == [1]


async def test_models_of_tools_that_are_gone_are_not_kept():
    made = []
    for _ in range(3):

        @function_tool(needs_approval=lambda *_: False)
        def pay(x: int) -> str:
            return ""

        made.append(weakref.ref(pay.on_invoke_tool.body.model))
        await Runner.run(an_agent([call("pay", {"x": 1})], [say("ok")], tools=[pay]), "go")
        del pay
    gc.collect()
    assert [ref() for ref in made] == [None] * 3
