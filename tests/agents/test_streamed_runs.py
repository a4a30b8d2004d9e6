"""Reading, leaving and cancelling a streamed run."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress

import pytest

from tests.agents.fake_models import ended, first_delta, plain_run, stuck_run
from tests.agents.telling import told, words_of
from tui.agents import (
    Agent,
    AgentsException,
    MessageOutputItem,
    RunHooks,
    Runner,
    UserError,
    function_tool,
)
from tui.agents.models.scripted import ScriptedModel, call, say


async def test_reading_again_after_the_end_gives_nothing():
    result = plain_run()
    await told(result)
    assert await told(result) == []


async def test_an_error_in_the_reader_lets_the_run_go_on():
    result = plain_run()

    async def read_badly():
        async for _ in result:
            raise LookupError

    with suppress(LookupError):
        await read_badly()
    await ended(result)
    assert result.final_output == "hello"


async def test_cancelling_the_readers_task_cancels_the_run():
    result, _ = stuck_run()
    reader = asyncio.create_task(told(result))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    reader.cancel()
    with suppress(asyncio.CancelledError):
        await reader
    await ended(result)
    assert result.status == "cancelled"


async def test_an_immediate_cancel_ends_the_stream_silently_and_discards_the_turn():
    result, _ = stuck_run()
    stream = await first_delta(result)
    result.cancel()
    assert [event async for event in stream] == []
    assert result.status == "cancelled"
    await ended(result)
    assert result.new_items == []
    assert result.raw_responses == []
    assert result.to_input_list() == [{"role": "user", "content": "hi"}]


async def test_a_cancel_wakes_the_reader_while_a_tool_hangs():
    @function_tool
    async def hang() -> str:
        await asyncio.Event().wait()
        return ""

    agent = Agent(name="A", model=ScriptedModel([[call("hang")]]), tools=[hang])
    result = Runner.run_streamed(agent, "hi")
    words = []
    async for event in result:
        words.append(words_of(event))
        if words[-1] == "tool_called":
            asyncio.get_running_loop().call_soon(result.cancel)
    assert words[-1] == "tool_called"
    await ended(result)


async def test_a_cancel_after_the_turn_lets_tools_end_and_can_be_resumed():
    @function_tool
    def work() -> str:
        return "worked"

    agent = Agent(name="A", model=ScriptedModel([[call("work")], [say("done")]]), tools=[work])
    result = Runner.run_streamed(agent, "hi")
    words = []
    async for event in result:
        words.append(words_of(event))
        if words[-1] == "tool_called":
            result.cancel(mode="after_turn")
    assert words[-1] == "tool_output(worked)"
    assert result.status == "cancelled"
    resumed = await Runner.run(agent, result.to_state())
    assert resumed.final_output == "done"


async def test_cancelling_a_finished_run_changes_nothing():
    result = plain_run()
    await told(result)
    result.cancel()
    assert result.status == "completed"


async def test_a_failed_run_can_be_taken_up_again():
    @function_tool
    def work() -> str:
        return "worked"

    model = ScriptedModel([[call("work")], OSError("gone"), [say("done")]])
    agent = Agent(name="A", model=model, tools=[work])
    result = Runner.run_streamed(agent, "hi")
    with pytest.raises(OSError, match="gone"):
        await told(result)
    resumed = await Runner.run(agent, result.to_state())
    assert resumed.final_output == "done"
    assert len(model.requests[-1].input) == 3


async def test_a_result_can_let_go_of_its_agents():
    b = Agent(name="B", model=ScriptedModel([[say("hello")]]))
    agent = Agent(name="A", model=ScriptedModel([[call("transfer_to_b")]]), handoffs=[b])
    result = Runner.run_streamed(agent, "hi")
    result.release_agents()
    assert result.last_agent is agent, "a run that goes on keeps them"
    await told(result)

    result.release_agents()
    handed = next(item for item in result.new_items if item.type == "handoff_output_item")
    assert (result.last_agent, handed.agent, handed.target_agent) == (b, agent, b)
    assert "'B'" in str(result)

    del agent, b
    gc.collect()
    assert (handed.agent, handed.target_agent) == (None, None)
    assert result.final_output == "hello"
    assert "agent=None" in str(result)
    for use in (lambda: result.last_agent, result.to_state):
        with pytest.raises(AgentsException, match="no longer available"):
            use()


async def test_a_second_reader_of_one_stream_is_refused_and_the_first_reads_on():
    result, _ = stuck_run()
    stream = result.stream_events()
    reached_delta = asyncio.Event()
    read: list[str] = []

    async def read_all() -> list[str]:
        async for event in stream:
            read.append(event.type)
            raw = event.data if event.type == "raw_response_event" else None
            if raw is not None and raw.type == "response.output_item.done":
                reached_delta.set()
        return read

    first = asyncio.create_task(read_all())
    await reached_delta.wait()
    # The model says nothing more: the first reader waits.
    for _ in range(10):
        await asyncio.sleep(0)
    with pytest.raises(UserError, match="already being read"):
        await anext(stream)
    assert not first.done()
    result.cancel()
    assert await first


def test_an_item_has_the_agents_of_its_kind_and_no_others():
    agent = Agent(name="A")
    item = MessageOutputItem(agent, {})
    assert item.agent is agent
    with pytest.raises(AttributeError, match="target_agent"):
        item.target_agent  # noqa: B018 - asked for to see it refused
    with pytest.raises(TypeError, match="agent"):
        MessageOutputItem(raw_item={})


async def test_items_can_keep_their_agents_when_the_result_lets_go():
    result = plain_run()
    await told(result)
    result.release_agents(release_new_items=False)
    gc.collect()
    assert result.new_items[0].agent.name == "A"
    assert result.to_state().current_agent is result.last_agent


async def test_a_run_that_is_stopped_while_hooks_hear_of_its_end_has_not_ended():
    class Slow(RunHooks):
        def __init__(self):
            self.hears = asyncio.Event()

        async def on_agent_end(self, context, agent, output):
            self.hears.set()
            await asyncio.Event().wait()

    agent = Agent(name="A", model=ScriptedModel([[say("hello")], [say("hello again")]]))
    hooks = Slow()
    result = Runner.run_streamed(agent, "go", hooks=hooks)
    await hooks.hears.wait()
    result.cancel()
    await asyncio.wait([result.run_loop_task])
    assert (result.status, result.new_items) == ("cancelled", [])
    resumed = await Runner.run(agent, result.to_state())
    assert [item.type for item in resumed.new_items] == ["message_output_item"]
    assert resumed.final_output == "hello again"
