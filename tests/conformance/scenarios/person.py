"""What a person in the cockpit does while a run works, waits, or has ended.

Played on a cockpit's stage alone: a program without a screen has no such person.
"""

from __future__ import annotations

from tests.conformance.scenario import STREAMED, Scenarios
from tests.conformance.scenarios.approvals import PAY, cashier, free_tool, pay_tool
from tests.conformance.scenarios.endings import HELLO, held, ticking_agent
from tests.conformance.scenarios.nested import ASK, inner_tool, outer_agent
from tests.fakes.delivery import http_error
from tui.rehearsal.script import call, reply, say, think

PERSON = Scenarios()
gated = PERSON.gated
TICK = call("tick", "t1")


def answers(*script):
    return PERSON.answers(*script, modes=STREAMED)


def at(name, *acts):
    """Return what acts once, after the first run item of this name."""
    waiting = list(acts)

    def act(event):
        if getattr(event, "name", "") == name:
            while waiting:
                waiting.pop(0)()

    return act


def at_first_text(*acts):
    """Return what acts once, after the first piece of a message."""
    waiting = list(acts)

    def act(event):
        if getattr(getattr(event, "data", None), "type", "") == "response.output_text.delta":
            while waiting:
                waiting.pop(0)()

    return act


@answers(reply(TICK), reply(say("D'accord.")))
async def says_something_while_a_tool_runs(sdk, stage):
    talk = stage.begin(ticking_agent(sdk, stage.gate.wait), "Tick.")
    await stage.read(talk, until=at("tool_called", lambda: talk.say("In French."), stage.gate.open))


@answers(reply(TICK), reply(say("D'accord, deux fois.")))
async def says_two_things_while_a_tool_runs(sdk, stage):
    talk = stage.begin(ticking_agent(sdk, stage.gate.wait), "Tick.")
    both = (lambda: talk.say("In French."), lambda: talk.say("And twice."))
    await stage.read(talk, until=at("tool_called", *both, stage.gate.open))


@gated(held(reply(HELLO), "response.completed"), reply(say("Bonjour.")))
async def says_something_in_the_last_turn(sdk, stage):
    talk = stage.begin(sdk.Agent(name="A"), "Hi")
    act = at_first_text(lambda: talk.say("In French."), stage.gate.open)
    await stage.read(talk, until=act)


@answers(reply(TICK, call("transfer_to_b", "h1")), reply(say("B, en français.")))
async def says_something_before_a_handoff(sdk, stage):
    agent = ticking_agent(sdk, stage.gate.wait)
    agent.handoffs.append(sdk.Agent(name="B"))
    talk = stage.begin(agent, "Tick.")
    await stage.read(talk, until=at("tool_called", lambda: talk.say("In French."), stage.gate.open))


@answers(reply(PAY), reply(say("Payé.")))
async def says_something_while_a_call_waits_and_then_approves(sdk, stage):
    talk = await stage.go(cashier(sdk, pay_tool(sdk)), "Pay 5.")
    talk.say("In French.")
    await stage.read(talk)
    state = talk.to_state()
    state.approve(state.get_interruptions()[0])
    await stage.go(talk.last_agent, state)


@answers(reply(PAY), reply(say("Never mind, then.")))
async def cancels_at_once_while_a_call_waits(sdk, stage):
    talk = await stage.go(cashier(sdk, pay_tool(sdk)), "Pay 5.")
    talk.cancel()
    await stage.read(talk)
    await stage.go(talk.last_agent, talk.to_state())


@answers(reply(PAY), reply(say("Never mind, then.")))
async def cancels_after_the_turn_while_a_call_waits(sdk, stage):
    talk = await stage.go(cashier(sdk, pay_tool(sdk)), "Pay 5.")
    talk.cancel("after_turn")
    await stage.read(talk)
    await stage.go(talk.last_agent, talk.to_state())


@answers(reply(TICK), reply(say("It was stopped.")))
async def cancels_at_once_while_a_tool_runs(sdk, stage):
    talk = stage.begin(ticking_agent(sdk, stage.gate.wait), "Tick.")
    await stage.read(talk, until=at("tool_called", talk.cancel))
    await stage.go(talk.last_agent, talk.to_state())


@answers(reply(TICK), reply(say("Again.")))
async def cancels_after_the_turn_and_then_at_once(sdk, stage):
    talk = stage.begin(ticking_agent(sdk, stage.gate.wait), "Tick.")
    both = (lambda: talk.cancel("after_turn"), talk.cancel)
    await stage.read(talk, until=at("tool_called", *both))
    await stage.go(talk.last_agent, talk.to_state())


@gated(held(reply(HELLO), 6), reply(say("Hello again.")))
async def cancels_a_message_and_asks_anew(sdk, stage):
    talk = stage.begin(sdk.Agent(name="A"), "Hi")
    await stage.read(talk, until=at_first_text(talk.cancel))
    talk.go_on("Once more, please.")
    await stage.read(talk)


@answers(reply(TICK))
async def says_something_and_cancels_before_it_is_read(sdk, stage):
    talk = stage.begin(ticking_agent(sdk, stage.gate.wait), "Tick.")
    both = (lambda: talk.say("In French."), talk.cancel)
    await stage.read(talk, until=at("tool_called", *both))
    stage.note(next_input=[item.get("content") for item in talk.to_input_list()][-1])


@answers(
    reply(call("transfer_to_cashier", "h1")),
    reply(PAY),
    reply(say("Paid.")),
    reply(call("pay", "p2", amount=5)),
    reply(say("Paid again.")),
    http_error(400, "Bad request."),
    reply(think("Hm."), say("All good.")),
)
async def has_a_long_conversation(sdk, stage):
    triage = sdk.Agent(name="Triage", handoffs=[cashier(sdk, pay_tool(sdk))])
    talk = await stage.go(triage, "Pay 5.")
    state = talk.to_state()
    state.approve(state.get_interruptions()[0])
    await stage.go(triage, state)
    talk.go_on("And once more.")
    await stage.read(talk)
    state.reject(state.get_interruptions()[0], rejection_message="Once is enough.")
    await stage.go(triage, state)
    talk.go_on("Is it all?")
    await stage.read(talk)
    talk.go_on("I ask again.")
    await stage.read(talk)


@answers(reply(PAY), reply(say("Not paid.")))
async def answers_for_other_arguments(sdk, stage):
    talk = await stage.go(cashier(sdk, pay_tool(sdk)), "Pay 5.")
    talk.decide("p1", arguments_hash="of something else", approve=True)
    await stage.read(talk)
    state = talk.to_state()
    state.reject(state.get_interruptions()[0])
    await stage.go(talk.last_agent, state)


@answers(reply(PAY, call("look", "l1")), reply(say("Paid.")))
async def answers_twice(sdk, stage):
    talk = await stage.go(cashier(sdk, pay_tool(sdk), free_tool(sdk)), "Pay and look.")
    (request,) = talk.view.pending
    talk.decide("p1", arguments_hash=request.arguments_hash, approve=True)
    talk.decide("p1", arguments_hash=request.arguments_hash, approve=False)
    await stage.read(talk)


@answers(reply(ASK), reply(call("inner", "i1", depth=2)), reply(say("Left.")))
async def cancels_while_a_call_inside_an_agent_waits(sdk, stage):
    talk = await stage.go(outer_agent(sdk, inner_tool(sdk, needs_approval=True)), "Ask.")
    talk.cancel()
    await stage.read(talk)
    await stage.go(talk.last_agent, talk.to_state())
