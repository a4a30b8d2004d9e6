"""Over WebSocket both runtimes do the same, and ours does what it does over HTTP."""

from __future__ import annotations

import importlib
import json
from collections.abc import Collection, Mapping

import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from tests.conformance.differing import difference
from tests.conformance.recording import Mode, Stage, plain
from tests.conformance.scenario import BOTH, STREAMED, Scenario
from tests.conformance.scenarios.approvals import APPROVALS
from tests.conformance.scenarios.endings import ENDINGS
from tests.conformance.scenarios.handoffs import HANDOFFS
from tests.conformance.scenarios.messages import MESSAGES
from tests.conformance.scenarios.nested import NESTED
from tests.conformance.scenarios.parallel_agents import PARALLEL_AGENTS
from tests.conformance.scenarios.resuming import RESUMING
from tests.conformance.scenarios.tools import TOOLS
from tests.conformance.test_conformance import played as played_over_http
from tests.fakes.socket_server import FakeSocketServer

# What goes over the wire differs with these alone.
SCENARIOS = [
    *MESSAGES,
    *TOOLS,
    *HANDOFFS,
    *APPROVALS,
    *NESTED,
    *PARALLEL_AGENTS,
    *RESUMING,
    *ENDINGS,
]

NOT_PLAYED: Mapping[str, str] = {
    "unknown_tool_told_to_the_model": "a session takes no run_config",
    "completed_never_comes": "a socket has no end of the body: test_socket_faults",
}
"""Scenarios that no session can play, each with its reason."""

OTHER_THAN_HTTP: Mapping[str, str] = {
    "garbage_in_mid_stream": "the garbage is not the same bytes",
    "connection_cut_in_mid_stream": "the message says that it was a socket",
}
"""Ends differently than over HTTP."""

OTHER_ERRORS = frozenset(
    {
        "recovered_after_a_model_error",
        "recovered_from_an_error_of_the_first_turn",
        "service_refuses_the_request",
        "service_refuses_the_key",
        "service_fails_in_the_second_turn",
        "error_event_in_mid_stream",
        "response_failed",
        "response_incomplete",
        *OTHER_THAN_HTTP,
    }
)
"""Ends with the openai client's errors, as over HTTP; the SDK has others for sockets."""


BROKEN_OFF = frozenset({"cancelled_at_once_then_resumed"})
"""Leaves an answer in the middle, and with it the connection."""


def cases(without: Collection[str], modes: Collection[Mode] = BOTH) -> list[object]:
    return [
        pytest.param(scenario, mode, id=f"{scenario.name}-{mode}")
        for scenario in SCENARIOS
        for mode in scenario.modes
        if scenario.name not in {*NOT_PLAYED, *without} and mode in modes
    ]


@pytest.mark.parametrize(("scenario", "mode"), cases(OTHER_ERRORS))
async def test_both_runtimes_do_the_same(scenario: Scenario, mode: Mode) -> None:
    ours, _ = await played(scenario, mode, "tui.agents")
    theirs, _ = await played(scenario, mode, "agents")
    assert ours == theirs, difference(theirs, ours)


@pytest.mark.parametrize(("scenario", "mode"), cases(OTHER_THAN_HTTP, STREAMED))
async def test_a_run_is_the_one_over_http_and_needs_one_connection(
    scenario: Scenario, mode: Mode
) -> None:
    by_socket, connections = await played(scenario, mode, "tui.agents")
    by_http = await played_over_http(scenario, mode, importlib.import_module("tui.agents"))
    assert by_socket["log"] == by_http["log"], difference(by_http, by_socket)
    if scenario.is_ordered and scenario.name not in BROKEN_OFF:
        assert connections <= 1


async def played(scenario: Scenario, mode: Mode, library: str) -> tuple[dict[str, object], int]:
    """Return what the program did and asked the service for, and how many connections it took."""
    sdk = importlib.import_module(library)
    stage = Stage(sdk, mode)
    async with (
        FakeSocketServer(scenario.script(stage.gate)) as server,
        DefaultAsyncHttpxClient(verify=False) as http_client,
        AsyncOpenAI(base_url=server.base_url, max_retries=0, http_client=http_client) as client,
    ):
        sdk.set_default_openai_client(client)
        async with sdk.responses_websocket_session() as session:
            stage.runner = session
            await scenario.play(sdk, stage)
    bodies = server.bodies
    if not scenario.is_ordered:
        bodies.sort(key=lambda body: json.dumps(body, sort_keys=True))
    return {"log": stage.log, "requests": plain(bodies)}, server.opened
