"""The Responses model over a real connection: what is sent, and what an error becomes."""

from __future__ import annotations

import os
import subprocess
import sys

import openai
import pytest

from tests.agents.telling import told
from tests.fakes.delivery import HttpError
from tests.fakes.responses_server import FakeResponsesServer
from tests.fakes.server_thread import ResponsesServerThread
from tui.agents import (
    Agent,
    ModelSettings,
    OpenAIProvider,
    OpenAIResponsesModel,
    RunConfig,
    Runner,
    UserError,
    function_tool,
)
from tui.agents.models import get_default_model, get_default_model_settings
from tui.rehearsal.script import call, reply, say


@function_tool
def add(a: int) -> str:
    return str(a)


@pytest.fixture
async def service():
    """A scripted service, a client of it, and a run configuration that uses both."""

    class Service:
        def __init__(self, *script):
            self.server = FakeResponsesServer(list(script))

        async def __aenter__(self):
            await self.server.__aenter__()
            self.client = openai.AsyncOpenAI(
                base_url=self.server.base_url, api_key="key", max_retries=0
            )
            self.config = RunConfig(model_provider=OpenAIProvider(openai_client=self.client))
            return self

        async def __aexit__(self, *error):
            await self.client.close()
            await self.server.__aexit__(*error)

        @property
        def bodies(self):
            return self.server.bodies

    return Service


async def test_a_conversation_over_http(service):
    async with service(reply(call("add", "c1", a=1)), reply(say("one"))) as played:
        result = Runner.run_streamed(Agent(name="A", tools=[add]), "go", run_config=played.config)
        words = await told(result)
        assert words[-1] == "message_output_created"
        assert result.final_output == "one"
        assert [entry.get("type") for entry in played.bodies[1]["input"]] == [
            None,
            "function_call",
            "function_call_output",
        ]


async def test_what_is_not_set_is_not_sent(service):
    async with service(reply(say("hi"))) as played:
        agent = Agent(name="A", model="some-model")
        await told(Runner.run_streamed(agent, "go", run_config=played.config))
        assert played.bodies == [
            {
                "model": "some-model",
                "include": [],
                "input": [{"role": "user", "content": "go"}],
                "tools": [],
                "stream": True,
            }
        ]


async def test_settings_are_sent(service):
    settings = ModelSettings(
        temperature=0.5,
        tool_choice="add",
        parallel_tool_calls=False,
        max_tokens=9,
        top_logprobs=2,
        reasoning={"effort": "low"},
        extra_body={"custom": 1},
        extra_args={"service_tier": "flex"},
        extra_headers={"X-Team": "red"},
    )
    async with service(reply(say("hi"))) as played:
        agent = Agent(name="A", model="m", model_settings=settings, tools=[add])
        await Runner.run(agent, "go", run_config=played.config)
        body = played.bodies[0]
        expected = {
            "temperature": 0.5,
            "tool_choice": {"type": "function", "name": "add"},
            "parallel_tool_calls": False,
            "max_output_tokens": 9,
            "top_logprobs": 2,
            "include": ["message.output_text.logprobs"],
            "reasoning": {"effort": "low"},
            "custom": 1,
            "service_tier": "flex",
        }
        assert {name: body[name] for name in expected} == expected
        assert "stream" not in body
        assert played.server.requests[0].headers["x-team"] == "red"


async def test_a_forced_tool_choice_is_dropped_once_a_tool_was_used(service):
    settings = ModelSettings(tool_choice="required")
    async with service(reply(call("add", "c1", a=1)), reply(say("one"))) as played:
        agent = Agent(name="A", tools=[add], model_settings=settings)
        await Runner.run(agent, "go", run_config=played.config)
        assert [body.get("tool_choice") for body in played.bodies] == ["required", None]


async def test_settings_of_the_run_lie_over_those_of_the_agent(service):
    async with service(reply(say("hi"))) as played:
        played.config.model_settings = ModelSettings(temperature=1.0)
        played.config.model = "other"
        agent = Agent(name="A", model_settings=ModelSettings(temperature=0.1, top_p=0.2))
        await Runner.run(agent, "go", run_config=played.config)
        body = played.bodies[0]
        assert (body["model"], body["temperature"], body["top_p"]) == ("other", 1.0, 0.2)


async def read_through(*given, **options):
    return await told(Runner.run_streamed(*given, **options))


@pytest.mark.parametrize("start", [Runner.run, read_through])
async def test_an_http_error_is_the_openai_exception(service, start):
    async with service(HttpError(429, "slow down")) as played:
        agent = Agent(name="A")
        with pytest.raises(openai.RateLimitError):
            await start(agent, "go", run_config=played.config)


async def test_a_setting_the_service_does_not_know_is_refused(service):
    async with service() as played:
        agent = Agent(name="A", model_settings=ModelSettings(frequency_penalty=1.0))
        with pytest.raises(UserError, match="frequency_penalty"):
            await Runner.run(agent, "go", run_config=played.config)


@pytest.mark.parametrize("address", ["", "https://api.openai.com/v1"])
async def test_without_a_key_for_the_official_service_the_client_says_so(monkeypatch, address):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    with pytest.raises(openai.OpenAIError, match="api_key"):
        await Runner.run(Agent(name="A"), "go")


async def test_the_default_client_is_made_of_the_environment(monkeypatch, service):
    async with service(reply(say("hi"))) as played:
        monkeypatch.setenv("OPENAI_BASE_URL", played.server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "key")
        assert (await Runner.run(Agent(name="A"), "go")).final_output == "hi"


@pytest.mark.parametrize("key", [None, ""])
async def test_a_server_of_ones_own_needs_no_key(monkeypatch, service, key):
    async with service(reply(say("hi"))) as played:
        monkeypatch.setenv("OPENAI_BASE_URL", played.server.base_url)
        if key is None:
            monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        else:
            monkeypatch.setenv("OPENAI_API_KEY", key)
        assert (await Runner.run(Agent(name="A"), "go")).final_output == "hi"


async def test_a_key_that_is_set_goes_to_a_server_of_ones_own(monkeypatch, service):
    async with service(reply(say("hi"))) as played:
        monkeypatch.setenv("OPENAI_BASE_URL", played.server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-mine")
        await Runner.run(Agent(name="A"), "go")
        (request,) = played.server.requests
    assert request.headers["authorization"] == "Bearer sk-mine"


def test_the_default_client_is_closed_with_its_loop():
    """Warnings are errors here: a connection left open would be one."""
    with ResponsesServerThread(lambda _: reply(say("hi"))) as server:
        code = (
            "import asyncio, gc\n"
            "from tui.agents import Agent, Runner\n"
            "async def main():\n"
            "    agent = Agent(name='A')\n"
            "    both = await asyncio.gather(Runner.run(agent, 'a'), Runner.run(agent, 'b'))\n"
            "    print(*(each.final_output for each in both))\n"
            "asyncio.run(main())\n"
            "gc.collect()\n"
        )
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            env=os.environ | {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "key"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.stderr == ""
    assert done.stdout == "hi hi\n"


def test_the_default_model_can_be_named_in_the_environment(monkeypatch):
    monkeypatch.setenv("OPENAI_DEFAULT_MODEL", "Local-Model")
    assert get_default_model() == "local-model"
    assert get_default_model_settings() == ModelSettings()


MODEL_NAMES = [
    "gpt-5",
    "gpt-5-2025-08-07",
    "gpt-5-mini",
    "gpt-5-chat-latest",
    "gpt-5.1",
    "gpt-5.2-codex",
    "gpt-5.2-pro",
    "gpt-5.3-codex",
    "gpt-5.4-mini",
    "gpt-5.6-luna",
    "gpt-4.1",
    "o3",
]


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_default_settings_are_those_of_the_agents_sdk(name):
    from agents.models.default_models import get_default_model_settings as theirs

    expected = theirs(name)
    ours = get_default_model_settings(name)
    assert ours.verbosity == expected.verbosity
    effort = expected.reasoning.effort if expected.reasoning else None
    assert (ours.reasoning or {}).get("effort") == effort


def test_a_model_can_be_used_directly():
    assert Agent(name="A", model=OpenAIResponsesModel("m")).model_settings == ModelSettings()
