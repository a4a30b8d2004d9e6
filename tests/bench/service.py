"""A Responses service for benchmarks: a process of its own that sends bytes rendered beforehand.

Its CPU is nobody's. What it answers is named by the request's model, which no script could make
slower: "deltas-N-event" and "deltas-N-whole" stream N text deltas, in an HTTP chunk an event or in
chunks of 32 KiB; "turns-T" calls the tool `add` until the request holds T outputs; "paced-N" and
"steady-N" send N deltas, 100 and 50 a second; "large-KIB" a message of so many KiB in deltas of 4
KiB; "burn-S" calls the tool `burn` for S seconds.
"""

import asyncio
import itertools
import multiprocessing
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing.connection import Connection

from tests.fakes.http1 import Reader, ReceivedRequest, read_request
from tui.rehearsal.response_object import Envelope
from tui.rehearsal.script import Reply, Say, call, reply
from tui.rehearsal.sse import encode_event
from tui.rehearsal.stream import stream_events

KIB = 1024
CHUNK_BYTES = 32 * KIB
PACES_S = {"paced": 0.01, "steady": 0.02}
END = "the-end"
"""The last word of a long message, so that who looks at a screen can tell."""

# Paragraphs of about forty words.
_DELTAS = (*("word ", "and a", "nother", " one "), *("of it ",) * 35, "end.\n\n")
_PAGE = "A line of text, as long as lines of text are in a window of this size.\n" * 8 + "\n"
_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"transfer-encoding: chunked\r\n\r\n"
)
_NAME = re.compile(r"(deltas|turns|paced|steady|large|burn)-(\d+)(?:-(event|whole))?")


def message(count: int) -> Reply:
    """Return a message of `count` short deltas."""
    return reply(Say((*itertools.islice(itertools.cycle(_DELTAS), count - 1), END)))


def frames(answer: Reply, response_id: str) -> tuple[bytes, ...]:
    """Return the events of a response as the service sends them."""
    return tuple(map(encode_event, stream_events(answer, Envelope(response_id))))


@cache
def _body(kind: str, count: int, chunking: str, turn: int) -> bytes:
    match kind:
        case "deltas":
            answer = message(count)
        case "large":
            pages = (_PAGE * (4 * KIB // len(_PAGE) + 1))[: 4 * KIB]
            answer = reply(Say((*((pages,) * (count // 4)), END)))
        case "burn" if not turn:
            answer = reply(call("burn", "call_burn", seconds=count))
        case "burn":
            answer = reply(Say((END,)))
        case _ if turn < count:
            answer = reply(call("add", f"call_{turn}", a=turn, b=1))
        case _:
            answer = reply(Say(("done",)))
    return b"".join(map(_chunk, _cut(frames(answer, f"resp_{kind}_{turn}"), chunking)))


def _cut(parts: tuple[bytes, ...], chunking: str) -> Iterator[bytes]:
    if chunking == "event":
        yield from parts
        return
    whole = b"".join(parts)
    for start in range(0, len(whole), CHUNK_BYTES):
        yield whole[start : start + CHUNK_BYTES]


def _chunk(content: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(content), content)


async def _answer(request: ReceivedRequest, writer: asyncio.StreamWriter) -> None:
    found = _NAME.fullmatch(str(request.body["model"]))
    assert found is not None, request.body["model"]
    kind, count, chunking = found[1], int(found[2]), found[3] or "whole"
    writer.write(_HEAD)
    if kind in PACES_S:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number, frame in enumerate(_paced_frames(count)):
            if writer.is_closing():
                return
            writer.write(frame)
            # By the clock: what a busy machine delays is made up for.
            await asyncio.sleep(began + number * PACES_S[kind] - loop.time())
    else:
        outputs = _outputs_since_message(request.body["input"])
        writer.write(_body(kind, count, chunking, outputs))
    writer.write(b"0\r\n\r\n")
    await writer.drain()


@cache
def _paced_frames(count: int) -> tuple[bytes, ...]:
    return tuple(map(_chunk, frames(message(count), "resp_paced")))


def _outputs_since_message(items: str | list[dict[str, object]]) -> int:
    if isinstance(items, str):
        return 0
    kinds = [item.get("role") or item.get("type") for item in items]
    said = max(place for place, kind in enumerate(kinds) if kind == "user")
    return kinds[said:].count("function_call_output")


async def _serve(pipe: Connection) -> None:
    def protocol() -> asyncio.StreamReaderProtocol:
        reader = Reader()

        async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while (request := await read_request(reader, 0)) is not None:
                await _answer(request, writer)

        return asyncio.StreamReaderProtocol(reader, serve)

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    await asyncio.Event().wait()


def _run(pipe: Connection) -> None:
    asyncio.run(_serve(pipe))


@contextmanager
def running_service() -> Iterator[str]:
    """Run the service; the value is its base URL."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(theirs,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/v1"
    finally:
        process.kill()
        process.join()
