"""A person in the cockpit sees the same of a program, whichever runtime it is written for."""

from __future__ import annotations

import importlib
import json
from types import ModuleType

import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from tests.conformance.cockpit_stage import CockpitStage
from tests.conformance.pictures import IGNORED, without_ignored
from tests.conformance.recording import plain
from tests.conformance.scenario import Scenario
from tests.conformance.test_conformance import SCENARIOS, difference
from tests.fakes.responses_server import FakeResponsesServer

A_FILE = "a state in a file is a program's own affair"
ONE_CALL = "a person answers for one call at a time"
NOT_AT_A_SCREEN = {
    "input_as_a_list_of_items": "a person types text",
    "approved_after_a_round_trip_through_json": A_FILE,
    "two_nested_approvals_after_a_round_trip_through_json": A_FILE,
    "nested_approval_after_a_round_trip_through_json": A_FILE,
    "a_long_run_after_a_round_trip_through_json": A_FILE,
    "approve_always": ONE_CALL,
    "reject_always": ONE_CALL,
    "always_approved_inside_a_nested_run": ONE_CALL,
    "last_decision_wins": "an answer counts at once",
    "a_context_given_on_resume": "a conversation keeps its context",
    "resumed_after_max_turns": "a new message has turns of its own",
    "left_in_the_middle": "the cockpit reads to the end",
}
"""Programs that do what a person in the cockpit cannot, each with why."""

CASES = [
    pytest.param(scenario, id=scenario.name)
    for scenario in SCENARIOS
    if "streamed" in scenario.modes and scenario.name not in NOT_AT_A_SCREEN
]


@pytest.mark.parametrize("scenario", CASES)
async def test_both_runtimes_look_the_same(scenario: Scenario) -> None:
    ours = await shown(scenario, importlib.import_module("tui.agents"))
    theirs = await shown(scenario, importlib.import_module("agents"))
    assert ours == theirs, difference(theirs, ours)


def test_the_ignore_list_stays_short() -> None:
    assert len(IGNORED) <= 10


async def shown(scenario: Scenario, sdk: ModuleType) -> dict[str, object]:
    """Return what a person saw and what the service was asked for."""
    stage = CockpitStage(sdk)
    async with (
        FakeResponsesServer(scenario.script(stage.gate)) as server,
        # Plain HTTP needs no certificates, and reading them is the dearest part of a client.
        DefaultAsyncHttpxClient(verify=False) as http_client,
        AsyncOpenAI(base_url=server.base_url, max_retries=0, http_client=http_client) as client,
    ):
        sdk.set_default_openai_client(client)
        await scenario.play(sdk, stage)
        await stage.close()
        log = json.loads(json.dumps(stage.log).replace(server.base_url, "http://the-service"))
    assert server.bodies, "a run that never asks its model shows nothing of its runtime"
    bodies = without_ignored(plain(server.bodies))
    if not scenario.is_ordered:
        bodies.sort(key=lambda body: json.dumps(body, sort_keys=True))
    return {"log": log, "requests": bodies}
