"""What a program gives its runner besides agent and input reaches every run of a conversation."""

from __future__ import annotations

import pytest

from tests.host.serving import LIBRARIES, desk
from tui.host.live.history import Conversation
from tui.host.live.opened import BY_COMMAND, Opened
from tui.rehearsal.script import call, reply, say
from tui.wire.events import RunPaused, ToolOutput

both = pytest.mark.parametrize("library", LIBRARIES)


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


def counting_tool(library, **options):
    # Evaluated by hand: the annotation names the runtime that the tool is built for.
    async def count(context) -> str:
        context.context["count"] = context.context.get("count", 0) + 1
        return str(context.context["count"])

    count.__annotations__["context"] = library.RunContextWrapper
    return library.function_tool(**options)(count)


@both
async def test_one_context_serves_a_run_its_resumed_part_and_a_follow_up(library):
    script = [reply(call("count", "c1")), reply(say("one")), reply(call("count", "c2"))]
    async with desk(library, [*script, reply(say("two"))]) as d:
        agent = d.agent("Triage", tools=[counting_tool(d.library, needs_approval=True)])
        conversation, told = Conversation((), agent, {"context": {}}), []
        for call_id in ("c1", "c2"):
            run = d.run(agent, conversation=conversation)
            await run.until(RunPaused)
            run.decide(call_id, approve=True)
            await run.ended()
            conversation = run.chain.conversation
            told += run.of(ToolOutput)

    assert [event.output for event in told] == ["1", "2"]


@both
@pytest.mark.parametrize("context", [None, {}])
@pytest.mark.parametrize(
    ("opened", "how"),
    [(BY_COMMAND, "--context FILE.py:NAME"), (Opened(by_program=True), "tui.run(..., context=")],
)
async def test_an_agent_that_misses_its_context_says_how_to_give_one(library, context, opened, how):
    async with desk(library, []) as d:
        agent = d.agent("Triage", instructions=lambda context, agent: context.context.style)
        start = Conversation((), agent, {"context": context})
        events = await d.run(agent, conversation=start, opened=opened).ended()

    assert events[-1].error_type == "AttributeError"
    assert (how in events[-1].advice) == (context is None)


@both
async def test_the_turns_of_a_run_are_limited_as_the_program_says(library):
    async with desk(library, [reply(call("count", "c1"))]) as d:
        agent = d.agent("Triage", tools=[counting_tool(d.library)])
        options = {"context": {}, "max_turns": 1}
        events = await d.run(agent, conversation=Conversation((), agent, options)).ended()

    assert events[-1].error_type == "MaxTurnsExceeded"


@both
async def test_the_programs_own_hooks_hear_of_everything(library):
    script = [reply(call("count", "c1")), reply(call("transfer_to_b", "h1")), reply(say("B"))]
    async with desk(library, script) as d:
        heard = []

        class Listening(d.library.RunHooks):
            async def on_agent_start(self, context, agent):
                heard.append(f"start {agent.name}")

            async def on_llm_start(self, context, agent, system_prompt, input_items):
                heard.append("llm start")

            async def on_tool_end(self, context, agent, tool, result):
                heard.append(f"end {tool.name} {result}")

            async def on_handoff(self, context, from_agent, to_agent):
                heard.append(f"from {from_agent.name} to {to_agent.name}")

        agent = d.agent("A", tools=[counting_tool(d.library)], handoffs=[d.agent("B")])
        options = {"context": {}, "hooks": Listening()}
        await d.run(agent, conversation=Conversation((), agent, options)).ended()

    expected = ["start A", "llm start", "end count 1", "llm start", "from A to B", "start B"]
    assert heard == [*expected, "llm start"]


async def test_a_session_keeps_what_was_said_and_is_told_nothing_twice():
    async with desk("agents", [reply(say("one")), reply(say("two"))]) as d:
        agent = d.agent("Triage")
        conversation = Conversation((), agent, {"session": d.library.SQLiteSession("s")})
        for text in ("first", "second"):
            run = d.run(agent, text, conversation=conversation)
            await run.ended()
            conversation = run.chain.conversation
        sent = d.server.bodies[1]["input"]

    assert [item["content"] for item in sent if item["role"] == "user"] == ["first", "second"]
    assert len(sent) == 3


async def test_a_stored_conversation_goes_on_from_its_newest_response():
    async with desk("agents", [reply(say("one")), reply(say("two"))]) as d:
        agent = d.agent("Triage")
        conversation = Conversation((), agent, {"previous_response_id": "resp_old"})
        for text in ("first", "second"):
            run = d.run(agent, text, conversation=conversation)
            await run.ended()
            conversation = run.chain.conversation
        bodies = d.server.bodies

    assert [body["previous_response_id"] for body in bodies] == ["resp_old", "resp_0"]
    assert [item["content"] for item in bodies[1]["input"]] == ["second"]
