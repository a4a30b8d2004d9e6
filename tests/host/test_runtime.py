"""A library is found by its agents' classes, and nothing else is taken for an agent."""

from __future__ import annotations

import importlib

import pytest

from tests.fakes import fake_runtime
from tests.host.serving import LIBRARIES
from tui.host.live.runtime import runtime_of

both = pytest.mark.parametrize("name", [*LIBRARIES, "tests.fakes.fake_runtime"])


def an_agent(name, title="Desk", **fields):
    return importlib.import_module(name).Agent(name=title, **fields)


@both
def test_the_library_of_an_agent_is_found(name):
    assert runtime_of(an_agent(name)).library.__name__ == name


@both
def test_an_agent_of_a_class_of_the_users_own_is_one(name):
    library = importlib.import_module(name)

    class Mine(library.Agent):
        pass

    assert runtime_of(Mine(name="Mine")).library is library


@pytest.mark.parametrize("value", [None, 3, "text", object(), fake_runtime, fake_runtime.Agent])
def test_what_is_no_agent_has_no_library(value):
    assert runtime_of(value) is None


@pytest.mark.parametrize("name", LIBRARIES)
def test_other_values_of_a_library_are_no_agents(name):
    library = importlib.import_module(name)

    assert runtime_of(library.ModelSettings()) is None
    assert runtime_of(library.RunConfig()) is None


@pytest.mark.parametrize("name", LIBRARIES)
def test_the_tools_that_hand_over_are_known_by_name(name):
    library = importlib.import_module(name)
    plain = an_agent(name, "Müller & Co")
    renamed = library.handoff(an_agent(name, "Other"), tool_name_override="go_there")
    triage = an_agent(name, handoffs=[plain, renamed])
    default = library.Handoff.default_tool_name(plain)

    assert runtime_of(triage).handoff_tools(triage) == {default, "go_there"}
