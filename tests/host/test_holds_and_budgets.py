"""What holds, budgets and cancels do to calls that would begin, on both runtimes, by effects."""

from __future__ import annotations

import asyncio

import pytest

from tests.host.ruled import asked_or_not, both, let_pass, refunds, rule, ruled
from tests.host.told import only
from tui.policy.settings import Budget, Prices
from tui.rehearsal.script import call, reply
from tui.wire.events import (
    ApprovalRequested,
    ApprovalWithdrawn,
    BudgetExtended,
    BudgetReached,
    CallHeld,
    GateHeld,
    GateReleased,
    RunCancelled,
    RunCompleted,
    ToolFinished,
    ToolStarted,
)


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


@both
@asked_or_not
async def test_a_hold_lets_nothing_new_begin_and_a_release_lets_it_go_on(library, asks):
    async with ruled(library, [refunds(5)], asks=asks) as r:
        r.run.book.hold("ada")
        if asks:
            await r.run.until(ApprovalRequested)
            r.decide(5, approve=True)
        held = await r.run.until(CallHeld)
        assert r.paid == []
        assert not r.run.of(ToolStarted)
        r.run.book.release("ada")
        events = await r.run.ended()

    assert (held.call_id, held.why) == ("c5", "hold")
    assert r.paid == [5]
    assert [e.by for e in only(events, GateHeld)] == ["ada"]
    assert [e.by for e in only(events, GateReleased)] == ["ada"]


@both
async def test_what_runs_when_the_hold_comes_runs_on(library):
    goes_on = asyncio.Event()
    script = [reply(call("slow", "c0")), refunds(5)]
    async with ruled(library, script) as r:

        async def slow() -> str:
            await goes_on.wait()
            return "slow"

        r.agent.tools.append(r.run_library.function_tool(slow))
        await r.run.until(ToolStarted)
        r.run.book.hold("ada")
        goes_on.set()
        finished = await r.run.until(ToolFinished)
        await r.run.until(CallHeld)
        assert (finished.call_id, r.paid) == ("c0", [])
        r.run.book.release("ada")
        events = await r.run.ended()

    assert r.paid == [5]
    assert [e.by for e in only(events, GateHeld)] == ["ada"]


@both
async def test_a_run_that_begins_while_all_is_held_is_told_so(library):
    async with ruled(library, [refunds(5)]) as r:
        r.run.book.hold("ada")
        await r.run.until(GateHeld)
        r.run.chain.cancel("after_turn")
        events = await r.run.ended()

    assert r.paid == []
    assert isinstance(events[-1], RunCancelled)


@both
async def test_time_that_a_call_waits_for_is_not_the_tools(library, monkeypatch):
    script = [reply(call("quick", "c1"))]
    async with ruled(library, script) as r:

        async def quick() -> str:
            return "quick"

        r.agent.tools.append(r.run_library.function_tool(timeout=5.0)(quick))
        r.run.book.hold("ada")
        await r.run.until(CallHeld)
        await let_pass(60.0, monkeypatch)
        r.run.book.release("ada")
        await r.run.ended()
        assert r.read() == ["quick"]


@both
@pytest.mark.parametrize("asks", ["a rule", "the hold"])
async def test_a_cancel_ends_what_waits_at_the_gate_and_nothing_runs(library, asks):
    rules = (rule("ask"),) if asks == "a rule" else ()
    async with ruled(library, [refunds(5)], *rules) as r:
        if asks == "the hold":
            r.run.book.hold("ada")
        await r.run.until(ApprovalRequested if rules else CallHeld)
        r.run.chain.cancel("after_turn")
        events = await r.run.ended()

    assert r.paid == []
    assert isinstance(events[-1], RunCancelled)
    assert [e.call_id for e in only(events, ApprovalWithdrawn)] == (["c5"] if rules else [])


@both
async def test_a_budget_that_is_used_up_stops_softly_and_goes_on_when_extended(library):
    turns = Budget(turns=1)
    async with ruled(library, [refunds(5), refunds(6)], budgets=[turns]) as r:
        reached = await r.run.until(BudgetReached)
        await r.run.until(CallHeld)
        assert r.paid == []
        r.run.chain.extend_budget("ada")
        await r.run.until(BudgetReached, 2)
        r.run.chain.extend_budget("ada")
        events = await r.run.ended()

    assert (reached.what, reached.limit, reached.used, reached.of) == ("turns", 1, 1, "")
    assert r.paid == [5, 6]
    assert [e.limit for e in only(events, BudgetExtended)] == [2, 3]
    assert isinstance(events[-1], RunCompleted)


@both
@pytest.mark.parametrize(
    ("budget", "what"),
    [
        (Budget(tokens=1), "tokens"),
        (Budget(cost=0.000001), "cost"),
        (Budget(agent="Ref*", tokens=1), "tokens"),
        (Budget(agent="Ref*", turns=1), "turns"),
    ],
)
async def test_each_kind_of_budget_asks_and_a_cancel_ends_the_run(library, budget, what):
    prices = Prices(input=1.0, cached=0.5, output=2.0)
    async with ruled(library, [refunds(5)], budgets=[budget], prices=prices) as r:
        reached = await r.run.until(BudgetReached)
        await r.run.until(CallHeld)
        r.run.chain.cancel("after_turn")
        events = await r.run.ended()

    assert (reached.what, reached.of) == (what, "Refunds" if budget.agent else "")
    assert r.paid == []
    assert isinstance(events[-1], RunCancelled)


@both
async def test_a_budget_of_another_agent_holds_nobody_up(library):
    async with ruled(library, [refunds(5)], budgets=[Budget(agent="Triage", turns=1)]) as r:
        events = await r.run.ended()

    assert r.paid == [5]
    assert not only(events, BudgetReached)
