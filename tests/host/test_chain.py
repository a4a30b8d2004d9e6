"""A run across segments: approvals, steering, cancels, follow-ups."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from tests.fakes.fake_runtime import (
    Agent,
    RunState,
    Segment,
    agent_updated,
    called,
    message,
    tool_output,
    waiting,
)
from tests.host.running import RunningChain, an_agent
from tests.host.told import kinds
from tui.host.live.history import Conversation, closed
from tui.wire.events import (
    ApprovalDecided,
    ApprovalRefused,
    ApprovalRequested,
    ApprovalWithdrawn,
    ConsoleOutput,
    MessageOutput,
    RunCancelled,
    RunCompleted,
    RunFailed,
    RunPaused,
    RunResumed,
    RunStarted,
    UserMessage,
)

TRIAGE = Agent("Triage")
CALLED = called(TRIAGE, "c1", "refund")
WAITING = waiting(TRIAGE, "c1", "refund")
ASKS = Segment([agent_updated(TRIAGE), CALLED], interruptions=[WAITING])


def asks(*call_ids):
    calls = [called(TRIAGE, call_id, "refund") for call_id in call_ids]
    items = [waiting(TRIAGE, call_id, "refund") for call_id in call_ids]
    return Segment([agent_updated(TRIAGE), *calls], interruptions=items)


def answers(text="done", items=()):
    steps = [agent_updated(TRIAGE), message(TRIAGE, text)]
    return Segment(steps, output=text, items=list(items))


def forever(started):
    async def step(hooks, agent):
        started.set()
        await asyncio.Event().wait()

    return step


async def test_a_plain_run_begins_answers_and_completes():
    events = await RunningChain(an_agent(answers("hi"))).ended()

    assert kinds(events) == [
        "run_started",
        "user_message",
        "agent_changed",
        "message_output",
        "run_completed",
    ]
    assert events[-1].final_output == "hi"


async def test_a_structured_output_is_json():
    events = await RunningChain(an_agent(Segment(output={"ok": True}))).ended()

    assert events[-1].final_output == '{"ok": true}'


async def test_an_interruption_pauses_and_an_approval_resumes_the_same_stream():
    agent = an_agent(asks("c1"), answers())
    run = RunningChain(agent)
    await run.until(RunPaused)
    run.decide("c1", approve=True)
    events = await run.ended()

    assert kinds(events) == [
        "run_started",
        "user_message",
        "agent_changed",
        "tool_called",
        "approval_requested",
        "run_paused",
        "approval_decided",
        "run_resumed",
        "message_output",
        "run_completed",
    ]
    assert isinstance(agent.inputs[1], RunState)
    assert agent.inputs[1].approved == ["c1"]


async def test_a_request_says_who_asks_and_what_for():
    tool = type("Tool", (), {"name": "refund", "description": "Pay money back."})
    triage = Agent("Triage", tools=[tool])
    segment = Segment(
        [agent_updated(TRIAGE), agent_updated(Agent("Billing")), CALLED],
        interruptions=[waiting(triage, "c1", "refund", '{"n": 1}')],
    )
    run = RunningChain(an_agent(segment))
    request = await run.until(ApprovalRequested)
    run.chain.cancel("immediate")
    await run.ended()

    assert request.path == ("Triage", "Billing", "Triage")
    assert request.description == "Pay money back."
    assert request.arguments == '{"n": 1}'
    assert request.arguments_hash == (
        "e5d5f7c1d225fd6b13623ebb1b5b9d075c705659f81868b1e37005a0923b0346"
    )


async def test_a_rejection_carries_its_reason_to_the_model():
    agent = an_agent(asks("c1"), answers())
    run = RunningChain(agent)
    await run.until(RunPaused)
    run.decide("c1", approve=False, reason="too much")
    await run.ended()

    assert agent.inputs[1].rejected == {"c1": "too much"}
    assert run.of(ApprovalDecided)[0].by == "ada"


async def test_the_run_waits_for_the_whole_set():
    agent = an_agent(asks("c1", "c2"), answers())
    run = RunningChain(agent)
    paused = await run.until(RunPaused)
    run.decide("c2", approve=True)
    await run.until(ApprovalDecided)
    assert len(agent.inputs) == 1
    run.decide("c1", approve=False)
    await run.ended()

    assert paused.waiting_for == ("c1", "c2")
    assert agent.inputs[1].approved == ["c2"]
    assert agent.inputs[1].rejected == {"c1": None}


@pytest.mark.parametrize(
    ("call_id", "arguments", "why"),
    [
        ("c9", "{}", "no such call waits for a decision"),
        ("c1", '{"amount": 1}', "its arguments are not those that were shown"),
    ],
)
async def test_an_answer_to_something_else_is_refused_and_said(call_id, arguments, why):
    run = RunningChain(an_agent(asks("c1"), answers()))
    await run.until(RunPaused)
    run.decide(call_id, approve=True, arguments=arguments)
    refused = await run.until(ApprovalRefused)
    run.decide("c1", approve=True)
    await run.ended()

    assert (refused.call_id, refused.why) == (call_id, why)


async def test_a_second_answer_to_one_call_is_refused():
    run = RunningChain(an_agent(asks("c1", "c2"), answers()))
    await run.until(RunPaused)
    run.decide("c1", approve=True)
    run.decide("c1", approve=False)
    refused = await run.until(ApprovalRefused)
    run.decide("c2", approve=True)
    await run.ended()

    assert refused.why == "it was decided already"


async def test_a_call_may_be_asked_for_again_after_it_was_resumed():
    run = RunningChain(an_agent(asks("c1"), asks("c1"), answers()))
    await run.until(RunPaused, 1)
    run.decide("c1", approve=True)
    await run.until(RunPaused, 2)
    run.decide("c1", approve=False)
    events = await run.ended()

    assert kinds(events).count("approval_requested") == 2
    assert kinds(events).count("tool_called") == 1


async def test_a_request_shows_while_a_free_tool_of_its_turn_still_runs():
    free_tool_done = asyncio.Event()

    async def turn(hooks, agent):
        await hooks.on_approval_requested(None, agent, None, WAITING)
        await free_tool_done.wait()

    segment = Segment([agent_updated(TRIAGE), CALLED, turn], interruptions=[WAITING])
    agent = an_agent(segment, answers())
    run = RunningChain(agent)
    await run.until(ApprovalRequested)
    run.decide("c1", approve=True)
    await run.until(ApprovalDecided)
    free_tool_done.set()
    events = await run.ended()

    assert agent.inputs[1].approved == ["c1"]
    assert kinds(events).count("approval_requested") == 1
    assert RunPaused not in map(type, events)


async def test_a_request_that_is_known_before_its_call_is_told_after_it():
    async def turn(hooks, agent):
        await hooks.on_approval_requested(None, agent, None, WAITING)

    segment = Segment([agent_updated(TRIAGE), turn, CALLED], interruptions=[WAITING])
    run = RunningChain(an_agent(segment, answers()))
    await run.until(RunPaused)
    run.decide("c1", approve=True)
    events = kinds(await run.ended())

    assert events.index("tool_called") < events.index("approval_requested")


async def test_a_request_whose_arguments_changed_is_shown_again_and_decided_again():
    changed = waiting(TRIAGE, "c1", "refund", '{"amount": 9}')

    async def turn(hooks, agent):
        await hooks.on_approval_requested(None, agent, None, WAITING)

    segment = Segment([agent_updated(TRIAGE), CALLED, turn], interruptions=[changed])
    agent = an_agent(segment, answers())
    run = RunningChain(agent)
    await run.until(ApprovalRequested)
    run.decide("c1", approve=True)
    await run.until(RunPaused)
    run.decide("c1", approve=False, arguments='{"amount": 9}')
    await run.ended()

    assert agent.inputs[1].approved == []
    assert agent.inputs[1].rejected == {"c1": None}


async def test_a_request_that_the_runtime_drops_is_withdrawn_and_holds_nothing_up():
    dropped = waiting(TRIAGE, "c0", "refund")

    async def turn(hooks, agent):
        await hooks.on_approval_requested(None, agent, None, dropped)

    calls = [called(TRIAGE, "c0", "refund"), CALLED]
    segment = Segment([agent_updated(TRIAGE), *calls, turn], interruptions=[WAITING])
    run = RunningChain(an_agent(segment, answers()))
    await run.until(ApprovalWithdrawn)
    run.decide("c1", approve=True)
    events = await run.ended()

    assert [event.call_id for event in run.of(ApprovalWithdrawn)] == ["c0"]
    assert isinstance(events[-1], RunCompleted)


async def test_a_request_of_a_run_that_ends_without_it_is_withdrawn():
    async def turn(hooks, agent):
        await hooks.on_approval_requested(None, agent, None, WAITING)

    segment = Segment([agent_updated(TRIAGE), CALLED, turn], output="done")
    events = await RunningChain(an_agent(segment)).ended()

    assert kinds(events)[-2:] == ["approval_withdrawn", "run_completed"]
    assert events[-2].why == "the run ended without it"


async def test_a_request_without_a_string_of_arguments_shows_what_is_asked_for():
    item = SimpleNamespace(
        agent=TRIAGE,
        name="shell",
        raw_item={"type": "shell_call", "call_id": "c1", "action": {"commands": ["rm -r x"]}},
    )
    run = RunningChain(an_agent(Segment(interruptions=[item])))
    request = await run.until(ApprovalRequested)
    run.chain.cancel("immediate")
    events = await run.ended()

    assert request.arguments == '{"action": {"commands": ["rm -r x"]}}'
    assert kinds(events).index("tool_called") < kinds(events).index("approval_requested")


@pytest.mark.parametrize("mode", ["after_turn", "immediate"])
async def test_a_cancel_while_a_call_waits_withdraws_it_and_runs_nothing(mode):
    agent = an_agent(asks("c1"))
    run = RunningChain(agent)
    await run.until(RunPaused)
    run.chain.cancel(mode)
    events = await run.ended()

    assert kinds(events)[-2:] == ["approval_withdrawn", "run_cancelled"]
    assert events[-1].mode == mode
    assert len(agent.inputs) == 1


async def test_a_failure_withdraws_what_was_shown_early():
    async def turn(hooks, agent):
        await hooks.on_approval_requested(None, agent, None, WAITING)

    segment = Segment([agent_updated(TRIAGE), CALLED, turn, RuntimeError("boom")])
    events = await RunningChain(an_agent(segment)).ended()

    assert kinds(events)[-2:] == ["approval_withdrawn", "run_failed"]
    assert [event.why for event in events if isinstance(event, ApprovalWithdrawn)] == [
        "the run failed"
    ]


async def test_everything_before_a_failure_is_told():
    segment = Segment(
        [agent_updated(TRIAGE), message(TRIAGE, "so far"), RuntimeError("boom\nmore")]
    )
    run = RunningChain(an_agent(segment))
    events = await run.ended()

    assert run.of(MessageOutput)[0].text == "so far"
    failed = events[-1]
    assert isinstance(failed, RunFailed)
    assert (failed.error_type, failed.message) == ("RuntimeError", "boom")
    assert "Traceback" in failed.details


async def test_a_run_that_cannot_even_begin_fails_as_an_event():
    events = await RunningChain(an_agent()).ended()

    assert kinds(events) == ["run_started", "user_message", "run_failed"]


async def test_an_immediate_cancel_stops_a_step_that_would_never_end():
    started = asyncio.Event()
    run = RunningChain(an_agent(Segment([agent_updated(TRIAGE), forever(started)])))
    await started.wait()
    run.chain.cancel("immediate")
    events = await run.ended()

    assert isinstance(events[-1], RunCancelled)
    assert events[-1].mode == "immediate"


async def test_a_cancel_after_the_turn_lets_the_turn_end():
    reached, goes_on = asyncio.Event(), asyncio.Event()

    async def turn(hooks, agent):
        reached.set()
        await goes_on.wait()

    segment = Segment([agent_updated(TRIAGE), CALLED, turn, tool_output(TRIAGE, "c1", "paid")])
    run = RunningChain(an_agent(segment))
    await reached.wait()
    run.chain.cancel("after_turn")
    goes_on.set()
    events = await run.ended()

    assert kinds(events)[-2:] == ["tool_output", "run_cancelled"]
    assert events[-1].mode == "after_turn"


async def test_a_cancel_that_comes_with_the_answer_leaves_a_completed_run():
    reached, goes_on = asyncio.Event(), asyncio.Event()

    async def turn(hooks, agent):
        reached.set()
        await goes_on.wait()

    run = RunningChain(an_agent(Segment([turn, message(TRIAGE, "done")], output="done")))
    await reached.wait()
    run.chain.cancel("after_turn")
    goes_on.set()
    events = await run.ended()

    assert isinstance(events[-1], RunCompleted)


async def test_nothing_is_told_after_the_end():
    run = RunningChain(an_agent(answers()))
    events = await run.ended()
    count = len(events)
    run.decide("c1", approve=True)
    run.chain.printed(ConsoleOutput(run_id="run", text="late"))
    run.chain.cancel("immediate")

    assert len(events) == count


async def test_steering_enters_before_the_next_model_call():
    reached, goes_on = asyncio.Event(), asyncio.Event()

    async def turn(hooks, agent):
        reached.set()
        await goes_on.wait()

    agent = an_agent(Segment([turn]), answers())
    run = RunningChain(agent)
    await reached.wait()
    run.chain.say("in French, please")
    goes_on.set()
    events = await run.ended()

    assert agent.inputs[1].added == ["in French, please"]
    assert [event.text for event in run.of(UserMessage) if event.steering] == ["in French, please"]
    assert kinds(events)[2:4] == ["user_message", "run_resumed"]


async def test_steering_while_a_call_waits_enters_with_the_decisions():
    agent = an_agent(asks("c1"), answers())
    run = RunningChain(agent)
    await run.until(RunPaused)
    run.chain.say("and be quick")
    run.decide("c1", approve=True)
    await run.ended()

    assert agent.inputs[1].approved == ["c1"]
    assert agent.inputs[1].added == ["and be quick"]


async def test_steering_that_a_state_refuses_is_answered_in_one_more_turn():
    refusing = asks("c1")
    refusing.takes_input = False
    agent = an_agent(refusing, answers("paid", items=["history"]), answers("quickly"))
    run = RunningChain(agent)
    await run.until(RunPaused)
    run.chain.say("and be quick")
    run.decide("c1", approve=True)
    events = await run.ended()

    assert agent.inputs[2] == ["history", {"role": "user", "content": "and be quick"}]
    assert [event.text for event in run.of(UserMessage)] == ["hello", "and be quick"]
    assert events[-1].final_output == "quickly"


async def test_steering_enters_also_where_states_take_no_message(monkeypatch):
    monkeypatch.delattr(RunState, "add_input")
    reached, goes_on = asyncio.Event(), asyncio.Event()

    async def turn(hooks, agent):
        reached.set()
        await goes_on.wait()

    agent = an_agent(Segment([turn], items=["history"]), answers("oui"))
    run = RunningChain(agent)
    await reached.wait()
    run.chain.say("in French")
    goes_on.set()
    await run.ended()

    assert agent.inputs[1] == ["history", {"role": "user", "content": "in French"}]


async def test_steering_that_comes_with_the_last_answer_is_answered_too():
    reached, goes_on = asyncio.Event(), asyncio.Event()

    async def turn(hooks, agent):
        reached.set()
        await goes_on.wait()

    last = Segment([turn, message(TRIAGE, "bye")], output="bye", items=["history"])
    agent = an_agent(last, answers("bonjour"))
    run = RunningChain(agent)
    await reached.wait()
    run.chain.say("in French")
    goes_on.set()
    events = await run.ended()

    assert agent.inputs[1] == ["history", {"role": "user", "content": "in French"}]
    assert events[-1].final_output == "bonjour"
    assert len(run.of(RunResumed)) == 1


async def test_steering_that_no_model_was_given_is_kept_for_the_follow_up():
    run = RunningChain(an_agent(asks("c1")))
    await run.until(RunPaused)
    run.chain.say("wait")
    run.chain.cancel("immediate")
    events = await run.ended()

    assert run.chain.conversation.items[-1] == {"role": "user", "content": "wait"}
    assert "user_message" in kinds(events)[-3:]


async def test_a_follow_up_goes_on_with_the_last_agent_and_its_history():
    billing = Agent("Billing", [answers("again")])
    conversation = Conversation(("history",), billing)
    run = RunningChain(billing, "more", conversation=conversation, continues="earlier")
    await run.ended()

    assert billing.inputs == [["history", {"role": "user", "content": "more"}]]
    assert run.of(RunStarted)[0].continues == "earlier"
    assert run.of(RunStarted)[0].agent == "Billing"


async def test_a_notice_is_visible():
    run = RunningChain(an_agent(answers()), notice="the history is lost")
    await run.ended()

    assert run.of(ConsoleOutput)[0].text == "the history is lost\n"
    assert run.of(ConsoleOutput)[0].stream == "notice"


def test_open_calls_are_answered_in_a_history():
    call_item = {"type": "function_call", "call_id": "c1", "name": "refund", "arguments": "{}"}
    answered = {"type": "function_call", "call_id": "c2", "name": "lookup", "arguments": "{}"}
    output = {"type": "function_call_output", "call_id": "c2", "output": "found"}

    items = closed([call_item, answered, output])

    assert [item["type"] for item in items] == [
        "function_call",
        "function_call_output",
        "function_call",
        "function_call_output",
    ]
    assert items[1]["call_id"] == "c1"
