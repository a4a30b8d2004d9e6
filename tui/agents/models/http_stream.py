"""Reads the server-sent events of an HTTP response. Does not look into their data."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from tui.agents.kinds import UserValue
from tui.agents.models.connection_errors import connection_error
from tui.agents.models.sse import SSEDecoder

_DONE = b"[DONE]"
_DRAIN_S = 0.1


async def event_batches(
    response: UserValue, on_done: Callable[[], None] = lambda: None
) -> AsyncIterator[list[tuple[str, bytes]]]:
    """Yield names and data of the events, those that arrived together in one list.

    Ends with the body, or at `[DONE]`.

    Args:
        response: The response, its body unread.
        on_done: Called if the server says `[DONE]`.

    Raises:
        openai.APIConnectionError: If the connection breaks.
    """
    decoder = SSEDecoder()
    chunks = response.iter_bytes()
    try:
        async for chunk in chunks:
            batch = list(decoder.feed(chunk))
            if batch and batch[-1][1].startswith(_DONE):
                on_done()
                yield batch[:-1]
                await _drain(chunks)
                return
            yield batch
    except Exception as error:
        broken = connection_error(error, response.http_request)
        if broken is None:
            raise
        raise broken from error
    rest = list(decoder.flush())
    events = [event for event in rest if not event[1].startswith(_DONE)]
    if len(events) < len(rest):
        on_done()
    yield events


async def _drain(chunks: AsyncIterator[bytes]) -> None:
    """Read what is behind the end: only a body that was read leaves its connection usable."""
    try:
        async with asyncio.timeout(_DRAIN_S):
            async for _ in chunks:
                pass
    except Exception:  # noqa: BLE001, S110 - the answer is whole, whatever becomes of the connection
        pass
