"""Our runtime and the openai-agents SDK do the same, event for event and request for request."""

from __future__ import annotations

import importlib
import json
from types import ModuleType

import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from tests.conformance.core_programs import CORE
from tests.conformance.differing import difference
from tests.conformance.recording import IGNORED, Mode, Stage, plain
from tests.conformance.scenario import Scenario
from tests.conformance.scenarios.agent_tools import AGENT_TOOLS
from tests.conformance.scenarios.answers_for_errors import ANSWERS_FOR_ERRORS
from tests.conformance.scenarios.guardrails import GUARDRAILS
from tests.conformance.scenarios.handoff_options import HANDOFF_OPTIONS
from tests.conformance.scenarios.mcp import MCP
from tests.conformance.scenarios.server_history import SERVER_HISTORY
from tests.conformance.scenarios.sessions import SESSIONS
from tests.conformance.scenarios.shown_input import PROMPTS, SHOWN_INPUT
from tests.fakes.responses_server import FakeResponsesServer

SCENARIOS = [
    *CORE,
    *MCP,
    *HANDOFF_OPTIONS,
    *SESSIONS,
    *AGENT_TOOLS,
    *SERVER_HISTORY,
    *GUARDRAILS,
    *ANSWERS_FOR_ERRORS,
    *SHOWN_INPUT,
    *PROMPTS,
]
CASES = [
    pytest.param(scenario, mode, id=f"{scenario.name}-{mode}")
    for scenario in SCENARIOS
    for mode in scenario.modes
]


@pytest.mark.parametrize(("scenario", "mode"), CASES)
async def test_both_runtimes_do_the_same(scenario: Scenario, mode: Mode) -> None:
    ours = await played(scenario, mode, importlib.import_module("tui.agents"))
    theirs = await played(scenario, mode, importlib.import_module("agents"))
    assert ours == theirs, difference(theirs, ours)


@pytest.mark.parametrize("name", ["gpt-4.1", "gpt-5", "gpt-5.1", "gpt-5-mini", "o3", "my-own"])
async def test_both_take_the_default_model_from_the_environment(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_DEFAULT_MODEL", name)
    plain_run = next(scenario for scenario in SCENARIOS if scenario.name == "plain_message")
    ours = await played(plain_run, "streamed", importlib.import_module("tui.agents"))
    theirs = await played(plain_run, "streamed", importlib.import_module("agents"))
    assert ours == theirs, difference(theirs, ours)


def test_the_ignore_list_stays_short() -> None:
    assert len(IGNORED) <= 10


async def played(scenario: Scenario, mode: Mode, sdk: ModuleType) -> dict[str, object]:
    """Return what the program did and what it asked the service for."""
    stage = Stage(sdk, mode)
    async with (
        FakeResponsesServer(scenario.script(stage.gate)) as server,
        # Plain HTTP needs no certificates, and reading them is the dearest part of a client.
        DefaultAsyncHttpxClient(verify=False) as http_client,
        AsyncOpenAI(base_url=server.base_url, max_retries=0, http_client=http_client) as client,
    ):
        sdk.set_default_openai_client(client)
        await scenario.play(sdk, stage)
    bodies = server.bodies
    if not scenario.is_ordered:
        bodies.sort(key=lambda body: json.dumps(body, sort_keys=True))
    return {"log": stage.log, "requests": plain(bodies)}
