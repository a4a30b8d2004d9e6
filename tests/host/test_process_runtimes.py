"""A user's file in a real host, over a loopback service: both libraries, everything at once."""

from __future__ import annotations

import asyncio

import pytest

from tests.fakes.responses_server import FakeResponsesServer
from tests.host.serving import LIBRARIES
from tests.host.told import only
from tui.cockpit.sources.base import Answer
from tui.cockpit.sources.hosted import HostedAgents
from tui.rehearsal.script import call, reply, say, think
from tui.wire.events import (
    ApprovalRequested,
    ConsoleOutput,
    HandoffOccurred,
    MessageOutput,
    ReasoningOutput,
    RunCompleted,
    ToolFinished,
    ToolOutput,
    ToolStarted,
)

DEADLINE_S = 60.0
EVIL = "\x1b[2J\x1b]0;owned\x07\x9b31m"

FILE = """
import subprocess
from pathlib import Path
from LIBRARY import Agent, function_tool

LOG = Path(__file__).with_suffix(".log")

@function_tool
def check(order: str) -> str:
    "Check an order."
    print("checking", order)
    subprocess.run(["sh", "-c", "echo from a child; echo evil > /dev/tty"], check=False)
    return EVIL

@function_tool
async def look_up(order: str) -> dict:
    "Look up an order."
    return {"order": order}

@function_tool(needs_approval=True)
def refund(order: str, amount: int = 5) -> str:
    "Pay money back."
    with LOG.open("a") as log:
        log.write(f"{order} {amount}\\n")
    return "refunded"

billing = Agent(name="Billing", instructions="Bill.", tools=[check, look_up, refund])
triage = Agent(name="Triage", instructions="Sort.", handoffs=[billing])
"""
SCRIPT = [
    reply(think("This is about money."), call("transfer_to_billing", "c0")),
    reply(
        say("Let me see."),
        call("check", "c1", order="A-1"),
        call("look_up", "c2", order="A-1"),
        call("refund", "c3", order="A-1"),
    ),
    reply(say("It is paid.")),
    reply(say("You are welcome.")),
]


@pytest.mark.parametrize("library", LIBRARIES)
async def test_a_users_file_runs_from_the_first_word_to_a_follow_up(library, tmp_path, monkeypatch):
    file = tmp_path / "shop.py"
    file.write_text(FILE.replace("LIBRARY", library).replace("EVIL", repr(EVIL)))
    monkeypatch.chdir(tmp_path)
    async with FakeResponsesServer(SCRIPT) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "key")
        agents = HostedAgents("shop.py:triage")
        events = await _approving(run := agents.open_run("Refund A-1, please."))
        more = await _approving(agents.open_run("Thanks.", continues=run.run_id))
        await agents.close()

    assert isinstance(events[-1], RunCompleted)
    assert (tmp_path / "shop.log").read_text() == "A-1 5\n"
    assert [event.text for event in only(events, ReasoningOutput)] == ["This is about money."]
    assert [event.text for event in only(events, MessageOutput)] == ["Let me see.", "It is paid."]
    assert only(events, HandoffOccurred)[0].target == "Billing"
    assert {event.call_id for event in only(events, ToolStarted)} == {"c1", "c2", "c3"}
    assert not [event for event in only(events, ToolFinished) if event.error]
    outputs = {event.call_id: event.output for event in only(events, ToolOutput)}
    assert outputs["c1"] == EVIL
    assert outputs["c3"] == "refunded"
    printed = "".join(event.text for event in only(events, ConsoleOutput))
    assert "checking A-1\n" in printed
    assert "from a child\n" in printed
    assert "evil\n" not in printed
    assert more[-1].final_output == "You are welcome."


async def _approving(run):
    """Read a run to its end, approving what it asks for."""
    events = []
    async with asyncio.timeout(DEADLINE_S):
        async for event in run.stream_events():
            events.append(event)
            if isinstance(event, ApprovalRequested):
                run.decide(Answer(event.call_id, event.arguments_hash, approve=True))
    return events
