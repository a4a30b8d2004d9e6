"""What is told of calls that rules and holds stop, whole: whose they are, and inside which call."""

from __future__ import annotations

import pytest
from msgspec import to_builtins

from tests.host.ruled import arguments, refunds, rule, ruled
from tests.host.serving import LIBRARIES
from tests.host.told import only
from tui.host.live.approvals import arguments_hash
from tui.rehearsal.script import call, reply, say
from tui.wire.events import (
    ApprovalDecided,
    ApprovalRequested,
    ApprovalWithdrawn,
    CallDenied,
    CallHeld,
    RunFailed,
    RunPaused,
    RunResumed,
)

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
