"""Whatever names a model or sets it, both runtimes ask for it by the same request, in both APIs."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from types import ModuleType

import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpxClient
from openai.types.shared import Reasoning

from tests.conformance.differing import difference
from tests.conformance.recording import Mode, Stage
from tests.fakes.delivery import Before, Delivery, Stall
from tests.fakes.responses_server import FakeResponsesServer
from tui.rehearsal.script import call, reply, say

EVERYTHING = {
    "temperature": 0.5,
    "top_p": 0.9,
    "tool_choice": "required",
    "parallel_tool_calls": False,
    "truncation": "auto",
    "max_tokens": 99,
    "reasoning": Reasoning(effort="high", summary="auto"),
    "verbosity": "high",
    "metadata": {"who": "me"},
    "store": False,
    "prompt_cache_retention": "24h",
    "include_usage": False,
    "response_include": ["reasoning.encrypted_content"],
    "extra_query": {"version": "7"},
    "extra_body": {"service_tier": "flex", "temperature": 0.1},
    "extra_headers": {"X-Who": "me", "X-Why": "asked"},
    "extra_args": {"user": "me", "safety_identifier": "id"},
}
OVERRIDE = {
    "temperature": 0.0,
    "tool_choice": "auto",
    "metadata": {},
    "extra_query": {"more": "1"},
    "extra_body": {"top_k": 1},
    "extra_headers": {"X-Why": "told"},
    "extra_args": {"user": "you", "safety_identifier": None},
    "reasoning": Reasoning(summary="concise"),
}
SETTINGS = {
    "none": ({}, None),
    "everything": (EVERYTHING, None),
    "of the run": ({}, EVERYTHING),
    "merged": (EVERYTHING, OVERRIDE),
    "emptied": (OVERRIDE, {"extra_args": {}, "extra_headers": {}}),
    "a named tool": ({"tool_choice": "look"}, {"parallel_tool_calls": True}),
    "no tool": ({"tool_choice": "none", "top_logprobs": 2}, None),
    "one said twice": ({"temperature": 1, "extra_args": {"temperature": 0}}, None),
    "two said twice": (
        {"top_p": 1, "store": True, "extra_args": {"store": False, "top_p": 0, "user": "me"}},
        None,
    ),
    "log probabilities": ({"top_logprobs": 1}, {"extra_args": {"user": "me"}}),
    "context management": (
        {"context_management": [{"type": "compaction", "compact_threshold": 1000}]},
        None,
    ),
    "caching": ({"prompt_cache_options": {"mode": "explicit", "ttl": "30m"}}, None),
}
MODELS = {
    "of the agent": ("gpt-4.1", None),
    "of the run": ("gpt-4.1", "gpt-5"),
    "of the run alone": (None, "o3"),
    "a reasoning model": ("gpt-5.1", None),
    "with a prefix": ("openai/gpt-4.1", None),
    "of the run, with a prefix": ("openai/gpt-4.1", "openai/gpt-5-mini"),
}
HEADERS = ("x-who", "x-why", "content-type", "accept")


@pytest.fixture(params=["responses", "chat_completions"])
def runtimes(request) -> Iterator[tuple[ModuleType, ModuleType]]:
    """Both runtimes, told to speak one API."""
    both = importlib.import_module("tui.agents"), importlib.import_module("agents")
    for sdk in both:
        sdk.set_default_openai_api(request.param)
    yield both
    for sdk in both:
        sdk.set_default_openai_api("responses")


@pytest.mark.parametrize("mode", ["streamed", "whole"])
@pytest.mark.parametrize("case", SETTINGS)
async def test_settings_make_the_same_requests(case: str, mode: Mode, runtimes) -> None:
    own, of_run = SETTINGS[case]

    async def play(sdk: ModuleType, stage: Stage) -> None:
        agent = looking_agent(sdk, model_settings=sdk.ModelSettings(**own))
        settings = None if of_run is None else sdk.ModelSettings(**of_run)
        await stage.go(agent, "Look.", run_config=sdk.RunConfig(model_settings=settings))

    ours, theirs = [await asked(play, mode, sdk) for sdk in runtimes]
    assert ours == theirs, difference(theirs, ours)


@pytest.mark.parametrize("mode", ["streamed", "whole"])
@pytest.mark.parametrize("case", MODELS)
async def test_models_are_named_alike(case: str, mode: Mode, runtimes) -> None:
    own, of_run = MODELS[case]

    async def play(sdk: ModuleType, stage: Stage) -> None:
        agent = looking_agent(sdk, model=own)
        await stage.go(agent, "Look.", run_config=sdk.RunConfig(model=of_run))

    ours, theirs = [await asked(play, mode, sdk) for sdk in runtimes]
    assert ours == theirs, difference(theirs, ours)


@pytest.mark.parametrize("mode", ["streamed", "whole"])
async def test_settings_may_be_dicts(mode: Mode, runtimes) -> None:
    own = {"temperature": 0.2, "extra_args": {"user": "me"}}
    config = {"model": "gpt-4.1", "model_settings": {"max_tokens": 9}}

    async def play(sdk: ModuleType, stage: Stage) -> None:
        agent = looking_agent(sdk, model_settings=own)
        await stage.go(agent, "Look.", run_config=config)
        await stage.go(agent.clone(model_settings={"top_p": 1.0}), "Look.", run_config={})

    script = [*LOOKED, *LOOKED]
    ours, theirs = [await asked(play, mode, sdk, script) for sdk in runtimes]
    assert ours == theirs, difference(theirs, ours)


@pytest.mark.parametrize("at", ["response.created", "response.output_text.delta"])
async def test_a_stream_that_takes_too_long_ends_alike(at: str) -> None:
    async def play(sdk: ModuleType, stage: Stage) -> None:
        settings = sdk.ModelSettings(timeout=0.05)
        await stage.go(sdk.Agent(name="A", model_settings=settings), "Hi")

    never = [Delivery(reply(say("Never.")), (Before(at, Stall()),))]
    runtimes = importlib.import_module("tui.agents"), importlib.import_module("agents")
    ours, theirs = [await asked(play, "streamed", sdk, never) for sdk in runtimes]
    assert ours == theirs, difference(theirs, ours)
    assert ours[0] == ["ModelTimeoutError", "Model call timed out after 0.05 seconds."]


PROVIDERS = {
    "of one server": lambda sdk, client: sdk.OpenAIProvider(openai_client=client),
    "chat": lambda sdk, client: sdk.OpenAIProvider(openai_client=client, use_responses=False),
    "responses": lambda sdk, client: sdk.MultiProvider(
        openai_client=client, openai_use_responses=True
    ),
    "whole names": lambda sdk, client: sdk.MultiProvider(
        openai_client=client, openai_prefix_mode="model_id", unknown_prefix_mode="model_id"
    ),
    "unknown names": lambda sdk, client: sdk.MultiProvider(
        openai_client=client, unknown_prefix_mode="model_id"
    ),
    "one's own": lambda sdk, client: sdk.MultiProvider(
        openai_client=client,
        provider_map=own_providers(sdk, client),
        unknown_prefix_mode="model_id",
    ),
}
NAMES = (None, "gpt-4.1", "openai/gpt-4.1", "own/one/two", "qwen/qwen3", "/odd")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("case", PROVIDERS)
async def test_providers_find_the_same_models(case: str, name: str | None, runtimes) -> None:
    async def play(sdk: ModuleType, stage: Stage) -> None:
        agent = looking_agent(sdk, model=name)
        provider = PROVIDERS[case](sdk, stage.client)
        config = sdk.RunConfig(model_provider=provider)
        try:
            await stage.go(agent, "Look.", run_config=config)
        finally:
            await provider.aclose()

    ours, theirs = [await asked(play, "whole", sdk) for sdk in runtimes]
    assert ours == theirs, difference(theirs, ours)


@pytest.mark.parametrize("name", ["qwen/qwen3", "any-llm/x"])
async def test_what_no_provider_is_known_for_is_refused_by_both(name: str, runtimes) -> None:
    ours, theirs = runtimes
    with pytest.raises(ours.UserError, match=name.partition("/")[0]):
        ours.MultiProvider().get_model(name)
    with pytest.raises((theirs.UserError, ImportError)):
        theirs.MultiProvider().get_model(name)


def own_providers(sdk: ModuleType, client: AsyncOpenAI):
    class Own(sdk.ModelProvider):
        def get_model(self, model_name):
            return sdk.OpenAIChatCompletionsModel(f"my-{model_name}", client)

    models = importlib.import_module(f"{sdk.__name__}.models.multi_provider")
    providers = models.MultiProviderMap()
    providers.add_provider("own", Own())
    providers.add_provider("openai", Own())
    providers.remove_provider("openai")
    assert providers.has_prefix("own")
    assert list(providers.get_mapping()) == ["own"]
    return providers


def looking_agent(sdk: ModuleType, **options: object):
    @sdk.function_tool
    def look() -> str:
        return "seen"

    return sdk.Agent(name="A", tools=[look], **options)


LOOKED = [reply(call("look", "l1")), reply(say("Seen."))]


async def asked(play, mode: Mode, sdk: ModuleType, script=LOOKED) -> list[object]:
    """Return what came of a program, and the requests it made."""
    stage = Stage(sdk, mode)
    async with (
        FakeResponsesServer(lambda request: script[request.number]) as server,
        DefaultAsyncHttpxClient(verify=False) as http_client,
        AsyncOpenAI(base_url=server.base_url, max_retries=0, http_client=http_client) as client,
    ):
        sdk.set_default_openai_client(client)
        stage.client = client
        await play(sdk, stage)
    outcomes = [outcome(entry) for entry in stage.log if {"error", "final_output"} & {*entry}]
    return [
        *outcomes,
        *(
            {
                "path": request.path,
                "body": request.body,
                "headers": {name: request.headers.get(name) for name in HEADERS},
            }
            for request in server.requests
        ),
    ]


def outcome(entry: dict[str, object]) -> object:
    """Return what a run came to; what is to be done, ours says in a further sentence."""
    if "error" in entry:
        return [entry["error"], str(entry["message"]).partition(". ")[0]]
    return entry["final_output"]
