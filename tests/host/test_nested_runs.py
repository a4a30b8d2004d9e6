"""What agents used as tools do is told by their own hooks where no stream shows it: in the SDK."""

from __future__ import annotations

import pytest

from tests.fakes.delivery import Delivery
from tests.host.serving import LIBRARIES, desk
from tests.host.told import lines, only
from tui.host.live.gate import Gate
from tui.rehearsal.script import call, reply, say, think
from tui.wire.events import ApprovalRequested, RunPaused, ToolOutput, UsageReported

both = pytest.mark.parametrize("library", LIBRARIES)
# Ours streams these, and so tells them in pieces and at other times.
PIECES = ("text_delta", "reasoning_delta", "arguments_delta", "usage_reported")
ASK = call("ask_sub", "outer", input="x")


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


def inside(events):
    told = [line for line in lines(events) if line.split()[0] not in PIECES]
    return [line for line in told if line.endswith(" outer") and not line.endswith("  outer")]


@both
async def test_all_that_happens_inside_a_call_is_told(library):
    script = [
        reply(ASK),
        reply(think("hm"), say("I look."), call("score", "c1")),
        reply(call("transfer_to_expert", "h1")),
        reply(say("0.2 it is")),
        reply(say("fine")),
    ]
    async with desk(library, script) as d:

        def score() -> str:
            return "0.2"

        sub = d.agent("Sub", tools=[d.library.function_tool(score)], handoffs=[d.agent("Expert")])
        agent = d.agent("Triage", tools=[sub.as_tool("ask_sub", "Ask.")])
        events = await d.run(agent).ended()

    assert inside(events) == [
        "agent_changed outer",
        "reasoning_output hm outer",
        "message_output I look. outer",
        "tool_called c1 score {} outer",
        "tool_started c1 score outer",
        "tool_finished c1 score outer",
        "tool_output c1 0.2 outer",
        "handoff_requested h1 transfer_to_expert {} outer",
        "handoff_occurred h1 Expert outer",
        "agent_changed outer",
        "message_output 0.2 it is outer",
    ]
    assert len(only(events, UsageReported)) == len(script)


@both
async def test_a_rejected_call_inside_shows_what_the_model_was_told(library):
    script = [reply(ASK), reply(call("refund", "c1")), reply(say("no")), reply(say("fine"))]
    async with desk(library, script) as d:

        def refund() -> str:
            raise AssertionError("it must not run")

        sub = d.agent("Sub", tools=[d.library.function_tool(needs_approval=True)(refund)])
        run = d.run(d.agent("Triage", tools=[sub.as_tool("ask_sub", "Ask.")]))
        await run.until(RunPaused)
        run.decide("c1", approve=False, reason="too much")
        events = await run.ended()

    assert [(told.call_id, told.output, told.within) for told in only(events, ToolOutput)] == [
        ("c1", "too much", "outer"),
        ("outer", "no", None),
    ]


@both
async def test_requests_of_one_agent_in_two_calls_name_their_own_call(library):
    def answer(request):
        items = request.body["input"]
        question = items[0]["content"]
        if question == "hello":
            calls = [call("ask_sub", f"outer_{side}", input=side) for side in ("left", "right")]
            said = reply(*calls) if len(items) == 1 else reply(say("fine"))
        elif items[-1].get("type") == "function_call_output":
            said = reply(say("done"))
        else:
            said = reply(call("refund", f"inner_{question}"))
        return Delivery(said, response_id=f"resp_{request.number}")

    async with desk(library, answer) as d:

        def refund() -> str:
            return "refunded"

        sub = d.agent("Sub", tools=[d.library.function_tool(needs_approval=True)(refund)])
        run = d.run(d.agent("Triage", tools=[sub.as_tool("ask_sub", "Ask.")]))
        await run.until(RunPaused)
        asked = {told.call_id: told.within for told in run.of(ApprovalRequested)}
        for call_id in asked:
            run.decide(call_id, approve=True)
        await run.ended()

    assert asked == {"inner_left": "outer_left", "inner_right": "outer_right"}


async def test_an_agents_own_hooks_hear_first_and_are_given_back():
    async with desk("agents", [reply(ASK), reply(say("deep")), reply(say("fine"))]) as d:
        heard = []

        class Mine(d.library.AgentHooks):
            def __init__(self):
                self.count = 7

            async def on_start(self, context, agent):
                heard.append(("start", agent.name, agent.hooks.count))

            async def on_end(self, context, agent, output):
                heard.append(("end", agent.name, output))

        hooks = Mine()
        sub = d.agent("Sub", hooks=hooks)
        run = d.run(d.agent("Triage", tools=[sub.as_tool("ask_sub", "Ask.")]))
        events = await run.ended()

    assert heard == [("start", "Sub", 7), ("end", "Sub", "deep")]
    assert "message_output deep outer" in inside(events)
    assert sub.hooks is hooks


def test_agents_that_a_stream_shows_keep_their_hooks():
    library = __import__("tui.agents", fromlist=["Agent"])
    sub = library.Agent(name="Sub")
    gate = Gate()
    gate.reach(library.Agent(name="Triage", tools=[sub.as_tool("ask_sub", "Ask.")]))

    assert sub.hooks is None


@both
async def test_a_value_is_told_as_the_model_inside_reads_it(library):
    script = [reply(ASK), reply(call("score", "inner")), reply(say("0.2")), reply(say("fine"))]
    async with desk(library, script) as d:

        def score() -> dict[str, float]:
            return {"score": 0.2}

        sub = d.agent("Sub", tools=[d.library.function_tool(score)])
        events = await d.run(d.agent("Triage", tools=[sub.as_tool("ask_sub", "Ask.")])).ended()
        read = d.server.bodies[2]["input"][-1]["output"]

    told = [event.output for event in only(events, ToolOutput) if event.call_id == "inner"]
    assert told == [read]
