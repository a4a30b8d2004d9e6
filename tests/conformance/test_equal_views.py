"""A person in the cockpit sees the same of a program, whichever runtime it is written for."""

from __future__ import annotations

import importlib

import pytest

from tests.conformance.differing import difference
from tests.conformance.on_screen import NOT_AT_A_SCREEN, shown
from tests.conformance.pictures import IGNORED
from tests.conformance.scenario import Scenario
from tests.conformance.scenarios.person import PERSON
from tests.conformance.test_conformance import SCENARIOS

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
