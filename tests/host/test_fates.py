"""A follow-up knows what the calls of a broken-off turn did."""

from __future__ import annotations

import asyncio

import pytest

from tests.host.serving import LIBRARIES, desk
from tests.host.told import only
from tui.host.live.fates import Fate
from tui.host.live.history import closed
from tui.host.live.scope import Call
from tui.rehearsal.script import call, reply, say
from tui.wire.events import ToolFinished, ToolOutput, ToolStarted

both = pytest.mark.parametrize("library", LIBRARIES)
STOPPED = "This call was begun and then stopped: whether it took effect is not known."
NEVER_BEGUN = "This call was not carried out: the run was ended before it began."


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


def pairs(items):
    return [
        (item["type"], item["call_id"], item.get("output", item.get("arguments")))
        for item in items
        if "call_id" in item
    ]


async def pay() -> str:
    return "paid"


async def hang() -> str:
    await asyncio.Event().wait()
    return "never"


async def fail() -> str:
    raise ValueError("no money")


@both
async def test_after_a_cancel_the_model_reads_what_ran_and_what_was_stopped(library):
    script = [reply(call("pay", "c1"), call("hang", "c2")), reply(say("I see."))]
    async with desk(library, script) as d:
        tools = [d.library.function_tool(tool) for tool in (pay, hang)]
        agent = d.agent("Triage", tools=tools)
        first = d.run(agent)
        await first.until(ToolStarted, 2)
        await first.until(ToolFinished)
        first.chain.cancel("immediate")
        events = await first.ended()
        second = d.run(agent, "and now?", conversation=first.chain.conversation)
        await second.ended()
        sent = d.server.bodies[1]["input"]

    assert [told.output for told in only(events, ToolOutput)] == ["paid"]
    assert pairs(sent) == [
        ("function_call", "c1", "{}"),
        ("function_call_output", "c1", "paid"),
        ("function_call", "c2", "{}"),
        ("function_call_output", "c2", STOPPED),
    ]
    assert sent[0]["content"] == "hello"
    assert sent[-1]["content"] == "and now?"


@both
async def test_after_a_tool_ended_the_run_the_model_reads_what_its_sibling_did(library):
    async with desk(library, [reply(call("pay", "c1"), call("fail", "c2"))]) as d:
        burning = d.library.function_tool(failure_error_function=None)(fail)
        agent = d.agent("Triage", tools=[d.library.function_tool(pay), burning])
        run = d.run(agent)
        events = await run.ended()

    assert [told.output for told in only(events, ToolOutput)] == ["paid"]
    answers = {
        pair[1]: pair[2] for pair in pairs(run.chain.conversation.items) if "output" in pair[0]
    }
    assert answers == {"c1": "paid", "c2": "This call failed: ValueError: no money"}


@pytest.mark.parametrize(
    ("kind", "fates", "answer"),
    [
        ("function_call", {}, NEVER_BEGUN),
        ("custom_tool_call", {}, NEVER_BEGUN),
        ("function_call", {"c1": "done"}, "done"),
    ],
)
def test_an_open_call_is_answered_by_what_became_of_it(kind, fates, answer):
    begun = [Fate(Call("A", call_id, "pay"), text) for call_id, text in fates.items()]
    items = closed([{"type": kind, "call_id": "c1"}], begun)

    assert items[1] == {"type": f"{kind}_output", "call_id": "c1", "output": answer}


def test_an_answered_call_keeps_its_answer():
    items = [
        {"type": "function_call", "call_id": "c1"},
        {"type": "function_call_output", "call_id": "c1", "output": "first"},
    ]

    assert closed(items, [Fate(Call("A", "c1", "pay"), "second")]) == tuple(items)
