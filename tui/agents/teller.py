"""Tells a listener what happens, without keeping it waiting. Knows neither what nor whom."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Teller(Generic[T]):
    """Tells what it is given one after the other, in a task of its own.

    Leaving `async with` waits until all is told, unless by a cancellation or after `drop`; what
    `tell` raises is raised there. What comes later is dropped.
    """

    def __init__(
        self, tell: Callable[[T], Awaitable[None]], loop: asyncio.AbstractEventLoop | None = None
    ) -> None:
        self.waiting: deque[T] = deque()
        self._tell = tell
        self._loop = loop or asyncio.get_running_loop()
        self._telling: asyncio.Task[None] | None = None
        self._is_over = False

    def add(self, what: T) -> None:
        """Have it told; may be called from any thread."""
        if not self._is_over:
            self.waiting.append(what)
            self._loop.call_soon_threadsafe(self.wake)

    def wake(self) -> None:
        """Begin to tell what waits."""
        if self._is_over or not self.waiting:
            return
        if self._telling is None or (self._telling.done() and not self._telling.exception()):
            self._telling = self._loop.create_task(self._tell_waiting())

    def drop(self) -> None:
        """Tell nothing more."""
        self._is_over = True
        if self._telling is not None:
            self._telling.cancel()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if kind is asyncio.CancelledError:
            self.drop()
        try:
            # What was added just now has woken nobody yet.
            self.wake()
            if self._telling is not None and not self._is_over:
                await self._telling
        finally:
            self.drop()
            if self._telling is not None:
                await asyncio.gather(self._telling, return_exceptions=True)

    async def _tell_waiting(self) -> None:
        while self.waiting:
            await self._tell(self.waiting.popleft())
