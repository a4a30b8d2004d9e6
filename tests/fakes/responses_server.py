"""A Responses service on the loopback interface, answering from a script.

In a test: `async with FakeResponsesServer([reply(say("Hello"))]) as server`, then point a client at
`server.base_url`. Around a process in a pty: `server_thread`. As a process of its own:
`python -m tests.fakes.responses_server tests.some_module:SCRIPT`. The same script is served on
`/v1/chat/completions`, too. Stays out of what is said, which `tui.rehearsal.script` describes, and
of how it travels, which `delivery` does.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Self, TypeAlias

from tests.fakes.chat_route import PLAIN, ChatStyle, chat_end, chat_frames, whole_completion
from tests.fakes.delivery import (
    Answer,
    ConnectionCut,
    Cut,
    Delivery,
    HttpError,
    body_chunks,
    http_error,
    response_frames,
)
from tests.fakes.http1 import Reader, ReceivedRequest, ResponseWriter, read_request
from tests.fakes.milestone import Milestone
from tui.rehearsal.response_object import Envelope, JsonObject
from tui.rehearsal.script import Reply
from tui.rehearsal.sse import encode_json
from tui.rehearsal.stream import whole_response

Script: TypeAlias = Iterable[Answer] | Callable[[ReceivedRequest], Answer]

RESPONSES, CHAT = "/v1/responses", "/v1/chat/completions"
CREATED_AT = 1_700_000_000


class FakeResponsesServer:
    """Speaks `POST` on both routes, streamed and not, and remembers what it was asked.

    Args:
        script: The answers in order, or what answers a request.
        chat_style: How it speaks Chat Completions.

    Attributes:
        requests: Every request so far, whole, in order of arrival.
        arrivals: Reached once a request, after it stands in `requests`.
        hangups: Reached when a client closes the connection before its response was complete.
        opened: How many connections there were.
        closed: Reached once a connection has ended.
        unscripted: Requests that the script had no answer for; leaving the context raises if any.
    """

    def __init__(self, script: Script, chat_style: ChatStyle = PLAIN) -> None:
        self._answer = script if callable(script) else _in_order(script)
        self._chat_style = chat_style
        self.requests: list[ReceivedRequest] = []
        self.unscripted: list[ReceivedRequest] = []
        self.arrivals = Milestone()
        self.hangups = Milestone()
        self.opened = 0
        self.closed = Milestone()
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def base_url(self) -> str:
        """What a client takes as `base_url`."""
        host, port = self._listener.sockets[0].getsockname()[:2]
        return f"http://{host}:{port}/v1"

    @property
    def bodies(self) -> list[dict[str, object]]:
        """The JSON bodies of all requests."""
        return [request.body for request in self.requests]

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await self.close()
        if kind is None and self.unscripted:
            asked = [f"{request.method} {request.path}" for request in self.unscripted]
            raise AssertionError(f"the script had no answer for: {', '.join(asked)}")

    async def start(self, port: int = 0) -> None:
        """Listen on the loopback interface; port 0 takes a free one."""
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._protocol, "127.0.0.1", port)

    async def close(self) -> None:
        """Stop listening, break what is still open, and wait until all of it has ended."""
        self._listener.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _protocol(self) -> asyncio.StreamReaderProtocol:
        reader = Reader()

        async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve(reader, writer)

        return asyncio.StreamReaderProtocol(reader, serve)

    async def _serve(self, reader: Reader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        self.opened += 1
        try:
            await self._serve_requests(reader, ResponseWriter(writer))
        except (asyncio.CancelledError, ConnectionError, asyncio.IncompleteReadError):
            # Cancelled by `close` alone; a broken connection has no one left to tell, nor has one
            # whose client was killed inside its request.
            pass
        finally:
            self._connections.discard(task)
            writer.transport.abort()
            self.closed.reach()

    async def _serve_requests(self, reader: Reader, writer: ResponseWriter) -> None:
        while (request := await read_request(reader, len(self.requests))) is not None:
            self.requests.append(request)
            self.arrivals.reach()
            answering = asyncio.ensure_future(self._respond(request, writer))
            if not await _finished_before_hangup(answering, reader):
                self.hangups.reach()
                return

    async def _respond(self, request: ReceivedRequest, writer: ResponseWriter) -> None:
        match self._choose(request):
            case HttpError(status, body, headers):
                await writer.whole(status, encode_json(body), _JSON | dict(headers))
            case Cut(resets):
                writer.cut(resets=resets)
            case Delivery() as delivery:
                await self._deliver(delivery, request, writer)
            case Reply() as reply:
                await self._deliver(Delivery(reply), request, writer)

    def _choose(self, request: ReceivedRequest) -> Answer:
        if request.method != "POST" or _route(request) not in (RESPONSES, CHAT):
            self.unscripted.append(request)
            return http_error(404, f"no such route: {request.method} {request.path}")
        try:
            return self._answer(request)
        except StopIteration:
            self.unscripted.append(request)
            return http_error(400, f"the script has no answer for request {request.number}")

    async def _deliver(
        self, delivery: Delivery, request: ReceivedRequest, writer: ResponseWriter
    ) -> None:
        response_id = delivery.response_id or f"resp_{request.number}"
        envelope = Envelope(response_id, CREATED_AT, request.body)
        if not request.body.get("stream"):
            await writer.whole(
                200, encode_json(self._whole(delivery.reply, envelope, request)), _JSON
            )
            return
        await writer.start(200, _EVENT_STREAM | {"x-request-id": f"req_{request.number}"})
        try:
            async for chunk in self._chunks(delivery, envelope, request):
                await writer.chunk(chunk)
            await writer.end()
        except ConnectionCut as cut:
            writer.cut(resets=cut.resets)

    def _whole(self, reply: Reply, envelope: Envelope, request: ReceivedRequest) -> JsonObject:
        if _route(request) == CHAT:
            return whole_completion(reply, envelope, self._chat_style)
        return whole_response(reply, envelope)

    def _chunks(
        self, delivery: Delivery, envelope: Envelope, request: ReceivedRequest
    ) -> AsyncIterator[bytes]:
        reply, style = delivery.reply, self._chat_style
        if _route(request) == CHAT:
            told = chat_frames(reply, envelope, style)
            return body_chunks(delivery, told, chat_end(reply, style))
        return body_chunks(delivery, response_frames(reply, envelope))


_JSON = {"content-type": "application/json"}
_EVENT_STREAM = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store"}


def _in_order(script: Iterable[Answer]) -> Callable[[ReceivedRequest], Answer]:
    answers = iter(script)
    return lambda _: next(answers)


def _route(request: ReceivedRequest) -> str:
    return request.path.partition("?")[0]


async def _finished_before_hangup(answering: asyncio.Future[None], reader: Reader) -> bool:
    hangup = asyncio.ensure_future(reader.hung_up.wait())
    try:
        await asyncio.wait({answering, hangup}, return_when=asyncio.FIRST_COMPLETED)
        finished = answering.done()
    finally:
        hangup.cancel()
        answering.cancel()
    if finished:
        answering.result()
    return finished


async def _serve_forever(script: Script, port: int) -> None:
    server = FakeResponsesServer(script)
    await server.start(port)
    print(server.base_url, flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Serve the script named on the command line, and print the base URL."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("script", help="module:name of a list of answers, or of a function")
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    module, _, name = arguments.script.partition(":")
    script: Script = getattr(importlib.import_module(module), name)
    asyncio.run(_serve_forever(script, arguments.port))


if __name__ == "__main__":
    main()
