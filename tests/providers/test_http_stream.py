"""How a stream's end is found, and what becomes of the connection."""

from __future__ import annotations

import asyncio

import pytest

from tui.providers.http_stream import event_batches

HELLO = b"data: hello\n\n"
DONE = b"data: [DONE]\n\n"


class FakeResponse:
    """A body in pieces; `is_read` tells whether somebody read it to its end."""

    def __init__(self, *pieces: bytes, ends: bool = True) -> None:
        self._pieces = pieces
        self._ends = ends
        self.is_read = False

    async def iter_bytes(self):
        for piece in self._pieces:
            yield piece
        if not self._ends:
            await asyncio.Event().wait()
        self.is_read = True


async def events_of(response):
    return [event async for batch in event_batches(response) for event in batch]


async def test_events_that_arrive_together_come_together():
    batches = [batch async for batch in event_batches(FakeResponse(HELLO + HELLO, HELLO))]
    assert [len(batch) for batch in batches] == [2, 1, 0]


async def test_a_stream_without_its_last_empty_line_is_whole():
    assert await events_of(FakeResponse(b"data: hello")) == [("", b"hello")]


async def test_done_ends_the_stream_and_the_body_is_read_for_the_next_request():
    response = FakeResponse(HELLO, DONE, b": bye\n\n")
    assert await events_of(response) == [("", b"hello")]
    assert response.is_read


async def test_done_in_the_last_line_is_no_event():
    assert await events_of(FakeResponse(HELLO + b"data: [DONE]")) == [("", b"hello")]


@pytest.mark.parametrize(
    ("pieces", "is_said"),
    [((HELLO, DONE), True), ((HELLO + b"data: [DONE]",), True), ((HELLO,), False)],
    ids=["in its turn", "as the last line", "never"],
)
async def test_whether_the_end_was_said_is_told(pieces, is_said):
    told = []
    async for _ in event_batches(FakeResponse(*pieces), lambda: told.append("done")):
        pass
    assert told == ["done"] * is_said


async def test_nobody_waits_long_for_a_server_that_goes_on_behind_its_end():
    response = FakeResponse(HELLO + DONE, ends=False)
    assert await events_of(response) == [("", b"hello")]
    assert not response.is_read
