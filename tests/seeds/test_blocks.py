"""Each block of the documents, run as it stands, prints what its text says."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.fakes.server_thread import ResponsesServerThread
from tests.seeds.playing import BLOCKS, play, play_text, run_text, text_of
from tests.seeds.serving import OURS, serving
from tui.agents import Agent, Runner
from tui.rehearsal.script import Say, call, reply, say

JOKE = ("Why ", "did ", "the ", "agent ", "wait?")
TOLD = "".join(JOKE)
BOTH_PAGES = ["000", "004"]


def the_output_in(bodies):
    return next(item["output"] for item in bodies[-1]["input"] if "output" in item)


@pytest.mark.parametrize("page", BOTH_PAGES)
def test_the_models_text_is_printed_token_by_token(page, library):
    played = play(f"{page}_1_tokens", [reply(Say(JOKE))], library)
    assert played.pieces == list(JOKE)
    assert played.bodies[0]["input"] == [{"role": "user", "content": "Please tell me 5 jokes."}]
    assert played.bodies[0]["instructions"] == "You are a helpful assistant."


@pytest.mark.parametrize("page", BOTH_PAGES)
def test_raw_events_are_ignored_and_updates_are_printed(page, library):
    script = [reply(call("how_many_jokes")), reply(say(TOLD))]
    played = play(f"{page}_2_items", script, library)
    jokes = the_output_in(played.bodies)
    assert 1 <= int(jokes) <= 10
    assert played.printed == (
        "=== Run starting ===\n"
        "Agent updated: Joker\n"
        "-- Tool was called\n"
        f"-- Tool output: {jokes}\n"
        f"-- Message output:\n {TOLD}\n"
        "=== Run complete ===\n"
    )


@pytest.mark.parametrize("block", ["1_tokens", "2_items"])
def test_the_chinese_page_has_the_english_page_s_code(block):
    english, chinese = (BLOCKS / f"{page}_{block}.py" for page in BOTH_PAGES)
    assert english.read_bytes() == chinese.read_bytes()


def test_a_block_is_a_whole_script_for_the_server_that_the_environment_names():
    with ResponsesServerThread([reply(Say(JOKE))]) as server:
        named = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "none"}
        ran = subprocess.run(
            [sys.executable, "-c", text_of("000_1_tokens")],
            env=os.environ | named,
            cwd=BLOCKS.parents[2],
            capture_output=True,
            text=True,
            check=True,
        )
    assert (ran.stdout, ran.stderr) == (TOLD, "")


def test_a_blocking_run_prints_its_answer_and_a_streamed_one_its_events():
    script = [reply(say("Blocking.")), reply(Say(("Stream", "ed.")))]
    first, *events = play("002_1_run_or_run_streamed", script).printed.splitlines()
    assert first == "Blocking."
    kinds = [re.match(r"\w+", event).group() for event in events]
    assert kinds[0] == "AgentUpdatedStreamEvent"
    assert set(kinds[1:-1]) == {"RawResponsesStreamEvent"}
    assert kinds[-1] == "RunItemStreamEvent"
    deltas = [event for event in events if "data=ResponseTextDeltaEvent(" in event]
    assert len(deltas) == 2


def test_tokens_are_filtered_by_class_and_end_with_a_newline():
    played = play("002_2_tokens", [reply(Say(("Pick ", "two.")))])
    assert played.pieces == ["Pick ", "two.", "\n"]


def test_tool_calls_their_results_and_the_answer_are_printed_in_order():
    asked = [call("get_stock_price", ticker=ticker) for ticker in ("AAPL", "MSFT")]
    played = play("002_3_tool_calls", [reply(*asked), reply(say("Here they are."))])
    assert played.printed.splitlines() == [
        '[TOOL CALL] get_stock_price({"ticker":"AAPL"})',
        '[TOOL CALL] get_stock_price({"ticker":"MSFT"})',
        "[TOOL RESULT] $189.50",
        "[TOOL RESULT] $420.30",
        "[AGENT] Here they are.",
    ]


def test_the_full_result_is_there_after_the_stream():
    supplied = {"agent": Agent(name="Analyst"), "Runner": Runner}
    played = play("002_4_result", [reply(say("Agents."))], **supplied)
    output, items, responses = played.printed.splitlines()
    assert output == "Final output: Agents."
    assert items.startswith("New items: [MessageOutputItem(agent=Agent(name='Analyst'")
    assert responses.startswith("Raw responses: [ModelResponse(output=[ResponseOutputMessage(")
    assert set(played.reached) == {"... handle events ..."}


def test_a_handoff_is_printed_with_the_agent_that_is_talked_to_now():
    program = text_of("002_6_handoffs") + "\nawait stream_with_handoffs()\n"
    script = [reply(call("transfer_to_technical")), reply(say("Have you tried ...?"))]
    played = play_text(program, script, OURS, {})
    first, handoff = played.printed.splitlines()
    assert first == "[HANDOFF] Now talking to: Triage"  # every run begins by naming its agent
    assert handoff == "[HANDOFF] Now talking to: Technical"
    assert played.bodies[1]["instructions"] == "Handle technical questions."


async def test_events_are_told_apart_by_their_type(sdk):
    script = [reply(call("transfer_to_b")), reply(say("Hello."))]
    async with serving(sdk, script):
        agent = sdk.Agent(name="A", handoffs=[sdk.Agent(name="B")])
        events = [event async for event in sdk.Runner.run_streamed(agent, "Hi").stream_events()]
    branches = {
        "RawResponsesStreamEvent": "low-level token/character deltas",
        "RunItemStreamEvent": "higher-level semantic items",
        "AgentUpdatedStreamEvent": "handoff occurred",
    }
    for event in events:
        _, reached = run_text(text_of("003_1_event_types"), {"event": event})
        assert reached == [branches[type(event).__name__]]


def test_agent_run_streamed_starts_a_run_whose_events_can_be_handled():
    supplied = {"Agent": Agent, "agent": Agent(name="A"), "prompt": "Hello?"}
    played = play("003_2_agent_run_streamed", [reply(say("Hello."))], **supplied)
    assert set(played.reached) == {"handle event"}
    assert played.names["result"].final_output == "Hello."
    assert played.bodies[0]["input"] == [{"role": "user", "content": "Hello?"}]


def test_high_level_items_are_printed_without_raw_deltas(library):
    program = text_of("003_3_stream_items", library)
    imports = f"from {library} import Agent, ItemHelpers, Runner, function_tool\n"
    agent = (
        "@function_tool\n"
        "def look() -> str:\n"
        "    return 'seen'\n"
        "agent = Agent(name='Joker', tools=[look])\n"
    )
    script = [reply(call("look")), reply(say(TOLD))]
    played = play_text(imports + agent + program, script, library, {})
    assert played.printed.splitlines() == [
        "Agent updated: Joker",
        "-- Tool was called: look",
        "-- Tool output: seen",
        "-- Message output:",
        f" {TOLD}",
    ]
