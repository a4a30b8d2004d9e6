"""Passes on what the tool of one call reports while it runs. Knows no hooks and no run."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable

from tui.agents.exceptions import UserError
from tui.agents.kinds import Json


class Reports:
    """The reports of one call, told one after the other; the tool does not wait for it.

    Leaving `async with` waits until all was told, unless by an error; what comes later is dropped.

    Args:
        tell: Tells one; what it raises is raised when the tool has ended.
    """

    def __init__(self, tell: Callable[[Json], Awaitable[None]]) -> None:
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Json] = deque()
        self._teller: asyncio.Task[None] | None = None
        self._is_over = False

    def add(self, progress: Json) -> None:
        """Take a report, from any thread; after the end of the call it is dropped.

        Raises:
            UserError: If it is no text and cannot be written as JSON.
        """
        try:
            json.dumps(progress)
        except (TypeError, ValueError) as error:
            raise UserError(f"A tool reports text or JSON values: {error}") from error
        if not self._is_over:
            self._waiting.append(progress)
            self._loop.call_soon_threadsafe(self._wake)

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, kind: type[BaseException] | None, *error: object) -> None:
        try:
            # What was reported just now has woken nobody yet.
            self._wake()
            if self._teller is not None and kind is None:
                await self._teller
        finally:
            self._is_over = True
            if self._teller is not None:
                self._teller.cancel()
                await asyncio.gather(self._teller, return_exceptions=True)

    def _wake(self) -> None:
        if self._is_over or not self._waiting:
            return
        if self._teller is None or (self._teller.done() and not self._teller.exception()):
            self._teller = self._loop.create_task(self._tell_waiting())

    async def _tell_waiting(self) -> None:
        while self._waiting:
            await self._tell(self._waiting.popleft())
