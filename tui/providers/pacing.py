"""How often answers that come at once are read: many a little later each, and more at a time.

A read costs about 50 us whatever has arrived, and services send each delta by itself: without a
pause, three hundred answers of 50 deltas a second take a core and a half to read.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Generator, Iterator
from contextlib import contextmanager
from typing import Final, Generic, Self, TypeVar
from weakref import WeakKeyDictionary

from tui.agents.kinds import UserValue

T = TypeVar("T")

_FEW: Final = 16
"""Answers at once up to which each piece is read as it comes."""
_READS_S: Final = 2_000
"""Reads a second that all answers of an event loop share."""
_LONGEST_S: Final = 0.2
_MUCH: Final = 16 * 1024
"""Bytes of an answer that came between two waits, from which on more is likely to be there."""

_open: WeakKeyDictionary[asyncio.AbstractEventLoop, int] = WeakKeyDictionary()


def pause_s(answers: int) -> float:
    """Return how long each of so many answers is left alone between two reads."""
    return min(answers / _READS_S, _LONGEST_S) if answers > _FEW else 0.0


async def paced(pieces: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    """Yield the pieces of an answer's body.

    Of many answers, one that had to be waited for is left alone for a while after that; what
    arrives meanwhile is there with the next read. One of which much comes is read on.
    """
    with _one_more() as loop:
        since_wait = 0
        while True:
            seconds = pause_s(_open[loop])
            try:
                if not seconds:
                    yield await anext(pieces)
                    continue
                step = _Step(anext(pieces))
                piece = await step
            except StopAsyncIteration:
                return
            yield piece
            since_wait += len(piece)
            if step.has_waited:
                if since_wait < _MUCH:
                    await asyncio.sleep(seconds)
                since_wait = 0


@contextmanager
def _one_more() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.get_running_loop()
    _open[loop] = _open.get(loop, 0) + 1
    try:
        yield loop
    finally:
        _open[loop] -= 1


class _Step(Generic[T]):
    """Awaits, and tells whether the event loop had to be waited for."""

    __slots__ = ("_steps", "has_waited")

    def __init__(self, awaitable: Awaitable[T]) -> None:
        self._steps: Generator[UserValue, UserValue, T] = awaitable.__await__()
        self.has_waited = False

    def __await__(self) -> Self:
        return self

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> UserValue:
        return self.send(None)

    def send(self, value: UserValue) -> UserValue:
        """Go on to where it waits next, or raise StopIteration with what came of it."""
        waits_for = self._steps.send(value)
        self.has_waited = True
        return waits_for

    def throw(self, *error: UserValue) -> UserValue:
        """Go on with an error."""
        return self._steps.throw(*error)

    def close(self) -> None:
        """Give it up."""
        self._steps.close()
