"""A Responses service over WebSocket, answering from the same scripts as the one over HTTP.

In a test: `async with FakeSocketServer([reply(say("Hello"))]) as server`, then point a client at
`server.base_url`. Built on the server side of `websockets`, so the connections are real. Stays out
of what is said and of how it travels, as `responses_server` does.
"""

from __future__ import annotations

import asyncio
import http
import json
from collections.abc import Iterable
from typing import Self

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tests.fakes.delivery import Answer, ConnectionCut, Cut, Delivery, HttpError, messages
from tests.fakes.http1 import ReceivedRequest, break_off
from tests.fakes.milestone import Gate, Milestone
from tests.fakes.responses_server import CREATED_AT, Script
from tui.rehearsal.response_object import Envelope
from tui.rehearsal.script import Reply
from tui.rehearsal.sse import encode_json
from tui.rehearsal.stream import stream_events


class FakeSocketServer:
    """Takes `response.create`, tells the events of a response, and remembers what it was asked.

    An `HttpError` in the script refuses a request as the service does: by an `error` event that
    has the status.

    Args:
        script: The answers in order, or what answers a request.
        refusals: What the first handshakes are answered with, before one is let through.
        gate: Where handshakes wait until the test opens it.

    Attributes:
        requests: Every request so far, in order of arrival; its path is that of the connection.
        arrivals: Reached once a request, after it stands in `requests`.
        handshakes: How many connections were asked for, the refused ones included.
        opened: How many were opened.
        closed: Reached once one of them has ended.
        hangups: Reached when a client leaves in the middle of a response.
        unscripted: Requests that the script had no answer for; leaving the context raises if any.
    """

    def __init__(
        self, script: Script, refusals: Iterable[HttpError] = (), gate: Gate | None = None
    ) -> None:
        self._gate = gate
        answers = iter(()) if callable(script) else iter(script)
        self._answer = script if callable(script) else lambda _: next(answers)
        self._refusals = iter(refusals)
        self.requests: list[ReceivedRequest] = []
        self.unscripted: list[ReceivedRequest] = []
        self.arrivals = Milestone()
        self.hangups = Milestone()
        self.handshakes = 0
        self.opened = 0
        self.closed = Milestone()
        self._open: set[ServerConnection] = set()

    @property
    def base_url(self) -> str:
        """What a client takes as `base_url`."""
        host, port = next(iter(self._server.sockets)).getsockname()[:2]
        return f"http://{host}:{port}/v1"

    @property
    def bodies(self) -> list[dict[str, object]]:
        """The requests as over HTTP: what they ask for."""
        return [request.body for request in self.requests]

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await self.close()
        if kind is None and self.unscripted:
            asked = [request.body for request in self.unscripted]
            raise AssertionError(f"the script had no answer for: {asked}")

    async def start(self, port: int = 0) -> None:
        """Listen on the loopback interface; port 0 takes a free one."""
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            port,
            process_request=self._refuse,
            max_size=None,
            ping_interval=None,
            close_timeout=0.1,
        )

    async def close(self) -> None:
        """Stop listening, break what is still open, and wait until all of it has ended."""
        for connection in self._open:
            connection.transport.abort()
        self._server.close()
        await self._server.wait_closed()

    async def close_connections(self) -> None:
        """Close every open connection in form, as a service that restarts does."""
        await asyncio.gather(*(connection.close(1001) for connection in self._open))

    async def _refuse(self, connection: ServerConnection, request: Request) -> Response | None:
        self.handshakes += 1
        if self._gate is not None:
            await self._gate.wait()
        refusal = next(self._refusals, None)
        if refusal is None:
            return None
        body = encode_json(refusal.body)
        headers = Headers({"content-length": str(len(body)), **refusal.headers})
        return Response(refusal.status, http.HTTPStatus(refusal.status).phrase, headers, body)

    async def _serve(self, connection: ServerConnection) -> None:
        self.opened += 1
        self._open.add(connection)
        try:
            async for message in connection:
                await self._respond(self._received(message, connection), connection)
        except ConnectionClosed:
            self.hangups.reach()
        except ConnectionCut as cut:
            break_off(connection.transport, resets=cut.resets)
        finally:
            self._open.discard(connection)
            self.closed.reach()

    def _received(self, message: str | bytes, connection: ServerConnection) -> ReceivedRequest:
        body = json.loads(message)
        assert body.pop("type") == "response.create"
        asked = connection.request
        headers = {name.lower(): value for name, value in asked.headers.raw_items()}
        request = ReceivedRequest(len(self.requests), "WS", asked.path, headers, body)
        self.requests.append(request)
        self.arrivals.reach()
        return request

    async def _respond(self, request: ReceivedRequest, connection: ServerConnection) -> None:
        match self._choose(request):
            case HttpError(status, body, headers):
                refusal = {"type": "error", "status": status, "headers": dict(headers), **body}
                await connection.send(encode_json(refusal), text=True)
            case Cut(resets):
                raise ConnectionCut(resets=resets)
            case Delivery() as delivery:
                await self._deliver(delivery, request, connection)
            case Reply() as reply:
                await self._deliver(Delivery(reply), request, connection)

    def _choose(self, request: ReceivedRequest) -> Answer:
        try:
            return self._answer(request)
        except StopIteration:
            self.unscripted.append(request)
            return HttpError(400, {"error": {"message": f"no answer for {request.number}"}})

    async def _deliver(
        self, delivery: Delivery, request: ReceivedRequest, connection: ServerConnection
    ) -> None:
        response_id = delivery.response_id or f"resp_{request.number}"
        envelope = Envelope(response_id, CREATED_AT, request.body)
        told = stream_events(delivery.reply, envelope)
        frames = ((str(event["type"]), encode_json(event)) for event in told)
        # A reader that hangs up ends a script that stands still.
        hangup = asyncio.ensure_future(connection.wait_closed())
        sending = asyncio.ensure_future(_send_all(delivery, frames, connection))
        try:
            await asyncio.wait({sending, hangup}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            hangup.cancel()
            sending.cancel()


async def _send_all(
    delivery: Delivery, frames: Iterable[tuple[str, bytes]], connection: ServerConnection
) -> None:
    async for message in messages(delivery, frames):
        await connection.send(message, text=True)
