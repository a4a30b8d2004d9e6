"""Conversations that the service keeps, where ours goes further than the SDK."""

from __future__ import annotations

import asyncio

import pytest

from tui.agents import (
    Agent,
    Model,
    ModelResponse,
    Runner,
    RunState,
    Usage,
    UserError,
    function_tool,
)
from tui.agents.models.scripted import ScriptedModel, call, say

AUTO = {"auto_previous_response_id": True}


@function_tool
def look() -> str:
    return "seen"


class NamelessModel(Model):
    """A model whose service names no responses, as Chat Completions name none."""

    def __init__(self, *turns):
        self._scripted = ScriptedModel(turns)
        self.requests = self._scripted.requests

    async def get_response(self, *given, **options):
        response = await self._scripted.get_response(*given, **options)
        return ModelResponse(response.output, Usage(), response_id=None)

    def stream_response(self, *given, **options):
        return self._scripted.stream_response(*given, **options)


async def test_what_a_failed_request_said_is_said_again():
    gone = ConnectionError("gone")
    model = ScriptedModel([gone, [call("look")], gone, [say("ok")]])
    agent = Agent(name="A", model=model, tools=[look])
    given = "Look."
    for _ in range(2):
        result = Runner.run_streamed(agent, given, **(AUTO if given == "Look." else {}))
        with pytest.raises(ConnectionError):
            async for _ in result:
                pass
        given = await RunState.from_string(agent, result.to_state().to_string())
    assert (await Runner.run(agent, given)).final_output == "ok"
    said = [[item.get("type", "message") for item in request.input] for request in model.requests]
    assert said == [["message"], ["message"], ["function_call_output"], ["function_call_output"]]
    follows = [request.previous_response_id for request in model.requests]
    assert follows[:2] == [None, None]
    assert follows[2] == follows[3] is not None


async def test_a_cancelled_turn_is_not_followed():
    class Cancelling:
        result = None

    @function_tool
    async def stop() -> None:
        Cancelling.result.cancel()
        await asyncio.Event().wait()

    model = ScriptedModel([[call("look")], [call("stop")], [say("ok")]])
    agent = Agent(name="A", model=model, tools=[look, stop])
    Cancelling.result = result = Runner.run_streamed(agent, "Go.", **AUTO)
    async with result:
        async for _ in result:
            pass
    assert result.status == "cancelled"
    await Runner.run(agent, result.to_state())
    before, after = model.requests[1:]
    assert before.input == after.input
    assert before.previous_response_id == after.previous_response_id


async def test_a_service_that_names_no_responses_is_told_everything_again():
    model = NamelessModel([call("look")], [say("ok")])
    await Runner.run(Agent(name="A", model=model, tools=[look]), "Look.", **AUTO)
    assert len(model.requests[1].input) == 3
    assert model.requests[1].previous_response_id is None


async def test_a_state_given_back_may_move_to_another_conversation():
    @function_tool(needs_approval=True)
    def pay() -> str:
        return "paid"

    model = ScriptedModel([[call("pay")], [say("ok")]])
    agent = Agent(name="A", model=model, tools=[pay])
    state = (await Runner.run(agent, "Pay.", conversation_id="one")).to_state()
    state.approve(state.get_interruptions()[0])
    await Runner.run(agent, state, conversation_id="two")
    assert [request.conversation_id for request in model.requests] == ["one", "two"]


async def test_a_session_does_not_go_with_a_conversation_that_the_service_keeps():
    with pytest.raises(UserError, match="Session persistence cannot be combined"):
        Runner.run_streamed(Agent(name="A"), "Hi", conversation_id="one", session=object())
