"""Reads the server-sent events of an HTTP response. Does not look into their data."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeAlias

from tui.agents.kinds import JsonObject, UserFunction, UserValue
from tui.providers.connection_errors import connection_error
from tui.providers.encodable import mended
from tui.providers.pacing import paced
from tui.providers.retries import wait_s
from tui.providers.sse import SSEDecoder

if TYPE_CHECKING:
    from openai import AsyncOpenAI

Batch: TypeAlias = list[tuple[str, bytes]]
"""Names and data of events that arrived together."""

_DONE = b"[DONE]"
_DRAIN_S = 0.1


async def answer_batches(
    client: AsyncOpenAI,
    create: UserFunction,
    arguments: JsonObject,
    on_done: Callable[[], None] = lambda: None,
) -> AsyncGenerator[tuple[UserValue, Batch]]:
    """Send a request and yield the batches of its answer, each with the response.

    A connection that breaks before the first event is tried again, as often as the client's
    `max_retries` says: up to the head of the response the client does that itself.

    Args:
        client: Whose request it is.
        create: The client's method that sends it.
        arguments: What the method is given.
        on_done: Called if the server says `[DONE]`.

    Raises:
        openai.OpenAIError: If the service fails.
    """
    from openai import APIConnectionError

    tries = 0
    while True:
        may_retry = False
        try:
            async with create(**arguments) as response:
                may_retry = tries < client.max_retries
                async with aclosing(event_batches(response, on_done)) as batches:
                    async for batch in batches:
                        may_retry = may_retry and not batch
                        yield response, batch
            return
        except UnicodeEncodeError as error:
            arguments = mended(arguments, error)
        except APIConnectionError as error:
            pause_s = wait_s(error, tries)
            if not may_retry or pause_s is None:
                raise
            await asyncio.sleep(pause_s)
            tries += 1


async def event_batches(
    response: UserValue, on_done: Callable[[], None] = lambda: None
) -> AsyncGenerator[Batch]:
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
        async with aclosing(paced(chunks)) as pieces:
            async for chunk in pieces:
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
        try:
            raise broken from error
        finally:
            # Else it would hold the frame that holds it, and with both the request's body.
            del broken
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
