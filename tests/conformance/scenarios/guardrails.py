"""Guardrails: of the input, of the output, and of tools; before, beside and after the model."""

from __future__ import annotations

from tests.conformance.scenario import STREAMED, WHOLE, Scenarios
from tests.conformance.scenarios.approvals import PAY, pay_tool
from tests.conformance.scenarios.endings import caught_up
from tests.fakes.delivery import Before, Delivery, Hold
from tui.rehearsal.script import call, reply, say

GUARDRAILS = Scenarios()
answers, gated = GUARDRAILS.answers, GUARDRAILS.gated

HELLO = say("Hello there, all of this was not to be said.")


def judge(sdk, stage, name, *, trips=False, wait=None):
    """Return a function that notes what it is shown, and the guardrail's finding."""

    async def check(context, agent, judged):
        if wait is not None:
            await wait()
        stage.note(guardrail=name, agent=agent.name, judged=judged, context=context.context)
        return sdk.GuardrailFunctionOutput({"by": name}, tripwire_triggered=trips)

    check.__name__ = name
    return check


def note_found(stage, result):
    """Write down what the guardrails of a run found."""
    if result is None:
        return
    stage.note(
        input=[
            [r.guardrail.get_name(), r.output.output_info] for r in result.input_guardrail_results
        ],
        output=[
            [r.guardrail.get_name(), r.agent.name, r.agent_output, r.output.output_info]
            for r in result.output_guardrail_results
        ],
        of_calls=[
            [r.guardrail.get_name(), r.output.behavior, r.output.output_info]
            for r in result.tool_input_guardrail_results
        ],
        of_outputs=[
            [r.guardrail.get_name(), r.output.behavior, r.output.output_info]
            for r in result.tool_output_guardrail_results
        ],
    )


async def guarded(sdk, stage, given="Hi", *, config=None, **options):
    """Run an agent with guardrails and write down what they found."""
    agent = sdk.Agent(name="A", **options)
    note_found(stage, await stage.go(agent, given, context="mine", run_config=config))


def blocking(sdk, *functions):
    return [sdk.InputGuardrail(function, run_in_parallel=False) for function in functions]


# -- of the input


@answers()
async def input_guardrail_before_the_model_stops_it(sdk, stage):
    await guarded(sdk, stage, input_guardrails=blocking(sdk, judge(sdk, stage, "no", trips=True)))


@answers(reply(say("Hello.")))
async def input_guardrails_that_let_a_run_go_on(sdk, stage):
    first = sdk.input_guardrail(name="first", run_in_parallel=False)(judge(sdk, stage, "one"))
    second = sdk.input_guardrail(judge(sdk, stage, "two"))
    config = sdk.RunConfig(input_guardrails=[sdk.InputGuardrail(judge(sdk, stage, "three"))])
    given = [{"role": "user", "content": "Hi"}]
    await guarded(sdk, stage, given, config=config, input_guardrails=[second, first])


@answers()
async def input_guardrail_of_the_run_stops_it(sdk, stage):
    config = sdk.RunConfig(input_guardrails=blocking(sdk, judge(sdk, stage, "no", trips=True)))
    letting = blocking(sdk, judge(sdk, stage, "yes"))
    await guarded(sdk, stage, config=config, input_guardrails=letting)


@answers()
async def input_guardrail_that_fails(sdk, stage):
    async def broken(context, agent, judged):
        raise LookupError("no such word")

    await guarded(sdk, stage, input_guardrails=blocking(sdk, broken))


@answers()
async def input_guardrail_that_is_no_function(sdk, stage):
    guard = sdk.InputGuardrail("no function", name="none", run_in_parallel=False)
    await guarded(sdk, stage, input_guardrails=[guard])


@answers(reply(call("tick", "t1")), reply(HELLO), modes=STREAMED)
async def input_guardrail_slower_than_the_streamed_run(sdk, stage):
    slow = judge(sdk, stage, "slow", trips=True, wait=stage.gate.wait)
    agent = sdk.Agent(name="A", tools=[tick(sdk)], input_guardrails=[sdk.InputGuardrail(slow)])
    result = stage.begin(agent, "Hi", context="mine")

    def open_at_the_message(event):
        if getattr(event, "name", "") == "message_output_created":
            stage.gate.open()

    await stage.read(result, until=open_at_the_message)
    note_found(stage, result)


@answers(reply(call("tick", "t1")), modes=WHOLE)
async def input_guardrail_slower_than_the_first_turn(sdk, stage):
    slow = judge(sdk, stage, "slow", trips=True, wait=stage.gate.wait)
    ticking = tick(sdk, at_end=stage.gate.open)
    agent = sdk.Agent(name="A", tools=[ticking], input_guardrails=[sdk.InputGuardrail(slow)])
    # Not `stage.go`: ours keeps that the tool ran, the SDK forgets it.
    try:
        await sdk.Runner.run(agent, "Hi", context="mine")
    except sdk.InputGuardrailTripwireTriggered as error:
        stage.note(stopped=str(error))


def held_in_the_middle(gate):
    return Delivery(reply(HELLO), (Before(6, Hold(gate)),))


@gated(held_in_the_middle)
async def input_guardrail_trips_while_the_model_speaks(sdk, stage):
    ran = []
    trips = judge(sdk, stage, "beside", trips=True, wait=stage.gate.wait)
    agent = sdk.Agent(
        name="A",
        tools=[tick(sdk, at_end=lambda: ran.append("tick"))],
        input_guardrails=[sdk.InputGuardrail(trips)],
    )
    result = stage.begin(agent, "Hi", context="mine")
    # Ours stops the model at once, the SDK hears it out: so their usage differs.
    await stage.end_of(result, without=["usage"], until=caught_up(stage, 6))
    note_found(stage, result)
    stage.note(ran=ran)


@answers(reply(call("transfer_to_b", "h1")), modes=STREAMED)
async def input_guardrail_trips_at_a_handoff(sdk, stage):
    slow = judge(sdk, stage, "slow", trips=True, wait=stage.gate.wait)
    agent = sdk.Agent(
        name="A", handoffs=[sdk.Agent(name="B")], input_guardrails=[sdk.InputGuardrail(slow)]
    )
    result = stage.begin(agent, "Give me B.", context="mine")

    def open_at_the_handoff(event):
        if getattr(event, "name", "") == "handoff_occured":
            stage.gate.open()

    await stage.read(result, until=open_at_the_handoff)


@answers(reply(call("transfer_to_b", "h1")), reply(say("B here.")))
async def input_guardrails_are_those_of_the_starting_agent(sdk, stage):
    b = sdk.Agent(name="B", input_guardrails=blocking(sdk, judge(sdk, stage, "b", trips=True)))
    await guarded(
        sdk,
        stage,
        "Give me B.",
        handoffs=[b],
        input_guardrails=blocking(sdk, judge(sdk, stage, "a")),
    )


@answers(reply(PAY), reply(say("Paid.")))
async def input_guardrails_do_not_judge_a_resumed_run(sdk, stage):
    checks = blocking(sdk, judge(sdk, stage, "once"))
    agent = sdk.Agent(name="A", tools=[pay_tool(sdk)], input_guardrails=checks)
    state = (await stage.go(agent, "Pay 5.")).to_state()
    state.approve(state.get_interruptions()[0])
    note_found(stage, await stage.go(agent, state))


@answers(reply(PAY), reply(say("Paid.")))
async def input_guardrails_judge_what_is_added_to_a_paused_run(sdk, stage):
    beside = sdk.InputGuardrail(judge(sdk, stage, "beside"))
    agent = sdk.Agent(name="A", tools=[pay_tool(sdk)], input_guardrails=[beside])
    state = (await stage.go(agent, "Pay 5.")).to_state()
    state.approve(state.get_interruptions()[0])
    state.add_input("And be quick.")
    note_found(stage, await stage.go(agent, state))


@answers(reply(PAY))
async def input_guardrail_stops_what_is_added_to_a_paused_run(sdk, stage):
    agent = sdk.Agent(name="A", tools=[pay_tool(sdk)])
    state = (await stage.go(agent, "Pay 5.")).to_state()
    agent.input_guardrails = blocking(sdk, judge(sdk, stage, "no", trips=True))
    state.approve(state.get_interruptions()[0])
    state.add_input("And be quick.")
    note_found(stage, await stage.go(agent, state))


@answers(reply(call("ask_sub", "s1", input="x")), reply(say("Sub was stopped.")))
async def input_guardrail_stops_an_agent_used_as_a_tool(sdk, stage):
    checks = blocking(sdk, judge(sdk, stage, "no", trips=True))
    sub = sdk.Agent(name="Sub", input_guardrails=checks)
    await guarded(sdk, stage, tools=[sub.as_tool("ask_sub", "Ask.")])


# -- of the output


@answers(reply(say("Hello.")))
async def output_guardrail_lets_an_answer_pass(sdk, stage):
    guard = sdk.output_guardrail(name="fine")(judge(sdk, stage, "fine"))
    config = sdk.RunConfig(output_guardrails=[sdk.output_guardrail(judge(sdk, stage, "all"))])
    await guarded(sdk, stage, config=config, output_guardrails=[guard])


@answers(reply(say("Hello.")))
async def output_guardrail_stops_an_answer(sdk, stage):
    guard = sdk.OutputGuardrail(judge(sdk, stage, "no", trips=True))
    await guarded(sdk, stage, output_guardrails=[guard])


@answers(reply(say("Hello.")))
async def output_guardrail_that_fails(sdk, stage):
    def broken(context, agent, judged):
        raise LookupError("no such word")

    await guarded(sdk, stage, output_guardrails=[sdk.OutputGuardrail(broken)])


@answers(reply(call("transfer_to_b", "h1")), reply(say("B here.")))
async def output_guardrails_are_those_of_the_last_agent(sdk, stage):
    b = sdk.Agent(name="B", output_guardrails=[sdk.OutputGuardrail(judge(sdk, stage, "b"))])
    checks = [sdk.OutputGuardrail(judge(sdk, stage, "a", trips=True))]
    await guarded(sdk, stage, "Give me B.", handoffs=[b], output_guardrails=checks)


@answers(reply(say("I tick."), call("tick", "t1"), call("tick", "t2")))
async def output_guardrail_withholds_what_a_tool_answered(sdk, stage):
    guard = sdk.OutputGuardrail(judge(sdk, stage, "no", trips=True))
    await guarded(
        sdk,
        stage,
        tools=[tick(sdk)],
        tool_use_behavior="stop_on_first_tool",
        output_guardrails=[guard],
    )


# -- of tools


def tick(sdk, *, at_end=None, **options):
    @sdk.function_tool(**options)
    async def tick() -> str:
        """Tick."""
        if at_end is not None:
            at_end()
        return "tock"

    return tick


def of_tool(sdk, stage, side, behaviour, *arguments):
    """Return a tool's guardrail that notes what it is shown."""

    def check(data):
        context = data.context
        shown = [context.tool_name, context.tool_call_id, context.tool_arguments]
        stage.note(
            guardrail=side, agent=data.agent.name, shown=[*shown, getattr(data, "output", 0)]
        )
        return getattr(sdk.ToolGuardrailFunctionOutput, behaviour)(*arguments, output_info=side)

    return getattr(sdk, f"tool_{side}_guardrail")(name=f"{side} {behaviour}")(check)


async def ticked(sdk, stage, side, *guards, **options):
    ticking = tick(sdk, **{f"tool_{side}_guardrails": list(guards)}, **options)
    heard = []

    class Listening(sdk.RunHooks):
        async def on_tool_start(self, context, agent, tool):
            heard.append("start")

        async def on_tool_end(self, context, agent, tool, result):
            heard.append(["end", result])

    agent = sdk.Agent(name="A", tools=[ticking])
    note_found(stage, await stage.go(agent, "Tick.", hooks=Listening()))
    stage.note(heard=heard)


TICKS = (reply(call("tick", "t1")), reply(say("Done.")))


@answers(*TICKS)
async def tool_guardrails_let_a_call_pass(sdk, stage):
    after = of_tool(sdk, stage, "output", "allow")
    before = of_tool(sdk, stage, "input", "allow")
    await ticked(sdk, stage, "input", before, before, tool_output_guardrails=[after])


@answers(*TICKS)
async def tool_input_guardrail_rejects_a_call(sdk, stage):
    rejects = of_tool(sdk, stage, "input", "reject_content", "Not that.")
    await ticked(sdk, stage, "input", rejects, of_tool(sdk, stage, "input", "allow"))


@answers(*TICKS)
async def tool_output_guardrail_rejects_an_output(sdk, stage):
    rejects = of_tool(sdk, stage, "output", "reject_content", "Not that.")
    await ticked(sdk, stage, "output", rejects, of_tool(sdk, stage, "output", "allow"))


@answers(reply(call("tick", "t1")))
async def tool_input_guardrail_ends_the_run(sdk, stage):
    await ticked(sdk, stage, "input", of_tool(sdk, stage, "input", "raise_exception"))


@answers(reply(call("tick", "t1")))
async def tool_output_guardrail_ends_the_run(sdk, stage):
    await ticked(sdk, stage, "output", of_tool(sdk, stage, "output", "raise_exception"))


@answers(reply(call("tick", "t1")))
async def tool_guardrail_that_fails(sdk, stage):
    @sdk.tool_input_guardrail
    def broken(data):
        raise LookupError("no such word")

    await ticked(sdk, stage, "input", broken)


@answers(*TICKS)
async def tool_output_guardrail_judges_what_is_told_of_a_failure(sdk, stage):
    def fail():
        raise ValueError("a detail")

    await ticked(sdk, stage, "output", of_tool(sdk, stage, "output", "allow"), at_end=fail)


@answers(*TICKS)
async def tool_input_guardrail_judges_after_the_approval(sdk, stage):
    guard = of_tool(sdk, stage, "input", "reject_content", "Not that.")
    ticking = tick(sdk, needs_approval=True, tool_input_guardrails=[guard])
    agent = sdk.Agent(name="A", tools=[ticking])
    state = (await stage.go(agent, "Tick.")).to_state()
    state.approve(state.get_interruptions()[0])
    # What the guardrail found is kept by ours, and lost by the SDK.
    await stage.go(agent, state)


@answers(reply(call("ask_sub", "s1", input="x")), reply(say("Sub.")), reply(say("Done.")))
async def tool_guardrails_of_an_agent_used_as_a_tool(sdk, stage):
    asking = sdk.Agent(name="Sub").as_tool("ask_sub", "Ask.")
    asking.tool_input_guardrails = [of_tool(sdk, stage, "input", "allow")]
    asking.tool_output_guardrails = [of_tool(sdk, stage, "output", "reject_content", "No.")]
    await guarded(sdk, stage, tools=[asking])


@answers(reply(call("tick", "t1"), call("wait", "w1")))
async def tool_guardrail_ends_the_run_beside_a_call_that_was_done(sdk, stage):
    @sdk.function_tool
    async def wait() -> str:
        """Wait for the other."""
        await stage.gate.wait()
        return "waited"

    def judge_late(data):
        stage.gate.open()
        return sdk.ToolGuardrailFunctionOutput.raise_exception()

    guard = sdk.tool_output_guardrail(judge_late)
    agent = sdk.Agent(name="A", tools=[tick(sdk, tool_output_guardrails=[guard]), wait])
    await stage.go(agent, "Both.")


# -- beside a session


async def kept_in_a_session(sdk, stage, **options):
    """Run an agent and write down what its session has then."""
    session = sdk.SQLiteSession("one")
    await session.add_items([{"role": "user", "content": "Before."}])
    agent = sdk.Agent(name="A", tools=[tick(sdk)], **options)
    await stage.go(agent, "Hi", session=session)
    stage.note(kept=await session.get_items())
    session.close()


@answers()
async def session_of_a_run_that_a_blocking_guardrail_stops(sdk, stage):
    guards = blocking(sdk, judge(sdk, stage, "no", trips=True))
    await kept_in_a_session(sdk, stage, input_guardrails=guards)


@answers(reply(say("Hello.")))
async def session_of_a_run_whose_answer_is_stopped(sdk, stage):
    guard = sdk.OutputGuardrail(judge(sdk, stage, "no", trips=True))
    await kept_in_a_session(sdk, stage, output_guardrails=[guard])


@answers(reply(call("tick", "t1")), reply(say("Hello.")))
async def session_of_a_run_whose_last_answer_is_stopped(sdk, stage):
    guard = sdk.OutputGuardrail(judge(sdk, stage, "no", trips=True))
    await kept_in_a_session(sdk, stage, output_guardrails=[guard])


@answers(reply(call("tick", "t1")))
async def session_of_a_run_whose_tool_output_is_withheld(sdk, stage):
    guard = sdk.OutputGuardrail(judge(sdk, stage, "no", trips=True))
    await kept_in_a_session(
        sdk, stage, tool_use_behavior="stop_on_first_tool", output_guardrails=[guard]
    )


@answers(reply(call("tick", "t1")))
async def session_of_a_run_that_a_tool_guardrail_stops(sdk, stage):
    guard = of_tool(sdk, stage, "output", "raise_exception")
    session = sdk.SQLiteSession("one")
    agent = sdk.Agent(name="A", tools=[tick(sdk, tool_output_guardrails=[guard])])
    await stage.go(agent, "Hi", session=session)
    stage.note(kept=await session.get_items())
    session.close()


# -- beside a conversation that the service keeps


@answers()
async def output_guardrail_of_what_the_service_keeps(sdk, stage):
    guard = sdk.OutputGuardrail(judge(sdk, stage, "no"))
    agent = sdk.Agent(name="A", output_guardrails=[guard])
    try:
        await stage.go(agent, "Hi", conversation_id="conv_1")
    except sdk.UserError as error:
        # A streamed run raises before it has begun.
        stage.note(refused=str(error))


@answers(reply(call("transfer_to_b", "h1")))
async def output_guardrail_of_what_the_service_keeps_for_another_agent(sdk, stage):
    b = sdk.Agent(name="B", output_guardrails=[sdk.OutputGuardrail(judge(sdk, stage, "no"))])
    agent = sdk.Agent(name="A", handoffs=[b])
    await stage.go(agent, "Give me B.", previous_response_id="resp_9")


@answers(reply(say("Hello.")))
async def input_guardrail_of_what_the_service_keeps(sdk, stage):
    agent = sdk.Agent(name="A", input_guardrails=blocking(sdk, judge(sdk, stage, "yes")))
    await stage.go(agent, "Hi", previous_response_id="resp_9")
