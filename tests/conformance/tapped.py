"""A runtime under a chain, listened to: what the chain has read of its streams, and its results."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from tui.host.live.runtime import Runtime


@dataclass(frozen=True)
class TappedRuntime(Runtime):
    """A runtime whose streams tell of each event once it was read.

    Attributes:
        results: Takes what each segment of a run returns.
        read: Called with each event.
    """

    results: list[Any]
    read: Callable[[Any], None]

    def run_streamed(self, *args: Any) -> Any:
        """Start or resume a run."""
        self.results.append(TappedResult(super().run_streamed(*args), self.read))
        return self.results[-1]


class TappedResult:
    """A runtime's result, its stream listened to."""

    def __init__(self, result: Any, read: Callable[[Any], None]) -> None:
        self._result = result

        # Whether a stream shows nested events is read from its signature.
        @functools.wraps(result.stream_events)
        async def stream_events(**options: Any) -> AsyncIterator[Any]:
            async with aclosing(result.stream_events(**options)) as events:
                async for event in events:
                    yield event
                    read(event)

        self.stream_events = stream_events

    def __getattr__(self, name: str) -> Any:
        return getattr(self._result, name)
