"""Tools that fail, take too long, are stopped, or whose hooks fail."""

from __future__ import annotations

import asyncio
import copy
import gc
import weakref
from dataclasses import replace

import pytest

from tests.agents.one_call import FAILURE_TEXT, output_of
from tests.agents.telling import told
from tui.agents import (
    Agent,
    RunHooks,
    Runner,
    ToolTimeoutError,
    UserError,
    function_tool,
)
from tui.agents.models.scripted import ScriptedModel, call, say


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


async def test_copies_of_a_tool_follow_their_own_failure_function():
    @function_tool
    def fail() -> str:
        raise ValueError("boom")

    other = replace(fail, failure_error_function=lambda _ctx, error: str(error))
    assert (await output_of(other)).output == "boom"
    assert (await output_of(copy.copy(fail))).output == FAILURE_TEXT
