"""When answers that come at once are read: each piece of a few, what has arrived of many."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing

import pytest

from tui.providers.pacing import paced, pause_s

MANY = 100


class FakeBody:
    """A body that others fill; a read that finds nothing waits."""

    def __init__(self, *arrived: bytes) -> None:
        self._arrived = deque(arrived)
        self._has_more = asyncio.Event()

    def arrive(self, *pieces: bytes) -> None:
        self._arrived.extend(pieces)
        self._has_more.set()

    async def pieces(self) -> AsyncIterator[bytes]:
        while True:
            while self._arrived:
                yield self._arrived.popleft()
            await self._has_more.wait()
            self._has_more.clear()


async def begun(stack: AsyncExitStack, body: FakeBody) -> AsyncIterator[bytes]:
    """Return the pieces of an answer that is being read until the stack is left."""
    body.arrive(b"first")
    pieces = await stack.enter_async_context(aclosing(paced(body.pieces())))
    assert await anext(pieces) == b"first"
    return pieces


async def read_late(body: FakeBody, pieces: AsyncIterator[bytes]) -> None:
    """Read a piece that is not there yet, behind which another one has arrived."""
    reading = asyncio.ensure_future(anext(pieces))
    await asyncio.sleep(0)
    body.arrive(b"late", b"next")
    assert await reading == b"late"


def count_turns() -> Callable[[], int]:
    """Return what tells how many turns the event loop has made since."""
    loop, made = asyncio.get_running_loop(), 0

    def turn() -> None:
        nonlocal made
        made += 1
        loop.call_soon(turn)

    loop.call_soon(turn)
    return lambda: made


async def turns_behind_a_wait(stack: AsyncExitStack) -> int:
    """Return how many turns of the event loop what has arrived is left alone behind a wait."""
    body = FakeBody()
    pieces = await begun(stack, body)
    await read_late(body, pieces)
    turns = count_turns()
    assert await anext(pieces) == b"next"
    return turns()


@pytest.fixture
async def others():
    """All other answers, until the stack is left."""
    async with AsyncExitStack() as stack:
        for _ in range(MANY - 1):
            await begun(stack, FakeBody())
        yield stack


@pytest.mark.parametrize(
    ("answers", "seconds"),
    [(1, 0.0), (16, 0.0), (17, 0.0085), (100, 0.05), (300, 0.15), (400, 0.2), (5_000, 0.2)],
)
def test_the_more_answers_come_at_once_the_longer_each_is_left_alone(answers, seconds):
    assert pause_s(answers) == pytest.approx(seconds)


async def test_of_many_one_that_was_waited_for_is_left_alone_for_a_while(others):
    body, loop = FakeBody(), asyncio.get_running_loop()
    pieces = await begun(others, body)
    await read_late(body, pieces)
    began = loop.time()
    assert await anext(pieces) == b"next"
    assert loop.time() - began >= pause_s(MANY) - 0.001


async def test_of_many_one_of_which_much_comes_is_read_on(others):
    body = FakeBody()
    pieces = await begun(others, body)
    body.arrive(b"." * 16 * 1024)
    await anext(pieces)
    await read_late(body, pieces)
    turns = count_turns()
    assert await anext(pieces) == b"next"
    assert turns() == 0


async def test_of_many_what_has_arrived_is_read_at_once(others):
    body = FakeBody()
    pieces = await begun(others, body)
    body.arrive(*[b"piece"] * 50)
    turns = count_turns()
    assert [await anext(pieces) for _ in range(50)] == [b"piece"] * 50
    assert turns() == 0


async def test_of_a_few_each_piece_is_read_as_it_comes():
    async with AsyncExitStack() as stack:
        assert await turns_behind_a_wait(stack) == 0


async def test_answers_that_were_left_in_the_middle_count_no_more(others):
    await others.pop_all().aclose()
    async with AsyncExitStack() as stack:
        assert await turns_behind_a_wait(stack) == 0


async def test_answers_of_another_event_loop_do_not_count(others):
    async def elsewhere() -> int:
        async with AsyncExitStack() as stack:
            return await turns_behind_a_wait(stack)

    assert await asyncio.to_thread(asyncio.run, elsewhere()) == 0


async def test_the_end_and_an_error_come_through():
    async def ending(error: Exception | None = None) -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.sleep(0)
        if error is not None:
            raise error

    assert [piece async for piece in paced(ending())] == [b"a"]
    pieces = paced(ending(ConnectionError("gone")))
    assert await anext(pieces) == b"a"
    with pytest.raises(ConnectionError, match="gone"):
        await anext(pieces)


async def test_a_read_that_waits_can_be_cancelled():
    was_left = []

    async def silent() -> AsyncIterator[bytes]:
        try:
            await asyncio.Event().wait()
            yield b""
        finally:
            was_left.append(True)

    reading = asyncio.ensure_future(anext(paced(silent())))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert was_left == [True]
