"""How a scripted reply travels: its chunks, its pauses, and all that can go wrong on the way.

Stays out of sockets: a delivery writes to whatever can write a chunk.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.fakes.milestone import Gate
from tui.rehearsal.response_object import Envelope, JsonObject
from tui.rehearsal.script import Reply
from tui.rehearsal.sse import encode_event
from tui.rehearsal.stream import stream_events


class ConnectionCut(Exception):
    """The script breaks the connection here.

    Args:
        resets: Whether the other side is told that it broke, and not that it ended.
    """

    def __init__(self, *, resets: bool = False) -> None:
        super().__init__()
        self.resets = resets


@dataclass(frozen=True, slots=True)
class Hold:
    """Stand at the gate until the test opens it."""

    gate: Gate


@dataclass(frozen=True, slots=True)
class Pause:
    """Let real time pass; for programs in a pty, never for tests in the process."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Stall:
    """Send nothing any more, and keep the connection."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Break the connection."""

    resets: bool = False


@dataclass(frozen=True, slots=True)
class Garbage:
    """Send bytes that are no event."""

    content: bytes = b"data: {not json\n\n"


Act: TypeAlias = Hold | Pause | Stall | Cut | Garbage


END = "end"


@dataclass(frozen=True, slots=True)
class Before:
    """An act that comes before an event.

    Attributes:
        event: The event's index, or its type, which stands for the first event of that type;
            `END` stands for the place behind the last event.
        act: What happens there.
    """

    event: int | str
    act: Act


@dataclass(frozen=True, slots=True)
class HttpError:
    """A response that is no stream.

    Attributes:
        status: The HTTP status.
        body: The JSON body, which for the real service is `{"error": {...}}`.
        headers: Further headers, for instance `retry-after-ms`.
    """

    status: int
    body: JsonObject = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def http_error(status: int, message: str, code: str | None = None, **headers: str) -> HttpError:
    """Return an error in the service's form; underscores in header names stand for hyphens."""
    error: JsonObject = {"message": message, "type": "scripted_error", "param": None, "code": code}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpError(status, {"error": error}, named)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A reply and its way.

    Attributes:
        reply: What the model says.
        acts: What happens on the way; several before one event happen in the order given.
        chunk_bytes: Size of an HTTP chunk; None gives each event a chunk of its own. Chunks
            end early at an act, so that what was written before it has arrived.
        response_id: The response's id; None derives one from the number of the request, which
            is no help where requests come at the same time.
    """

    reply: Reply
    acts: tuple[Before, ...] = ()
    chunk_bytes: int | None = None
    response_id: str | None = None


Answer: TypeAlias = Reply | Delivery | HttpError | Cut
"""`Cut` breaks the connection in place of an answer."""


async def body_chunks(
    delivery: Delivery, told: Iterable[tuple[str, bytes]], end: bytes = b""
) -> AsyncIterator[bytes]:
    """Yield the chunks of the body, standing still where the acts say so.

    Args:
        delivery: How the reply travels.
        told: Its events in order, each with its type and as a frame.
        end: What stands behind the last event.

    Raises:
        ConnectionCut: Where the script breaks the connection.
    """
    waiting = b""
    for acts, frame in _frames(delivery, told, end):
        for act in acts:
            yield waiting
            waiting = await _perform(act)
        waiting += frame
        while waiting and len(waiting) >= (delivery.chunk_bytes or 1):
            chunk = waiting[: delivery.chunk_bytes]
            yield chunk
            waiting = waiting[len(chunk) :]
    yield waiting


async def messages(delivery: Delivery, told: Iterable[tuple[str, bytes]]) -> AsyncIterator[bytes]:
    """Yield what a connection of messages carries: each event one, and what the acts put between.

    Raises:
        ConnectionCut: Where the script breaks the connection.
    """
    for acts, frame in _frames(delivery, told, b""):
        for act in acts:
            if extra := await _perform(act):
                yield extra
        if frame:
            yield frame


def response_frames(reply: Reply, envelope: Envelope) -> Iterator[tuple[str, bytes]]:
    """Yield the events of a Responses stream, each with its type and as a frame."""
    for event in stream_events(reply, envelope):
        yield str(event["type"]), encode_event(event)


def _frames(
    delivery: Delivery, told: Iterable[tuple[str, bytes]], end: bytes
) -> Iterator[tuple[list[Act], bytes]]:
    seen: set[object] = set()
    for index, (kind, frame) in enumerate(told):
        names = {index} if kind in seen else {index, kind}
        seen.add(kind)
        yield _acts_at(names, delivery), frame
    yield _acts_at({END}, delivery), end


def _acts_at(names: set[object], delivery: Delivery) -> list[Act]:
    return [before.act for before in delivery.acts if before.event in names]


async def _perform(act: Act) -> bytes:
    """Do what the act says; return what it puts into the body."""
    match act:
        case Hold(gate):
            await gate.wait()
        case Pause(seconds):
            await asyncio.sleep(seconds)
        case Stall():
            await asyncio.Event().wait()
        case Cut(resets):
            raise ConnectionCut(resets=resets)
        case Garbage(content):
            return content
    return b""
