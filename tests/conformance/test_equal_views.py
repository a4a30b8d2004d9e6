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
from tests.conformance.scenarios.person import PERSON
from tests.conformance.test_conformance import SCENARIOS, difference
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
    "left_in_the_middle": "the cockpit reads to the end",
}
"""Programs that do what a person in the cockpit cannot, each with why."""

PLAYED = [
    scenario
    for scenario in [*SCENARIOS, *PERSON]
    if "streamed" in scenario.modes and scenario.name not in NOT_AT_A_SCREEN
]
ROWS = {
    "a": "plain_message",
    "b": "one_tool",
    "b2": "message_and_tool_in_one_response",
    "b3": "stop_on_first_tool",
    "c": "parallel_tools_answer_in_call_order",
    "d": "handoff",
    "d2": "tool_between_two_handoffs",
    "d3": "handoff_with_input_that_does_not_fit",
    "e": "agent_as_tool",
    "e2": "agent_as_tool_with_on_stream",
    "f, f-ok": "approve",
    "f-no": "reject_without_a_message",
    "f-undecided": "resume_undecided",
    "f-part": "decided_one_by_one",
    "f-hand": "approval_and_handoff_in_one_response",
    "f-after-hand": "approval_after_a_handoff",
    "f-nested": "nested_approval_granted",
    "g": "reasoning_then_tool_with_a_default_left_out",
    "h": "max_turns",
    "i": "tool_error_is_told_to_the_model",
    "i2": "a_failing_tool_beside_a_fine_one",
    "i3": "a_tool_that_takes_too_long",
    "i4": "unknown_tool_told_to_the_model",
    "j": "connection_cut_in_mid_stream",
    "j2": "error_event_in_mid_stream",
    "j3": "refusal",
    "k": "cancelled_at_once_then_resumed",
    "k2": "cancelled_after_the_turn_then_resumed",
    "l": "typed_output",
    "l2": "empty_response_where_an_output_type_is_set",
    "a rejection with a message": "reject_with_a_message",
    "a follow-up": "follow_up_with_the_last_agent",
    "a defaulted argument under a callable policy": "callable_needs_approval",
}
"""The contract's table of what a run does, and what else is asked for, each with its program."""


@pytest.mark.parametrize("scenario", [pytest.param(each, id=each.name) for each in PLAYED])
async def test_both_runtimes_look_the_same(scenario: Scenario) -> None:
    ours = await shown(scenario, importlib.import_module("tui.agents"))
    theirs = await shown(scenario, importlib.import_module("agents"))
    assert ours == theirs, difference(theirs, ours)


@pytest.mark.parametrize("row", ROWS)
def test_each_row_of_the_contract_has_a_program(row: str) -> None:
    assert ROWS[row] in {scenario.name for scenario in PLAYED}


def test_the_ignore_list_stays_short() -> None:
    assert len(IGNORED) <= 10


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
