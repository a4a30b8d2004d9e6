"""Chains over both real runtimes and one scripted server: the same is told."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.fakes.delivery import Before, Delivery, Hold
from tests.fakes.milestone import Gate
from tests.host.serving import LIBRARIES, desk
from tests.host.told import kinds, lines, only
from tui.rehearsal.script import call, reply, say, think
from tui.wire.events import (
    ApprovalRequested,
    MessageOutput,
    RunCancelled,
    RunCompleted,
    RunFailed,
    RunPaused,
    TextDelta,
    ToolCalled,
    ToolFinished,
    ToolOutput,
    ToolStarted,
    UserMessage,
)

DELTAS = ("text_delta", "reasoning_delta", "arguments_delta", "usage_reported")

both = pytest.mark.parametrize("library", LIBRARIES)


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


def without_deltas(events):
    return [line for line in lines(events) if line.split()[0] not in DELTAS]


@both
async def test_tools_a_handoff_and_an_approval(library):
    script = [
        reply(think("hm"), call("transfer_to_billing", "c0")),
        reply(call("lookup", "c1", order="A"), call("refund", "c2", order="A")),
        reply(say("All done.")),
    ]
    async with desk(library, script) as d:

        def lookup(order: str) -> str:
            return "found"

        def refund(order: str) -> str:
            return "refunded"

        tools = [
            d.library.function_tool(lookup),
            d.library.function_tool(needs_approval=True)(refund),
        ]
        billing = d.agent("Billing", tools=tools)
        run = d.run(d.agent("Triage", handoffs=[billing]))
        request = await run.until(ApprovalRequested)
        run.decide("c2", approve=True, arguments=request.arguments)
        events = await run.ended()

    told = without_deltas(events)
    early = [line for line in told if "approval" in line or "run_" in line]
    assert [line for line in told if line not in early] == [
        "user_message hello",
        "agent_changed",
        "reasoning_output hm",
        "handoff_requested c0 transfer_to_billing ",
        "handoff_requested c0 transfer_to_billing {}",
        "handoff_occurred c0 Billing",
        "agent_changed",
        'tool_called c1 lookup {"order":"A"}',
        'tool_called c2 refund {"order":"A"}',
        "tool_started c1 lookup",
        "tool_finished c1 lookup",
        "tool_output c1 found",
        "tool_started c2 refund",
        "tool_finished c2 refund",
        "tool_output c2 refunded",
        "message_output All done.",
    ]
    assert request.path == ("Triage", "Billing")


async def test_ours_shows_a_request_while_a_free_tool_runs():
    goes_on = threading.Event()
    script = [reply(call("slow", "c1"), call("refund", "c2")), reply(say("done"))]
    async with desk("tui.agents", script) as d:

        def slow() -> str:
            goes_on.wait(10)
            return "slow"

        def refund() -> str:
            return "refunded"

        tools = [
            d.library.function_tool(slow),
            d.library.function_tool(needs_approval=True)(refund),
        ]
        run = d.run(d.agent("Triage", tools=tools))
        await run.until(ApprovalRequested)
        await run.until(ToolStarted)
        assert not run.of(ToolFinished)
        run.decide("c2", approve=True)
        goes_on.set()
        events = await run.ended()

    assert not only(events, RunPaused)
    assert [event.output for event in only(events, ToolOutput)] == ["slow", "refunded"]


@both
async def test_tools_of_one_turn_have_their_own_start_and_end(library):
    goes_on = asyncio.Event()
    script = [reply(call("slow", "c1"), call("fast", "c2")), reply(say("done"))]
    async with desk(library, script) as d:

        async def slow() -> str:
            await goes_on.wait()
            return "slow"

        async def fast() -> str:
            """Be fast."""
            return "fast"

        tools = [d.library.function_tool(tool) for tool in (slow, fast)]
        run = d.run(d.agent("Triage", tools=tools))
        first_end = await run.until(ToolFinished)
        told_meanwhile = list(run.events)
        goes_on.set()
        events = await run.ended()

    assert first_end.call_id == "c2"
    described = {event.call_id: event.description for event in only(told_meanwhile, ToolStarted)}
    assert described == {"c1": "", "c2": "Be fast."}
    assert not only(told_meanwhile, ToolOutput)
    assert [event.output for event in only(events, ToolOutput)] == ["slow", "fast"]


@both
async def test_a_tool_that_raises_is_told_with_its_error(library):
    async with desk(library, [reply(call("pay", "c1")), reply(say("sorry"))]) as d:

        def pay() -> str:
            raise ValueError("no money")

        events = await d.run(d.agent("Triage", tools=[d.library.function_tool(pay)])).ended()

    finished = only(events, ToolFinished)[0]
    assert (finished.error_type, finished.error) == ("ValueError", "no money")
    assert "error" in only(events, ToolOutput)[0].output


@both
async def test_a_tool_that_exits_ends_the_run_and_not_the_host(library):
    async with desk(library, [reply(call("pay", "c1"))]) as d:

        async def pay() -> str:
            raise SystemExit(3)

        events = await d.run(d.agent("Triage", tools=[d.library.function_tool(pay)])).ended()

    assert isinstance(events[-1], RunFailed)
    assert "tried to end the process" in events[-1].details


@both
async def test_a_rejections_reason_reaches_the_model(library):
    script = [reply(call("refund", "c1")), reply(say("I see."))]
    async with desk(library, script) as d:

        def refund() -> str:
            raise AssertionError("it must not run")

        tool = d.library.function_tool(needs_approval=True)(refund)
        run = d.run(d.agent("Triage", tools=[tool]))
        await run.until(RunPaused)
        run.decide("c1", approve=False, reason="too much")
        events = await run.ended()
        sent = d.server.bodies[1]["input"][-1]

    assert sent["output"] == "too much"
    assert not only(events, ToolStarted)
    assert only(events, ToolOutput)[0].output == "too much"


@both
async def test_an_agent_used_as_a_tool_shows_its_calls_inside(library):
    script = [
        reply(call("ask_sub", "outer", input="x")),
        reply(call("score", "inner")),
        reply(say("0.2 it is")),
        reply(say("fine")),
    ]
    async with desk(library, script) as d:

        def score() -> str:
            return "0.2"

        sub = d.agent("Sub", tools=[d.library.function_tool(score)])
        run = d.run(d.agent("Triage", tools=[sub.as_tool("ask_sub", "Ask.")]))
        events = await run.ended()

    inner = [event for event in events if getattr(event, "call_id", "") == "inner"]
    assert {event.within for event in inner} == {"outer"}
    assert without_deltas(inner) == [
        "tool_called inner score {} outer",
        "tool_started inner score outer",
        "tool_finished inner score outer",
        "tool_output inner 0.2 outer",
    ]
    of_outer = [event for event in events if getattr(event, "call_id", "") == "outer"]
    assert without_deltas(of_outer) == [
        'tool_called outer ask_sub {"input":"x"}',
        "tool_started outer ask_sub",
        "tool_finished outer ask_sub",
        "tool_output outer 0.2 it is",
    ]


@both
async def test_a_call_inside_an_agent_used_as_a_tool_can_be_asked_for(library):
    script = [
        reply(call("ask_sub", "outer", input="x")),
        reply(call("refund", "inner")),
        reply(say("it is paid")),
        reply(say("fine")),
    ]
    async with desk(library, script) as d:
        ran = []

        def refund() -> str:
            ran.append("refund")
            return "refunded"

        sub = d.agent("Sub", tools=[d.library.function_tool(needs_approval=True)(refund)])
        run = d.run(d.agent("Triage", tools=[sub.as_tool("ask_sub", "Ask.")]))
        request = await run.until(ApprovalRequested)
        await run.until(RunPaused)
        assert not run.of(ToolFinished)
        run.decide("inner", approve=True)
        events = await run.ended()

    assert (request.within, request.path, request.agent) == ("outer", ("Triage", "Sub"), "Sub")
    assert ran == ["refund"]
    started = [event.call_id for event in only(events, ToolStarted)]
    finished = [event.call_id for event in only(events, ToolFinished)]
    assert started == ["outer", "inner"]
    assert finished == ["inner", "outer"]
    called = [event.call_id for event in only(events, ToolCalled)]
    assert called == ["outer", "inner"]
    assert isinstance(events[-1], RunCompleted)


@both
async def test_an_immediate_cancel_in_the_middle_of_a_message(library):
    gate = Gate()
    held = Delivery(reply(say("one two three four")), (Before("response.completed", Hold(gate)),))
    async with desk(library, [held]) as d:
        run = d.run(d.agent("Triage"))
        await run.until(TextDelta)
        run.chain.cancel("immediate")
        events = await run.ended()
        gate.open()

    assert isinstance(events[-1], RunCancelled)


@both
async def test_an_immediate_cancel_while_a_tool_blocks_its_thread(library):
    goes_on = threading.Event()
    async with desk(library, [reply(call("slow", "c1"))]) as d:

        def slow() -> str:
            goes_on.wait(10)
            return "slow"

        run = d.run(d.agent("Triage", tools=[d.library.function_tool(slow)]))
        await run.until(ToolStarted)
        run.chain.cancel("immediate")
        events = await run.ended()
        goes_on.set()

    assert isinstance(events[-1], RunCancelled)
    assert not only(events, ToolFinished)


@both
async def test_a_cancel_after_the_turn_keeps_what_the_turn_did(library):
    started, goes_on = threading.Event(), threading.Event()
    async with desk(library, [reply(call("slow", "c1"))]) as d:

        def slow() -> str:
            started.set()
            goes_on.wait(10)
            return "slow"

        run = d.run(d.agent("Triage", tools=[d.library.function_tool(slow)]))
        await run.until(ToolStarted)
        run.chain.cancel("after_turn")
        goes_on.set()
        events = await run.ended()

    assert kinds(events)[-2:] == ["tool_output", "run_cancelled"]
    assert run.chain.conversation.items[-1]["output"] == "slow"


@both
async def test_steering_reaches_the_next_model_call(library):
    goes_on = threading.Event()
    async with desk(library, [reply(call("slow", "c1")), reply(say("oui"))]) as d:

        def slow() -> str:
            goes_on.wait(10)
            return "slow"

        run = d.run(d.agent("Triage", tools=[d.library.function_tool(slow)]))
        await run.until(ToolStarted)
        run.chain.say("in French")
        goes_on.set()
        events = await run.ended()
        sent = d.server.bodies[1]["input"]

    assert sent[-1] == {"content": "in French", "role": "user"}
    assert events[-1].final_output == "oui"
    order = [line for line in lines(events) if line.startswith(("tool_output", "user_message"))]
    assert order == ["user_message hello", "tool_output c1 slow", "user_message in French"]


@both
async def test_steering_in_the_last_turn_is_answered(library):
    gate = Gate()
    held = Delivery(reply(say("bye")), (Before("response.completed", Hold(gate)),))
    async with desk(library, [held, reply(say("au revoir"))]) as d:
        run = d.run(d.agent("Triage"))
        await run.until(TextDelta)
        run.chain.say("in French")
        gate.open()
        events = await run.ended()
        sent = d.server.bodies[1]["input"]

    assert [item.get("role") for item in sent] == ["user", "assistant", "user"]
    assert [event.text for event in only(events, MessageOutput)] == ["bye", "au revoir"]
    assert [event.text for event in only(events, UserMessage)] == ["hello", "in French"]


@both
async def test_a_follow_up_after_a_withdrawn_call_is_a_valid_request(library):
    async with desk(library, [reply(call("refund", "c1")), reply(say("all right"))]) as d:

        def refund() -> str:
            return "refunded"

        agent = d.agent("Triage", tools=[d.library.function_tool(needs_approval=True)(refund)])
        first = d.run(agent)
        await first.until(RunPaused)
        first.chain.cancel("immediate")
        await first.ended()
        second = d.run(agent, "never mind", conversation=first.chain.conversation, continues="run")
        await second.ended()
        sent = d.server.bodies[1]["input"]

    assert [item.get("type", item.get("role")) for item in sent] == [
        "user",
        "function_call",
        "function_call_output",
        "user",
    ]
    assert "not carried out" in sent[2]["output"]


@both
async def test_too_many_turns_are_told_after_all_that_was_done(library):
    async with desk(library, lambda request: reply(call("again", f"c{request.number}"))) as d:

        def again() -> str:
            return "more"

        events = await d.run(d.agent("Triage", tools=[d.library.function_tool(again)])).ended()

    assert events[-1].error_type == "MaxTurnsExceeded"
    assert len(only(events, ToolOutput)) == 10


@both
async def test_two_runs_of_one_agent_keep_their_calls_apart(library):
    gate = asyncio.Event()

    def answer(request):
        said = [
            item for item in request.body["input"] if item.get("type") == "function_call_output"
        ]
        name = request.body["input"][0]["content"]
        return reply(say(f"done {name}")) if said else reply(call("work", f"call_{name}"))

    async with desk(library, answer) as d:

        async def work() -> str:
            await gate.wait()
            return "worked"

        agent = d.agent("Triage", tools=[d.library.function_tool(work)])
        runs = [d.run(agent, name) for name in ("a", "b")]
        for run in runs:
            await run.until(ToolStarted)
        gate.set()
        all_events = [await run.ended() for run in runs]

    for name, events in zip("ab", all_events, strict=True):
        assert {event.call_id for event in only(events, ToolStarted)} == {f"call_{name}"}
        assert {event.call_id for event in only(events, ToolFinished)} == {f"call_{name}"}
        assert events[-1].final_output == f"done {name}"
