"""What the Agents SDK has and this runtime has not is refused by name, with what to do instead."""

import importlib

import pytest

import tui.agents
from tui.agents import UserError


@pytest.mark.parametrize(
    ("module", "name", "instead"),
    [
        ("realtime", "RealtimeAgent", "Baton shows text"),
        ("voice", "VoicePipeline", "Baton shows text"),
        ("sandbox", "SandboxAgent", "run what needs a sandbox"),
        ("extensions.memory", "RedisSession", "use `SQLiteSession`"),
    ],
)
def test_a_name_of_a_module_that_is_not_served_says_what_to_do(module, name, instead):
    absent = importlib.import_module(f"tui.agents.{module}")
    with pytest.raises(UserError, match=f"{name} is not supported by tui.agents: {instead}"):
        getattr(absent, name)


@pytest.mark.parametrize(
    "name", ["run_demo_loop", "nest_handoff_history", "enable_verbose_stdout_logging"]
)
def test_a_function_that_is_not_served_can_be_imported_and_refuses_when_called(name):
    with pytest.raises(UserError, match=f"{name} is not supported by tui.agents: "):
        getattr(tui.agents, name)()


def test_a_name_that_nobody_has_is_no_attribute():
    with pytest.raises(AttributeError):
        tui.agents.nowhere  # noqa: B018 - that it fails is all
