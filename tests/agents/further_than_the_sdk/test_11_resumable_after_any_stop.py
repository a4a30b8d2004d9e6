"""Part 2, point 11: every stop leaves a state that goes on from its JSON; what is wrong is said."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest

from tests.agents.telling import told, words_of
from tui.agents import (
    Agent,
    GuardrailFunctionOutput,
    OutputGuardrail,
    Runner,
    RunState,
    UserError,
    function_tool,
)
from tui.agents.models.scripted import ScriptedModel, call, say


@function_tool(needs_approval=True)
def danger() -> str:
    return "danger"


@function_tool
def free() -> str:
    return "free"


class FakeStrictGuardrail:
    """Trips at the first answer it sees, and at no other."""

    def __init__(self):
        self.seen = 0

    def __call__(self, context, agent, output):
        self.seen += 1
        return GuardrailFunctionOutput(None, tripwire_triggered=self.seen == 1)


async def stopped(agent, **options):
    result = Runner.run_streamed(agent, "go", **options)
    with suppress(Exception):
        await told(result)
    return result


async def after_turn(agent):
    result = Runner.run_streamed(agent, "go")
    async for event in result:
        if words_of(event) == "tool_called":
            result.cancel("after_turn")
    return result


async def at_once(agent):
    result = Runner.run_streamed(agent, "go")
    async for event in result:
        if words_of(event) == "tool_output(free)":
            result.cancel()
    return result


STOPS = {
    "interrupted": ([[call("danger")], [say("done")]], stopped),
    "cancelled after the turn": ([[call("free")], [say("done")]], after_turn),
    "cancelled at once": ([[call("free")], [say("done")]], at_once),
    "max_turns": ([[call("free")], [say("done")]], lambda agent: stopped(agent, max_turns=1)),
    "failed": ([[call("free")], OSError("gone"), [say("done")]], stopped),
    "guardrail": ([[call("free")], [say("bad")], [say("done")]], stopped),
    "completed": ([[say("first")], [say("done")]], stopped),
}


@pytest.mark.parametrize("stop", STOPS)
async def test_a_run_goes_on_from_its_json(stop):
    turns, stop_it = STOPS[stop]
    guardrails = [OutputGuardrail(FakeStrictGuardrail())] if stop == "guardrail" else []
    agent = Agent(
        name="A", model=ScriptedModel(turns), tools=[danger, free], output_guardrails=guardrails
    )
    result = await stop_it(agent)
    assert result.status == stop.split()[0]
    state = await RunState.from_string(agent, result.to_state().to_string())
    for item in state.get_interruptions():
        state.approve(item)
    state.max_turns = 5
    resumed = await Runner.run(agent, state)
    assert resumed.final_output == "done"
    assert resumed.new_items[: len(result.new_items)] == state.generated_items


async def test_the_form_is_plain_json_of_our_own():
    agent = Agent(name="A", model=ScriptedModel([[call("danger")]]), tools=[danger])
    state = (await stopped(agent)).to_state()
    data = json.loads(state.to_string())
    assert data == state.to_json()
    assert (data["schema"], data["version"]) == ("tui.agents/run-state", 1)


REFUSED = {
    "unknown version": (lambda data: data | {"version": 99}, "version is not supported"),
    "unknown agent": (lambda data: data | {"current_agent": "Z"}, "not found in agent map: 'Z'"),
    "changed schema": (lambda data: data | {"tools": {"danger": "0"}}, "parameters of danger have"),
    "lost tool": (lambda data: data | {"tools": {"other": "0"}}, "has lost the tool other"),
}


@pytest.mark.parametrize("change", REFUSED)
async def test_a_state_that_no_longer_fits_is_refused_and_says_why(change):
    agent = Agent(name="A", model=ScriptedModel([[call("danger")]]), tools=[danger])
    data = json.loads((await stopped(agent)).to_state().to_string())
    make, message = REFUSED[change]
    with pytest.raises(UserError, match=message):
        await RunState.from_json(agent, make(data))
