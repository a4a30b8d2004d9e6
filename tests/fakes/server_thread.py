"""The scripted Responses service on a loop of its own in a thread, around tests of other processes.

Gates and milestones work across the threads; everything else is `FakeResponsesServer`'s.
"""

from __future__ import annotations

import asyncio
import threading
from types import TracebackType
from typing import Self, TypeAlias

from tests.fakes.http1 import ReceivedRequest
from tests.fakes.milestone import Milestone
from tests.fakes.responses_server import FakeResponsesServer, Script
from tests.fakes.socket_server import FakeSocketServer

AnyServer: TypeAlias = FakeResponsesServer | FakeSocketServer


class ResponsesServerThread:
    """The same service on a loop of its own in a thread, for tests that drive other processes."""

    def __init__(self, script: Script, kind: type[AnyServer] = FakeResponsesServer) -> None:
        self.server = kind(script)
        self._started = Milestone()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    @property
    def base_url(self) -> str:
        """What a client takes as `base_url`."""
        return self.server.base_url

    @property
    def requests(self) -> list[ReceivedRequest]:
        """Every request so far."""
        return self.server.requests

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait_blocking()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        await self.server.start()
        self._started.reach()
        await self._stop.wait()
        await self.server.close()
