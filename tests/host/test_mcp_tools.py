"""Tools of an MCP server, which the SDK makes anew for each turn: seen and held as any other."""

from __future__ import annotations

from typing import Any

import pytest
from agents.mcp import MCPServer
from mcp.types import CallToolResult, TextContent, Tool

from tests.host.serving import desk
from tests.host.told import lines, only
from tui.rehearsal.script import call, reply, say
from tui.wire.events import ApprovalRequested, RunPaused, ToolFinished


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


class FakeMCPServer(MCPServer):
    """A server of two tools, `read` and `wipe`, of which it may fail one."""

    name = "files"

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.called: list[str] = []

    async def connect(self):
        """Nothing to connect to."""

    async def cleanup(self):
        """Nothing to clean up."""

    async def list_tools(self, run_context=None, agent=None):
        schema = {"type": "object", "properties": {}}
        return [Tool(name=name, input_schema=schema) for name in ("read", "wipe")]

    async def call_tool(self, tool_name, arguments, meta=None):
        self.called.append(tool_name)
        if tool_name == "wipe":
            raise ValueError("the disk is sealed")
        return CallToolResult(content=[TextContent(type="text", text="read")])

    async def list_prompts(self):
        raise NotImplementedError

    async def get_prompt(self, name, arguments=None):
        raise NotImplementedError


def of_calls(events):
    told = [" ".join(line.split()[:2]) for line in lines(events)]
    return [line for line in told if line.startswith(("tool_st", "tool_f", "tool_o"))]


async def test_a_servers_tools_tell_their_start_and_end():
    server = FakeMCPServer()
    script = [reply(call("read", "c1")), reply(call("wipe", "c2")), reply(say("done"))]
    async with desk("agents", script) as d:
        events = await d.run(d.agent("Ann", mcp_servers=[server])).ended()

    assert of_calls(events)[:4] == [
        "tool_started c1",
        "tool_finished c1",
        "tool_output c1",
        "tool_started c2",
    ]
    failed = only(events, ToolFinished)[1]
    assert "sealed" in failed.error
    assert not any("not gated" in line for line in lines(events))


async def test_a_servers_tool_that_needs_a_person_is_asked_for_and_runs_only_then():
    server = FakeMCPServer(require_approval={"always": {"tool_names": ["read"]}})
    async with desk("agents", [reply(call("read", "c1")), reply(say("done"))]) as d:
        run = d.run(d.agent("Ann", mcp_servers=[server]))
        await run.until(RunPaused)
        assert server.called == []
        run.decide("c1", approve=True)
        events = await run.ended()

    assert [event.tool for event in only(events, ApprovalRequested)] == ["read"]
    assert server.called == ["read"]
    assert of_calls(events) == [
        "tool_started c1",
        "tool_finished c1",
        "tool_output c1",
    ]
