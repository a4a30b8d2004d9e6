"""Calls that the gate does not see: reached where they can be, else nothing is claimed of them."""

from __future__ import annotations

import pytest

from tests.host.serving import LIBRARIES, desk
from tests.host.told import only
from tui.host.live.history import Conversation
from tui.host.live.unseen import Unseen
from tui.rehearsal.script import call, reply, say
from tui.wire.events import (
    ConsoleOutput,
    RunPaused,
    ToolCalled,
    ToolFinished,
    ToolOutput,
    ToolStarted,
)

both = pytest.mark.parametrize("library", LIBRARIES)


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


def called(call_id, tool="pay", agent="Ann", arguments="{}"):
    return ToolCalled(
        run_id="run",
        item_id=f"i-{call_id}",
        agent=agent,
        call_id=call_id,
        tool=tool,
        arguments=arguments,
    )


def output(call_id, agent="Ann"):
    return ToolOutput(run_id="run", agent=agent, call_id=call_id, output="seen")


@pytest.fixture
def notes():
    return []


@pytest.fixture
def unseen(notes):
    return Unseen(notes.append)


def test_of_a_tool_out_of_reach_nothing_is_claimed_and_it_is_noted_once(unseen, notes):
    unseen.has_tools("Ann", {"pay": False}, is_all=True)
    for call_id in ("c1", "c2"):
        unseen.called(called(call_id))
        assert not unseen.answered(output(call_id)).not_run

    assert notes == ["not gated, so its start and end are not seen: pay of Ann"]


def test_a_tool_nobody_knows_is_noted_when_its_output_comes(unseen, notes):
    unseen.has_tools("Ann", {}, is_all=False)
    unseen.called(called("c1"))

    assert not unseen.answered(output("c1")).not_run
    assert notes == ["not gated, so its start and end are not seen: pay of Ann"]


@pytest.mark.parametrize("tools", [{"pay": True}, {}], ids=["gated", "no such tool"])
def test_a_call_that_would_have_been_seen_did_not_run(unseen, notes, tools):
    unseen.has_tools("Ann", tools, is_all=True)
    unseen.called(called("c1"))

    assert unseen.answered(output("c1")).not_run
    assert notes == []


def test_a_call_that_was_seen_to_begin_ran_whatever_is_told_of_it_again(unseen):
    unseen.has_tools("Ann", {"pay": True}, is_all=True)
    unseen.called(called("c1"))
    unseen.began("c1")
    unseen.called(called("c1", arguments="{} "))

    assert not unseen.answered(output("c1")).not_run


def test_an_id_that_is_used_again_is_another_call(unseen):
    unseen.has_tools("Ann", {"pay": True}, is_all=True)
    unseen.called(called("c1"))
    unseen.began("c1")
    unseen.answered(output("c1"))
    unseen.called(called("c1"))

    assert unseen.answered(output("c1")).not_run


def of_calls(events):
    kinds = (ToolStarted, ToolFinished, ToolOutput)
    told = [event for event in events if isinstance(event, kinds)]
    return [(type(event).__name__, event.call_id) for event in told]


def notes_in(events):
    return [event.text for event in only(events, ConsoleOutput) if event.stream == "notice"]


ALL_OF_TWO = [
    *((kind, "c1") for kind in ("ToolStarted", "ToolFinished", "ToolOutput")),
    *((kind, "c2") for kind in ("ToolStarted", "ToolFinished", "ToolOutput")),
]


@both
async def test_a_tool_that_another_adds_while_it_runs_is_reached(library):
    script = [reply(call("learn", "c1")), reply(call("late", "c2")), reply(say("done"))]
    async with desk(library, script) as d:

        def late() -> str:
            return "late"

        def learn() -> str:
            ann.tools.append(d.library.function_tool(late))
            return "learnt"

        ann = d.agent("Ann", tools=[d.library.function_tool(learn)])
        events = await d.run(ann).ended()

    assert of_calls(events) == ALL_OF_TWO
    assert notes_in(events) == []


@both
async def test_a_tool_that_needs_a_person_still_does_when_it_is_added_late(library):
    script = [reply(call("learn", "c1")), reply(call("late", "c2")), reply(say("done"))]
    async with desk(library, script) as d:

        def late() -> str:
            raise AssertionError("it must not run")

        def learn() -> str:
            ann.tools.append(d.library.function_tool(needs_approval=True)(late))
            return "learnt"

        ann = d.agent("Ann", tools=[d.library.function_tool(learn)])
        run = d.run(ann)
        await run.until(RunPaused)
        run.decide("c2", approve=False)
        events = await run.ended()

    assert of_calls(events)[-1] == ("ToolOutput", "c2")
    assert only(events, ToolOutput)[-1].not_run


@both
async def test_an_agent_that_becomes_a_tool_late_shows_its_calls(library):
    script = [
        reply(call("learn", "c1")),
        reply(call("ask_sub", "outer", input="x")),
        reply(call("score", "inner")),
        reply(say("0.2 it is")),
        reply(say("done")),
    ]
    async with desk(library, script) as d:

        def score() -> str:
            return "0.2"

        def learn() -> str:
            sub = d.agent("Sub", tools=[d.library.function_tool(score)])
            ann.tools.append(sub.as_tool("ask_sub", "Ask."))
            return "learnt"

        ann = d.agent("Ann", tools=[d.library.function_tool(learn)])
        events = await d.run(ann).ended()

    inner = [event for event in events if getattr(event, "call_id", "") == "inner"]
    assert {event.within for event in inner} == {"outer"}
    assert of_calls(inner) == [
        (kind, "inner") for kind in ("ToolStarted", "ToolFinished", "ToolOutput")
    ]


@both
async def test_tools_of_an_agent_that_makes_its_own_list_are_reached(library):
    script = [reply(call("extra", "c1")), reply(call("extra", "c2")), reply(say("done"))]
    async with desk(library, script) as d:

        class Lister(d.library.Agent):
            async def get_all_tools(self, context):
                def extra() -> str:
                    return "extra"

                listed = await super().get_all_tools(context)
                return [*listed, d.library.function_tool(extra)]

        ann = Lister(name="Ann", model=d.agent("Model").model)
        events = await d.run(ann).ended()

    assert of_calls(events) == ALL_OF_TWO


async def test_a_call_that_a_guardrail_turned_away_did_not_run():
    async with desk("agents", [reply(call("pay", "c1")), reply(say("no"))]) as d:

        def guard(data):
            return d.library.ToolGuardrailFunctionOutput.reject_content("not today")

        def pay() -> str:
            raise AssertionError("it must not run")

        guards = [d.library.tool_input_guardrail(guard)]
        tool = d.library.function_tool(tool_input_guardrails=guards)(pay)
        events = await d.run(d.agent("Ann", tools=[tool])).ended()

    assert of_calls(events) == [("ToolOutput", "c1")]
    assert (only(events, ToolOutput)[0].output, only(events, ToolOutput)[0].not_run) == (
        "not today",
        True,
    )


@both
async def test_a_tool_that_does_not_exist_did_not_run(library):
    async with desk(library, [reply(call("nothing", "c1")), reply(say("no"))]) as d:
        ann = d.agent("Ann")
        config = d.library.RunConfig(tool_not_found_behavior="return_error_to_model")
        options = Conversation((), ann, {"run_config": config})
        events = await d.run(ann, conversation=options).ended()

    assert only(events, ToolOutput)[0].not_run
    assert notes_in(events) == []


async def test_a_call_inside_an_agent_used_as_a_tool_that_did_not_run_says_so():
    script = [
        reply(call("ask_sub", "outer", input="x")),
        reply(call("pay", "inner")),
        reply(say("not paid")),
        reply(say("fine")),
    ]
    async with desk("agents", script) as d:

        def guard(data):
            return d.library.ToolGuardrailFunctionOutput.reject_content("not today")

        def pay() -> str:
            raise AssertionError("it must not run")

        guards = [d.library.tool_input_guardrail(guard)]
        tool = d.library.function_tool(tool_input_guardrails=guards)(pay)
        sub = d.agent("Sub", tools=[tool])
        events = await d.run(d.agent("Ann", tools=[sub.as_tool("ask_sub", "Ask.")])).ended()

    told = {event.call_id: event.not_run for event in only(events, ToolOutput)}
    assert told == {"inner": True, "outer": False}


async def test_a_shell_that_the_runtime_runs_is_said_to_be_out_of_reach():
    script = [reply(say("listed"))]
    async with desk("agents", script) as d:
        shell = d.library.ShellTool(executor=lambda request: "a b c")
        ann = d.agent("Ann", tools=[shell])
        events = await d.run(ann).ended()

    assert notes_in(events) == ["not gated, so its start and end are not seen: shell of Ann\n"]
