"""What guardrails do where the Agents SDK does less, or where no other program can see it."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import BaseModel

from tests.agents.fake_models import FakeStuckModel
from tests.agents.telling import told_until_error
from tui.agents import (
    Agent,
    GuardrailFunctionOutput,
    InputGuardrail,
    InputGuardrailTripwireTriggered,
    OutputGuardrail,
    OutputGuardrailTripwireTriggered,
    Runner,
    RunState,
    ToolGuardrailFunctionOutput,
    ToolInputGuardrail,
    ToolInputGuardrailTripwireTriggered,
    UserError,
    function_tool,
    input_guardrail,
    output_guardrail,
    tool_input_guardrail,
    tool_output_guardrail,
)
from tui.agents.models.scripted import ScriptedModel, call, reason, say


class Reasons(BaseModel):
    words: list[str]


def found(*, trips):
    return GuardrailFunctionOutput(Reasons(words=["a"]), tripwire_triggered=trips)


def judge(*, trips=True, after=None):
    """Return a function that trips or not, once it may."""

    async def check(context, agent, judged):
        if after is not None:
            await after.wait()
        return found(trips=trips)

    return check


def an_agent(*turns, **options):
    return Agent(name="A", model=ScriptedModel(turns), **options)


def only_this_task_is_left():
    return asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize(
    "decorator", [input_guardrail, output_guardrail, tool_input_guardrail, tool_output_guardrail]
)
def test_decorators_name_a_guardrail_by_its_function_or_as_told(decorator):
    def check(*judged): ...

    assert decorator(check).get_name() == decorator(check).name == "check"
    assert decorator(name="Mine")(check).get_name() == "Mine"


def test_a_guardrail_without_a_name_has_that_of_its_function():
    assert InputGuardrail(judge()).get_name() == "check"
    assert InputGuardrail(judge()).run_in_parallel
    assert not input_guardrail(run_in_parallel=False)(judge()).run_in_parallel


async def test_a_run_that_a_guardrail_stops_says_so_everywhere():
    agent = an_agent([say("no")], output_guardrails=[OutputGuardrail(judge())])
    result = Runner.run_streamed(agent, "go")
    _, error = await told_until_error(result)

    assert isinstance(error, OutputGuardrailTripwireTriggered)
    assert result.status == "guardrail"
    assert result.run_loop_exception is error
    assert error.guardrail_result is result.output_guardrail_results[0]
    assert error.run_data.output_guardrail_results == result.output_guardrail_results
    assert [item.type for item in error.run_data.new_items] == ["message_output_item"]


async def test_the_error_of_a_late_input_guardrail_is_kept_too():
    gate = asyncio.Event()
    guard = InputGuardrail(judge(after=gate))
    result = Runner.run_streamed(an_agent([say("all said")], input_guardrails=[guard]), "go")
    words, error = await told_until_error(
        result, on_word=lambda word: gate.set() if word == "message_output_created" else None
    )

    assert words[-1] == "message_output_created"
    assert (result.final_output, result.status) == ("all said", "guardrail")
    assert isinstance(error, InputGuardrailTripwireTriggered)
    assert result.run_loop_exception is error


async def test_an_input_guardrail_stops_a_model_that_is_silent():
    gate, model = asyncio.Event(), FakeStuckModel()
    agent = Agent(name="A", model=model, input_guardrails=[InputGuardrail(judge(after=gate))])
    result = Runner.run_streamed(agent, "go")
    words, error = await told_until_error(
        result, on_word=lambda word: gate.set() if word == "RAW" else None
    )

    assert isinstance(error, InputGuardrailTripwireTriggered)
    assert model.was_closed
    assert words == ["AGENT(A)", "RAW"], "what had arrived was delivered"
    assert only_this_task_is_left()


async def test_a_tool_that_runs_when_an_input_guardrail_trips_is_not_forgotten():
    gate = asyncio.Event()

    @function_tool
    async def work() -> str:
        gate.set()
        for _ in range(10):  # as many rounds of the loop as the verdict needs
            await asyncio.sleep(0)
        return "done"

    agent = an_agent(
        [call("work")], tools=[work], input_guardrails=[InputGuardrail(judge(after=gate))]
    )
    result = Runner.run_streamed(agent, "go")
    words, error = await told_until_error(result)

    assert isinstance(error, InputGuardrailTripwireTriggered)
    assert words[-1] == "tool_output(done)"
    assert [item.type for item in result.new_items] == ["tool_call_item", "tool_call_output_item"]
    assert len(agent.model.requests) == 1, "the model is not asked again"


async def test_an_unread_run_stops_its_tools_with_the_guardrail():
    gate, ends = asyncio.Event(), []

    @function_tool
    async def work() -> str:
        gate.set()
        try:
            await asyncio.Event().wait()
        finally:
            ends.append("stopped")

    agent = an_agent(
        [call("work")], tools=[work], input_guardrails=[InputGuardrail(judge(after=gate))]
    )
    with pytest.raises(InputGuardrailTripwireTriggered):
        await Runner.run(agent, "go")

    assert ends == ["stopped"]
    assert only_this_task_is_left()


async def test_the_first_guardrail_to_trip_stops_the_others():
    ends = []

    async def slow(context, agent, judged):
        try:
            await asyncio.Event().wait()
        finally:
            ends.append("stopped")

    guards = [InputGuardrail(slow, run_in_parallel=False)]
    guards.append(InputGuardrail(judge(), run_in_parallel=False))
    with pytest.raises(InputGuardrailTripwireTriggered) as error:
        await Runner.run(an_agent(input_guardrails=guards), "go")

    assert ends == ["stopped"]
    assert len(error.value.run_data.input_guardrail_results) == 1


async def test_a_cancelled_run_leaves_no_guardrail_behind():
    ends = []

    async def slow(context, agent, judged):
        try:
            await asyncio.Event().wait()
        finally:
            ends.append("stopped")

    agent = Agent(name="A", model=FakeStuckModel(), input_guardrails=[InputGuardrail(slow)])
    async with Runner.run_streamed(agent, "go") as result:
        async for event in result:
            if event.type == "raw_response_event":
                break

    assert ends == ["stopped"]
    assert only_this_task_is_left()


async def test_a_failing_model_does_not_wait_for_a_guardrail():
    guard = InputGuardrail(judge(after=asyncio.Event()))
    agent = an_agent(ConnectionError("gone"), input_guardrails=[guard])
    for start in (Runner.run, streamed):
        agent.model = ScriptedModel([ConnectionError("gone")])
        with pytest.raises(ConnectionError):
            await start(agent, "go")
    assert only_this_task_is_left()


async def streamed(agent, given):
    async for _ in Runner.run_streamed(agent, given):
        pass


async def test_outputs_that_may_rest_on_reasoning_are_withheld_with_all_of_their_turn():
    @function_tool
    def look() -> str:
        return "secret"

    agent = an_agent(
        [reason("hm"), call("look")],
        tools=[look],
        tool_use_behavior="stop_on_first_tool",
        output_guardrails=[OutputGuardrail(judge())],
    )
    result = Runner.run_streamed(agent, "go")
    await told_until_error(result)

    assert result.new_items == []
    assert result.to_input_list() == [{"role": "user", "content": "go"}]
    assert "secret" not in result.to_state().to_string()


def of_tool(behaviour, *arguments):
    return lambda data: getattr(ToolGuardrailFunctionOutput, behaviour)(*arguments)


async def test_what_guardrails_found_survives_a_pause():
    allowing = of_tool("allow", Reasons(words=["b"]))
    rejecting = of_tool("reject_content", "Not that.")
    free = function_tool(
        tool_input_guardrails=[tool_input_guardrail(name="before")(allowing)],
        tool_output_guardrails=[tool_output_guardrail(name="after")(rejecting)],
    )(lambda: "free")
    free.name = "free"
    danger = function_tool(needs_approval=True)(lambda: "danger")
    danger.name = "danger"
    agent = an_agent(
        [call("free"), call("danger")],
        [say("done")],
        tools=[free, danger],
        input_guardrails=[input_guardrail(name="first")(judge(trips=False))],
        output_guardrails=[output_guardrail(name="last")(judge(trips=False))],
    )
    paused = await Runner.run(agent, "go")
    state = await RunState.from_string(agent, paused.to_state().to_string())
    state.approve(state.get_interruptions()[0])
    resumed = await Runner.run(agent, state)

    assert names(resumed.input_guardrail_results) == ["first"]
    assert resumed.input_guardrail_results[0].output.output_info == {"words": ["a"]}
    assert names(resumed.tool_input_guardrail_results) == ["before"]
    assert resumed.tool_input_guardrail_results[0].output.behavior == {"type": "allow"}
    (after,) = resumed.tool_output_guardrail_results
    assert after.output.behavior == {"type": "reject_content", "message": "Not that."}
    assert names(resumed.output_guardrail_results) == ["last"]
    again = await RunState.from_string(agent, resumed.to_state().to_string())
    (last,) = again.guardrail_results.output
    assert (last.agent, last.agent_output) == (agent, "done")
    with pytest.raises(UserError, match="no function"):
        await resumed.input_guardrail_results[0].guardrail.run(agent, "go", None)


def names(results):
    return [result.guardrail.get_name() for result in results]


async def test_a_call_that_a_guardrail_ended_can_be_taken_up_again():
    stops = [True]

    def check(data):
        allow, stop = ToolGuardrailFunctionOutput.allow, ToolGuardrailFunctionOutput.raise_exception
        return stop() if stops.pop() else allow()

    @function_tool(tool_input_guardrails=[ToolInputGuardrail(check)])
    def look() -> str:
        return "seen"

    agent = an_agent([call("look")], [call("look")], [say("done")], tools=[look])
    result = Runner.run_streamed(agent, "go")
    _, error = await told_until_error(result)
    assert isinstance(error, ToolInputGuardrailTripwireTriggered)
    assert error.guardrail.get_name() == "check"

    stops.append(False)
    assert (await Runner.run(agent, result.to_state())).final_output == "done"
