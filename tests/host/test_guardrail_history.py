"""What stays of a run that a guardrail stopped: a stopped message must not stop all that follow.

The rules know items by shape, and hold for any library.
"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from tests.fakes.delivery import http_error
from tests.host.serving import LIBRARIES, desk
from tests.host.test_retry import said
from tui.host.live.history import Conversation
from tui.host.live.stops import service_called, without_answer, without_message
from tui.rehearsal.script import call, reply, say, think
from tui.wire.events import (
    GuardrailTripped,
    MessageOutput,
    RunCompleted,
    RunPaused,
    ToolOutput,
    UserMessage,
)

REMARK = "user: (A guardrail stopped the message that stood here.)"
WITHHELD_ANSWER = "assistant: (A guardrail withheld the answer that stood here.)"
WITHHELD = "This call was carried out; its result was withheld."
NOT_BEGUN = "A guardrail stopped the run before this call began."
EARLIER = ({"role": "user", "content": "good day"}, {"role": "assistant", "content": "Hello."})
SAID_EARLIER = ["user: good day", "assistant: Hello."]


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


@pytest.fixture(params=LIBRARIES)
def library_name(request):
    return request.param


REFUND = reply(say("I refund."), call("refund", "c1"))
ANSWER = reply(say("The secret is 7."))
CALLED = ["refund c1", "c1 -> refunded"]


def refund_tool(library, **options):
    async def refund() -> str:
        return "refunded"

    return library.function_tool(**options)(refund)


def judge(library, *, wait=None):
    """Return a guardrail that stops what holds a bad word, wherever in the input it stands."""

    async def no_secrets(context, agent, judged):
        if wait is not None:
            await wait()
        return library.GuardrailFunctionOutput("a secret", tripwire_triggered="bad" in str(judged))

    return no_secrets


def of_tool(library, side):
    def no_secrets(data):
        return library.ToolGuardrailFunctionOutput.raise_exception("a secret")

    return getattr(library, f"tool_{side}_guardrail")(no_secrets)


def blocking(library, tools, _):
    guard = library.InputGuardrail(judge(library), run_in_parallel=False)
    return {"tools": tools, "input_guardrails": [guard]}


def beside(library, tools, _):
    return {"tools": tools, "input_guardrails": [library.InputGuardrail(judge(library))]}


def slow(library, tools, is_shown):
    guard = library.InputGuardrail(judge(library, wait=is_shown.wait))
    return {"tools": tools, "input_guardrails": [guard]}


def on_output(library, tools, _):
    async def no_secrets(context, agent, output):
        return library.GuardrailFunctionOutput("a secret", tripwire_triggered=True)

    return {"tools": tools, "output_guardrails": [library.OutputGuardrail(no_secrets)]}


def on_output_of_tool(library, tools, is_shown):
    return {**on_output(library, tools, is_shown), "tool_use_behavior": "stop_on_first_tool"}


def on_call(library, tools, _):
    tools[0].tool_input_guardrails = [of_tool(library, "input")]
    return {"tools": tools}


def on_result(library, tools, _):
    tools[0].tool_output_guardrails = [of_tool(library, "output")]
    return {"tools": tools}


async def stopped(library_name, make, script, text="bad"):
    """Run an agent in a conversation until a guardrail stops it."""
    async with desk(library_name, script) as d:
        is_shown = asyncio.Event()
        agent = d.agent("Triage", **make(d.library, [refund_tool(d.library)], is_shown))
        run = d.run(agent, text, conversation=Conversation(EARLIER, agent))
        if make is slow:
            await run.until(MessageOutput, len(script))
            is_shown.set()
        await run.ended()
        d.server.unscripted.clear()
    assert run.of(GuardrailTripped)
    assert run.chain.unfinished is None, "it would only be stopped again"
    return said(run.chain.conversation.items)


CASES = {
    "a message, before the model": (blocking, [], SAID_EARLIER),
    "a message, beside the model": (beside, [ANSWER], SAID_EARLIER),
    "a message, after the answer": (slow, [ANSWER], SAID_EARLIER),
    "a message, after a tool ran": (slow, [REFUND, ANSWER], [*SAID_EARLIER, REMARK, *CALLED]),
    "an answer": (on_output, [ANSWER], [*SAID_EARLIER, "user: bad", WITHHELD_ANSWER]),
    "an answer after a tool ran": (
        on_output,
        [REFUND, ANSWER],
        [*SAID_EARLIER, "user: bad", "assistant: I refund.", *CALLED, WITHHELD_ANSWER],
    ),
    "a tool's result as the answer": (
        on_output_of_tool,
        [REFUND],
        [*SAID_EARLIER, "user: bad", "refund c1", f"c1 -> {WITHHELD}", WITHHELD_ANSWER],
    ),
    "a call": (
        on_call,
        [REFUND],
        [*SAID_EARLIER, "user: bad", "refund c1", f"c1 -> {NOT_BEGUN}"],
    ),
    "a call's result": (
        on_result,
        [REFUND],
        [*SAID_EARLIER, "user: bad", "refund c1", f"c1 -> {WITHHELD}"],
    ),
}


@pytest.mark.parametrize("name", CASES)
async def test_what_a_guardrail_stopped_is_left_out_and_what_was_done_stays(library_name, name):
    make, script, expected = CASES[name]

    assert await stopped(library_name, make, script) == expected


@pytest.mark.parametrize("tools_ran", [False, True], ids=["no tool ran", "a tool ran"])
async def test_a_guardrail_that_looks_at_the_whole_input_stops_one_message_only(
    library_name, tools_ran
):
    script = [*([REFUND] if tools_ran else []), ANSWER, reply(say("Gladly."))]
    async with desk(library_name, script) as d:
        is_shown = asyncio.Event()
        agent = d.agent("Triage", **slow(d.library, [refund_tool(d.library)], is_shown))
        first = d.run(agent, "a bad one")
        await first.until(MessageOutput, 1 + tools_ran)
        is_shown.set()
        await first.ended()
        second = d.run(agent, "a good one", conversation=first.chain.conversation)
        events = await second.ended()
        sent = said(d.server.bodies[-1]["input"])

    assert first.of(GuardrailTripped)
    assert isinstance(events[-1], RunCompleted)
    assert sent == [*([REMARK, *CALLED] if tools_ran else []), "user: a good one"]


async def test_a_message_stopped_after_a_handoff_goes_back_to_the_agent_it_was_for(library_name):
    async with desk(library_name, [reply(call("transfer_to_billing", "h1")), ANSWER]) as d:
        guards = blocking(d.library, [], None)["input_guardrails"]
        guards[0].run_in_parallel = True
        triage = d.agent("Triage", handoffs=[d.agent("Billing")], input_guardrails=guards)
        run = d.run(triage, "bad")
        await run.ended()

    assert run.chain.conversation.items == ()
    assert run.chain.conversation.agent is triage


async def test_steering_that_is_stopped_leaves_what_was_asked_before(library_name):
    begun, goes_on = asyncio.Event(), asyncio.Event()
    async with desk(library_name, [reply(call("slow", "c1")), ANSWER]) as d:

        @d.library.function_tool
        async def slow() -> str:
            begun.set()
            await goes_on.wait()
            return "slow"

        run = d.run(d.agent("Triage", **blocking(d.library, [slow], None)), "hello")
        await begun.wait()
        run.chain.say("be bad")
        goes_on.set()
        await run.ended()
        d.server.unscripted.clear()

    assert [told.text for told in run.of(UserMessage)] == ["hello", "be bad"]
    assert run.of(GuardrailTripped)
    assert said(run.chain.conversation.items) == ["user: hello", "slow c1", "c1 -> slow"]


async def test_a_call_that_a_guardrail_stopped_after_it_was_approved_is_told_as_not_carried_out(
    library_name,
):
    async with desk(library_name, [REFUND]) as d:
        tool = refund_tool(d.library, needs_approval=True)
        run = d.run(d.agent("Triage", **on_call(d.library, [tool], None)))
        await run.until(RunPaused)
        run.decide("c1", approve=True)
        await run.ended()

    assert not run.of(ToolOutput)
    assert said(run.chain.conversation.items)[-1] == f"c1 -> {NOT_BEGUN}"


def item(kind, **fields):
    return {"type": kind, **fields}


THINK = item("reasoning", id="r1")
CALL = item("function_call", call_id="c1")
OUTPUT = item("function_call_output", call_id="c1", output="done")
SEARCH = item("web_search_call", id="w1")
HERS = {"role": "user", "content": "bad"}
ITS = item("message", role="assistant", id="m1", content=[])


@pytest.mark.parametrize(
    ("added", "kept"),
    [
        ([HERS, THINK, CALL, OUTPUT, THINK | {"id": "r2"}, ITS], [THINK, CALL, OUTPUT]),
        ([HERS, THINK, ITS, CALL, OUTPUT], [THINK, CALL, OUTPUT]),
        ([HERS, SEARCH, ITS], [SEARCH]),
        ([SimpleNamespace(type="function_call", call_id="c2")], None),
    ],
    ids=["its last words go", "thoughts stay with their call", "a search stays", "a model's item"],
)
def test_calls_stay_with_what_a_service_wants_beside_them(added, kept):
    remark = {"role": "user", "content": REMARK.partition(": ")[2]}

    assert without_message(EARLIER, [*EARLIER, *added]) == (
        *EARLIER,
        remark,
        *(added if kept is None else kept),
    )


def test_a_history_that_a_handoff_rewrote_is_told_apart_by_its_calls():
    rewritten = [{"role": "user", "content": "all of it, in short"}, CALL, OUTPUT]
    before = (*EARLIER, item("function_call", call_id="c0"))

    assert without_message(before, rewritten)[len(before) + 1 :] == (CALL, OUTPUT)


@pytest.mark.parametrize(
    ("added", "is_called"), [([HERS, ITS], False), ([SEARCH], True), ([CALL], False)]
)
def test_what_the_service_carried_out_itself_counts_as_done(added, is_called):
    assert service_called(EARLIER, [*EARLIER, *added]) is is_called


def test_results_that_were_to_be_the_answer_are_withheld():
    *_, output, remark = without_answer([HERS, CALL, OUTPUT])

    assert output == {"type": "function_call_output", "call_id": "c1", "output": WITHHELD}
    assert remark["role"] == "assistant"


async def test_a_failed_run_is_tried_again_though_its_agent_has_guardrails(library_name):
    script = [http_error(500, "Oops."), reply(think("hm"), say("Gladly."))]
    async with desk(library_name, script) as d:
        agent = d.agent("Triage", **blocking(d.library, [], None))
        first = d.run(agent, "a good one")
        await first.ended()
        again = d.run(agent, conversation=first.chain.unfinished, retries="run")
        events = await again.ended()

    assert isinstance(events[-1], RunCompleted)
