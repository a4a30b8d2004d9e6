"""A failed run that is tried again goes on where it failed: nothing is said or done twice."""

from __future__ import annotations

import asyncio

import pytest

from tests.fakes.delivery import Before, Cut, Delivery, http_error
from tests.host.running import RunningChain, an_agent
from tests.host.serving import LIBRARIES, desk
from tests.host.told import kinds
from tui.host.live.history import Conversation
from tui.rehearsal.script import call, reply, say
from tui.wire.events import (
    ApprovalRequested,
    GuardrailTripped,
    RunCompleted,
    RunFailed,
    RunPaused,
    RunStarted,
    ToolCalled,
    UserMessage,
)

both = pytest.mark.parametrize("library", LIBRARIES)
BROKEN = http_error(500, "Oops.")
REFUND = reply(say("I refund."), call("refund", "c1"))
DONE = reply(say("It is done."))
REFUNDED = ["user: hello", "assistant: I refund.", "refund c1", "c1 -> refunded"]


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


def said(items):
    """Return model input as short lines."""
    return [_line(item) for item in items]


def _line(item):
    match item.get("type"):
        case "function_call":
            return f"{item['name']} {item['call_id']}"
        case "function_call_output":
            return f"{item['call_id']} -> {item['output']}"
    content = item["content"]
    if not isinstance(content, str):
        content = "".join(part["text"] for part in content)
    return f"{item['role']}: {content}"


class Shop:
    """Tools whose effects are counted."""

    def __init__(self, d):
        self.refunds = 0
        self.has_refunded = asyncio.Event()
        self.d = d

    @property
    def tools(self):
        return [self.refund(), self.burn()]

    def refund(self, **options):
        async def refund() -> str:
            self.refunds += 1
            self.has_refunded.set()
            return "refunded"

        return self.d.library.function_tool(**options)(refund)

    def burn(self):
        async def burn() -> str:
            raise ValueError("no money")

        return self.d.library.function_tool(failure_error_function=None)(burn)


async def failed(d, agent, **options):
    """Run until the failure, return the run."""
    run = d.run(agent, conversation=Conversation((), agent, options))
    assert isinstance((await run.ended())[-1], RunFailed)
    return run


async def tried_again(d, run):
    """Try a failed run again, return how it ended and what its first request said."""
    asked = len(d.server.bodies)
    again = d.run(run.chain.conversation.agent, conversation=run.chain.unfinished, retries="run")
    await again.ended()
    bodies = d.server.bodies[asked:]
    return again, said(bodies[0]["input"]) if bodies else []


@both
@pytest.mark.parametrize("failures", [1, 3])
async def test_what_never_got_an_answer_is_said_once_however_often_it_is_tried(library, failures):
    async with desk(library, [*[BROKEN] * failures, DONE]) as d:
        run = await failed(d, d.agent("Triage"))
        for _ in range(failures):
            run, sent = await tried_again(d, run)

    assert sent == ["user: hello"]
    assert isinstance(run.events[-1], RunCompleted)
    assert said(run.chain.conversation.items) == ["user: hello", "assistant: It is done."]


@both
async def test_trying_again_says_nothing_anew_and_names_the_run_it_takes_up(library):
    async with desk(library, [BROKEN, DONE]) as d:
        again, _ = await tried_again(d, await failed(d, d.agent("Triage")))

    assert again.of(RunStarted)[0].retries == "run"
    assert not again.of(UserMessage)


WAYS = {
    "a server error": BROKEN,
    "a cut stream": Delivery(reply(say("It is")), (Before(4, Cut()),)),
    "an unknown tool": reply(call("missing", "c2")),
}


@both
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("choice", [None, "refund"], ids=["free", "forced"])
async def test_a_tool_that_ran_is_not_run_again(library, way, choice):
    async with desk(library, [REFUND, way, DONE]) as d:
        shop = Shop(d)
        settings = d.library.ModelSettings(tool_choice=choice)
        run = await failed(d, d.agent("Triage", tools=shop.tools, model_settings=settings))
        again, sent = await tried_again(d, run)
        choices = [body.get("tool_choice") for body in d.server.bodies]

    assert shop.refunds == 1
    assert sent == REFUNDED
    assert not again.of(ToolCalled)
    assert isinstance(again.events[-1], RunCompleted)
    assert len(choices) == 3
    assert choices[1] == choices[2], "what forced the tool at first does so no more"


@both
async def test_a_tool_that_ran_in_the_turn_that_failed_is_not_run_again(library):
    script = [reply(call("refund", "c1"), call("burn", "c2")), DONE]
    async with desk(library, script) as d:
        shop = Shop(d)
        run = await failed(d, d.agent("Triage", tools=shop.tools))
        _, sent = await tried_again(d, run)

    assert shop.refunds == 1
    assert sorted(sent[1:]) == [
        "burn c2",
        "c1 -> refunded",
        "c2 -> This call failed: ValueError: no money",
        "refund c1",
    ]


@both
async def test_an_approved_tool_that_ran_is_neither_run_nor_asked_for_again(library):
    async with desk(library, [REFUND, BROKEN, DONE]) as d:
        shop = Shop(d)
        agent = d.agent("Triage", tools=[shop.refund(needs_approval=True)])
        run = d.run(agent)
        await run.until(RunPaused)
        run.decide("c1", approve=True)
        await run.ended()
        again, sent = await tried_again(d, run)

    assert shop.refunds == 1
    assert sent == REFUNDED
    assert not again.of(ApprovalRequested)


@both
async def test_the_agent_that_had_the_control_is_asked_again(library):
    script = [reply(call("transfer_to_billing", "h1")), REFUND, BROKEN, DONE]
    async with desk(library, script) as d:
        shop = Shop(d)
        billing = d.agent("Billing", tools=shop.tools, instructions="Bill.")
        run = await failed(d, d.agent("Triage", handoffs=[billing]))
        again, sent = await tried_again(d, run)
        told = d.server.bodies[-1]["instructions"]

    assert (shop.refunds, told) == (1, "Bill.")
    assert sent[-2:] == ["refund c1", "c1 -> refunded"]
    assert again.of(RunStarted)[0].agent == "Billing"


@both
@pytest.mark.parametrize(("script", "turns"), [([], 1), ([REFUND], 2)], ids=["first", "second"])
async def test_a_failure_in_the_last_turn_leaves_turns_to_try_again(library, script, turns):
    async with desk(library, [*script, BROKEN, DONE]) as d:
        shop = Shop(d)
        run = await failed(d, d.agent("Triage", tools=shop.tools), max_turns=turns)
        again, _ = await tried_again(d, run)

    assert isinstance(again.events[-1], RunCompleted)
    assert shop.refunds == len(script)


@both
async def test_after_the_last_turn_only_a_new_message_goes_on(library):
    async with desk(library, [REFUND, DONE]) as d:
        shop = Shop(d)
        run = await failed(d, d.agent("Triage", tools=shop.tools), max_turns=1)
        follow_up = d.run(
            run.chain.conversation.agent, "go on", conversation=run.chain.conversation
        )
        events = await follow_up.ended()
        sent = said(d.server.bodies[-1]["input"])

    assert run.chain.unfinished is None
    assert sent == [*REFUNDED, "user: go on"]
    assert isinstance(events[-1], RunCompleted)


@both
@pytest.mark.parametrize("script", [[], [REFUND]], ids=["at once", "after a tool"])
async def test_a_new_message_goes_on_behind_the_one_that_failed(library, script):
    async with desk(library, [*script, BROKEN, DONE]) as d:
        run = await failed(d, d.agent("Triage", tools=Shop(d).tools))
        await d.run(
            run.chain.conversation.agent, "and now?", conversation=run.chain.conversation
        ).ended()
        sent = said(d.server.bodies[-1]["input"])

    assert sent == [*(REFUNDED if script else ["user: hello"]), "user: and now?"]


@both
async def test_what_was_said_while_the_run_failed_is_heard_when_it_is_tried_again(library):
    begun, goes_on = asyncio.Event(), asyncio.Event()
    async with desk(library, [reply(call("slow", "c1"), call("burn", "c2")), DONE]) as d:

        async def slow() -> str:
            begun.set()
            await goes_on.wait()
            return "slow"

        tools = [d.library.function_tool(slow), Shop(d).burn()]
        run = d.run(d.agent("Triage", tools=tools))
        await begun.wait()
        run.chain.say("be quick")
        goes_on.set()
        await run.ended()
        _, sent = await tried_again(d, run)

    assert sent[0] == "user: hello"
    assert sent.count("user: be quick") == 1


@both
async def test_steering_that_met_the_failure_is_heard_once(library):
    begun, goes_on = asyncio.Event(), asyncio.Event()
    async with desk(library, [reply(call("slow", "c1")), BROKEN, DONE]) as d:

        async def slow() -> str:
            begun.set()
            await goes_on.wait()
            return "slow"

        run = d.run(d.agent("Triage", tools=[d.library.function_tool(slow)]))
        await begun.wait()
        run.chain.say("be quick")
        goes_on.set()
        await run.ended()
        _, sent = await tried_again(d, run)

    assert sent == ["user: hello", "slow c1", "c1 -> slow", "user: be quick"]


async def test_a_run_that_could_not_begin_keeps_its_message_for_both_ways_on():
    run = RunningChain(an_agent())
    assert kinds(await run.ended()) == ["run_started", "user_message", "run_failed"]

    assert said(run.chain.conversation.items) == ["user: hello"]
    assert run.chain.unfinished.run_input == "hello"


@pytest.mark.parametrize("in_parallel", [True, False])
async def test_trying_again_asks_a_guardrail_that_broke_before_it_judged(in_parallel):
    async with desk("agents", lambda request: DONE if request.number else REFUND) as d:
        shop = Shop(d)
        verdicts = [ConnectionError("no judge there"), True]

        async def judge(context, agent, text):
            if in_parallel:
                await shop.has_refunded.wait()
            verdict = verdicts.pop(0)
            if isinstance(verdict, Exception):
                raise verdict
            return d.library.GuardrailFunctionOutput("no", tripwire_triggered=verdict)

        guard = d.library.InputGuardrail(judge, run_in_parallel=in_parallel)
        run = await failed(d, d.agent("Triage", tools=shop.tools, input_guardrails=[guard]))
        refunds = shop.refunds
        again, _ = await tried_again(d, run)

    assert again.of(GuardrailTripped)
    assert not again.of(RunCompleted)
    assert shop.refunds == refunds == int(in_parallel)
    outputs = [line for line in said(again.chain.conversation.items) if "->" in line]
    assert outputs == ["c1 -> refunded"] * in_parallel


async def test_trying_again_does_not_ask_a_guardrail_that_has_judged():
    async with desk("agents", [REFUND, BROKEN, DONE]) as d:
        asked = []

        async def judge(context, agent, text):
            asked.append(text)
            return d.library.GuardrailFunctionOutput("fine", tripwire_triggered=False)

        guard = d.library.InputGuardrail(judge, run_in_parallel=False)
        agent = d.agent("Triage", tools=Shop(d).tools, input_guardrails=[guard])
        again, sent = await tried_again(d, await failed(d, agent))

    assert len(asked) == 1
    assert sent == REFUNDED
    assert isinstance(again.events[-1], RunCompleted)


@both
@pytest.mark.parametrize("script", [[], [REFUND]], ids=["at once", "after a tool"])
async def test_a_session_has_what_was_said_once(library, script):
    async with desk(library, [*script, BROKEN, DONE]) as d:
        shop = Shop(d)
        session = d.library.SQLiteSession("s")
        agent = d.agent("Triage", tools=shop.tools)
        _, sent = await tried_again(d, await failed(d, agent, session=session))
        kept = said(await session.get_items())

    assert sent == (REFUNDED if script else ["user: hello"])
    assert kept == [*sent, "assistant: It is done."]
    assert shop.refunds == len(script)


@pytest.mark.parametrize(
    ("script", "expected", "newest"),
    [([], ["user: hello"], "resp_old"), ([REFUND], ["c1 -> refunded"], "resp_0")],
    ids=["at once", "after a tool"],
)
@pytest.mark.parametrize("follow_up", ["", "and now?"], ids=["again", "a new message"])
async def test_a_service_that_keeps_what_was_said_is_told_what_it_did_not_hear(
    script, expected, newest, follow_up
):
    async with desk("agents", [*script, BROKEN, DONE]) as d:
        agent = d.agent("Triage", tools=Shop(d).tools)
        run = await failed(d, agent, previous_response_id="resp_old")
        if follow_up:
            await d.run(agent, follow_up, conversation=run.chain.conversation).ended()
            expected = [*expected, f"user: {follow_up}"]
        else:
            await tried_again(d, run)
        body = d.server.bodies[-1]

    assert said(body["input"]) == expected
    assert body["previous_response_id"] == newest
