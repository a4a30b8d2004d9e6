"""The Responses API over WebSocket: warm connections instead of a request each."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, TypedDict

from tui.agents.exceptions import ModelBehaviorError
from tui.agents.items import ModelResponse, TResponseStreamEvent
from tui.agents.kinds import Json, JsonObject, RawEvent, RawItem, UserValue
from tui.agents.models.interface import ModelRequest
from tui.agents.models.terminal import COMPLETED, FAILURES, ITEM_DONE, failure_of, response_of
from tui.providers.clients import ClientOptions, EventDecoder, event_decoder
from tui.providers.encodable import encodable
from tui.providers.responses import OpenAIResponsesModel
from tui.providers.socket_exchange import SocketExchange
from tui.providers.sockets import SocketAddress, SocketPool, default_sockets
from tui.providers.timeouts import stream_timeout

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_SCHEMES = {"http": "ws", "https": "wss"}
_ENDS = FAILURES | {COMPLETED}
_BREAKS = frozenset({"error", "response.error"})
_TYPE = re.compile(rb'\s*\{\s*"type"\s*:\s*"([^"\\]*)"')


class OpenAIResponsesWebSocketOptions(TypedDict, total=False):
    """How a connection is kept.

    Attributes:
        ping_interval: Seconds between pings; None for none.
        ping_timeout: Seconds to wait for their answer; None is for ever.
        max_size: The largest message in bytes; None, which is usual, is any.
    """

    ping_interval: float | None
    ping_timeout: float | None
    max_size: int | None


class OpenAIResponsesWSModel(OpenAIResponsesModel):
    """A model of the Responses API, over WebSocket.

    All models of an event loop share its connections, unless they are given others. One
    connection carries one request at a time; it serves all turns, agents and resumed runs that
    follow each other, and requests at the same time get further ones.

    Args:
        model: Its name.
        openai_client: The client to use, or what one is made of; None is the default client.
        model_is_explicit: Whether the name was chosen, so that it goes before a prompt's own.
        websocket_options: How connections are kept.
        sockets: The connections to use; None is the event loop's own.
    """

    def __init__(
        self,
        model: str,
        openai_client: AsyncOpenAI | ClientOptions | None = None,
        *,
        model_is_explicit: bool = True,
        websocket_options: OpenAIResponsesWebSocketOptions | None = None,
        sockets: SocketPool | None = None,
    ) -> None:
        super().__init__(model, openai_client, model_is_explicit=model_is_explicit)
        self._options = tuple(sorted((websocket_options or {}).items()))
        self._sockets = sockets

    async def get_response(self, *given: UserValue, **options: UserValue) -> ModelResponse:
        """Return the whole answer.

        Raises:
            openai.OpenAIError: If the service fails.
            ModelBehaviorError: If the response failed or is incomplete.
        """
        done_items: list[RawItem] = []
        async with aclosing(self.stream_response(*given, **options)) as events:
            async for event in events:
                if event.type == ITEM_DONE:
                    done_items.append(event.item)
                elif event.type == COMPLETED:
                    return response_of(event.response, done_items)
                elif event.type in FAILURES:
                    raise failure_of(event)
        raise ModelBehaviorError("Model did not produce a final response!")

    async def stream_response(
        self, *given: UserValue, **options: UserValue
    ) -> AsyncGenerator[TResponseStreamEvent]:
        """Yield the answer's events as openai objects, up to the one that ends it.

        Raises:
            UserError: If the package for it is missing.
            openai.OpenAIError: If the service fails.
        """
        exchange = await self._exchange(ModelRequest(*given, **options))
        decode = await event_decoder()
        try:
            message = await exchange.begin()
            while (event := _event(decode, message)).type not in _ENDS:
                yield event
                message = await exchange.receive()
            exchange.end(is_usable=event.type not in _BREAKS)
            yield event
        finally:
            exchange.end(is_usable=False)

    async def close(self) -> None:
        """Close the connections that no request uses."""
        await (await self._get_sockets()).close_idle()

    async def _exchange(self, request: ModelRequest) -> SocketExchange:
        settings = request.model_settings
        body = {"type": "response.create", **self._body(request), "stream": True}
        client = await self._get_client()
        # Keys may be asked for anew each time, and nothing else would ask here.
        await client._refresh_api_key()
        url = _url(client, settings.extra_query or {})
        given = {**client.auth_headers, **client.default_headers, **(settings.extra_headers or {})}
        # What is to be left out is no text.
        headers = tuple(sorted((name, of) for name, of in given.items() if isinstance(of, str)))
        return SocketExchange(
            client=client,
            sockets=await self._get_sockets(),
            address=SocketAddress(url, headers, self._options),
            message=_message(body),
            timeout=stream_timeout(client, settings),
        )

    async def _get_sockets(self) -> SocketPool:
        return await default_sockets() if self._sockets is None else self._sockets


def _message(body: JsonObject) -> bytes:
    try:
        return _json(body).encode()
    except UnicodeEncodeError:
        return _json(encodable(body)).encode()


def _json(body: Json) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _url(client: AsyncOpenAI, query: Mapping[str, UserValue]) -> str:
    base = type(client.base_url)(str(client.websocket_base_url or client.base_url))
    url = base.copy_with(
        scheme=_SCHEMES.get(base.scheme, base.scheme), path=base.path.rstrip("/") + "/responses"
    )
    merged: dict[str, UserValue] = {**client.default_query, **query}
    return str(url.copy_merge_params(merged))


def _event(decode: EventDecoder, message: bytes) -> RawEvent:
    named = _TYPE.match(message)
    event = decode(named[1].decode() if named else "", message)
    if event.type == "error" and (told := getattr(event, "error", None)):
        # A refusal in mid-stream has its reason one level deeper than the stream's own errors.
        for name in ("code", "message", "param"):
            setattr(event, name, told.get(name))
    return event
