"""Conversations that the service keeps: each request says only what is new."""

from __future__ import annotations

from tests.conformance.recording import error_facts
from tests.conformance.scenario import STREAMED, Scenarios
from tests.conformance.scenarios.agent_tools import PAUSED
from tests.conformance.scenarios.approvals import PAY, cashier, free_tool, pay_tool
from tests.conformance.scenarios.endings import cancel_at_the_call, ticking_agent
from tests.conformance.scenarios.nested import inner_tool
from tests.conformance.scenarios.sessions import LOOK, ListSession
from tests.fakes.delivery import http_error
from tui.rehearsal.script import call, reply, say, think

SERVER_HISTORY = Scenarios()
answers = SERVER_HISTORY.answers

CONVERSATION = {"conversation_id": "conv_1"}
PREVIOUS = {"previous_response_id": "resp_before"}
AUTO = {"auto_previous_response_id": True}
WAYS = (CONVERSATION, PREVIOUS, AUTO)


@answers(
    *[reply(think("Hm."), say("Wait."), LOOK), reply(LOOK, call("look", "l2")), reply(say("Seen."))]
    * 3
)
async def a_conversation_that_the_service_keeps(sdk, stage):
    for way in WAYS:
        result = await stage.go(cashier(sdk, free_tool(sdk)), "Look.", **way)
        stage.note(last=result.last_response_id)


@answers(*[reply(PAY, LOOK), reply(call("pay", "p2", amount=6)), reply(say("Paid."))] * 3)
async def a_kept_conversation_over_pauses_and_json(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk), free_tool(sdk))
    for way in WAYS:
        state = (await stage.go(agent, "Pay 5.", **way)).to_state()
        state.approve(state.get_interruptions()[0])
        state = (await stage.go(agent, state)).to_state()
        state = await sdk.RunState.from_string(agent, state.to_string())
        state.reject(state.get_interruptions()[-1], rejection_message="Enough.")
        await stage.go(agent, state)


@answers(*[reply(LOOK, call("transfer_to_b", "h1")), reply(say("B here."))] * 3)
async def a_kept_conversation_over_a_handoff(sdk, stage):
    for way in WAYS:
        await stage.go(cashier(sdk, free_tool(sdk), handoffs=[sdk.Agent(name="B")]), "Go.", **way)


@answers(reply(call("transfer_to_b", "h1")))
async def a_kept_conversation_and_a_handoff_that_filters(sdk, stage):
    b = sdk.handoff(sdk.Agent(name="B"), input_filter=lambda data: data)
    await stage.go(sdk.Agent(name="A", handoffs=[b]), "Go.", **AUTO)


@answers(reply(call("tick", "t1")), reply(say("Steered.")), modes=STREAMED)
async def input_added_to_a_kept_conversation(sdk, stage):
    agent = ticking_agent(sdk, stage.gate.wait)
    result = stage.begin(agent, "Tick.", **CONVERSATION)
    await stage.read(result, until=cancel_at_the_call(stage, result))
    state = result.to_state()
    state.add_input("Steer to the left.")
    # The SDK counts the response to added input twice.
    await stage.end_of(stage.begin(agent, state), without=["response_ids"])


@answers(reply(LOOK), http_error(400, "Try later."), reply(say("Recovered.")), modes=STREAMED)
async def a_kept_conversation_after_a_failure(sdk, stage):
    agent = cashier(sdk, free_tool(sdk))
    result = await stage.go(agent, "Look.", **AUTO)
    await stage.go(agent, result.to_state())


@answers()
async def a_session_and_a_kept_conversation(sdk, stage):
    agent, session = sdk.Agent(name="A"), ListSession()
    for way in WAYS:
        try:
            await stage.go(agent, "Hi", session=session, **way)
        except Exception as error:  # noqa: BLE001 - a streamed run may refuse at once
            stage.log.append(error_facts(error))


@answers(reply(say("One.")), reply(say("Two.")))
async def two_runs_chained_by_the_last_response(sdk, stage):
    agent = sdk.Agent(name="A", instructions="Answer.")
    first = await stage.go(agent, "Hi")
    await stage.go(agent, "Go on.", previous_response_id=first.last_response_id)


@answers(*PAUSED * 2)
async def a_kept_conversation_of_an_agent_tool_over_a_pause(sdk, stage):
    for way in ({"conversation_id": "conv_1"}, {"previous_response_id": "resp_before"}):
        sub = sdk.Agent(name="Sub", tools=[inner_tool(sdk, needs_approval=True)])
        agent = sdk.Agent(name="Outer", tools=[sub.as_tool("ask_sub", "", **way)])
        state = (await stage.go(agent, "Ask.")).to_state()
        state.approve(state.get_interruptions()[0])
        await stage.go(agent, state)
