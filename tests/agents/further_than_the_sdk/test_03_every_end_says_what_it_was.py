"""Part 2, point 3: `result.status` says how a run ended, streamed or not."""

from __future__ import annotations

from contextlib import suppress

import pytest

from tests.agents.fake_models import stuck_run
from tests.agents.telling import told
from tui.agents import (
    Agent,
    GuardrailFunctionOutput,
    InputGuardrail,
    MaxTurnsExceeded,
    OutputGuardrail,
    Runner,
    function_tool,
)
from tui.agents.models.scripted import ScriptedModel, call, say


@function_tool(needs_approval=True)
def danger() -> str:
    return "danger"


@function_tool
def free() -> str:
    return "free"


def trips(*_):
    return GuardrailFunctionOutput(None, tripwire_triggered=True)


ENDS = {
    "completed": ([[say("done")]], {}),
    "interrupted": ([[call("danger")]], {}),
    "max_turns": ([[call("free")]] * 2, {}),
    "guardrail": ([[say("done")]], {"output_guardrails": [OutputGuardrail(trips)]}),
    "failed": ([OSError("gone")], {}),
}


@pytest.mark.parametrize("status", ENDS)
async def test_the_end_of_a_streamed_run(status):
    turns, options = ENDS[status]
    agent = Agent(name="A", model=ScriptedModel(turns), tools=[danger, free], **options)
    result = Runner.run_streamed(agent, "hi", max_turns=1)
    assert result.status == "running"
    with suppress(Exception):
        await told(result)
    assert result.status == status


async def test_an_input_guardrail_ends_a_run_as_one_of_the_answer_does():
    agent = Agent(
        name="A", model=ScriptedModel([[say("x")]]), input_guardrails=[InputGuardrail(trips)]
    )
    result = Runner.run_streamed(agent, "hi")
    with suppress(Exception):
        await told(result)
    assert result.status == "guardrail"


@pytest.mark.parametrize("mode", ["immediate", "after_turn"])
async def test_a_cancelled_run(mode):
    if mode == "immediate":
        result, _ = stuck_run()
    else:
        model = ScriptedModel([[call("free")], [say("done")]])
        result = Runner.run_streamed(Agent(name="A", model=model, tools=[free]), "hi")
    result.cancel(mode)
    await told(result)
    assert result.status == "cancelled"


@pytest.mark.parametrize("status", ["completed", "interrupted"])
async def test_the_end_of_a_run_that_was_not_streamed(status):
    turns, _ = ENDS[status]
    agent = Agent(name="A", model=ScriptedModel(turns), tools=[danger])
    assert (await Runner.run(agent, "hi")).status == status


async def test_a_handler_in_place_of_an_error_completes_the_run():
    agent = Agent(name="A", model=ScriptedModel([[call("free")]]), tools=[free])
    handlers = {"max_turns": lambda _: "enough"}
    result = await Runner.run(agent, "hi", max_turns=1, error_handlers=handlers)
    assert (result.status, result.final_output) == ("completed", "enough")


async def test_the_status_of_a_state_taken_up_again_is_its_own():
    model = ScriptedModel([[call("free")], [call("free")], [say("done")]])
    agent = Agent(name="A", model=model, tools=[free])
    result = Runner.run_streamed(agent, "hi", max_turns=1)
    with pytest.raises(MaxTurnsExceeded):
        await told(result)
    state = result.to_state()
    state.max_turns = 3
    assert (await Runner.run(agent, state)).status == "completed"
    assert result.status == "max_turns"
