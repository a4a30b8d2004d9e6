"""Plays a program as a person in the cockpit does, and tells what they saw."""

from __future__ import annotations

import json
from types import ModuleType

from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from tests.conformance.cockpit_stage import CockpitStage
from tests.conformance.pictures import without_ignored
from tests.conformance.recording import plain
from tests.conformance.scenario import Scenario
from tests.fakes.chat_route import PLAIN, ChatStyle
from tests.fakes.responses_server import FakeResponsesServer

A_FILE = "a state in a file is a program's own affair"
ONE_CALL = "a person answers for one call at a time"
NOT_AT_A_SCREEN = {
    "input_as_a_list_of_items": "a person types text",
    "input_guardrails_that_let_a_run_go_on": "a person types text",
    "input_guardrail_stops_an_agent_used_as_a_tool": "the SDK's agent, asking no model, is unseen",
    "input_guardrail_trips_while_the_model_speaks": "ours stops the model, the SDK hears it out",
    "approved_after_a_round_trip_through_json": A_FILE,
    "two_nested_approvals_after_a_round_trip_through_json": A_FILE,
    "nested_approval_after_a_round_trip_through_json": A_FILE,
    "a_long_run_after_a_round_trip_through_json": A_FILE,
    "a_session_over_two_pauses": A_FILE,
    "a_kept_conversation_over_pauses_and_json": A_FILE,
    "a_listener_that_is_too_slow": "the cockpit listens, too, and is not too slow",
    "approve_always": ONE_CALL,
    "reject_always": ONE_CALL,
    "always_approved_inside_a_nested_run": ONE_CALL,
    "last_decision_wins": "an answer counts at once",
    "a_context_given_on_resume": "a conversation keeps its context",
    "resumed_after_max_turns": "a new message has turns of its own",
    "two_nested_runs_at_once": "which of two agents is heard first is the service's affair",
    "left_in_the_middle": "the cockpit reads to the end",
}
"""Programs that do what a person in the cockpit cannot, each with why."""


async def shown(
    scenario: Scenario, sdk: ModuleType, chat_style: ChatStyle = PLAIN
) -> dict[str, object]:
    """Return what a person saw and what the service was asked for."""
    stage = CockpitStage(sdk)
    script = scenario.script(stage.gate)
    async with (
        FakeResponsesServer(script, chat_style) as server,
        # Plain HTTP needs no certificates, and reading them is the dearest part of a client.
        DefaultAsyncHttpxClient(verify=False) as http_client,
        AsyncOpenAI(base_url=server.base_url, max_retries=0, http_client=http_client) as client,
    ):
        sdk.set_default_openai_client(client)
        await scenario.play(sdk, stage)
        await stage.close()
        log = json.loads(json.dumps(stage.log).replace(server.base_url, "http://the-service"))
    assert callable(script) or len(server.bodies) == len(script), "not all was played"
    bodies = without_ignored(plain(server.bodies))
    if not scenario.is_ordered:
        bodies.sort(key=lambda body: json.dumps(body, sort_keys=True))
    return {"log": log, "requests": bodies}
