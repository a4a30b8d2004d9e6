"""Rendezvous without sleeping: what tests wait for, across event loops and threads.

Knows nothing of HTTP; the server and its tests meet here.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

DEADLINE_S = 60.0


class Milestone:
    """A count that only grows, and that any loop or thread can wait for."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._count = 0
        self._wakers: list[Callable[[], object]] = []

    @property
    def count(self) -> int:
        """How often it has been reached."""
        return self._count

    def reach(self) -> None:
        """Count one more and wake who waits; safe from any thread."""
        with self._changed:
            self._count += 1
            self._changed.notify_all()
            wakers, self._wakers = self._wakers, []
        for wake in wakers:
            wake()

    async def at_least(self, count: int = 1, *, deadline_s: float | None = DEADLINE_S) -> None:
        """Return once it has been reached `count` times.

        Raises:
            TimeoutError: After the deadline, which only a failing test meets.
        """
        async with asyncio.timeout(deadline_s):
            while (woken := self._wait_from_here(count)) is not None:
                await woken.wait()

    def wait_blocking(self, count: int = 1, *, deadline_s: float = DEADLINE_S) -> None:
        """Wait like `at_least`, in a thread without an event loop."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._count >= count, deadline_s):
                raise TimeoutError(f"reached {self._count} times in {deadline_s} s, not {count}")

    def _wait_from_here(self, count: int) -> asyncio.Event | None:
        woken, loop = asyncio.Event(), asyncio.get_running_loop()
        with self._changed:
            if self._count >= count:
                return None
            self._wakers.append(lambda: _wake(loop, woken))
        return woken


class Gate:
    """A place where the server stops until the test lets it go on.

    `arrived` tells that the server stands there, `open` lets it and all later ones pass.
    """

    def __init__(self) -> None:
        self.arrived = Milestone()
        self._opened = Milestone()

    def open(self) -> None:
        """Let everyone pass, from now on."""
        self._opened.reach()

    async def wait(self) -> None:
        """Say that someone has arrived, and return once the gate is open."""
        self.arrived.reach()
        # No deadline: the test that holds the gate decides, and closing the server cancels this.
        await self._opened.at_least(deadline_s=None)


def _wake(loop: asyncio.AbstractEventLoop, woken: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(woken.set)
