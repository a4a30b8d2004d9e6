"""A guardrail that stops a run is named, in a sentence; what it withholds stays so."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from tests.host.serving import LIBRARIES, desk
from tests.host.told import only
from tui.rehearsal.script import call, reply, say
from tui.wire.events import (
    GuardrailTripped,
    MessageOutput,
    RunCompleted,
    ToolFinished,
    ToolOutput,
    ToolStarted,
)

SCRIPT = [reply(say("I look."), call("look", "c1")), reply(say("It is there."))]
WITHHELD = "This call was carried out; its result was withheld."


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


@pytest.fixture(params=LIBRARIES)
def name(request):
    return request.param


def tripping(library, wait=None):
    async def no_secrets(context, agent, said):
        if wait is not None:
            await wait()
        return library.GuardrailFunctionOutput("a secret", tripwire_triggered=True)

    return no_secrets


def of_tool(library, behaviour):
    def no_secrets(data):
        result = library.ToolGuardrailFunctionOutput
        if behaviour == "reject":
            return result.reject_content("not for you", "a secret")
        return result.raise_exception("a secret")

    return no_secrets


async def played(name, make, *, script=SCRIPT, text="hello"):
    """Return the events of a run whose agent `make(library, look)` gives more fields."""
    async with desk(name, script) as d:

        @d.library.function_tool
        async def look() -> str:
            return "seen"

        run = d.run(d.agent("Triage", tools=[look], **make(d.library, look)), text)
        events = await run.ended()
        asked = len(d.server.bodies)
    return SimpleNamespace(events=events, asked=asked, items=run.chain.conversation.items)


def blocking(library, look):
    return {"input_guardrails": [library.InputGuardrail(tripping(library), run_in_parallel=False)]}


def at_once(library, look):
    return {"input_guardrails": [library.InputGuardrail(tripping(library))]}


def on_output(library, look):
    return {"output_guardrails": [library.OutputGuardrail(tripping(library))]}


def on_tool_input(library, look):
    look.tool_input_guardrails = [library.tool_input_guardrail(of_tool(library, "raise"))]
    return {}


def on_tool_output(library, look):
    look.tool_output_guardrails = [library.tool_output_guardrail(of_tool(library, "raise"))]
    return {}


@pytest.mark.parametrize(
    ("make", "stage", "sentence", "messages", "starts"),
    [
        (blocking, "input", "The input guardrail 'no_secrets' stopped the run.", 0, 0),
        (at_once, "input", "The input guardrail 'no_secrets' stopped the run.", 0, 0),
        (on_output, "output", "The output guardrail 'no_secrets' stopped the run.", 2, 1),
        (
            on_tool_input,
            "tool_input",
            "The tool input guardrail 'no_secrets' stopped the run.",
            1,
            0,
        ),
        (
            on_tool_output,
            "tool_output",
            "The tool output guardrail 'no_secrets' stopped the run.",
            1,
            1,
        ),
    ],
    ids=["before the model", "beside the model", "output", "tool input", "tool output"],
)
async def test_a_guardrail_that_stops_a_run_is_named(name, make, stage, sentence, messages, starts):
    run = await played(name, make)

    (tripped,) = only(run.events, GuardrailTripped)
    assert (tripped.guardrail, tripped.stage, tripped.message) == ("no_secrets", stage, "a secret")
    assert run.events[-1].error_type.endswith("TripwireTriggered")
    assert run.events[-1].message == sentence
    assert run.events[-1].advice == "Ask in other words."
    assert len(only(run.events, MessageOutput)) == messages
    assert len(only(run.events, ToolStarted)) == starts


async def test_a_guardrail_before_the_model_spares_the_request(name):
    assert (await played(name, blocking)).asked == 0


async def test_a_guardrail_slower_than_the_run_stops_it_after_all_was_shown(name):
    async with desk(name, SCRIPT) as d:
        is_done = asyncio.Event()

        @d.library.function_tool
        async def look() -> str:
            return "seen"

        slow = d.library.InputGuardrail(tripping(d.library, is_done.wait), name="Slow one")
        run = d.run(d.agent("Triage", tools=[look], input_guardrails=[slow]))
        await run.until(MessageOutput, 2)
        is_done.set()
        events = await run.ended()

    assert len(only(events, ToolOutput)) == 1
    assert events[-1].message == "The input guardrail 'Slow one' stopped the run."


async def test_a_withheld_result_reaches_neither_the_screen_nor_the_next_run(name):
    run = await played(name, on_tool_output)

    assert len(only(run.events, ToolFinished)) == 1
    assert not only(run.events, ToolOutput)
    assert [item["output"] for item in run.items if "output" in item] == [WITHHELD]


@pytest.mark.parametrize(("side", "starts"), [("input", 0), ("output", 1)])
async def test_a_guardrail_that_rejects_a_tools_content_lets_the_run_go_on(name, side, starts):
    def make(library, look):
        made = getattr(library, f"tool_{side}_guardrail")(of_tool(library, "reject"))
        setattr(look, f"tool_{side}_guardrails", [made])
        return {}

    run = await played(name, make)

    assert [told.output for told in only(run.events, ToolOutput)] == ["not for you"]
    assert len(only(run.events, ToolStarted)) == starts
    assert isinstance(run.events[-1], RunCompleted)
    assert not only(run.events, GuardrailTripped)


async def test_a_guarded_result_inside_an_agent_used_as_a_tool_shows_as_its_model_read_it(name):
    script = [reply(call("ask_sub", "outer", input="x")), *SCRIPT, reply(say("fine"))]
    async with desk(name, script) as d:

        @d.library.function_tool
        async def look() -> str:
            return "seen"

        guard = d.library.tool_output_guardrail(of_tool(d.library, "reject"))
        look.tool_output_guardrails = [guard]
        sub = d.agent("Sub", tools=[look])
        events = await d.run(d.agent("Triage", tools=[sub.as_tool("ask_sub", "Ask.")])).ended()

    inner = [told.output for told in only(events, ToolOutput) if told.within == "outer"]
    assert inner == ["not for you"]
