"""The screens of one host: the one that started it, and those that found it by its socket.

Says how long the host is needed. Stays out of what its runs do with a command.
"""

import asyncio
import socket
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

from tui.errors import WireError
from tui.host.feed import Feed
from tui.host.runs import Runs
from tui.wire.endpoint import StreamEndpoint, UpwardEnd
from tui.wire.frames import Hello, Ready, check_version, downward_reader
from tui.wire.meeting import Door, is_same_user

GRACE_S: Final = 60.0
"""How long a host waits, without a screen, for who decides what its runs wait for."""
_HELLO_S: Final = 5.0
_AGAIN_S: Final = 1.0


class Audience:
    """Who listens to a host.

    Args:
        runs: What they listen to.
        ready: What is said to each that comes.
        door: Where they come in; None for nowhere.
        outlives: Whether the host goes on when its first screen is gone.
    """

    def __init__(self, runs: Runs, ready: Ready, door: Door | None, *, outlives: bool) -> None:
        self._runs = runs
        self._ready = ready
        self._door = door
        self._outlives = outlives
        self._lines: dict[UpwardEnd, Feed] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._fault: Exception | None = None
        runs.changed = self._changed.set

    async def attend(self, first: UpwardEnd) -> None:
        """Obey all that come, until the host is needed no more.

        It is needed as long as a screen is there or a run works; while runs only wait for a
        person, for `GRACE_S`.
        """
        self._lines[first] = self._runs.first
        self._do(self._hear(first, self._runs.first, is_left=self._outlives))
        if self._door is not None and self._door.socket is not None:
            self._do(self._let_in(self._door.socket))
        try:
            await self._until_unneeded(first)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def close(self, first: UpwardEnd) -> None:
        """Close the lines of those that came in."""
        for line in self._lines:
            if line is not first:
                line.close()

    async def _until_unneeded(self, first: UpwardEnd) -> None:
        while True:
            self._changed.clear()
            if self._fault is not None:
                raise self._fault
            if not self._outlives and first not in self._lines:
                return
            if self._lines or not self._runs.are_idle:
                await self._changed.wait()
            elif not self._runs.are_waiting or not await self._changes():
                return

    async def _changes(self) -> bool:
        """Wait for somebody to come, for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                return await self._changed.wait()
        return False

    async def _let_in(self, door: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                peer, _ = await loop.sock_accept(door)
            except OSError:
                # Too many open files, say: who knocks waits meanwhile.
                await asyncio.sleep(_AGAIN_S)
                continue
            if is_same_user(peer):
                self._do(self._meet(peer))
            else:
                peer.close()

    async def _meet(self, peer: socket.socket) -> None:
        line = await StreamEndpoint.over(peer, downward_reader())
        line.write(Hello())
        try:
            async with asyncio.timeout(_HELLO_S):
                check_version(await line.read() or Hello(version=-1))
        except (WireError, TimeoutError):
            # None of ours, or of another version: it has our hello to tell by.
            line.close()
            return
        line.write(self._ready)
        self._lines[line] = feed = self._runs.listen(line)
        await self._hear(line, feed)

    async def _hear(self, line: UpwardEnd, feed: Feed, *, is_left: bool = True) -> None:
        try:
            while (command := await line.read()) is not None:
                if not isinstance(command, Hello):
                    self._runs.obey(command, feed)
        except WireError:
            # As good as gone.
            pass
        except Exception as error:  # noqa: BLE001 - told where the host is served
            self._fault = error
        self._lines.pop(line, None)
        if is_left:
            self._runs.leave(feed)
            line.close()
        self._changed.set()

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
