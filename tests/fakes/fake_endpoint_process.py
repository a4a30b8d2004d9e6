"""An agent process that is none: the host's own serving, in this process, at the end of a line."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.fakes.fake_endpoint import FakeEnd, endpoint_pair
from tui.host.console import Console
from tui.host.hosting import serve
from tui.host.live.runtime import runtime_of
from tui.host.opening import LoadedAgent
from tui.wire.frames import Unready


class FakeHostProcess:
    """Serves an agent until it is told to end, or dies as a test says.

    Attributes:
        was_asked: Whether it was asked to end.
        was_killed: Whether it was killed.
    """

    def __init__(self, agent: Any, how: str = "exit code 0", last_words: str = "") -> None:
        self.was_asked = False
        self.was_killed = False
        self._how = how
        self._last_words = last_words
        self._line, self._host_end = endpoint_pair()
        loaded = agent if isinstance(agent, Unready) else _loaded(agent)
        self._serving = asyncio.ensure_future(self._serve(loaded))

    @property
    def line(self) -> FakeEnd:
        return self._line

    @property
    def host_end(self) -> FakeEnd:
        """The other end, for a test to say what no host says."""
        return self._host_end

    async def ended(self) -> tuple[str, str]:
        await asyncio.gather(self._serving, return_exceptions=True)
        return self._how, self._last_words

    def ask_to_end(self) -> None:
        self.was_asked = True
        self._serving.cancel()

    def kill(self) -> None:
        self.was_killed = True
        self._host_end.close()
        self._serving.cancel()

    def leave(self) -> None:
        self._line.close()

    async def _serve(self, loaded: LoadedAgent | Unready) -> None:
        try:
            await serve(self._host_end, loaded, Console())
        finally:
            self._host_end.close()


class FakeSpawn:
    """Starts fake processes, one agent each, in order; an exception stands for a failed start.

    Attributes:
        started: The processes so far.
    """

    def __init__(self, *agents: Any) -> None:
        self.started: list[FakeHostProcess] = []
        self._agents = list(agents)

    async def __call__(self) -> FakeHostProcess:
        agent = self._agents.pop(0)
        if isinstance(agent, Exception):
            raise agent
        self.started.append(FakeHostProcess(agent, "exit code 7", "last words"))
        return self.started[-1]


def _loaded(agent: Any) -> LoadedAgent:
    runtime = runtime_of(agent)
    assert runtime is not None
    return LoadedAgent("desk.py:agent", agent, runtime)
