"""Function tools: what they are called with, what they give back, and how they fail."""

from __future__ import annotations

import asyncio
import contextvars
import copy
import gc
import threading
import weakref
from dataclasses import fields, replace
from functools import partial

import pytest

from tests.agents.telling import told
from tui.agents import (
    Agent,
    FunctionTool,
    RunContextWrapper,
    RunHooks,
    Runner,
    ToolContext,
    ToolOutputImage,
    ToolOutputText,
    ToolTimeoutError,
    UserError,
    function_tool,
)
from tui.agents.decorators import tool as short_name
from tui.agents.models.scripted import ScriptedModel, call, say

FAILURE_TEXT = "An error occurred while running the tool. Please try again."


async def output_of(tool, arguments="{}", **options):
    """Return the item that answers one call of `tool`."""
    model = ScriptedModel([[call(tool.name, arguments, "c1")], [say("ok")]])
    result = await Runner.run(Agent(name="A", model=model, tools=[tool]), "go", **options)
    return result.new_items[1]


async def test_a_plain_function_runs_in_a_thread_with_the_callers_context_variables():
    variable = contextvars.ContextVar("variable", default="unset")
    variable.set("kept")

    @function_tool
    def where() -> str:
        on_main = threading.current_thread() is threading.main_thread()
        return f"{on_main} {variable.get()}"

    assert (await output_of(where)).output == "False kept"


async def test_a_coroutine_runs_on_the_loop():
    @function_tool
    async def where() -> bool:
        return threading.current_thread() is threading.main_thread()

    item = await output_of(where)
    assert item.output is True
    assert item.raw_item["output"] == "True"


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


async def test_nothing_of_a_cancelled_call_waits_for_the_collector():
    class Resource:
        pass

    held: list[weakref.ref[Resource]] = []
    runs = asyncio.Event()

    @function_tool
    async def wait() -> str:
        resource = Resource()
        held.append(weakref.ref(resource))
        runs.set()
        await asyncio.Event().wait()
        return ""

    async def cancelled_run() -> None:
        agent = Agent(name="A", model=ScriptedModel([[call("wait")]]), tools=[wait])
        async with Runner.run_streamed(agent, "hi") as result:
            await runs.wait()
            assert result.current_turn == 1

    gc.collect()
    gc.disable()
    try:
        await cancelled_run()
        for _ in range(10):
            await asyncio.sleep(0)
        assert [ref() for ref in held] == [None]
    finally:
        gc.enable()


@pytest.mark.parametrize("policy", [None, 0, "yes"])
async def test_an_approval_policy_that_is_none_ends_the_run(policy):
    @function_tool(needs_approval=policy)
    def work() -> str:
        return ""

    agent = Agent(name="A", model=ScriptedModel([[call("work")], [say("done")]]), tools=[work])
    with pytest.raises(UserError, match="Invalid needs_approval value: expected a bool or call"):
        await Runner.run(agent, "hi")


async def test_a_failure_function_says_what_the_model_is_told():
    async def explain(_ctx, error):
        return f"it said: {error}"

    @function_tool(failure_error_function=explain)
    def fail() -> str:
        raise ValueError("boom")

    assert (await output_of(fail)).output == "it said: boom"


@pytest.mark.parametrize(
    ("explain", "expected"),
    [
        (None, "Tool 'sleepy' timed out after 0.001 seconds."),
        (lambda _ctx, error: f"slow: {error.timeout_seconds}", "slow: 0.001"),
    ],
)
async def test_a_timeout_is_told_to_the_model(explain, expected):
    @function_tool(timeout=0.001, timeout_error_function=explain)
    async def sleepy() -> str:
        await asyncio.Event().wait()
        return ""

    item = await output_of(sleepy)
    assert item.output == expected
    assert item.failure.error_type == "ToolTimeoutError"


async def test_a_timeout_can_end_the_run():
    @function_tool(timeout=0.001, timeout_behavior="raise_exception")
    async def sleepy() -> str:
        await asyncio.Event().wait()
        return ""

    with pytest.raises(ToolTimeoutError):
        await output_of(sleepy)


async def test_a_tool_that_cancels_itself_fails_like_any_other():
    @function_tool
    async def cancel_me() -> str:
        raise asyncio.CancelledError

    assert (await output_of(cancel_me)).output == FAILURE_TEXT


@pytest.mark.parametrize("beside", [0, 1])
async def test_a_tool_that_cancels_itself_and_may_end_the_run_does_not_look_like_a_stop(beside):
    @function_tool(failure_error_function=None)
    async def cancel_me() -> str:
        raise asyncio.CancelledError

    calls = [call("cancel_me")] * (1 + beside)
    agent = Agent(name="A", model=ScriptedModel([calls]), tools=[cancel_me])
    result = Runner.run_streamed(agent, "go")
    with pytest.raises(UserError, match="cancel_me: it cancelled itself"):
        await told(result)
    assert result.status == "failed"


async def test_a_tool_that_does_not_mind_a_stop_does_not_keep_the_run_going():
    hangs = asyncio.Event()

    @function_tool
    async def deaf() -> str:
        try:
            hangs.set()
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "nevertheless"

    model = ScriptedModel([[call("deaf")], [say("ok")]])
    result = Runner.run_streamed(Agent(name="A", model=model, tools=[deaf]), "go")
    await hangs.wait()
    result.cancel()
    await asyncio.wait([result.run_loop_task])
    assert (result.status, result.new_items, len(model.requests)) == ("cancelled", [], 1)


async def test_a_stop_iteration_in_a_thread_does_not_hang_the_run():
    @function_tool
    def empty() -> str:
        return next(iter([]))

    item = await output_of(empty)
    assert item.output == FAILURE_TEXT
    assert "StopIteration" in item.failure.message


async def test_what_a_tool_has_done_is_kept_when_a_hook_fails_after_it():
    class Failing(RunHooks):
        async def on_tool_end(self, context, agent, tool, result):
            raise LookupError("no log")

    @function_tool
    async def pay() -> str:
        paid.append(1)
        return "paid"

    paid = []
    model = ScriptedModel([[call("pay")], [say("ok")]])
    agent = Agent(name="A", model=model, tools=[pay])
    result = Runner.run_streamed(agent, "go", hooks=Failing())
    with pytest.raises(UserError, match="pay: no log"):
        await told(result)
    await Runner.run(agent, result.to_state())
    assert paid == [1]


async def test_an_object_that_can_be_called_is_a_tool_named_after_its_class():
    class Doubler:
        """Doubles."""

        async def __call__(self, ctx: RunContextWrapper, x: int) -> int:
            """Double it.

            Args:
                x: What to double.
            """
            return 2 * x

    tool = function_tool(Doubler())
    assert (tool.name, tool.description) == ("Doubler", "Doubles.")
    assert tool.params_json_schema["properties"]["x"]["description"] == "What to double."
    assert (await output_of(tool, {"x": 4})).output == 8
    with pytest.raises(UserError, match="not a partial"):
        function_tool(partial(print, "x"))


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("text", "text"),
        (None, "None"),
        ({"a": 1}, "{'a': 1}"),
        ([], "[]"),
        (ToolOutputText("hi"), [{"type": "input_text", "text": "hi"}]),
        ({"type": "text", "text": "hi"}, [{"type": "input_text", "text": "hi"}]),
        ({"type": "text", "text": 1}, "{'type': 'text', 'text': 1}"),
        ({"type": "image"}, "{'type': 'image'}"),
        ({"type": "file", "filename": "a"}, "{'type': 'file', 'filename': 'a'}"),
        (
            [ToolOutputText("a"), ToolOutputImage(image_url="u")],
            [{"type": "input_text", "text": "a"}, {"type": "input_image", "image_url": "u"}],
        ),
        ([ToolOutputText("a"), 1], "[ToolOutputText(text='a', type='text'), 1]"),
    ],
)
async def test_values_are_sent_as_text_unless_they_are_content(value, sent):
    @function_tool
    def give():
        return value

    assert (await output_of(give)).raw_item["output"] == sent


async def test_disabled_tools_are_not_shown():
    @function_tool(is_enabled=lambda ctx, agent: ctx.context == "admin")
    def secret() -> str:
        return ""

    model = ScriptedModel([[say("a")], [say("b")]])
    agent = Agent(name="A", model=model, tools=[secret])
    await Runner.run(agent, "go", context="guest")
    await Runner.run(agent, "go", context="admin")
    assert [request.tools for request in model.requests] == [[], [secret]]


async def test_a_hand_made_tool_runs_and_its_errors_end_the_run():
    async def invoke(ctx, arguments):
        if arguments == "{}":
            raise ValueError("boom")
        return f"{ctx.tool_name} {arguments}"

    tool = FunctionTool("raw", "", {}, invoke)
    assert (await output_of(tool, '{"a":1}')).output == 'raw {"a":1}'
    with pytest.raises(UserError, match="Error running tool raw: boom"):
        await output_of(tool)


async def test_a_host_can_put_an_invoker_of_a_derived_class_in_place():
    @function_tool
    def greet(name: str) -> str:
        return f"hello {name}"

    entered = []

    class Gated(type(greet.on_invoke_tool)):
        async def __call__(self, ctx, input):
            entered.append((ctx.tool_call_id, input))
            return await super().__call__(ctx, input)

    gated = Gated.__new__(Gated)
    gated.__dict__.update(greet.on_invoke_tool.__dict__)
    greet.on_invoke_tool = gated
    assert (await output_of(greet, '{"name": "you"}')).output == "hello you"
    assert (await output_of(greet, "{}")).output == FAILURE_TEXT
    assert entered == [("c1", '{"name": "you"}'), ("c1", "{}")]


async def test_copies_of_a_tool_follow_their_own_failure_function():
    @function_tool
    def fail() -> str:
        raise ValueError("boom")

    other = replace(fail, failure_error_function=lambda _ctx, error: str(error))
    assert (await output_of(other)).output == "boom"
    assert (await output_of(copy.copy(fail))).output == FAILURE_TEXT


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


def test_the_decorator_has_a_short_name():
    assert short_name is function_tool


@pytest.mark.parametrize("name", ["custom_data_extractor", "output_type"])
def test_what_is_not_supported_is_refused_by_name(name):
    with pytest.raises(UserError, match=name):
        function_tool(**{name: [object()]})
