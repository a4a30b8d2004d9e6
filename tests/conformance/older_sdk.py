"""The same programs in the cockpit with an older openai-agents, in an environment of its own.

No part of the usual run, for that holds the newest: `pytest tests/conformance/older_sdk.py`. The
requests are the SDK's affair; what a person sees must be the same.
"""

from __future__ import annotations

import importlib

import pytest

from tests.conformance.core_programs import CORE
from tests.conformance.differing import difference
from tests.conformance.on_screen import NOT_AT_A_SCREEN, shown
from tests.conformance.scenario import Scenario
from tests.conformance.scenarios.person import PERSON

WORDS = "its errors have other words"
REPEATED = "it lets a model use a call's id for another call"
EARLY = "it tells of a call before the response has ended, so a person cancels earlier"
OTHERWISE = {
    "typed_output_that_does_not_fit": WORDS,
    "handoff_with_input_that_does_not_fit": WORDS,
    "tool_error_is_told_to_the_model": WORDS,
    "invalid_and_ill_typed_arguments": WORDS,
    "hooks_of_a_tool_that_fails": WORDS,
    "agent_as_tool_whose_model_fails": WORDS,
    "agent_as_tool_whose_tool_runs_out_of_time": WORDS,
    "nested_approval_granted_to_a_run_that_then_fails": WORDS,
    "tools_end_a_run_when_the_last_of_them_is_decided": "it asks the model once one is decided",
    "connection_cut_in_mid_stream": "its client lets the transport's error through",
    "callable_needs_approval": "it asks a policy also about arguments that do not fit the tool",
    "nested_approval_refused": "it loses the reason of a rejection inside an agent used as a tool",
    "two_nested_approvals_at_once": "it loses the reason of a rejection in there",
    "unknown_tool_told_to_the_model": "its tools are not all heard, so no claim is made of others",
    "one_id_for_two_calls_in_a_response": REPEATED,
    "one_id_for_two_tools_in_a_response": REPEATED,
    "one_call_said_twice_with_other_blanks": REPEATED,
    "the_id_of_an_earlier_turn_for_another_call": REPEATED,
    "the_call_of_an_earlier_turn_again": REPEATED,
    "the_id_of_an_approved_call_for_a_larger_one": REPEATED,
    "an_approved_call_said_again": REPEATED,
    "an_id_of_the_history_given_as_input": REPEATED,
    "agent_as_tool_with_on_stream": EARLY,
    "cancels_at_once_while_a_tool_runs": EARLY,
    "cancels_after_the_turn_and_then_at_once": EARLY,
    "says_something_and_cancels_before_it_is_read": EARLY,
}
"""Programs with which 0.19.3 itself does something else, each with what."""


PLAYED = [
    pytest.param(each, id=each.name)
    for each in [*CORE, *PERSON]
    if "streamed" in each.modes and each.name not in NOT_AT_A_SCREEN | OTHERWISE
]


@pytest.mark.parametrize("scenario", PLAYED)
async def test_both_runtimes_look_the_same(scenario: Scenario) -> None:
    ours = (await shown(scenario, importlib.import_module("tui.agents")))["log"]
    theirs = (await shown(scenario, importlib.import_module("agents")))["log"]
    assert ours == theirs, difference(theirs, ours)
