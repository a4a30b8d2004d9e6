"""Whole runs as they fold, and that a kept run folds to the same view as the live one."""

import asyncio

import msgspec
import pytest

from tests.cockpit.projection.folding import entries, folded
from tests.fakes.fake_scripts import failing, nested_agent, plain_answer, refund_desk
from tests.fakes.fake_source import FakeAgentHost, Script
from tui.cockpit.projection.view import as_plain
from tui.cockpit.sources.base import Answer
from tui.wire.events import RunEvent


async def events_of(script: Script, *, approve: bool = True) -> list[RunEvent]:
    """Play a script to its end; a request for a decision gets one as soon as it comes."""
    run = FakeAgentHost(script).open_run("refund A-1001")
    events: list[RunEvent] = []
    async for event in run.stream_events():
        events.append(event)
        for pending in folded(events).pending:
            run.decide(
                Answer(pending.call_id, pending.arguments_hash, approve=approve, reason="too much")
            )
        await asyncio.sleep(0)
    return events


async def test_a_refund_is_told_in_the_order_it_showed():
    view = folded(await events_of(refund_desk))
    assert entries(view, "type", "agent", "tool", "state") == [
        ("user", "", None, None),
        ("reasoning", "Triage", None, None),
        ("handoff", "Triage", "transfer_to_refunds", None),
        ("tool", "Refunds", "lookup_order", "done"),
        ("tool", "Refunds", "check_policy", "done"),
        ("tool", "Refunds", "issue_refund", "done"),
        ("console", "Refunds", None, None),
        ("console", "Refunds", None, None),
        ("message", "Refunds", None, None),
    ]
    assert view.path == ("Triage", "Refunds")
    assert view.missed == 0


async def test_a_rejected_refund_keeps_its_reason():
    view = folded(await events_of(refund_desk, approve=False))
    refund = view.entries[5]
    assert (refund.state, refund.approval.reason) == ("rejected", "too much")
    assert "too much" in view.entries[-1].text


@pytest.mark.parametrize("script", [refund_desk, plain_answer, failing, nested_agent])
async def test_a_run_that_was_kept_folds_to_the_same_view_at_every_event(script):
    live = await events_of(script)
    kept = [msgspec.json.decode(msgspec.json.encode(event), type=RunEvent) for event in live]
    for count in range(len(live) + 1):
        assert as_plain(folded(live[:count])) == as_plain(folded(kept[:count]))
