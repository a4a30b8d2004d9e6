"""Wakes everybody who waits until something has changed. Knows not what."""

import asyncio
from collections.abc import Callable


class Signal:
    """Waits for what others bring about, in one event loop."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def change(self) -> None:
        """Have everybody look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until `holds`, asked now and after every change."""
        while not holds():
            await self._changed.wait()
