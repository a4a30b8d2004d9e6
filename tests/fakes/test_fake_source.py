"""The scripted host behaves as a real one where a screen could tell the difference."""

import asyncio

import pytest

from tests.fakes.fake_scripts import (
    REFUND_ARGUMENTS,
    failing,
    long_run,
    nested_agent,
    plain_answer,
    refund_desk,
    two_approvals,
)
from tests.fakes.fake_source import FakeAgentHost, FakeRun, hash_of
from tui.cockpit.sources.base import Answer
from tui.wire.events import (
    ENDINGS,
    ApprovalRefused,
    ApprovalWithdrawn,
    RunCancelled,
    RunCompleted,
    RunPaused,
    RunStarted,
    UserMessage,
)


async def collected(run: FakeRun, events: list) -> None:
    async for event in run.stream_events():
        events.append(event)  # noqa: PERF401 - tests read `events` while the stream goes on


async def settled() -> None:
    for _ in range(200):
        await asyncio.sleep(0)


@pytest.mark.parametrize("script", [plain_answer, failing, nested_agent, long_run(3, 200)])
async def test_a_script_runs_from_its_start_to_one_ending_with_no_number_missing(script):
    events: list = []
    await collected(FakeAgentHost(script).open_run("hello"), events)
    assert isinstance(events[0], RunStarted)
    assert isinstance(events[-1], ENDINGS)
    assert [event.seq for event in events] == list(range(len(events)))
    assert {event.run_id for event in events} == {"0000f3a7"}


async def test_a_request_waits_for_the_right_answer_and_refuses_a_stale_one():
    run = FakeAgentHost(refund_desk).open_run("refund please")
    events: list = []
    stream = asyncio.create_task(collected(run, events))
    await settled()
    assert isinstance(events[-1], RunPaused)
    call_id = events[-1].waiting_for[0]
    run.decide(Answer(call_id, "another hash", approve=True))
    await settled()
    assert isinstance(events[-1], ApprovalRefused)
    run.decide(Answer(call_id, hash_of(REFUND_ARGUMENTS), approve=False, reason="too much"))
    await stream
    assert isinstance(events[-1], RunCompleted)
    assert "too much" in events[-1].final_output


async def test_two_requests_are_decided_in_any_order():
    run = FakeAgentHost(two_approvals).open_run("do both")
    events: list = []
    stream = asyncio.create_task(collected(run, events))
    await settled()
    first, second = events[-1].waiting_for
    run.decide(Answer(second, hash_of('{"customer": "C-9"}'), approve=True))
    run.decide(Answer(first, hash_of(REFUND_ARGUMENTS), approve=True))
    await stream
    assert isinstance(events[-1], RunCompleted)


async def test_cancelling_withdraws_what_waits_and_ends_the_run():
    run = FakeAgentHost(refund_desk).open_run("refund please")
    events: list = []
    stream = asyncio.create_task(collected(run, events))
    await settled()
    run.cancel("immediate")
    await stream
    assert [type(event) for event in events[-2:]] == [ApprovalWithdrawn, RunCancelled]


async def test_a_held_gate_stops_the_script_until_it_is_opened():
    run = FakeAgentHost(plain_answer, hold=True).open_run("hello")
    events: list = []
    stream = asyncio.create_task(collected(run, events))
    await settled()
    assert run.stands_at("mid-answer")
    held = len(events)
    run.say("be brief")
    run.open("mid-answer")
    await stream
    assert len(events) > held
    assert any(isinstance(event, UserMessage) and event.steering for event in events)
