"""The order of stream events, one test a row of the contract's table of sequences."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import BaseModel

from tests.agents.one_call import FAILURE_TEXT
from tests.agents.telling import told, told_until_error
from tui.agents import (
    Agent,
    MaxTurnsExceeded,
    ModelBehaviorError,
    ModelRefusalError,
    RunConfig,
    Runner,
    UserError,
    function_tool,
    handoff,
)
from tui.agents.models.scripted import ScriptedModel, call, reason, say


@function_tool
def add(a: int, b: int = 2) -> int:
    return a + b


@function_tool
def explode() -> str:
    raise ValueError("secret")


def an_agent(*turns, name="A", **options):
    return Agent(name=name, model=ScriptedModel(turns), **options)


async def test_a_plain_message():
    agent = an_agent([say("hello")])
    result = Runner.run_streamed(agent, "hi")
    assert await told(result) == ["AGENT(A)", "RAW", "message_output_created"]
    assert result.final_output == "hello"
    assert result.status == "completed"


async def test_one_tool():
    agent = an_agent([call("add", {"a": 1})], [say("3")], tools=[add])
    assert await told(Runner.run_streamed(agent, "1+2")) == [
        "AGENT(A)",
        "RAW",
        "tool_called",
        "tool_output(3)",
        "RAW",
        "message_output_created",
    ]


async def test_model_items_come_in_the_models_order_and_outputs_after_them():
    agent = an_agent(
        [reason("so"), say("let me see"), call("add", {"a": 1})], [say("3")], tools=[add]
    )
    assert (await told(Runner.run_streamed(agent, "1+2")))[1:6] == [
        "RAW",
        "reasoning_item_created",
        "message_output_created",
        "tool_called",
        "tool_output(3)",
    ]


async def test_a_tool_can_end_the_run_without_a_message():
    agent = an_agent([call("add", {"a": 1})], tools=[add], tool_use_behavior="stop_on_first_tool")
    result = Runner.run_streamed(agent, "1+2")
    assert await told(result) == ["AGENT(A)", "RAW", "tool_called", "tool_output(3)"]
    assert result.final_output == "3"


async def test_outputs_of_parallel_tools_come_together_in_call_order():
    fast_is_done = asyncio.Event()

    @function_tool
    async def slow() -> str:
        await fast_is_done.wait()
        return "slow"

    @function_tool
    async def fast() -> str:
        fast_is_done.set()
        return "fast"

    agent = an_agent([call("slow"), call("fast"), call("slow")], [say("ok")], tools=[slow, fast])
    assert (await told(Runner.run_streamed(agent, "go")))[2:8] == [
        *["tool_called"] * 3,
        "tool_output(slow)",
        "tool_output(fast)",
        "tool_output(slow)",
    ]


async def test_a_handoff_names_the_next_agent_before_its_model_speaks():
    b = an_agent([say("b")], name="B")
    a = an_agent([call("transfer_to_b")], handoffs=[b])
    result = Runner.run_streamed(a, "go")
    assert await told(result) == [
        "AGENT(A)",
        "RAW",
        "handoff_requested",
        "handoff_occured",
        "AGENT(B)",
        "RAW",
        "message_output_created",
    ]
    assert result.last_agent is b


async def test_of_two_handoffs_the_first_happens_and_the_other_is_answered():
    b, c = an_agent([say("b")], name="B"), an_agent(name="C")
    a = an_agent(
        [call("add", {"a": 1}), call("transfer_to_b"), call("transfer_to_c")],
        tools=[add],
        handoffs=[b, c],
    )
    assert await told(Runner.run_streamed(a, "go")) == [
        "AGENT(A)",
        "RAW",
        "tool_called",
        "handoff_requested",
        "handoff_requested",
        "tool_output(3)",
        "tool_output(Multiple handoffs detected, ignoring this one.)",
        "handoff_occured",
        "AGENT(B)",
        "RAW",
        "message_output_created",
    ]


async def test_a_handoff_with_invalid_arguments_fails_the_run():
    class Reason(BaseModel):
        why: str

    b = an_agent(name="B")
    to_b = handoff(b, on_handoff=lambda _ctx, _reason: None, input_type=Reason)
    a = an_agent([call("transfer_to_b", {"why": 1})], handoffs=[to_b])
    words, error = await told_until_error(Runner.run_streamed(a, "go"))
    assert words == ["AGENT(A)", "RAW", "handoff_requested"]
    assert isinstance(error, ModelBehaviorError)


async def test_max_turns_delivers_what_was_queued_and_then_raises():
    agent = an_agent(*[[call("add", {"a": 1})]] * 3, tools=[add])
    result = Runner.run_streamed(agent, "go", max_turns=2)
    words, error = await told_until_error(result)
    assert words == ["AGENT(A)", *["RAW", "tool_called", "tool_output(3)"] * 2]
    assert isinstance(error, MaxTurnsExceeded)
    assert len(error.run_data.new_items) == 4
    assert result.status == "max_turns"
    assert result.current_turn == 3


async def test_a_failing_tool_is_told_to_the_model_in_fixed_words_and_to_us_as_it_is():
    agent = an_agent([call("explode")], [say("sorry")], tools=[explode])
    result = Runner.run_streamed(agent, "go")
    assert f"tool_output({FAILURE_TEXT})" in await told(result)
    failure = result.new_items[1].failure
    assert (failure.error_type, failure.message) == ("ValueError", "secret")


@pytest.mark.parametrize("arguments", ["{nope", "[1]", '{"a": "x"}', ""])
async def test_arguments_that_do_not_fit_are_told_to_the_model(arguments):
    agent = an_agent([call("add", arguments)], [say("sorry")], tools=[add])
    assert f"tool_output({FAILURE_TEXT})" in await told(Runner.run_streamed(agent, "go"))


async def test_a_tool_without_failure_function_ends_the_run_after_its_siblings_outputs():
    @function_tool(failure_error_function=None)
    async def fatal() -> str:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        raise ValueError("boom")

    @function_tool
    async def fine() -> str:
        return "fine"

    agent = an_agent([call("fine"), call("fatal")], tools=[fatal, fine])
    words, error = await told_until_error(Runner.run_streamed(agent, "go"))
    assert words[-1] == "tool_output(fine)"
    assert isinstance(error, UserError)
    assert str(error) == "Error running tool fatal: boom"


async def test_an_unknown_tool_ends_the_run():
    agent = an_agent([call("nope")])
    words, error = await told_until_error(Runner.run_streamed(agent, "go"))
    assert words == ["AGENT(A)", "RAW"]
    assert str(error) == "Tool nope not found in agent A"


async def test_an_unknown_tool_can_be_told_to_the_model():
    agent = an_agent([call("nope")], [say("ok")])
    config = RunConfig(tool_not_found_behavior="return_error_to_model")
    assert (await told(Runner.run_streamed(agent, "go", run_config=config)))[2:4] == [
        "tool_called",
        "tool_output(Tool 'nope' not found.)",
    ]


async def test_a_failing_model_raises_its_own_exception():
    agent = an_agent([call("add", {"a": 1})], ConnectionError("gone"), tools=[add])
    result = Runner.run_streamed(agent, "go")
    words, error = await told_until_error(result)
    assert words[-1] == "tool_output(3)"
    assert isinstance(error, ConnectionError)
    assert result.run_loop_exception is error
    assert result.status == "failed"


async def test_a_refusal_raises():
    refusal = {"type": "refusal", "refusal": "no"}
    message = {**say(""), "content": [refusal]}
    words, error = await told_until_error(Runner.run_streamed(an_agent([message]), "go"))
    assert words[-1] == "message_output_created"
    assert isinstance(error, ModelRefusalError)
    assert error.refusal == "no"


async def test_structured_output_is_parsed():
    class Sum(BaseModel):
        value: int

    result = Runner.run_streamed(an_agent([say('{"value": 3}')], output_type=Sum), "go")
    await told(result)
    assert result.final_output_as(Sum, raise_if_incorrect_type=True) == Sum(value=3)


async def test_a_list_is_wrapped_for_the_model_and_unwrapped_for_us():
    model = ScriptedModel([[say('{"response": [1, 2]}')]])
    result = await Runner.run(Agent(name="A", model=model, output_type=list[int]), "go")
    assert result.final_output == [1, 2]


async def test_structured_output_that_does_not_fit_raises_after_the_message():
    words, error = await told_until_error(
        Runner.run_streamed(an_agent([say("nope")], output_type=list[int]), "go")
    )
    assert words[-1] == "message_output_created"
    assert str(error) == "Invalid JSON when parsing model output"


async def test_an_empty_response_ends_a_text_run_and_repeats_a_structured_one():
    empty = Runner.run_streamed(an_agent([]), "go")
    assert await told(empty) == ["AGENT(A)", "RAW"]
    assert empty.final_output == ""
    again = await Runner.run(an_agent([], [say('{"response": 1}')], output_type=int), "go")
    assert again.final_output == 1


async def test_unstreamed_runs_come_to_the_same():
    agent = an_agent([call("add", {"a": 1})], [say("3")], tools=[add])
    result = await Runner.run(agent, "1+2")
    assert [item.type for item in result.new_items] == [
        "tool_call_item",
        "tool_call_output_item",
        "message_output_item",
    ]
    assert result.context_wrapper.usage.requests == 2


def test_run_sync_needs_no_event_loop():
    assert Runner.run_sync(an_agent([say("hello")]), "hi").final_output == "hello"


async def its_loop(context, agent):
    return f"Loop {id(asyncio.get_running_loop())}."


def test_runs_without_a_loop_share_one_so_that_a_client_serves_them_all():
    agent = an_agent([say("one")], [say("two")], instructions=its_loop)
    for _ in range(2):
        Runner.run_sync(agent, "hi")
    first, second = (request.system_instructions for request in agent.model.requests)
    assert first == second
