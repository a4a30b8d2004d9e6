"""How fast the rehearsal plays. Everything that takes time in it takes it here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

# Seconds before an event at speed 1: about a quick reader's pace, with a breath before each item.
_BEFORE_EVENT_S: Mapping[str, float] = {
    "response.created": 0.25,
    "response.output_item.added": 0.2,
    "response.reasoning_summary_text.delta": 0.03,
    "response.output_text.delta": 0.035,
    "response.function_call_arguments.delta": 0.02,
}


@dataclass(frozen=True, slots=True)
class Pace:
    """The rehearsal's clock.

    Attributes:
        speed: 1 is a human pace, 5 is five times as fast.
        sleep: Waits for so many seconds.
    """

    speed: float = 1.0
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def __post_init__(self) -> None:
        if not self.speed > 0:
            raise ValueError(f"the speed must be above 0, not {self.speed}")

    async def wait(self, seconds: float) -> None:
        """Wait for so many seconds of the rehearsal's own time."""
        await self.sleep(seconds / self.speed)

    async def before(self, event_type: str) -> None:
        """Wait as long as a model would take to come up with this event."""
        if seconds := _BEFORE_EVENT_S.get(event_type):
            await self.wait(seconds)
