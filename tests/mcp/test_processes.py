"""Servers that are processes: started, spoken to, and ended, whatever they do."""

from __future__ import annotations

import asyncio
import io
import os
import sys
from pathlib import Path

import pytest

from tests.fakes import mcp_process
from tui.agents import Agent, Runner, UserError
from tui.agents.mcp import MCPServerStdio
from tui.agents.models.scripted import ScriptedModel, call, say

PROGRAM = str(Path(mcp_process.__file__))
PATIENCE_S = 60


def server(*arguments, **options):
    command = {"command": sys.executable, "args": [PROGRAM, *arguments]}
    options = {"name": "small", "client_session_timeout_seconds": PATIENCE_S, **options}
    return MCPServerStdio(command, **options)


async def said(opened, tool, word=""):
    (block,) = (await opened.call_tool(tool, {"word": word})).content
    return block.text


def lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Heard(io.StringIO):
    """A standard error that tells when something was printed."""

    def __init__(self):
        super().__init__()
        self.something = asyncio.Event()

    def write(self, text):
        self.something.set()
        return super().write(text)


async def test_a_process_is_there_between_entering_and_leaving():
    async with server() as opened:
        pid = int(await said(opened, "pid"))
        assert lives(pid)

    assert not lives(pid)


async def test_a_process_is_left_by_another_task_than_entered_it():
    opened = server()
    await asyncio.create_task(opened.connect())
    pid = int(await said(opened, "pid"))
    await asyncio.create_task(opened.cleanup())
    await opened.cleanup()

    assert not lives(pid)


async def test_a_server_can_be_entered_again():
    opened = server()
    async with opened:
        first = await said(opened, "pid")
    async with opened:
        await opened.connect()
        assert await said(opened, "pid") != first


async def test_a_process_that_will_not_end_is_ended(monkeypatch):
    for grace in ("PROCESS_TERMINATION_TIMEOUT", "FORCE_KILL_TIMEOUT"):
        monkeypatch.setattr(f"mcp.client.stdio.{grace}", 0.05)
    async with server("stubborn") as opened:
        pid = int(await said(opened, "pid"))

    assert not lives(pid)


async def test_a_process_that_is_being_started_is_ended_with_who_waits_for_it(monkeypatch):
    monkeypatch.setattr("sys.stderr", Heard())
    opened = server("mute", "loud")
    entering = asyncio.create_task(opened.connect())
    await sys.stderr.something.wait()
    entering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await entering

    assert not lives(int(sys.stderr.getvalue()))


async def test_who_is_cancelled_inside_leaves_the_server():
    pid = asyncio.get_running_loop().create_future()

    async def holds():
        async with server() as opened:
            pid.set_result(int(await said(opened, "pid")))
            await asyncio.Event().wait()

    task = asyncio.create_task(holds())
    await pid
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not lives(pid.result())


async def test_what_it_prints_goes_where_standard_error_is_now(monkeypatch):
    async with server() as opened:
        monkeypatch.setattr("sys.stderr", Heard())
        await said(opened, "say", "look")
        await sys.stderr.something.wait()

    assert sys.stderr.getvalue() == "\x1b[31mlook 日本\n"


async def test_what_it_prints_last_is_not_lost(monkeypatch):
    monkeypatch.setattr("sys.stderr", io.StringIO())
    async with server() as opened:
        await said(opened, "say", "bye")

    assert sys.stderr.getvalue() == "\x1b[31mbye 日本\n"


async def test_nobody_listening_at_standard_error_is_no_error(monkeypatch):
    monkeypatch.setattr("sys.stderr", None)
    async with server() as opened:
        assert await said(opened, "say", "hush") == "hush"


async def test_a_server_that_dies_in_a_call_is_told_to_the_model_and_the_run_goes_on():
    model = ScriptedModel([[call("die", {"word": "boom"})], [call("echo")], [say("It died.")]])
    async with server() as opened:
        agent = Agent(name="A", model=model, mcp_servers=[opened])
        opened.cache_tools_list = True
        result = await Runner.run(agent, "go")

    died, echo = [item for item in result.new_items if item.type == "tool_call_output_item"]
    assert result.final_output == "It died."
    assert died.output == "An error occurred while running the tool. Please try again."
    assert died.failure.error_type == "UserError"
    assert died.failure.message == (
        "Failed to call tool 'die' on MCP server 'small': the connection is lost; it said: "
        "\x1b[31mboom 日本"
    )
    assert "connection is lost" in echo.failure.message


async def test_a_lost_server_that_must_be_listed_ends_the_run():
    model = ScriptedModel([[call("die")], [say("unreached")]])
    async with server() as opened:
        agent = Agent(name="A", model=model, mcp_servers=[opened])
        with pytest.raises(UserError, match="Failed to list tools on MCP server 'small'"):
            await Runner.run(agent, "go")


@pytest.mark.parametrize(
    ("command", "said_why"),
    [
        (["no-such-command"], "`no-such-command`: No such file or directory"),
        ([sys.executable, "no such.py"], "no such.py'`: Connection closed; it said: "),
        ([sys.executable, "-c", "raise SystemExit('no key\\n\\n')"], "it said: no key"),
    ],
)
async def test_a_server_that_cannot_be_started_says_why(command, said_why):
    with pytest.raises(UserError) as raised:
        async with MCPServerStdio({"command": command[0], "args": command[1:]}, name="files"):
            pass

    assert str(raised.value).startswith("MCP server 'files' could not be started with `")
    assert said_why in str(raised.value)


async def test_a_server_is_named_by_its_command():
    assert MCPServerStdio({"command": "npx"}).name == "stdio: npx"


async def test_nothing_can_be_asked_before_it_is_entered():
    with pytest.raises(UserError, match="connect"):
        await server().list_tools()
