"""What stands in a call's way into the gate, and that it is judged anew after each wait."""

from __future__ import annotations

import pytest

from tests.host.counted import Counted
from tests.host.ruled import refunds, rule, ruled
from tests.host.serving import LIBRARIES
from tests.host.told import only
from tui.host.live.admission import Admission
from tui.policy.settings import Budget
from tui.wire.events import ApprovalRequested, CallDenied, CallHeld

both = pytest.mark.parametrize("library", LIBRARIES)


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


async def test_a_model_is_asked_only_when_its_agent_has_something_left():
    counted = Counted(Budget(agent="Refunds", turns=1))
    admission = Admission("run", counted.book, None, counted.spending, None)
    counted.uses("Refunds")
    asking = admission.before_model("Refunds")
    asking.send(None)
    assert admission.is_waiting
    counted.book.hold("ada")
    asking.send(None)
    counted.spending.extend("ada")
    with pytest.raises(StopIteration):
        asking.send(None)
    assert not admission.is_waiting
    await admission.before_model("Triage")


@both
async def test_a_call_is_judged_by_the_arguments_it_will_run_with(library):
    async with ruled(library, [refunds(500)], asks=True) as r:
        r.run.book.hold("ada")
        await r.run.until(ApprovalRequested)
        r.decide(500, approve=True, edited='{"cents": 5}')
        await r.run.until(CallHeld)
        r.policy.rules = (rule("deny", at_most=10),)
        r.run.book.release("ada")
        events = await r.run.ended()

    assert r.paid == []
    assert [each.call_id for each in only(events, CallDenied)] == ["c500"]


@both
async def test_who_approved_what_the_program_asks_is_not_asked_again_by_a_rule(library):
    async with ruled(library, [refunds(5)], rule("ask"), asks=True) as r:
        await r.run.until(ApprovalRequested)
        r.decide(5, approve=True)
        events = await r.run.ended()

    assert r.paid == [5]
    assert len(only(events, ApprovalRequested)) == 1
