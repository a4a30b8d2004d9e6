"""Lets a check run beside a run's own work, and stop it. Knows no guardrail."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

from tui.agents.kinds import UserValue

T = TypeVar("T")


class Verdict:
    """What comes of a check that runs beside other work: nothing, or an error that ends it."""

    def __init__(self) -> None:
        self._check: asyncio.Task[None] | None = None

    def await_from(self, check: Coroutine[UserValue, UserValue, None]) -> None:
        """Begin a check; what it raises is the verdict."""
        self._check = asyncio.ensure_future(check)

    async def beside(self, work: Callable[[], Coroutine[UserValue, UserValue, T]]) -> T:
        """Do `work`; if the check fails first, cancel it and raise what the check raised."""
        check = self._check
        if check is None or check.done():
            self.known()
            return await work()
        doing = asyncio.ensure_future(work())
        try:
            await asyncio.wait({check, doing}, return_when=asyncio.FIRST_COMPLETED)
            self.known()
            return await doing
        finally:
            doing.cancel()
            await asyncio.gather(doing, return_exceptions=True)

    def known(self) -> None:
        """Raise what the check raised, if it has ended so."""
        if self._check is not None and self._check.done():
            self._check.result()

    @property
    def is_pending(self) -> bool:
        """Whether the check still runs."""
        return self._check is not None and not self._check.done()

    async def settled(self) -> None:
        """Wait for the check, and raise what it raised."""
        if self._check is not None:
            await self._check

    async def allows(self) -> bool:
        """Wait for the check, and tell whether it was passed."""
        if self._check is None:
            return True
        await asyncio.wait({self._check})
        return not self._check.cancelled() and self._check.exception() is None

    async def drop(self) -> None:
        """Stop the check, if it still runs."""
        if self._check is not None:
            self._check.cancel()
            await asyncio.gather(self._check, return_exceptions=True)
