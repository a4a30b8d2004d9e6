"""What a running tool reports comes up as events of its call, also from inside nested runs."""

from __future__ import annotations

import asyncio

from tests.host.serving import desk
from tests.host.told import only
from tui.cockpit.projection.reduce import reduce
from tui.cockpit.projection.view import RunView
from tui.rehearsal.script import call, reply, say
from tui.wire.events import ToolFinished, ToolOutput, ToolProgress


def reporting_tool(library, goes_on):
    async def copy(context) -> str:
        context.report("1 of 2")
        context.report({"done": 2})
        await goes_on.wait()
        return "copied"

    copy.__annotations__["context"] = library.ToolContext
    return library.function_tool(copy)


async def test_a_report_is_told_while_its_tool_runs():
    goes_on = asyncio.Event()
    async with desk("tui.agents", [reply(call("copy", "c1")), reply(say("done"))]) as d:
        run = d.run(d.agent("Triage", tools=[reporting_tool(d.library, goes_on)]))
        await run.until(ToolProgress, count=2)
        assert not run.of(ToolFinished)
        goes_on.set()
        events = await run.ended()

    told = only(events, ToolProgress)
    assert [(event.call_id, event.text) for event in told] == [
        ("c1", "1 of 2"),
        ("c1", '{"done": 2}'),
    ]
    assert {event.agent for event in told} == {"Triage"}


async def test_a_report_inside_a_nested_run_names_the_call_around_it():
    goes_on = asyncio.Event()
    goes_on.set()
    script = [
        reply(call("ask", "c1", input="q")),
        reply(call("copy", "c2")),
        reply(say("sub done")),
        reply(say("done")),
    ]
    async with desk("tui.agents", script) as d:
        sub = d.agent("Sub", tools=[reporting_tool(d.library, goes_on)])
        events = await d.run(d.agent("Triage", tools=[sub.as_tool("ask", "")])).ended()

    told = only(events, ToolProgress)
    assert {(event.call_id, event.within, event.agent) for event in told} == {("c2", "c1", "Sub")}
    assert [event.output for event in only(events, ToolOutput)] == ["copied", "sub done"]


async def test_the_screen_shows_the_last_report():
    goes_on = asyncio.Event()
    async with desk("tui.agents", [reply(call("copy", "c1")), reply(say("done"))]) as d:
        run = d.run(d.agent("Triage", tools=[reporting_tool(d.library, goes_on)]))
        await run.until(ToolProgress, count=2)
        view = RunView()
        for event in run.events:
            view = reduce(view, event)
        goes_on.set()
        await run.ended()

    assert [entry.progress for entry in view.entries if hasattr(entry, "progress")] == [
        '{"done": 2}'
    ]
