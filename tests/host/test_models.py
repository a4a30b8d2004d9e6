"""What is asked for on the command line reaches runs whose program gives a configuration, too."""

from __future__ import annotations

import importlib

import pytest
from agents.models.multi_provider import MultiProviderMap

from tests.host.serving import LIBRARIES
from tui.host.live.shapes import field
from tui.host.models import choose_api, with_api, with_model, with_usage

both = pytest.mark.parametrize("name", LIBRARIES)


def asked(options):
    return options["run_config"].model_settings.include_usage


@both
def test_runs_without_settings_ask(name):
    library = importlib.import_module(name)

    assert asked(with_usage(library, {})) is True
    assert asked(with_usage(library, with_model("m", library, {}))) is True


@both
def test_a_programs_own_settings_are_kept_beside_it(name):
    library = importlib.import_module(name)
    given = library.RunConfig(model="m", model_settings=library.ModelSettings(temperature=0.5))
    config = with_usage(library, {"run_config": given, "max_turns": 3})["run_config"]

    assert config.model_settings.include_usage is True
    assert (config.model, config.model_settings.temperature) == ("m", 0.5)
    assert given.model_settings.include_usage is None


@both
def test_a_programs_own_no_stands(name):
    library = importlib.import_module(name)
    given = library.RunConfig(model_settings=library.ModelSettings(include_usage=False))

    assert asked(with_usage(library, {"run_config": given})) is False


@both
def test_settings_given_as_a_dictionary_stay_one(name):
    library = importlib.import_module(name)
    options = {"run_config": {"model_settings": {"top_p": 0.1}}}

    assert with_usage(library, options)["run_config"] == {
        "model_settings": {"top_p": 0.1, "include_usage": True}
    }


SLASHED = "Qwen/Qwen3-8B"
SDK = importlib.import_module("agents")


@pytest.fixture
def api_is_put_back():
    yield
    choose_api("responses", SDK)


def model_of(config, name=SLASHED):
    provider = field(config, "model_provider")
    return provider.get_model(name)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"run_config": SDK.RunConfig(workflow_name="w")},
        {"run_config": {"workflow_name": "w"}},
        {"run_config": {}},
    ],
    ids=["no config", "config", "dictionary", "empty dictionary"],
)
def test_a_models_name_with_a_slash_is_taken_whole(options, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    config = with_model(SLASHED, SDK, options)["run_config"]

    assert field(config, "model") == SLASHED
    assert model_of(config).model == SLASHED


@pytest.mark.parametrize(
    "own",
    [
        SDK.MultiProvider(openai_base_url="http://own.example"),
        SDK.MultiProvider(provider_map=MultiProviderMap()),
        SDK.OpenAIProvider(),
    ],
)
def test_a_provider_that_the_program_chose_stays(own):
    given = SDK.RunConfig(model_provider=own)

    assert with_model(SLASHED, SDK, {"run_config": given})["run_config"].model_provider is own
    assert with_api(SDK, {"run_config": given})["run_config"].model_provider is own


def test_a_programs_own_choice_of_an_api_stays_beside_a_model(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    given = SDK.RunConfig(model_provider=SDK.MultiProvider(openai_use_responses=False))
    config = with_model(SLASHED, SDK, {"run_config": given})["run_config"]

    assert isinstance(model_of(config), SDK.OpenAIChatCompletionsModel)


@pytest.mark.parametrize("model", ["", "m", SLASHED])
def test_the_api_asked_for_holds_for_a_configuration_made_before(
    model, monkeypatch, api_is_put_back
):
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    options = {"run_config": SDK.RunConfig(workflow_name="w")}
    choose_api("chat", SDK)
    options = with_api(SDK, options)
    if model:
        options = with_model(model, SDK, options)

    assert isinstance(model_of(options["run_config"], model or "m"), SDK.OpenAIChatCompletionsModel)
    assert options["run_config"].workflow_name == "w"


@both
def test_runs_without_a_configuration_need_none_for_an_api(name):
    assert with_api(importlib.import_module(name), {"max_turns": 3}) == {"max_turns": 3}
