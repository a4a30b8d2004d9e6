"""Providers: which client their models have, what they refuse, and what they leave behind."""

from __future__ import annotations

import asyncio

import pytest
from openai import AsyncOpenAI

from tests.fakes.responses_server import FakeResponsesServer
from tui.agents import (
    Agent,
    ModelProvider,
    ModelSettings,
    ModelTimeoutError,
    MultiProvider,
    OpenAIProvider,
    RunConfig,
    Runner,
    UserError,
)
from tui.agents.models.scripted import ScriptedModel
from tui.agents.models.scripted import say as said
from tui.providers.multi_provider import MultiProviderMap
from tui.rehearsal.script import reply, say

A = Agent(name="A")


def with_provider(provider):
    return {"run_config": RunConfig(model_provider=provider)}


@pytest.mark.parametrize("is_streamed", [True, False])
async def test_a_provider_may_have_a_server_and_a_key_of_its_own(is_streamed, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "of the environment")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    async with FakeResponsesServer([reply(say("Hi."))] * 2) as server:
        options = {"base_url": server.base_url, "api_key": "mine", "project": "one"}
        for provider in (OpenAIProvider(**options), own_server(options)):
            if is_streamed:
                async with Runner.run_streamed(A, "Hi", **with_provider(provider)) as stream:
                    async for _ in stream:
                        pass
            else:
                await Runner.run(A, "Hi", **with_provider(provider))
        for request in server.requests:
            assert request.headers["authorization"] == "Bearer mine"
            assert request.headers["openai-project"] == "one"


def own_server(options):
    return MultiProvider(**{f"openai_{name}": value for name, value in options.items()})


def test_the_client_of_a_providers_server_is_closed_with_its_loop():
    clients = []

    async def run():
        async with FakeResponsesServer([reply(say("Hi."))] * 2) as server:
            provider = OpenAIProvider(base_url=server.base_url, api_key="mine")
            for _ in range(2):
                await Runner.run(A, "Hi", **with_provider(provider))
            clients.append(await provider.get_model("m")._get_client())
            assert await provider.get_model("n")._get_client() is clients[-1]

    for _ in range(2):
        asyncio.run(run())
    assert clients[0] is not clients[1]
    assert all(client.is_closed() for client in clients)


def test_a_client_is_given_or_made_but_not_both():
    client = AsyncOpenAI(api_key="none")
    with pytest.raises(UserError, match="if you provide openai_client"):
        OpenAIProvider(openai_client=client, base_url="http://127.0.0.1/v1")
    with pytest.raises(UserError, match="agent_registration"):
        MultiProvider(openai_agent_registration={"name": "me"})


@pytest.mark.parametrize("mode", ["openai_prefix_mode", "unknown_prefix_mode"])
def test_modes_that_are_none_are_refused(mode):
    with pytest.raises(UserError, match=f"{mode} must be one of"):
        MultiProvider(**{mode: "other"})


async def test_closing_a_provider_closes_all_it_has_also_after_a_failure():
    closed = []

    class Own(ModelProvider):
        def get_model(self, model_name):
            return ScriptedModel([[said(model_name)]])

        async def aclose(self):
            closed.append(self)
            raise OSError("no")

    own = MultiProviderMap()
    own.set_mapping({"a": Own(), "b": Own()})
    provider = MultiProvider(provider_map=own)
    result = await Runner.run(Agent(name="A", model="a/b/c"), "Hi", **with_provider(provider))
    assert result.final_output == "b/c"
    with pytest.raises(OSError, match="no"):
        await provider.aclose()
    assert set(closed) == set(own.get_mapping().values())


async def test_a_call_that_takes_too_long_is_given_up():
    class Silent(ScriptedModel):
        async def get_response(self, *given, **options):
            await asyncio.Event().wait()

    agent = Agent(name="A", model=Silent([]), model_settings=ModelSettings(timeout=0.01))
    with pytest.raises(ModelTimeoutError, match=r"timed out after 0\.01 seconds") as raised:
        await Runner.run(agent, "Hi")
    assert raised.value.run_data.last_agent is agent


async def test_a_timeout_of_the_models_own_is_not_taken_for_one_of_the_settings():
    model = ScriptedModel([TimeoutError("of its own")])
    agent = Agent(name="A", model=model, model_settings=ModelSettings(timeout=60))
    with pytest.raises(TimeoutError, match="of its own"):
        await Runner.run(agent, "Hi")


def test_settings_that_cannot_be_kept_are_refused():
    for wrong in ({"retry": {"max_retries": 1}}, {"preserve_raw_usage": True}, {"timeout": 0}):
        with pytest.raises(UserError, match=next(iter(wrong))):
            ModelSettings(**wrong)
