"""What rules, grants and edits do to the calls of both runtimes, checked by effects."""

from __future__ import annotations

import asyncio

import pytest

from tests.host.ruled import asked_or_not, both, refunds, rule, ruled
from tests.host.told import only
from tui.host.live.rulebook import APPROVE_ALL
from tui.rehearsal.script import call, reply, say
from tui.wire.events import (
    ApprovalDecided,
    ApprovalRefused,
    ApprovalRequested,
    CallDenied,
    ConsoleOutput,
    RuleGranted,
    RuleRevoked,
    RunCompleted,
    RunPaused,
    RunResumed,
    ToolStarted,
)


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


@both
@asked_or_not
async def test_a_denied_call_never_runs_and_the_model_reads_which_rule(library, asks):
    deny = rule("deny", at_most=500, reason="Not today", origin="policy.toml:3")
    async with ruled(library, [refunds(500, 501)], deny, asks=asks) as r:
        if asks:
            await r.run.until(ApprovalRequested)
            r.decide(501, approve=True)
        events = await r.run.ended()
        said = r.read()

    assert r.paid == [501]
    assert said == [
        "Denied by rule: deny refund when cents is at most 500 (policy.toml:3). Reason: Not today",
        "paid 501",
    ]
    assert [(e.call_id, e.rule) for e in only(events, CallDenied)] == [("c500", deny)]
    assert [e.call_id for e in only(events, ApprovalRequested)] == (["c501"] if asks else [])
    assert isinstance(events[-1], RunCompleted)


@both
async def test_a_rule_that_asks_holds_a_free_call_until_it_is_decided(library):
    ask = rule("ask")
    async with ruled(library, [refunds(7, 8)], ask) as r:
        await r.run.until(ApprovalRequested, 2)
        assert r.paid == []
        r.decide(8, approve=False, reason="too much")
        r.decide(7, approve=True)
        events = await r.run.ended()
        said = r.read()

    assert (r.paid, said) == ([7], ["paid 7", "too much"])
    assert [e.rule for e in only(events, ApprovalRequested)] == [ask, ask]
    assert [e.call_id for e in only(events, ToolStarted)] == ["c7"]
    assert [e.waiting_for for e in only(events, RunPaused)] == [("c7",), ("c7", "c8")]
    assert len(only(events, RunResumed)) == 1


@both
@asked_or_not
async def test_what_is_denied_between_its_approval_and_its_beginning_does_not_run(library, asks):
    async with ruled(library, [refunds(5)], *([] if asks else [rule("ask")]), asks=asks) as r:
        await r.run.until(ApprovalRequested)
        r.decide(5, approve=True)
        r.policy.become(rule("deny"))
        events = await r.run.ended()
        said = r.read()

    assert (r.paid, said) == ([], ["Denied by rule: deny refund."])
    assert isinstance(events[-1], RunCompleted)


@both
async def test_a_rule_that_allows_answers_the_program_in_a_persons_place(library):
    allow = rule("allow", at_most=10)
    async with ruled(library, [refunds(10, 11)], allow, asks=True) as r:
        await r.run.until(ApprovalRequested, 2)
        r.decide(11, approve=False)
        events = await r.run.ended()

    assert r.paid == [10]
    answers = {e.call_id: (e.approved, e.by, e.rule) for e in only(events, ApprovalDecided)}
    assert answers == {"c10": (True, "rule", allow), "c11": (False, "ada", None)}


@both
async def test_a_rule_that_allows_does_not_start_what_another_asks_about(library):
    async with ruled(library, [refunds(5)], rule("allow"), rule("ask"), asks=True) as r:
        await r.run.until(ApprovalRequested)
        r.decide(5, approve=False)
        await r.run.ended()

    assert r.paid == []


@both
@asked_or_not
async def test_a_grant_answers_the_calls_it_covers_those_that_wait_too(library, asks):
    rules = () if asks else (rule("ask"),)
    async with ruled(library, [refunds(5, 6, 50), refunds(7)], *rules, asks=asks) as r:
        await r.run.until(ApprovalRequested, 3)
        r.decide(5, approve=True, grant=rule("allow", at_most=10))
        await r.run.until(ApprovalDecided, 2)
        r.decide(50, approve=False)
        events = await r.run.ended()

    assert r.paid == [5, 6, 7]
    granted = only(events, RuleGranted)[0]
    assert (granted.call_id, granted.by, granted.rule.granted) == ("c5", "ada", True)
    answers = [(e.call_id, e.by, e.rule) for e in only(events, ApprovalDecided)]
    assert answers[:2] == [("c5", "ada", None), ("c6", "rule", granted.rule)]


@both
async def test_a_grant_that_was_revoked_answers_nothing_any_more(library):
    async with ruled(library, [refunds(5), refunds(6)], asks=True) as r:
        await r.run.until(ApprovalRequested)
        r.decide(5, approve=True, grant=rule("allow"))
        granted = await r.run.until(RuleGranted)
        r.run.book.revoke(granted.rule.rule_id, "ada")
        await r.run.until(ApprovalRequested, 2)
        r.decide(6, approve=False)
        events = await r.run.ended()

    assert r.paid == [5]
    assert [e.rule_id for e in only(events, RuleRevoked)] == [granted.rule.rule_id]


@both
async def test_a_grant_of_another_conversation_covers_nothing_here(library):
    elsewhere = rule("allow", granted=True, run="another")
    async with ruled(library, [refunds(5)], asks=True, granted=[elsewhere]) as r:
        await r.run.until(ApprovalRequested)
        r.decide(5, approve=False)
        await r.run.ended()

    assert r.paid == []


@both
async def test_a_kept_grant_that_cannot_be_written_holds_until_the_end_and_that_is_said(library):
    async with ruled(library, [refunds(5), refunds(6)], asks=True, is_locked=True) as r:
        await r.run.until(ApprovalRequested)
        grant = {"grant": rule("allow"), "keeps": True}
        r.decide(5, approve=True, **grant)
        events = await r.run.ended()

    assert r.paid == [5, 6]
    (notice,) = only(events, ConsoleOutput)
    assert notice.stream == "notice"
    assert "cannot be written: Permission denied" in notice.text
    assert r.policy.rules == ()


@both
async def test_deny_beats_what_was_granted_and_what_a_person_says(library):
    denied = rule("deny", at_most=10)
    async with ruled(library, [refunds(5, 50)], asks=True, granted=[APPROVE_ALL]) as r:
        r.policy.rules = (denied,)
        await r.run.ended()
    assert r.paid == [50]

    async with ruled(library, [refunds(5)], asks=True) as r:
        await r.run.until(ApprovalRequested)
        r.policy.rules = (denied,)
        r.decide(5, approve=True)
        refused = await r.run.until(ApprovalRefused)
        r.decide(5, approve=False)
        await r.run.ended()
    assert r.paid == []
    assert refused.why == "a rule forbids it: deny refund when cents is at most 10"


@both
@asked_or_not
async def test_edited_arguments_are_what_the_tool_gets_and_the_model_is_told(library, asks):
    rules = () if asks else (rule("ask"),)
    async with ruled(library, [refunds(5000)], *rules, asks=asks) as r:
        await r.run.until(ApprovalRequested)
        r.decide(5000, approve=True, edited='{"cents": "much"}')
        refused = await r.run.until(ApprovalRefused)
        r.decide(5000, approve=True, edited='{"cents": 50}')
        events = await r.run.ended()
        (said,) = r.read()

    assert "do not fit" in refused.why
    assert r.paid == [50]
    assert said.endswith("paid 50")
    assert "changed by the operator" in said
    (decided,) = only(events, ApprovalDecided)
    assert decided.arguments == '{"cents": 50}'


@both
async def test_an_edit_that_a_rule_denies_is_refused(library):
    async with ruled(library, [refunds(5)], rule("deny", at_most=1), asks=True) as r:
        await r.run.until(ApprovalRequested)
        r.decide(5, approve=True, edited='{"cents": 1}')
        refused = await r.run.until(ApprovalRefused)
        r.decide(5, approve=False)
        await r.run.ended()

    assert refused.why.startswith("a rule forbids it")
    assert r.paid == []


@both
async def test_rules_that_change_decide_what_waits(library):
    async with ruled(library, [refunds(5, 50)], asks=True) as r:
        following = asyncio.ensure_future(r.run.book.follow_policy())
        await r.run.until(ApprovalRequested, 2)
        r.policy.become(rule("allow", at_most=10), rule("deny", reason="above ten"))
        events = await r.run.ended()
        said = r.read()
        following.cancel()

    assert r.paid == []
    assert len(only(events, ApprovalDecided)) == 2
    assert all("above ten" in each for each in said)


@both
async def test_a_policy_file_that_is_at_fault_changes_nothing_and_is_told(library):
    async with ruled(library, [refunds(5)], asks=True) as r:
        following = asyncio.ensure_future(r.run.book.follow_policy())
        await r.run.until(ApprovalRequested)
        r.policy.break_with("policy.toml:3: not TOML")
        notice = await r.run.until(ConsoleOutput)
        r.decide(5, approve=True)
        await r.run.ended()
        following.cancel()

    assert notice.text == "The rules stay as they were: policy.toml:3: not TOML\n"
    assert r.paid == [5]


@both
async def test_approve_all_asks_nobody(library):
    async with ruled(library, [refunds(5)], rule("ask"), asks=True, granted=[APPROVE_ALL]) as r:
        events = await r.run.ended()

    assert r.paid == [5]
    assert [e.rule for e in only(events, ApprovalDecided)] == [APPROVE_ALL]
    assert [e.rule for e in only(events, RuleGranted)] == [APPROVE_ALL]
    assert not only(events, RunPaused)


@both
async def test_rules_reach_what_an_agent_used_as_a_tool_calls(library):
    script = [
        reply(call("ask_refunds", "outer", input="x")),
        refunds(5, 50, 500),
        reply(say("inner done")),
    ]
    rules = rule("deny", at_most=5), rule("ask", at_most=50)
    async with ruled(library, script, *rules, is_inner=True) as r:
        await r.run.until(ApprovalRequested)
        r.decide(50, approve=True, edited='{"cents": 51}')
        events = await r.run.ended()

    assert sorted(r.paid) == [51, 500]
    (denied,) = only(events, CallDenied)
    (request,) = only(events, ApprovalRequested)
    assert (denied.call_id, denied.within, denied.agent) == ("c5", "outer", "Refunds")
    assert (request.call_id, request.within, request.path) == (
        "c50",
        "outer",
        ("Triage", "Refunds"),
    )
