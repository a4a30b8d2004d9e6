"""Reading, leaving and cancelling a streamed run."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress

import pytest

from tests.agents.telling import told, words_of
from tui.agents import Agent, AgentsException, Runner, UserError, function_tool
from tui.agents.event_queue import WAITING_LIMIT
from tui.agents.models.interface import Model
from tui.agents.models.scripted import ScriptedModel, call, say


class FakeFloodingModel(Model):
    """Streams deltas of one item as fast as it is let, and counts those it was rid of."""

    def __init__(self, deltas: int) -> None:
        self.deltas = deltas
        self.sent = 0

    async def get_response(self, *_args, **_options):
        raise NotImplementedError

    async def stream_response(self, *args, **options):
        inner = ScriptedModel([[say("word")]])
        async for event in inner.stream_response(*args, **options):
            if event.type == "response.output_text.delta":
                for _ in range(self.deltas):
                    yield event
                    self.sent += 1
            else:
                yield event


class FakeStuckModel(Model):
    """Streams one delta, and then nothing for ever."""

    def __init__(self) -> None:
        self.was_closed = False

    async def get_response(self, *_args, **_options):
        raise NotImplementedError

    async def stream_response(self, *args, **options):
        try:
            async for event in ScriptedModel([[say("word")]]).stream_response(*args, **options):
                if event.type == "response.completed":
                    await asyncio.Event().wait()
                yield event
        finally:
            self.was_closed = True


def plain_run():
    return Runner.run_streamed(Agent(name="A", model=ScriptedModel([[say("hello")]])), "hi")


def stuck_run():
    model = FakeStuckModel()
    return Runner.run_streamed(Agent(name="A", model=model), "hi"), model


async def first_delta(result):
    """Read up to the first delta of text and return the open stream."""
    stream = result.stream_events()
    async for event in stream:
        if event.type == "raw_response_event" and event.data.type.endswith(".delta"):
            break
    return stream


async def ended(result):
    await asyncio.wait([result.run_loop_task])


async def test_the_run_begins_at_once_and_needs_no_reader():
    result = plain_run()
    assert not result.is_complete
    assert result.current_turn == 0
    await ended(result)
    assert result.final_output == "hello"
    assert await told(result) == ["AGENT(A)", "RAW", "message_output_created"]


async def test_forms_written_by_mistake_work():
    async with plain_run() as stream:
        words = [words_of(event) async for event in stream]
        assert words[-1] == "message_output_created"
        assert stream.result.final_output == "hello"
    agent = Agent(name="A", model=ScriptedModel([[say("hello")]]))
    assert "message_output_created" in await told(Agent.run_streamed(agent, "hi"))


async def test_the_result_of_an_unfinished_run_is_refused():
    result = plain_run()
    with pytest.raises(AgentsException, match="consume the stream first"):
        _ = result.result
    await ended(result)


async def test_reading_again_after_the_end_gives_nothing():
    result = plain_run()
    await told(result)
    assert await told(result) == []


async def test_a_failure_is_raised_once():
    result = Runner.run_streamed(Agent(name="A", model=ScriptedModel([OSError("gone")])), "hi")
    with pytest.raises(OSError, match="gone"):
        await told(result)
    assert await told(result) == []


async def test_a_second_reader_is_refused_at_once():
    result, _ = stuck_run()
    first = await first_delta(result)
    with pytest.raises(UserError, match="already being read"):
        await anext(aiter(result))
    await first.aclose()


async def test_after_a_bare_break_the_run_goes_on_and_its_events_are_gone():
    result = plain_run()
    async for _ in result.stream_events():
        break
    gc.collect()
    await ended(result)
    assert result.final_output == "hello"
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


async def test_leaving_async_with_early_cancels():
    result, model = stuck_run()
    async with result:
        async for event in result:
            if words_of(event) == "RAW":
                break
    assert result.status == "cancelled"
    assert model.was_closed


async def test_aclose_of_the_stream_cancels():
    result, model = stuck_run()
    await (await first_delta(result)).aclose()
    await ended(result)
    assert result.status == "cancelled"
    assert model.was_closed


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


async def test_a_slow_reader_slows_the_model():
    model = FakeFloodingModel(50 * WAITING_LIMIT)
    result = Runner.run_streamed(Agent(name="A", model=model), "hi")
    stream = await first_delta(result)
    for _ in range(10):
        await asyncio.sleep(0)
    assert model.sent <= WAITING_LIMIT + 10
    await stream.aclose()
    await ended(result)


async def test_every_event_reaches_a_reader_however_many_there_are():
    model = FakeFloodingModel(5 * WAITING_LIMIT)
    result = Runner.run_streamed(Agent(name="A", model=model), "hi")
    deltas = 0
    async for event in result:
        if event.type == "raw_response_event" and event.data.type.endswith(".delta"):
            deltas += 1
    assert deltas == 5 * WAITING_LIMIT


async def test_an_unread_run_joins_neighbouring_deltas_and_loses_no_text():
    model = FakeFloodingModel(5 * WAITING_LIMIT)
    result = Runner.run_streamed(Agent(name="A", model=model), "hi")
    await ended(result)
    deltas = [
        event.data.delta
        async for event in result
        if event.type == "raw_response_event" and event.data.type.endswith(".delta")
    ]
    assert len(deltas) <= WAITING_LIMIT
    assert "".join(deltas) == "word" * 5 * WAITING_LIMIT


async def test_a_run_needs_a_running_loop():
    agent = Agent(name="A")
    with pytest.raises(RuntimeError):
        await asyncio.to_thread(Runner.run_streamed, agent, "hi")


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


async def test_items_can_keep_their_agents_when_the_result_lets_go():
    result = plain_run()
    await told(result)
    result.release_agents(release_new_items=False)
    gc.collect()
    assert result.new_items[0].agent.name == "A"
    assert result.to_state().current_agent is result.last_agent
