"""Over Chat Completions, too, both runtimes do the same: events, items, and request bodies."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType

import pytest
from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from tests.conformance.differing import difference
from tests.conformance.on_screen import shown
from tests.conformance.recording import Mode, Stage, plain
from tests.conformance.scenario import Scenario
from tests.conformance.scenarios.chat import CHAT, CHAT_SEEN
from tests.conformance.scenarios.server_history import SERVER_HISTORY
from tests.conformance.scenarios.shown_input import PROMPTS
from tests.conformance.test_conformance import SCENARIOS
from tests.conformance.test_equal_views import PLAYED, ROWS
from tests.fakes.chat_route import PLAIN, ChatStyle
from tests.fakes.responses_server import CHAT as CHAT_PATH
from tests.fakes.responses_server import FakeResponsesServer

IGNORED: Mapping[str, str] = {
    "created_at": "each reads its own clock",
    "incomplete_details": "the SDK forgets why the server stopped",
}
"""Keys that are left out wherever they appear, each with its reason."""

FILLED_LATER = ("summary", "content", "provider_data")
"""Left out of reasoning that begins: the SDK fills the very item that it announced."""

FORGOTTEN = ("provider_data",)
"""Left out of requests for approval: the SDK forgets it when it asks the same again."""

COUNTS_EVENTS = frozenset(
    {
        "error_event_in_mid_stream",
        "completed_never_comes",
        "response_failed",
        "response_incomplete",
        "garbage_in_mid_stream",
        "connection_cut_in_mid_stream",
        "cancelled_at_once_then_resumed",
    }
)
"""Wait for as many events as the Responses API sends; `scenarios.chat` has their likes."""

REFUSED = "Chat Completions keep no conversation and no prompt: the SDK sends less, ours refuses"
PROVIDER_DATA = "the SDK forgets `provider_data` of calls whose output it withholds"
DIFFERENT: Mapping[str, str] = {
    **{scenario.name: REFUSED for scenario in [*SERVER_HISTORY, *PROMPTS]},
    "output_guardrail_of_what_the_service_keeps": REFUSED,
    "output_guardrail_of_what_the_service_keeps_for_another_agent": REFUSED,
    "input_guardrail_of_what_the_service_keeps": REFUSED,
    "output_guardrail_withholds_what_a_tool_answered": PROVIDER_DATA,
    "session_of_a_run_whose_tool_output_is_withheld": PROVIDER_DATA,
}
"""Programs that differ over this API, each with why."""

CASES = [
    pytest.param(scenario, mode, id=f"{scenario.name}-{mode}")
    for scenario in [*SCENARIOS, *CHAT]
    for mode in scenario.modes
    if scenario.name not in COUNTS_EVENTS and scenario.name not in DIFFERENT
]

SEEN = {
    "bare_reasoning_goes_back",
    "reasoning_text_and_a_call",
    "text_behind_a_call",
    "text_and_a_refusal",
    "the_token_limit_left_nothing",
    "an_error_in_mid_stream",
    "connection_cut_between_chunks",
}
"""Programs of `scenarios.chat` that are also looked at in the cockpit."""

OTHER_SERVERS = {
    "sends whole calls": ChatStyle(whole_calls=True),
    "ends without a word": ChatStyle(has_done=False),
    "repeats empty names": ChatStyle(names_repeat=""),
    "always tells usage": ChatStyle(usage="always"),
    "never tells usage": ChatStyle(usage="never"),
}


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tracing off and the default model unnamed, whatever the developer's shell says."""
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.delenv("OPENAI_DEFAULT_MODEL", raising=False)


@pytest.fixture
def runtimes() -> Iterator[tuple[ModuleType, ModuleType]]:
    """Both runtimes, told to speak Chat Completions."""
    both = importlib.import_module("tui.agents"), importlib.import_module("agents")
    for sdk in both:
        sdk.set_default_openai_api("chat_completions")
    yield both
    for sdk in both:
        sdk.set_default_openai_api("responses")


@pytest.mark.parametrize(("scenario", "mode"), CASES)
async def test_both_runtimes_do_the_same(
    scenario: Scenario, mode: Mode, runtimes: tuple[ModuleType, ModuleType]
) -> None:
    ours, theirs = [await played(scenario, mode, sdk) for sdk in runtimes]
    assert ours == theirs, difference(theirs, ours)


@pytest.mark.parametrize("style", OTHER_SERVERS.values(), ids=OTHER_SERVERS)
@pytest.mark.parametrize("mode", ["streamed", "whole"])
async def test_both_take_what_other_servers_say(
    style: ChatStyle, mode: Mode, runtimes: tuple[ModuleType, ModuleType]
) -> None:
    scenario = next(one for one in SCENARIOS if one.name == "parallel_tools_answer_in_call_order")
    ours, theirs = [await played(scenario, mode, sdk, style) for sdk in runtimes]
    assert ours == theirs, difference(theirs, ours)


@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param(scenario, id=scenario.name)
        for scenario in [*PLAYED, *CHAT, *CHAT_SEEN]
        if scenario.name in {*ROWS.values(), *SEEN} - COUNTS_EVENTS or scenario in CHAT_SEEN
    ],
)
async def test_both_runtimes_look_the_same(
    scenario: Scenario, runtimes: tuple[ModuleType, ModuleType]
) -> None:
    # Agents used as tools are streamed by ours alone, and only whole answers always tell usage.
    style = ChatStyle(usage="always")
    ours, theirs = [await shown(scenario, sdk, style) for sdk in runtimes]
    assert ours == theirs, difference(theirs, ours)


async def played(
    scenario: Scenario, mode: Mode, sdk: ModuleType, style: ChatStyle = PLAIN
) -> dict[str, object]:
    """Return what the program did and what it asked the service for."""
    stage = Stage(sdk, mode)
    async with (
        FakeResponsesServer(scenario.script(stage.gate), style) as server,
        DefaultAsyncHttpxClient(verify=False) as http_client,
        AsyncOpenAI(base_url=server.base_url, max_retries=0, http_client=http_client) as client,
    ):
        sdk.set_default_openai_client(client)
        await scenario.play(sdk, stage)
    assert {request.path for request in server.requests} <= {CHAT_PATH}
    bodies = server.bodies
    if not scenario.is_ordered:
        bodies.sort(key=lambda body: json.dumps(body, sort_keys=True))
    return {"log": comparable(stage.log), "requests": plain(bodies)}


def comparable(value: object) -> object:
    """Return a value without what may differ."""
    match value:
        case {"raw": "ResponseOutputItemAddedEvent", "data": {"item": {"type": "reasoning"}}}:
            data = value["data"]
            item = {name: of for name, of in data["item"].items() if name not in FILLED_LATER}
            return {**value, "data": {**data, "item": item}}
        case {"type": "tool_approval_item", "raw_item": raw}:
            kept = {name: of for name, of in raw.items() if name not in FORGOTTEN}
            return {**value, "raw_item": kept}
        case Mapping():
            return {key: comparable(inner) for key, inner in value.items() if key not in IGNORED}
        case Sequence() if not isinstance(value, str):
            return [comparable(inner) for inner in value]
    return value
