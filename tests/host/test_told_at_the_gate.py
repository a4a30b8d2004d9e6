"""What is told of calls that rules and holds stop, whole: whose they are, and inside which call."""

from __future__ import annotations

import asyncio

import pytest
from msgspec import to_builtins

from tests.host.ruled import arguments, let_pass, refunds, rule, ruled
from tests.host.serving import LIBRARIES
from tests.host.told import only
from tui.host.live.approvals import arguments_hash
from tui.policy.settings import Budget
from tui.rehearsal.script import call, reply, say
from tui.wire.events import (
    ApprovalDecided,
    ApprovalRefused,
    ApprovalRequested,
    ApprovalWithdrawn,
    CallDenied,
    CallHeld,
    RunCompleted,
    RunFailed,
    RunPaused,
    RunResumed,
    ToolFinished,
    ToolStarted,
)
from tui.wire.rules import Rule

both = pytest.mark.parametrize("library", LIBRARIES)
asked_or_not = pytest.mark.parametrize("asks", [False, True])
inner_or_not = pytest.mark.parametrize("is_inner", [False, True])
FIVE = arguments(5)


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


def script_of(reply_of_refunds, is_inner):
    if not is_inner:
        return [reply_of_refunds]
    asking = reply(call("ask_refunds", "outer", input="x"))
    return [asking, reply_of_refunds, reply(say("inner done"))]


def told(event):
    """Return an event without its place and time."""
    return {**to_builtins(event), "seq": None, "at": None}


@both
@asked_or_not
@inner_or_not
async def test_a_denied_call_is_told_whole(library, asks, is_inner):
    deny = rule("deny")
    script = script_of(refunds(5), is_inner)
    async with ruled(library, script, deny, asks=asks, is_inner=is_inner) as r:
        events = await r.run.ended()

    assert r.paid == []
    denied = CallDenied(
        run_id="run",
        agent="Refunds",
        call_id="c5",
        tool="refund",
        arguments=FIVE,
        rule=deny,
        within="outer" if is_inner else None,
    )
    assert [told(each) for each in only(events, CallDenied)] == [told(denied)]


@both
async def test_a_held_call_is_told_whole(library):
    async with ruled(library, [refunds(5)]) as r:
        r.run.book.hold("ada")
        held = await r.run.until(CallHeld)
        r.run.book.release("ada")
        await r.run.ended()

    expected = CallHeld(run_id="run", agent="Refunds", call_id="c5", tool="refund", why="hold")
    assert told(held) == told(expected)


@both
@inner_or_not
async def test_a_call_that_a_rule_asks_about_is_told_whole(library, is_inner):
    ask = rule("ask")
    script = script_of(refunds(5), is_inner)
    async with ruled(library, script, ask, is_inner=is_inner) as r:
        asked = await r.run.until(ApprovalRequested)
        r.decide(5, approve=True)
        events = await r.run.ended()

    assert (asked.run_id, asked.agent, asked.call_id, asked.tool) == (
        "run",
        "Refunds",
        "c5",
        "refund",
    )
    assert (asked.arguments, asked.arguments_hash) == (FIVE, arguments_hash(FIVE))
    assert (asked.rule, asked.description) == (ask, "Pay money back.")
    assert '"cents"' in asked.schema
    assert asked.path == (("Triage", "Refunds") if is_inner else ("Refunds",))
    assert asked.within == ("outer" if is_inner else None)
    pauses = [told(each) for each in events if isinstance(each, RunPaused | RunResumed)]
    assert pauses == [
        told(RunPaused(run_id="run", waiting_for=("c5",))),
        told(RunResumed(run_id="run")),
    ]


@both
async def test_what_a_rule_decides_is_told_with_its_hash(library):
    allow = rule("allow")
    async with ruled(library, [refunds(5)], allow, asks=True) as r:
        events = await r.run.ended()

    decided = ApprovalDecided(
        run_id="run",
        call_id="c5",
        approved=True,
        by="rule",
        arguments_hash=arguments_hash(FIVE),
        rule=allow,
    )
    assert [told(each) for each in only(events, ApprovalDecided)] == [told(decided)]


@both
async def test_a_call_that_waits_when_its_run_fails_is_withdrawn_once(library):
    script = [reply(call("refund", "c5", cents=5), call("breaks", "c0"))]
    async with ruled(library, script, rule("ask", at_most=5)) as r:

        async def breaks() -> str:
            await r.run.until(ApprovalRequested)
            raise ValueError("no")

        tool = r.run_library.function_tool(failure_error_function=None)(breaks)
        r.agent.tools.append(tool)
        events = await r.run.ended()

    assert r.paid == []
    assert isinstance(events[-1], RunFailed)
    assert [e.call_id for e in only(events, ApprovalWithdrawn)] == ["c5"]


async def test_a_call_that_its_time_limit_ends_while_it_waits_is_withdrawn_and_its_run_goes_on(
    monkeypatch,
):
    """As inside agents used as tools of the SDK, whose hooks do not wait."""
    script = script_of(reply(call("quick", "c1")), is_inner=True)
    async with ruled("agents", script, Rule(effect="ask", tool="quick"), is_inner=True) as r:

        async def quick() -> str:
            return "quick"

        r.agent.tools.append(r.run_library.function_tool(timeout=5.0)(quick))
        await r.run.until(ApprovalRequested)
        await let_pass(60.0, monkeypatch)
        await r.run.until(ApprovalWithdrawn)
        r.run.decide("c1", approve=True)
        refused = await r.run.until(ApprovalRefused)
        events = await r.run.ended()

    withdrawn = ApprovalWithdrawn(
        run_id="run", call_id="c1", why="the call was stopped while it waited"
    )
    assert [told(each) for each in only(events, ApprovalWithdrawn)] == [told(withdrawn)]
    assert refused.why == "no such call waits for a decision"
    assert len(only(events, RunResumed)) == 1
    assert isinstance(events[-1], RunCompleted)


@both
async def test_a_rejection_without_a_reason_is_told_to_the_model_in_words(library):
    async with ruled(library, [refunds(5)], rule("ask")) as r:
        await r.run.until(ApprovalRequested)
        r.decide(5, approve=False)
        await r.run.ended()
        assert r.read() == ["Tool execution was not approved."]


@both
async def test_a_run_is_not_paused_while_another_of_its_tools_runs(library):
    goes_on = asyncio.Event()
    both_at_once = reply(call("slow", "c0"), call("ask_refunds", "outer", input="x"))
    script = [both_at_once, refunds(5), reply(say("inner done"))]
    async with ruled(library, script, rule("ask"), is_inner=True) as r:

        async def slow() -> str:
            await goes_on.wait()
            return "slow"

        r.first.tools.append(r.run_library.function_tool(slow))
        await r.run.until(ApprovalRequested)
        assert "c0" in [each.call_id for each in r.run.of(ToolStarted)]
        r.decide(5, approve=True)
        await r.run.until(ToolFinished)
        goes_on.set()
        events = await r.run.ended()

    assert r.paid == [5]
    assert not [each for each in events if isinstance(each, RunPaused | RunResumed)]


@both
async def test_a_run_goes_on_when_the_last_call_that_waits_is_decided(library):
    async with ruled(library, [refunds(5, 6)], rule("ask")) as r:
        await r.run.until(RunPaused, 2)
        r.decide(5, approve=True)
        await r.run.until(ToolFinished)
        assert not r.run.of(RunResumed)
        r.decide(6, approve=True)
        events = await r.run.ended()

    assert sorted(r.paid) == [5, 6]
    assert len(only(events, RunResumed)) == 1


@both
async def test_a_call_that_has_begun_can_be_answered_no_more(library):
    goes_on = asyncio.Event()
    async with ruled(library, [reply(call("slow", "c5"))], rule("ask", "slow")) as r:

        async def slow() -> str:
            await goes_on.wait()
            return "slow"

        r.agent.tools.append(r.run_library.function_tool(slow))
        await r.run.until(ApprovalRequested)
        r.run.decide("c5", approve=True)
        await r.run.until(ToolStarted)
        r.run.decide("c5", approve=False)
        refused = await r.run.until(ApprovalRefused)
        goes_on.set()
        await r.run.ended()

    assert refused.why == "no such call waits for a decision"


@both
@pytest.mark.parametrize("mode", ["immediate", "after_turn"])
async def test_a_cancel_and_no_other_cause_is_told_of_what_it_withdraws(library, mode):
    async with ruled(library, [refunds(5, 6)], rule("ask")) as r:
        await r.run.until(ApprovalRequested, 2)
        r.run.chain.cancel(mode)
        events = await r.run.ended()

    assert r.paid == []
    assert [(e.call_id, e.why) for e in only(events, ApprovalWithdrawn)] == [
        ("c5", "the run was cancelled"),
        ("c6", "the run was cancelled"),
    ]


@both
async def test_a_call_that_a_budget_holds_is_told_whole(library):
    async with ruled(library, [refunds(5)], budgets=[Budget(turns=1)]) as r:
        held = await r.run.until(CallHeld)
        assert r.paid == []
        r.run.chain.extend_budget("ada")
        await r.run.ended()

    assert r.paid == [5]
    expected = CallHeld(run_id="run", agent="Refunds", call_id="c5", tool="refund", why="budget")
    assert told(held) == told(expected)


@both
async def test_a_held_call_inside_another_says_so(library):
    async with ruled(library, script_of(refunds(5), is_inner=True), is_inner=True) as r:
        await r.run.until(ToolStarted)
        r.run.book.hold("ada")
        held = await r.run.until(CallHeld)
        assert r.paid == []
        r.run.book.release("ada")
        await r.run.ended()

    assert (held.call_id, held.within, r.paid) == ("c5", "outer", [5])


@both
async def test_what_a_rule_denies_waits_for_no_hold(library):
    async with ruled(library, [refunds(5)], rule("deny")) as r:
        r.run.book.hold("ada")
        events = await r.run.ended()

    assert len(only(events, CallDenied)) == 1
    assert not only(events, CallHeld)
