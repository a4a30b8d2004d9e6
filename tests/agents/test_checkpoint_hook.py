"""When a run tells its checkpoints, and what they cost it."""

from __future__ import annotations

import asyncio

import pytest

from tests.agents.fake_models import ended
from tests.agents.planned_runs import World, start_agent, to_the_end
from tests.agents.plans import NEST, a_plan
from tui.agents import (
    Agent,
    CheckpointWriter,
    GuardrailFunctionOutput,
    InputGuardrail,
    InputGuardrailTripwireTriggered,
    RunHooks,
    Runner,
    RunState,
    ToolApprovalItem,
    UserError,
    folded,
    function_tool,
)
from tui.agents.items_json import write_item
from tui.agents.models.scripted import ScriptedModel, call, say


class Noting(RunHooks):
    """Keeps the states it is told."""

    def __init__(self) -> None:
        self.states: list[RunState] = []

    async def on_checkpoint(self, context, state):
        self.states.append(state)


@function_tool
async def free() -> str:
    return "free"


def an_agent(*turns, **options):
    return Agent(name="A", model=ScriptedModel(turns), tools=[free], **options)


def two_turns(**options):
    return an_agent([call("free")], [say("done")], **options)


async def test_each_answer_and_each_settled_turn_is_a_checkpoint():
    hooks = Noting()
    await Runner.run(two_turns(), "go", hooks=hooks)
    told = [
        (len(state.generated_items), state.pending_response is not None, state.is_final)
        for state in hooks.states
    ]
    assert told == [(1, True, False), (2, False, False), (3, True, False), (3, True, True)]


async def test_a_pause_and_a_handoff_are_checkpoints():
    danger = function_tool(lambda: "x", name_override="danger", needs_approval=True)
    b = Agent(name="B", model=ScriptedModel([[call("danger")]]), tools=[danger])
    hooks = Noting()
    await Runner.run(an_agent([call("transfer_to_b")], handoffs=[b]), "go", hooks=hooks)
    told = [(state.current_agent.name, len(state.interruptions)) for state in hooks.states]
    assert told == [("A", 0), ("B", 0), ("B", 0), ("B", 1)]


async def test_a_turn_that_fails_leaves_nothing_behind_but_its_checkpoint():
    broken = function_tool(lambda: 1 / 0, name_override="broken", failure_error_function=None)
    agent = Agent(name="A", model=ScriptedModel([[call("broken")]]), tools=[broken])
    hooks = Noting()
    result = Runner.run_streamed(agent, "go", hooks=hooks)
    with pytest.raises(UserError, match="broken"):
        async for _ in result:
            pass
    assert [len(state.generated_items) for state in hooks.states] == [1]
    assert result.new_items == []


@pytest.mark.parametrize("turns", [NEST, {"A": [[["free", 1]], [["free", 2]]]}])
async def test_who_reads_has_had_what_a_state_knows(turns):
    read = []

    class Checking(RunHooks):
        checked = 0

        async def on_checkpoint(self, context, state):
            states = [state]
            for each in states:
                states += each.nested.values()
                # Of what was asked for, nothing is told but by the result.
                items = [i for i in each.generated_items if i.type != "tool_approval_item"]
                assert all(write_item(item) in read for item in items)
                self.checked += len(items)

    agent = start_agent(World(a_plan() | {"turns": turns}))
    hooks = Checking()
    result = Runner.run_streamed(agent, "go", hooks=hooks)
    async for event in result.stream_events(nested=True):
        for _ in range(5):
            # What a reader does with an event takes its time.
            await asyncio.sleep(0)
        while event.type == "nested_stream_event":
            event = event.event
        if event.type == "run_item_stream_event":
            read.append(write_item(event.item))
    assert hooks.checked > len(read)


async def test_nobody_need_read():
    hooks = Noting()
    result = Runner.run_streamed(two_turns(), "go", hooks=hooks)
    await ended(result)
    assert (result.status, len(hooks.states)) == ("completed", 4)


async def test_a_reader_may_leave():
    hooks = Noting()
    result = Runner.run_streamed(two_turns(), "go", hooks=hooks)
    async for _ in result.stream_events():
        break
    await ended(result)
    assert (result.status, len(hooks.states)) == ("completed", 4)


async def test_a_run_can_be_cancelled_while_a_hook_keeps_it():
    class Keeping(RunHooks):
        async def on_checkpoint(self, context, state):
            result.cancel()
            await asyncio.Event().wait()

    result = Runner.run_streamed(two_turns(), "go", hooks=Keeping())
    async for _ in result:
        pass
    assert result.status == "cancelled"


async def test_checkpoints_of_calls_beside_each_other_are_told_one_at_a_time():
    class Slow(Noting):
        inside = most = 0

        async def on_checkpoint(self, context, state):
            self.inside += 1
            self.most = max(self.most, self.inside)
            await asyncio.sleep(0)
            self.inside -= 1
            self.states.append(state)

    plan = {"A": [[["ask", 1], ["ask", 2]]], "Sub": [[["free", 2]]]}
    hooks = Slow()
    await Runner.run(start_agent(World(a_plan() | {"turns": plan})), "go", hooks=hooks)
    assert hooks.most == 1
    assert max(len(state.nested) for state in hooks.states) == 2
    sizes = [sum(len(s.generated_items) for s in state.nested.values()) for state in hooks.states]
    assert sizes == [*sorted(sizes[:-3]), 0, 0, 0]


async def test_the_run_around_counts_what_is_spent():
    plan = {"A": [[["free", 1]], [["ask", 1]]], "Sub": [[["free", 2]]]}
    hooks = Noting()
    await Runner.run(start_agent(World(a_plan() | {"turns": plan})), "go", hooks=hooks)
    spent = [
        (state.context.usage.requests, [s.context.usage.requests for s in state.nested.values()])
        for state in hooks.states
        if state.nested
    ]
    assert spent == [(3, [0]), (3, [0]), (4, [0]), (4, [0])]


@pytest.mark.parametrize("streamed", [True, False])
async def test_no_state_is_told_of_a_run_that_its_guardrails_stop(streamed):
    async def late(*_):
        await asyncio.sleep(0)
        return GuardrailFunctionOutput(None, tripwire_triggered=True)

    hooks, agent = Noting(), two_turns(input_guardrails=[InputGuardrail(late)])
    with pytest.raises(InputGuardrailTripwireTriggered):
        await to_the_end(agent, "go", a_plan(streamed=streamed), through_json=False, hooks=hooks)
    assert hooks.states == []


async def test_a_run_whose_hooks_do_not_ask_makes_no_states():
    result = await Runner.run(two_turns(), "go", hooks=RunHooks())
    assert result._run.nested.checkpoints is None


async def test_a_service_that_keeps_the_conversation_is_not_told_again():
    hooks, agent = Noting(), two_turns()
    await Runner.run(agent, "go", hooks=hooks, auto_previous_response_id=True)
    [first, *_] = hooks.states
    agent.model = ScriptedModel([[say("done")]])
    state = await RunState.from_string(agent, first.to_string())
    await Runner.run(agent, state)
    [request] = agent.model.requests
    assert request.previous_response_id == first.responses[0].response_id
    assert [item["type"] for item in request.input] == ["function_call_output"]


async def test_a_context_that_is_no_json_object_is_given_again():
    hooks, agent = Noting(), two_turns()
    await Runner.run(agent, "go", hooks=hooks, context=complex(1, 2))
    form = folded([CheckpointWriter().delta(hooks.states[0])])
    read = await RunState.from_json(agent, form, context_override=3j)
    assert (form["context"]["is_written"], read.context.context) == (False, 3j)


async def test_a_context_that_changes_is_written_as_it_was():
    writer, deltas, context = CheckpointWriter(), [], {"seen": []}

    class Writing(RunHooks):
        async def on_checkpoint(self, wrapper, state):
            deltas.append(writer.delta(state))
            wrapper.context["seen"].append(len(deltas))

    await Runner.run(two_turns(), "go", hooks=Writing(), context=context)
    values = [folded(deltas[:count])["context"]["value"] for count in (1, 2, 3, 4)]
    assert values == [{"seen": list(range(1, count))} for count in (1, 2, 3, 4)]


async def deltas_of_a_run():
    hooks, writer = Noting(), CheckpointWriter()
    await Runner.run(two_turns(), "go", hooks=hooks)
    return [writer.delta(state) for state in hooks.states], hooks.states


async def test_a_decision_that_is_taken_back_is_written_anew():
    _, [state, *_] = await deltas_of_a_run()
    writer = CheckpointWriter()
    made = []
    for call_id, is_approved in [("a", True), ("b", True), ("a", False)]:
        raw = state.generated_items[0].raw_item.model_copy(update={"call_id": call_id})
        decide = state.context.approve_tool if is_approved else state.context.reject_tool
        decide(ToolApprovalItem(state.current_agent, raw))
        made.append(writer.delta(state))
    assert folded(made) == state.to_json()


async def test_deltas_of_a_later_process_may_follow():
    deltas, states = await deltas_of_a_run()
    assert folded([*deltas[:2], CheckpointWriter().delta(states[2])]) == states[2].to_json()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda deltas: [], "no checkpoint"),
        (lambda deltas: deltas[1:], "Checkpoint 0 of this run is missing or damaged"),
        (lambda deltas: [*deltas[:1], *deltas[2:]], "Checkpoint 1 of this run is missing"),
        (lambda deltas: [*deltas[:1], "torn", *deltas[2:]], "Checkpoint 1 of this run is missing"),
        (lambda deltas: [deltas[0], {"delta": 1, "grown": 3}], "Checkpoint 1 of this run is dam"),
        (lambda deltas: [deltas[0], {"delta": 1, "grown": {"items": [9, []]}}], "are 1 items, not"),
        (lambda deltas: [deltas[0], {"delta": 1, "nested": {"c": None}}], "1 of this run is dam"),
    ],
)
async def test_deltas_that_cannot_be_put_together_are_refused(change, message):
    deltas, _ = await deltas_of_a_run()
    with pytest.raises(UserError, match=message):
        folded(change(deltas))
