"""Runs that keep their conversation in a session."""

from __future__ import annotations

from tests.conformance.scenario import STREAMED, Scenarios
from tests.conformance.scenarios.approvals import PAY, cashier, free_tool, pay_tool
from tests.conformance.scenarios.endings import cancel_at_the_call, ticking_agent
from tests.fakes.delivery import http_error
from tui.rehearsal.script import call, reply, say, think

SESSIONS = Scenarios()
answers = SESSIONS.answers

LOOK = call("look", "l1")


class ListSession:
    """A session in memory, written as a user writes one.

    Attributes:
        limits: How much was asked for, by each reading.
        added: What was added, by each writing.
    """

    session_id = "mine"
    session_settings = None

    def __init__(self, items=()):
        self.items = list(items)
        self.limits, self.added, self.contexts = [], [], []

    async def get_items(self, limit=None):
        self.limits.append(limit)
        return self.items[-limit:] if limit else list(self.items)

    async def add_items(self, items):
        self.added.append(items)
        self.items.extend(items)

    async def pop_item(self):
        return self.items.pop()

    async def clear_session(self):
        self.items.clear()


class ContextSession(ListSession):
    """One that wants the run's context."""

    async def get_items(self, limit=None, *, wrapper=None):
        self.contexts.append(wrapper.context)
        return await super().get_items(limit)

    async def add_items(self, items, *, wrapper=None):
        self.contexts.append(wrapper.context)
        await super().add_items(items)

    async def pop_item(self, *, wrapper=None):
        return await super().pop_item()

    async def clear_session(self, *, wrapper=None):
        await super().clear_session()


@answers(reply(say("Hello.")), reply(think("Hm."), say("Let me see."), LOOK), reply(say("Seen.")))
async def a_conversation_in_a_session(sdk, stage):
    agent, session = cashier(sdk, free_tool(sdk)), sdk.SQLiteSession("one")
    await stage.go(agent, "Hi", session=session)
    await stage.go(agent, [{"role": "user", "content": "Look."}], session=session)
    stage.note(kept=await session.get_items(), newest=await session.get_items(limit=2))
    stage.note(popped=await session.pop_item(), left=len(await session.get_items()))
    await session.clear_session()
    stage.note(left=await session.get_items(), popped=await session.pop_item())
    session.close()


@answers(reply(LOOK), reply(say("Seen.")))
async def a_session_of_ones_own(sdk, stage):
    session = ListSession()
    await stage.go(cashier(sdk, free_tool(sdk)), "Look.", session=session)
    stage.note(limits=session.limits, added=session.added)


@answers(reply(say("Hello.")))
async def a_session_that_wants_the_context(sdk, stage):
    session = ContextSession()
    await stage.go(sdk.Agent(name="A"), "Hi", session=session, context="Kim")
    stage.note(contexts=session.contexts)


@answers(reply(PAY, LOOK), reply(say("Paid.")))
async def what_a_session_holds_at_a_pause_and_after(sdk, stage):
    agent, session = cashier(sdk, pay_tool(sdk), free_tool(sdk)), ListSession()
    state = (await stage.go(agent, "Pay 5.", session=session)).to_state()
    stage.note(paused=list(session.items))
    state.approve(state.get_interruptions()[0])
    await stage.go(agent, state, session=session)
    stage.note(added=session.added)


@answers(reply(PAY, call("pay", "p2", amount=7)), reply(say("One of two.")))
async def a_session_over_two_pauses(sdk, stage):
    agent, session = cashier(sdk, pay_tool(sdk)), ListSession()
    state = (await stage.go(agent, "Pay twice.", session=session)).to_state()
    state.approve(state.get_interruptions()[0])
    text = (await stage.go(agent, state, session=session)).to_state().to_string()
    state = await sdk.RunState.from_string(agent, text)
    state.reject(state.get_interruptions()[0], rejection_message="Once is enough.")
    await stage.go(agent, state, session=session)
    stage.note(added=session.added)


@answers(reply(call("tick", "t1")), modes=STREAMED)
async def what_a_session_holds_after_an_immediate_cancel(sdk, stage):
    session = ListSession()
    result = stage.begin(ticking_agent(sdk, stage.gate.wait), "Tick.", session=session)

    def cancel(event):
        if getattr(event, "name", "") == "tool_called":
            result.cancel()

    await stage.read(result, until=cancel)
    stage.note(added=session.added)


@answers(reply(call("tick", "t1")), reply(say("Steered.")), modes=STREAMED)
async def a_session_over_a_cancelled_turn_and_added_input(sdk, stage):
    agent, session = ticking_agent(sdk, stage.gate.wait), ListSession()
    result = stage.begin(agent, "Tick.", session=session)
    await stage.read(result, until=cancel_at_the_call(stage, result))
    state = result.to_state()
    state.add_input("Steer to the left.")
    await stage.go(agent, state, session=session)
    stage.note(added=session.added)


@answers(reply(LOOK), http_error(400, "Try later."), reply(say("Recovered.")), modes=STREAMED)
async def a_session_over_a_failed_run(sdk, stage):
    agent, session = cashier(sdk, free_tool(sdk)), ListSession()
    result = await stage.go(agent, "Look.", session=session)
    stage.note(failed=list(session.items))
    await stage.go(agent, result.to_state(), session=session)
    stage.note(added=session.added)


@answers(reply(LOOK), reply(call("transfer_to_b", "h1")), reply(say("B here.")))
async def a_session_over_a_handoff_that_filters(sdk, stage):
    def forget(data):
        return data.clone(input_history=(), pre_handoff_items=(), new_items=data.new_items[-1:])

    b = sdk.handoff(sdk.Agent(name="B"), input_filter=forget)
    agent, session = cashier(sdk, free_tool(sdk), handoffs=[b]), ListSession()
    await stage.go(agent, "Look.", session=session)
    stage.note(added=session.added)


USER = {"role": "user", "content": "Earlier."}
CALL = {"type": "function_call", "call_id": "c1", "name": "look", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "c1", "output": "seen"}
LOST = {**CALL, "call_id": "c2"}
REASONING = {"type": "reasoning", "id": "rs_1", "summary": []}
ANSWER = {"role": "assistant", "content": "It is there."}
HELD = [USER, CALL, OUTPUT, REASONING, LOST, ANSWER]


@answers(reply(say("Fine.")))
async def a_session_with_a_call_that_nothing_answers(sdk, stage):
    session = ListSession(HELD)
    await stage.go(sdk.Agent(name="A"), "Well?", session=session)
    stage.note(limits=session.limits, added=session.added)


@answers(reply(say("Fine.")), reply(say("Fine.")))
async def a_session_whose_settings_limit_it(sdk, stage):
    session = ListSession(HELD)
    session.session_settings = sdk.SessionSettings(limit=4)
    await stage.go(sdk.Agent(name="A"), "Well?", session=session)
    config = sdk.RunConfig(session_settings=sdk.SessionSettings(limit=3))
    await stage.go(sdk.Agent(name="A"), "And now?", session=session, run_config=config)
    stage.note(limits=session.limits, added=session.added)


@answers(*[reply(say("Fine."))] * 6)
async def a_callback_that_joins_history_and_input(sdk, stage):
    def newest(history, new):
        return history[-1:] + new

    async def reversed_later(history, new):
        return new + list(reversed(history))

    def changed(history, new):
        return [
            *history,
            {"role": "system", "content": "Be brief."},
            dict(new[0]),
            dict(history[0]),
        ]

    def only_copies(history, new):
        return [dict(item) for item in [*history, *new]]

    def nothing_new(history, new):
        return history[:1]

    def twice(history, new):
        return [*history[:1], dict(history[0]), *new, *new]

    for callback in (newest, reversed_later, changed, only_copies, nothing_new, twice):
        session = ListSession([USER, ANSWER])
        config = sdk.RunConfig(session_input_callback=callback)
        await stage.go(sdk.Agent(name="A"), "Well?", session=session, run_config=config)
        stage.note(added=session.added)


@answers()
async def a_callback_of_no_use(sdk, stage):
    for callback in (lambda history, new: "both", "newest"):
        config = sdk.RunConfig(session_input_callback=callback)
        await stage.go(sdk.Agent(name="A"), "Hi", session=ListSession(), run_config=config)
