"""Several servers at once: those that can be reached are there, and all are left."""

from __future__ import annotations

import asyncio
import logging

import pytest

from tui.agents.mcp import MCPServer, MCPServerManager


class FakeServer(MCPServer):
    """A server that notes what is done to it, and fails as long as it is told to."""

    def __init__(self, name, log, fails=False):
        super().__init__()
        self._name, self.log, self.fails = name, log, fails
        self.is_waiting = asyncio.Event()

    @property
    def name(self):
        return self._name

    async def connect(self):
        self.log.append(f"+{self.name}")
        if self.fails == "hangs":
            self.is_waiting.set()
            await asyncio.Event().wait()
        if self.fails:
            raise ConnectionError(f"{self.name} is away")

    async def cleanup(self):
        self.log.append(f"-{self.name}")
        if self.name == "stuck":
            raise RuntimeError("will not go")

    async def list_tools(self, run_context=None, agent=None):
        return []

    async def call_tool(self, tool_name, arguments, meta=None):
        raise NotImplementedError


@pytest.fixture
def log():
    return []


both = pytest.mark.parametrize("at_once", [False, True])


@both
async def test_servers_are_left_in_the_other_order(log, at_once):
    servers = [FakeServer(name, log) for name in "ab"]
    async with MCPServerManager([*servers, servers[0]], connect_in_parallel=at_once) as manager:
        assert manager.active_servers == manager.all_servers == servers

    assert log == ["+a", "+b", "-b", "-a"]


@both
async def test_a_server_that_is_away_is_left_out_and_its_error_kept(log, at_once):
    a, b = FakeServer("a", log, fails=True), FakeServer("b", log)
    async with MCPServerManager([a, b], connect_in_parallel=at_once) as manager:
        assert manager.active_servers == [b]
        assert manager.failed_servers == [a]
        assert str(manager.errors[a]) == "a is away"
        a.fails = False
        assert await manager.reconnect() == [a, b]
        assert manager.failed_servers == []

    assert sorted(log) == ["+a", "+a", "+b", "-a", "-a", "-b"]


async def test_a_server_that_is_away_is_kept_where_it_is_wanted(log):
    a = FakeServer("a", log, fails=True)
    async with MCPServerManager([a], drop_failed_servers=False) as manager:
        assert manager.active_servers == [a]


async def test_a_server_that_does_not_answer_in_time_is_away(log):
    a = FakeServer("a", log, fails="hangs")
    async with MCPServerManager([a], connect_timeout_seconds=0.01) as manager:
        assert isinstance(manager.errors[a], TimeoutError)


@both
async def test_the_first_failure_is_raised_where_all_must_be_there(log, at_once):
    servers = [FakeServer("a", log), FakeServer("b", log, fails=True), FakeServer("c", log)]
    with pytest.raises(ConnectionError, match="b is away"):
        async with MCPServerManager(servers, strict=True, connect_in_parallel=at_once):
            raise AssertionError("entered")

    opened = [word[1:] for word in log if word[0] == "+"]
    assert sorted(opened) == sorted(word[1:] for word in log if word[0] == "-")


async def test_all_are_reached_anew(log):
    a = FakeServer("a", log)
    async with MCPServerManager([a]) as manager:
        assert await manager.reconnect(failed_only=False) == [a]

    assert log == ["+a", "-a", "+a", "-a"]


async def test_who_waits_for_a_server_may_be_cancelled(log):
    servers = [FakeServer("a", log), FakeServer("b", log, fails="hangs")]
    task = asyncio.create_task(MCPServerManager(servers).connect_all())
    await servers[1].is_waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert log == ["+a", "+b", "-a"]


async def test_a_server_that_will_not_go_does_not_keep_the_others(log, caplog):
    caplog.set_level(logging.WARNING)
    async with MCPServerManager([FakeServer("a", log), FakeServer("stuck", log)]):
        pass

    assert log[-2:] == ["-stuck", "-a"]
    assert "will not go" in caplog.text
