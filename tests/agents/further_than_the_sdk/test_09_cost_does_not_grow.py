"""Part 2, point 9: a turn costs what is new in it, and an event is decoded once, to its class."""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager
from itertools import pairwise

import openai
from openai.types.responses import ResponseCompletedEvent, ResponseTextDeltaEvent

from tests.agents.telling import told
from tests.fakes.responses_server import FakeResponsesServer
from tui.agents import Agent, RunConfig, RunHooks, Runner, function_tool
from tui.agents.models.scripted import ScriptedModel, call, say
from tui.providers.provider import OpenAIProvider
from tui.rehearsal.script import reply
from tui.rehearsal.script import say as says


@function_tool
async def look() -> str:
    return "seen"


def an_agent(turns, **options):
    return Agent(name="A", model=ScriptedModel([*turns, [say("done")]]), tools=[look], **options)


async def test_items_that_were_sent_are_not_made_anew_for_the_next_request():
    agent = an_agent([[call("look")]] * 5)
    await Runner.run(agent, "go")
    requests = [request.input for request in agent.model.requests]
    for earlier, later in pairwise(requests):
        assert all(one is other for one, other in zip(earlier, later, strict=False))


class Counting(RunHooks):
    """Counts the Python functions that are called from one model call to the next."""

    def __init__(self):
        self.counts = []
        self._count = 0

    def profile(self, frame, event, arg):
        self._count += event == "call"

    async def on_llm_start(self, context, agent, system_prompt, input_items):
        self.counts.append(self._count)
        self._count = 0


async def test_a_late_turn_does_no_more_than_an_early_one():
    hooks, agent = Counting(), an_agent([[call("look")]] * 120)
    before = sys.getprofile()
    sys.setprofile(hooks.profile)
    try:
        await told(Runner.run_streamed(agent, "go", max_turns=None, hooks=hooks))
    finally:
        sys.setprofile(before)
    early, late = hooks.counts[5:25], hooks.counts[-20:]
    assert sum(late) <= 1.02 * sum(early)


@asynccontextmanager
async def a_service(*script):
    async with FakeResponsesServer(list(script)) as server:
        client = openai.AsyncOpenAI(base_url=server.base_url, api_key="key", max_retries=0)
        yield server, client, RunConfig(model_provider=OpenAIProvider(openai_client=client))
        await client.close()


async def test_raw_events_are_of_the_openai_classes():
    async with a_service(reply(says("hello"))) as (_, _, config):
        result = Runner.run_streamed(Agent(name="A", model="m"), "go", run_config=config)
        data = [event.data async for event in result if event.type == "raw_response_event"]
    deltas = [each for each in data if each.type == "response.output_text.delta"]
    assert deltas
    assert all(isinstance(each, ResponseTextDeltaEvent) for each in deltas)
    assert isinstance(data[-1], ResponseCompletedEvent)


async def test_the_input_goes_round_the_clients_walk_through_it(monkeypatch):
    given = []
    async with a_service(reply(says("hello"))) as (server, client, config):
        send = client.responses.with_streaming_response.create

        def create(**options):
            given.append(options)
            return send(**options)

        monkeypatch.setattr(client.responses.with_streaming_response, "create", create)
        items = [{"role": "user", "content": str(each)} for each in range(100)]
        await told(Runner.run_streamed(Agent(name="A", model="m"), items, run_config=config))
        assert server.bodies[0]["input"] == items
    assert all("input" not in options or options["input"] == "" for options in given)
    assert given[0]["extra_body"]["input"] == items
