"""Models that use a call id twice: what a person decided for one call must not cover another."""

from __future__ import annotations

from tests.conformance.scenario import Scenarios
from tests.conformance.scenarios.approvals import PAY, cashier, free_tool, pay_tool
from tests.conformance.scenarios.tools import weather_tool
from tui.rehearsal.script import Call, call, reply, say

CALL_IDS = Scenarios()
answers = CALL_IDS.answers

OSLO = call("weather", "c1", city="Oslo")
ROME = call("weather", "c1", city="Rome")


@answers(reply(OSLO, ROME))
async def one_id_for_two_calls_in_a_response(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "Go.")


@answers(reply(OSLO, call("look", "c1")))
async def one_id_for_two_tools_in_a_response(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk), free_tool(sdk)]), "Go.")


@answers(reply(OSLO, OSLO), reply(say("Done.")))
async def one_call_said_twice_in_a_response(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "Go.")


@answers(reply(OSLO, Call("weather", '{ "city" : "Oslo" }', "c1")), reply(say("Done.")))
async def one_call_said_twice_with_other_blanks(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "Go.")


@answers(reply(OSLO), reply(ROME))
async def the_id_of_an_earlier_turn_for_another_call(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "Go.")


@answers(reply(OSLO), reply(OSLO), reply(say("Done.")))
async def the_call_of_an_earlier_turn_again(sdk, stage):
    await stage.go(sdk.Agent(name="A", tools=[weather_tool(sdk)]), "Go.")


@answers(reply(PAY), reply(call("pay", "p1", amount=500)))
async def the_id_of_an_approved_call_for_a_larger_one(sdk, stage):
    ran = []
    agent = cashier(sdk, pay_tool(sdk, ran))
    state = (await stage.go(agent, "Pay 5.")).to_state()
    state.approve(state.get_interruptions()[0])
    await stage.go(agent, state)
    stage.note(ran=ran)


@answers(reply(PAY), reply(PAY), reply(say("Done.")))
async def an_approved_call_said_again(sdk, stage):
    ran = []
    agent = cashier(sdk, pay_tool(sdk, ran))
    state = (await stage.go(agent, "Pay 5.")).to_state()
    state.approve(state.get_interruptions()[0])
    await stage.go(agent, state)
    stage.note(ran=ran)


@answers(reply(PAY), reply(say("Done.")), reply(call("pay", "p1", amount=7)), reply(say("Done.")))
async def an_id_of_the_history_given_as_input(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk, needs_approval=False))
    first = await stage.go(agent, "Pay 5.")
    await stage.go(agent, [*first.to_input_list(), {"role": "user", "content": "And now 7."}])
