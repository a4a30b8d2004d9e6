"""Tools of MCP servers under a chain, in both libraries: asked about, passed through, and told."""

from __future__ import annotations

import importlib
from contextlib import asynccontextmanager

import mcp.types as t
import pytest

from tests.fakes.mcp_service import FakeToolService, Served
from tests.host.serving import LIBRARIES, desk
from tests.host.told import lines, only
from tui.rehearsal.script import call, reply, say
from tui.wire.events import (
    ApprovalRequested,
    RunCompleted,
    ToolFinished,
    ToolOutput,
    ToolStarted,
)

both = pytest.mark.parametrize("library", LIBRARIES)
DONE = reply(say("Done."))


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


@asynccontextmanager
async def a_desk(library, script, *tools, **options):
    """Yield a desk whose agent has the tools of a server."""
    servers = importlib.import_module(f"{library}.mcp")
    options = {"name": "tools", "client_session_timeout_seconds": 60, **options}
    async with (
        desk(library, script) as d,
        FakeToolService(*tools) as service,
        servers.MCPServerStreamableHttp({"url": service.url}, **options) as server,
    ):
        d.service = service
        d.chain = lambda: d.run(d.agent("Triage", mcp_servers=[server]))
        yield d


@both
async def test_calls_of_every_turn_pass_the_gate(library):
    script = [reply(call("look", "c1")), reply(call("look", "c2")), DONE]
    listed = {"description": "Look around."}
    async with a_desk(library, script, Served("look", "a desk", listed=listed)) as d:
        events = await d.chain().ended()

    told = [line for line in lines(events) if line.startswith("tool_")]
    assert told == [
        "tool_called c1 look {}",
        "tool_started c1 look",
        "tool_finished c1 look",
        "tool_output c1 a desk",
        "tool_called c2 look {}",
        "tool_started c2 look",
        "tool_finished c2 look",
        "tool_output c2 a desk",
    ]
    assert {event.description for event in only(events, ToolStarted)} == {"Look around."}
    assert only(events, RunCompleted)


@both
@pytest.mark.parametrize("approve", [True, False])
async def test_a_person_decides_a_call(library, approve):
    script = [reply(call("pay", "c1"), call("look", "c2")), DONE]
    tools = [Served("pay", "paid"), Served("look", "seen")]
    policy = {"require_approval": {"pay": "always"}}
    async with a_desk(library, script, *tools, **policy) as d:
        run = d.chain()
        request = await run.until(ApprovalRequested)
        assert [name for name, _, _ in d.service.heard] in ([], ["look"])
        run.decide("c1", approve=approve, reason="no", arguments=request.arguments)
        events = await run.ended()

    assert request.tool == "pay"
    assert ("pay", {}, {}) in d.service.heard or not approve
    assert [event.tool for event in only(events, ApprovalRequested)] == ["pay"]
    assert ("paid" in str(only(events, ToolOutput))) is approve


PICTURE = t.ImageContent(type="image", data="aGk=" * 1000, mime_type="image/png")


@both
async def test_an_answer_of_several_parts_is_shown_as_text_and_an_image_by_name(library):
    content = [t.TextContent(type="text", text="look: 日本"), PICTURE]
    script = [reply(call("look", "c1"), call("nothing", "c2")), DONE]
    tools = [
        Served("look", t.CallToolResult(content=content)),
        Served("nothing", t.CallToolResult(content=[])),
    ]
    async with a_desk(library, script, *tools) as d:
        events = await d.chain().ended()

    outputs = [event.output for event in only(events, ToolOutput)]
    assert outputs == ["look: 日本\n[image data:image/png]", "[]"]


@both
async def test_an_error_of_a_server_is_told_as_the_calls(library):
    script = [reply(call("broken", "c1")), DONE]
    async with a_desk(library, script, Served("broken", RuntimeError("full"))) as d:
        events = await d.chain().ended()

    (finished,) = only(events, ToolFinished)
    assert finished.error_type == "MCPError"
    assert finished.error == "Internal server error"
    assert only(events, RunCompleted)
