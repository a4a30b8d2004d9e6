"""Part 2, point 5: each tool's own start and end are known, and what it reports meanwhile."""

from __future__ import annotations

import asyncio
import copy as copying
import dataclasses
import threading

import pytest

from tests.agents.telling import told
from tui.agents import (
    Agent,
    AgentHooks,
    RunContextWrapper,
    RunHooks,
    Runner,
    ToolContext,
    UserError,
    function_tool,
)
from tui.agents.models.scripted import ScriptedModel, call, say


class Listening(RunHooks):
    """Writes down what it hears of tools, and lets a test wait for a report."""

    def __init__(self):
        self.heard = []
        self.has_heard = asyncio.Event()

    async def on_tool_start(self, context, agent, tool):
        self.heard.append(f"start {context.tool_call_id}")

    async def on_tool_end(self, context, agent, tool, result):
        self.heard.append(f"end {context.tool_call_id}")

    async def on_tool_progress(self, context, agent, tool, progress):
        self.heard.append((agent.name, tool.name, context.tool_call_id, progress))
        self.has_heard.set()


def an_agent(*turns, tools, name="A", **options):
    return Agent(name=name, model=ScriptedModel(turns), tools=tools, **options)


@function_tool
async def copy(ctx: ToolContext, files: int) -> str:
    for each in range(files):
        ctx.report(f"{each} of {files}")
    return "copied"


async def test_parallel_tools_have_their_own_starts_and_ends():
    fast_has_ended = asyncio.Event()

    class Hooks(Listening):
        async def on_tool_end(self, context, agent, tool, result):
            await super().on_tool_end(context, agent, tool, result)
            fast_has_ended.set()

    @function_tool
    async def slow() -> str:
        await fast_has_ended.wait()
        return "slow"

    @function_tool
    async def fast() -> str:
        return "fast"

    hooks = Hooks()
    agent = an_agent(
        [call("slow", call_id="c1"), call("fast", call_id="c2")], [say("ok")], tools=[slow, fast]
    )
    await Runner.run(agent, "go", hooks=hooks)
    assert hooks.heard == ["start c1", "start c2", "end c2", "end c1"]


async def test_what_a_tool_reports_is_told_between_its_start_and_its_end():
    hooks = Listening()
    agent = an_agent([call("copy", {"files": 2}, "c1")], [say("ok")], tools=[copy])
    words = await told(Runner.run_streamed(agent, "go", hooks=hooks))
    assert hooks.heard == [
        "start c1",
        ("A", "copy", "c1", "0 of 2"),
        ("A", "copy", "c1", "1 of 2"),
        "end c1",
    ]
    assert words[2:4] == ["tool_called", "tool_output(copied)"]


async def test_a_report_is_told_while_the_tool_still_runs():
    hooks = Listening()

    @function_tool
    async def work(ctx: RunContextWrapper) -> str:
        ctx.report({"done": 1, "of": 2})
        await hooks.has_heard.wait()
        return "heard"

    agent = an_agent([call("work")], [say("ok")], tools=[work])
    result = await Runner.run(agent, "go", hooks=hooks)
    assert result.new_items[1].output == "heard"
    assert hooks.heard[1][-1] == {"done": 1, "of": 2}


async def test_a_tool_in_a_thread_reports_in_order():
    hooks = Listening()

    @function_tool
    def work(ctx: ToolContext) -> str:
        for each in range(100):
            ctx.report(each)
        return "done"

    await Runner.run(an_agent([call("work")], [say("ok")], tools=[work]), "go", hooks=hooks)
    assert [each[-1] for each in hooks.heard[1:-1]] == list(range(100))


async def test_the_agents_own_hooks_hear_of_reports_too():
    heard = []

    class Own(AgentHooks):
        async def on_tool_progress(self, context, agent, tool, progress):
            heard.append(progress)

    agent = an_agent([call("copy", {"files": 1})], [say("ok")], tools=[copy], hooks=Own())
    await Runner.run(agent, "go")
    assert heard == ["0 of 1"]


async def test_the_outer_hooks_hear_what_tools_of_nested_runs_report():
    hooks = Listening()
    sub = an_agent([call("copy", {"files": 1}, "inner")], [say("x")], name="Sub", tools=[copy])
    outer = an_agent(
        [call("ask", {"input": "q"}, "outer")], [say("ok")], tools=[sub.as_tool("ask", "")]
    )
    await Runner.run(outer, "go", hooks=hooks)
    assert hooks.heard == ["start outer", ("Sub", "copy", "inner", "0 of 1"), "end outer"]


async def test_a_thread_that_goes_on_behind_the_timeout_reports_to_nobody():
    may_end, failed = threading.Event(), []

    @function_tool(timeout=0.01)
    def work(ctx: ToolContext) -> str:
        try:
            while not may_end.is_set():
                ctx.report(["more"] * 1_000)
        except BaseException as error:
            failed.append(error)
            raise
        return "done"

    hooks = Listening()
    agent = an_agent([call("work", call_id="c1")], [say("ok")], tools=[work])
    await Runner.run(agent, "go", hooks=hooks)
    heard = len(hooks.heard)
    await asyncio.to_thread(lambda: None)
    may_end.set()
    assert failed == []
    assert hooks.heard[-1] == "end c1"
    assert len(hooks.heard) == heard


@pytest.mark.parametrize("copied", [copying.copy, dataclasses.replace])
async def test_a_copy_of_the_context_reports_of_the_same_call(copied):
    @function_tool
    async def work(ctx: ToolContext) -> str:
        copied(ctx).report("copied")
        ctx.report("own")
        return "done"

    hooks = Listening()
    agent = an_agent([call("work", call_id="c1")], [say("ok")], tools=[work])
    await Runner.run(agent, "go", hooks=hooks)
    assert [each[-1] for each in hooks.heard[1:-1]] == ["copied", "own"]


async def test_what_a_hook_reports_of_a_report_is_told_before_the_end():
    class Echoing(Listening):
        async def on_tool_progress(self, context, agent, tool, progress):
            await super().on_tool_progress(context, agent, tool, progress)
            if progress == "0 of 1":
                context.report("echo")

    hooks = Echoing()
    agent = an_agent([call("copy", {"files": 1}, "c1")], [say("ok")], tools=[copy])
    await Runner.run(agent, "go", hooks=hooks)
    assert [each[-1] for each in hooks.heard[1:-1]] == ["0 of 1", "echo"]


async def test_a_report_after_the_end_of_its_call_is_dropped():
    kept = []

    @function_tool
    async def work(ctx: ToolContext) -> str:
        kept.append(ctx)
        return "done"

    hooks = Listening()
    agent = an_agent([call("work", call_id="c1")], [say("ok")], tools=[work])
    await Runner.run(agent, "go", hooks=hooks)
    kept[0].report("too late")
    await asyncio.sleep(0)
    assert hooks.heard == ["start c1", "end c1"]


async def test_what_is_no_json_cannot_be_reported():
    agent = an_agent([call("work")], [say("ok")], tools=[])

    @function_tool
    async def work(ctx: ToolContext) -> str:
        ctx.report(object())
        return "done"

    agent.tools = [work]
    failure = (await Runner.run(agent, "go")).new_items[1].failure
    assert failure.error_type == "UserError"
    assert "JSON" in failure.message


async def test_hooks_that_fail_at_a_report_end_the_run():
    class Failing(RunHooks):
        async def on_tool_progress(self, context, agent, tool, progress):
            raise LookupError("no screen")

    agent = an_agent([call("copy", {"files": 3})], tools=[copy])
    with pytest.raises(UserError, match="no screen"):
        await Runner.run(agent, "go", hooks=Failing())


async def test_a_cancelled_run_leaves_no_report_behind():
    class Stuck(Listening):
        async def on_tool_progress(self, context, agent, tool, progress):
            self.has_heard.set()
            await asyncio.Event().wait()

    hooks = Stuck()
    agent = an_agent([call("copy", {"files": 3})], tools=[copy])
    result = Runner.run_streamed(agent, "go", hooks=hooks)
    await hooks.has_heard.wait()
    await result.aclose()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_outside_of_a_run_a_report_goes_nowhere():
    ToolContext(None, tool_name="x", tool_call_id="c", tool_arguments="{}").report("fine")
