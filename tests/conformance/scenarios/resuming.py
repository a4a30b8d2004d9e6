"""Runs taken up again after a stop of any kind."""

from __future__ import annotations

import asyncio

from tests.conformance.scenario import STREAMED, Scenarios
from tests.conformance.scenarios.approvals import PAY, cashier, free_tool, pay_tool
from tests.conformance.scenarios.nested import ASK, inner_tool, outer_agent
from tests.fakes.delivery import Delivery, http_error
from tui.rehearsal.script import call, reply, say, think

RESUMING = Scenarios()
answers = RESUMING.answers


@answers(
    reply(call("look", "l1")),
    http_error(400, "Try later."),
    reply(say("Recovered.")),
    modes=STREAMED,
)
async def recovered_after_a_model_error(sdk, stage):
    agent = cashier(sdk, free_tool(sdk))
    result = await stage.go(agent, "Look.")
    await stage.go(agent, result.to_state())


@answers(*[reply(call("look", f"l{turn}")) for turn in range(2)], modes=STREAMED)
async def resumed_after_max_turns(sdk, stage):
    agent = cashier(sdk, free_tool(sdk))
    state = (await stage.go(agent, "Look.", max_turns=2)).to_state()
    # Ours names the agent at the start of every run, also of one that has no turns left.
    await stage.end_of(stage.begin(agent, state))


@answers(http_error(400, "Try later."), reply(say("Recovered.")), modes=STREAMED)
async def recovered_from_an_error_of_the_first_turn(sdk, stage):
    agent = cashier(sdk, free_tool(sdk))
    result = await stage.go(agent, "Look.", max_turns=1)
    await stage.go(agent, result.to_state())


@answers(reply(PAY), reply(say("Let us see.")))
async def a_new_question_over_a_pending_call(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk))
    first = await stage.go(agent, "Pay 5.")
    await stage.go(agent, [*first.to_input_list(), {"role": "user", "content": "Never mind."}])


@answers(reply(PAY, call("burn", "b1")), modes=STREAMED)
async def an_approved_tool_that_ends_the_run_beside_a_fine_one(sdk, stage):
    paid = asyncio.Event()

    # Async both: which of two threads is done first is nobody's promise.
    @sdk.function_tool(needs_approval=True)
    async def pay(amount: int) -> str:
        paid.set()
        return f"paid {amount}"

    @sdk.function_tool(needs_approval=True, failure_error_function=None)
    async def burn() -> str:
        await paid.wait()
        raise ValueError("a detail")

    agent = cashier(sdk, pay, burn)
    state = (await stage.go(agent, "Pay and burn.")).to_state()
    for item in state.get_interruptions():
        state.approve(item)
    # The SDK does not tell of the output of the fine one; ours loses nothing.
    await stage.end_of(stage.begin(agent, state))


@answers(reply(say("Done.")), reply(say("Done again.")), modes=STREAMED)
async def a_finished_state_runs_the_model_again(sdk, stage):
    agent = sdk.Agent(name="A")
    result = await stage.go(agent, "Hi")
    await stage.go(agent, result.to_state())


@answers(
    reply(ASK), reply(call("inner", "i1", depth=2)), reply(say("Deep.")), reply(say("It is deep."))
)
async def nested_approval_after_a_round_trip_through_json(sdk, stage):
    agent = outer_agent(sdk, inner_tool(sdk, needs_approval=True))
    text = (await stage.go(agent, "Ask.")).to_state().to_string()
    state = await sdk.RunState.from_string(agent, text)
    state.approve(state.get_interruptions()[0])
    await stage.go(agent, state)


@answers(
    reply(think("Hm."), say("Both."), PAY, call("look", "l1")),
    reply(call("transfer_to_b", "h1")),
    reply(say("B here.")),
)
async def a_long_run_after_a_round_trip_through_json(sdk, stage):
    b = sdk.Agent(name="B")
    agent = cashier(sdk, pay_tool(sdk), free_tool(sdk), handoffs=[b])
    text = (await stage.go(agent, "Pay and look.")).to_state().to_string()
    state = await sdk.RunState.from_string(agent, text)
    state.reject(state.get_interruptions()[0], rejection_message="No.")
    await stage.go(agent, state)


@answers(reply(PAY), reply(say("Paid.")))
async def a_context_given_on_resume(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk), handoff_description="Pays.")
    state = (await stage.go(agent, "Pay 5.", context="Kim")).to_state()
    state.approve(state.get_interruptions()[0])
    await stage.go(agent, state, context="Lee")


@answers(
    Delivery(reply(say("Byte by byte. 👨‍👩‍👧 終"), call("look", "l1")), chunk_bytes=1),
    Delivery(reply(say("Done.")), chunk_bytes=7),
    modes=STREAMED,
)
async def a_stream_in_the_smallest_pieces(sdk, stage):
    await stage.go(cashier(sdk, free_tool(sdk)), "Look.")


@answers(reply(call("look", "l1")), reply(say("Seen.")), modes=STREAMED)
async def left_in_the_middle(sdk, stage):
    result = stage.begin(cashier(sdk, free_tool(sdk)), "Look.")
    async for event in result.stream_events():
        if getattr(event, "name", "") == "tool_called":
            break
    await result.run_loop_task
    stage.note(final_output=result.final_output, is_complete=result.is_complete)
