"""Tool calls that wait for a person: asked, decided, resumed."""

from __future__ import annotations

from tests.conformance.scenario import Scenarios
from tui.rehearsal.script import Call, call, reply, say

APPROVALS = Scenarios()
answers = APPROVALS.answers

PAY = call("pay", "p1", amount=5)


def pay_tool(sdk, ran=None, needs_approval=True):
    """Return a tool that needs approval; `ran` collects the amounts it was run with."""

    @sdk.function_tool(needs_approval=needs_approval)
    def pay(amount: int, currency: str = "EUR") -> str:
        """Pay an amount."""
        (ran if ran is not None else []).append(amount)
        return f"paid {amount} {currency}"

    return pay


def free_tool(sdk):
    @sdk.function_tool
    def look() -> str:
        """Look at the account."""
        return "seen"

    return look


def cashier(sdk, *tools, **options):
    return sdk.Agent(name="Cashier", instructions="Handle money.", tools=list(tools), **options)


@answers(reply(say("Asking."), PAY), reply(say("Paid.")))
async def approve(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk))
    state = (await stage.go(agent, "Pay 5.")).to_state()
    state.approve(state.get_interruptions()[0])
    await stage.go(agent, state)


@answers(reply(PAY), reply(say("I see why.")))
async def reject_with_a_message(sdk, stage):
    ran = []
    agent = cashier(sdk, pay_tool(sdk, ran))
    state = (await stage.go(agent, "Pay 5.")).to_state()
    state.reject(state.get_interruptions()[0], rejection_message="Too much. あとで 🙅")
    await stage.go(agent, state)
    stage.note(ran=ran)


@answers(reply(PAY), reply(say("Not paid.")))
async def reject_without_a_message(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk))
    state = (await stage.go(agent, "Pay 5.")).to_state()
    state.reject(state.get_interruptions()[0])
    await stage.go(agent, state)


@answers(reply(PAY), reply(say("Not paid.")))
async def last_decision_wins(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk))
    state = (await stage.go(agent, "Pay 5.")).to_state()
    state.approve(state.get_interruptions()[0])
    state.reject(state.get_interruptions()[0], rejection_message="On second thoughts, no.")
    await stage.go(agent, state)


@answers(reply(PAY))
async def resume_undecided(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk))
    state = (await stage.go(agent, "Pay 5.")).to_state()
    await stage.go(agent, state)


@answers(reply(PAY, call("look", "l1")), reply(say("Paid.")))
async def approval_beside_a_free_tool(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk), free_tool(sdk))
    state = (await stage.go(agent, "Pay and look.")).to_state()
    state.approve(state.get_interruptions()[0])
    await stage.go(agent, state)


@answers(
    reply(PAY, call("look", "l1"), call("pay", "p2", amount=7)), reply(say("One of two is paid."))
)
async def decided_one_by_one(sdk, stage):
    ran = []
    agent = cashier(sdk, pay_tool(sdk, ran), free_tool(sdk))
    state = (await stage.go(agent, "Pay twice.")).to_state()
    state.approve(state.get_interruptions()[0])
    state = (await stage.go(agent, state)).to_state()
    state.reject(state.get_interruptions()[0], rejection_message="Once is enough.")
    await stage.go(agent, state)
    stage.note(ran=ran)


@answers(reply(PAY, call("pay", "p2", amount=7)), reply(say("Both.")))
async def decided_together(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk))
    state = (await stage.go(agent, "Pay twice.")).to_state()
    for item in state.get_interruptions():
        state.approve(item)
    await stage.go(agent, state)


@answers(reply(PAY), reply(call("pay", "p2", amount=5)), reply(say("Paid in the end.")))
async def asked_again_after_a_rejection(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk))
    state = (await stage.go(agent, "Pay 5.")).to_state()
    state.reject(state.get_interruptions()[0], rejection_message="Try once more.")
    state = (await stage.go(agent, state)).to_state()
    state.approve(state.get_interruptions()[-1])
    await stage.go(agent, state)


@answers(
    reply(PAY, call("pay", "p2", amount=7)), reply(call("pay", "p3", amount=9)), reply(say("Ok"))
)
async def approve_always(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk))
    state = (await stage.go(agent, "Pay a lot.")).to_state()
    state.approve(state.get_interruptions()[0], always_approve=True)
    await stage.go(agent, state)


@answers(reply(PAY), reply(call("pay", "p2", amount=9)), reply(say("Never, then.")))
async def reject_always(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk))
    state = (await stage.go(agent, "Pay a lot.")).to_state()
    state.reject(state.get_interruptions()[0], always_reject=True, rejection_message="Never.")
    await stage.go(agent, state)


@answers(
    reply(
        call("pay", "full", amount=5, currency="EUR"),
        call("pay", "large", amount=500, currency="EUR"),
        call("pay", "default_left_out", amount=5),
        Call("pay", '{"amount": "five", "currency": "EUR"}', "ill_typed"),
        Call("pay", '{"amount": "5", "currency": "EUR"}', "coerced"),
        Call("pay", '{"amount": 5', "not_json"),
        Call("pay", '{"amount": 5, "currency": "EUR", "more": 1}', "extra"),
    ),
    reply(say("Done.")),
)
async def callable_needs_approval(sdk, stage):
    asked = []

    async def is_large(context, arguments, call_id):
        asked.append((call_id, arguments))
        return arguments["amount"] > 100

    agent = cashier(sdk, pay_tool(sdk, needs_approval=is_large))
    state = (await stage.go(agent, "Pay in all ways.")).to_state()
    stage.note(asked=sorted(asked, key=str))
    for item in state.get_interruptions():
        state.approve(item)
    await stage.go(agent, state)


@answers(reply(PAY, call("transfer_to_b", "h1")), reply(say("B here.")))
async def approval_and_handoff_in_one_response(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk), handoffs=[sdk.Agent(name="B")])
    state = (await stage.go(agent, "Pay and pass on.")).to_state()
    state.approve(state.get_interruptions()[0])
    await stage.go(agent, state)


@answers(reply(call("transfer_to_cashier", "h1")), reply(PAY), reply(say("Paid.")))
async def approval_after_a_handoff(sdk, stage):
    triage = sdk.Agent(name="Triage", handoffs=[cashier(sdk, pay_tool(sdk))])
    state = (await stage.go(triage, "Pay 5.")).to_state()
    state.approve(state.get_interruptions()[0])
    await stage.go(triage, state)


@answers(reply(PAY), reply(say("Paid.")))
async def approved_after_a_round_trip_through_json(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk))
    text = (await stage.go(agent, "Pay 5.")).to_state().to_string()
    state = await sdk.RunState.from_string(agent, text)
    state.approve(state.get_interruptions()[0])
    await stage.go(agent, state)


@answers(reply(PAY), reply(say("Paid, and noted.")))
async def input_added_while_paused(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk))
    state = (await stage.go(agent, "Pay 5.")).to_state()
    state.approve(state.get_interruptions()[0])
    state.add_input("And note it.")
    await stage.go(agent, state)


@answers(*[reply(call("look", "l1"), PAY)] * 5)
async def input_where_the_tool_may_end_the_run(sdk, stage):
    taken = []
    for behavior in (
        "run_llm_again",
        "stop_on_first_tool",
        {"stop_at_tool_names": ["pay"]},
        {"stop_at_tool_names": ["look"]},
        lambda context, results: sdk.ToolsToFinalOutputResult(is_final_output=False),
    ):
        agent = cashier(sdk, pay_tool(sdk), free_tool(sdk), tool_use_behavior=behavior)
        state = (await stage.go(agent, "Pay 5.")).to_state()
        try:
            state.add_input("And note it.")
        except sdk.exceptions.UserError:
            taken.append(False)
        else:
            taken.append(True)
    stage.note(taken=taken)


@answers(reply(call("look", "l1")), reply(PAY), reply(call("look", "l2")), modes=("streamed",))
async def turns_are_counted_across_the_pause(sdk, stage):
    agent = cashier(sdk, pay_tool(sdk), free_tool(sdk))
    state = (await stage.go(agent, "Pay 5.", max_turns=3)).to_state()
    state.approve(state.get_interruptions()[0])
    await stage.go(agent, state, max_turns=9)


@answers(*[reply(call("look", "l1"), call("pay", "p1", amount=5), call("pay", "p2", amount=7))] * 3)
async def tools_end_a_run_when_the_last_of_them_is_decided(sdk, stage):
    def all_are_done(context, results):
        stage.note(outputs=[str(result.output) for result in results])
        return sdk.ToolsToFinalOutputResult(is_final_output=True, final_output="all")

    for behavior in ("stop_on_first_tool", {"stop_at_tool_names": ["look"]}, all_are_done):
        tools = [free_tool(sdk), pay_tool(sdk)]
        agent = sdk.Agent(name="Cashier", tools=tools, tool_use_behavior=behavior)
        result = await stage.go(agent, "Pay.")
        for call_id in ("p2", "p1"):
            state = result.to_state()
            (item,) = [item for item in state.get_interruptions() if item.call_id == call_id]
            state.approve(item)
            result = await stage.go(agent, state)
