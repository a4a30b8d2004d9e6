"""A service of Chat Completions is asked for each request's usage, unless a program says no."""

from __future__ import annotations

import importlib

import pytest

from tests.host.serving import LIBRARIES
from tui.host.models import with_model, with_usage

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
