"""Follows one stream of a runtime to its end. Knows nothing of approvals and of what comes next."""

from asyncio import CancelledError
from collections.abc import AsyncGenerator, AsyncIterator, Callable

# The events are of either library.
from typing import Any

from tui.host.live.normalize import Normalizer
from tui.host.live.runtime import Runtime
from tui.host.live.shapes import ForeignResult, field
from tui.wire.events import RunEvent


async def follow(
    runtime: Runtime,
    result: ForeignResult,
    normalizer: Normalizer,
    tell: Callable[[RunEvent], None],
    look: Callable[[Any], None] | None = None,
) -> None:
    """Tell all that one stream brings.

    A consumer that leaves early would let the run go on unseen: it is cancelled then.

    Args:
        runtime: The library of its agent.
        result: The run.
        normalizer: Reads its events.
        tell: Takes what they tell.
        look: Is given each of them before it is told; None where nobody looks.

    Raises:
        BaseException: What ended the run, also where the stream itself ends silently.
    """
    events = _stream(runtime, result)
    is_whole = False
    try:
        async for event in events:
            if look is not None:
                look(event)
            for told in normalizer.events(event):
                tell(told)
        is_whole = True
    finally:
        if not is_whole:
            result.cancel()
            await _close(events)
    failure = field(result, "run_loop_exception")
    if isinstance(failure, BaseException) and not isinstance(failure, CancelledError):
        raise failure


async def _close(events: AsyncIterator[Any]) -> None:
    if isinstance(events, AsyncGenerator):
        await events.aclose()


def _stream(runtime: Runtime, result: ForeignResult) -> AsyncIterator[Any]:
    if not runtime.shows_nested(result):
        return result.stream_events()
    events: AsyncIterator[Any] = result.stream_events(nested=True)  # type: ignore[call-arg]
    return events
