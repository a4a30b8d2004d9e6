"""The way into the scripted service: an HTTP transport inside the process, under the real client.

Knows nothing of what is asked or answered, and opens no socket.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from tui.rehearsal.response_object import JsonObject
from tui.rehearsal.sse import encode_json

if TYPE_CHECKING:
    from types import ModuleType

    from openai import AsyncOpenAI

# `.invalid` can never be looked up, so a request that went astray could not leave the machine.
_BASE_URL = "http://rehearsal.invalid/v1"


class Service(Protocol):
    """What stands behind the transport."""

    def stream(self, body: JsonObject) -> AsyncIterator[bytes]:
        """Yield the server-sent events that answer a request for a stream."""

    def whole(self, body: JsonObject) -> JsonObject:
        """Return the response to a request for no stream."""


def in_process_client(service: Service) -> AsyncOpenAI:
    """Return a real client all of whose requests end in the service."""
    import openai

    library = http_library()
    transport_class = type("RehearsalTransport", (_InProcess, library.AsyncBaseTransport), {})
    return openai.AsyncOpenAI(
        api_key="rehearsal",
        base_url=_BASE_URL,
        max_retries=0,
        http_client=openai.DefaultAsyncHttpxClient(transport=transport_class(service, library)),
    )


def http_library() -> ModuleType:
    """Return the HTTP library that the installed `openai` stands on: `httpx2`, or `httpx`."""
    import openai

    base = openai.DefaultAsyncHttpxClient.__mro__[1]
    return importlib.import_module(base.__module__.partition(".")[0])


class _InProcess:
    """A transport's one method; the base class comes from whichever library is there."""

    # `Any`: the library is known at run time only.
    def __init__(self, service: Service, library: Any) -> None:
        self._service = service
        self._library = library

    async def handle_async_request(self, request: Any) -> Any:
        if (request.method, request.url.path) != ("POST", "/v1/responses"):
            return self._json(404, {"error": _no_route(request.method, request.url.path)})
        body: JsonObject = json.loads(await request.aread())
        if not body.get("stream"):
            return self._json(200, self._service.whole(body))
        headers = {"content-type": "text/event-stream; charset=utf-8"}
        return self._library.Response(200, headers=headers, content=self._service.stream(body))

    def _json(self, status: int, body: Mapping[str, object]) -> Any:
        headers = {"content-type": "application/json"}
        return self._library.Response(status, headers=headers, content=encode_json(body))


def _no_route(method: str, path: str) -> JsonObject:
    message = f"The rehearsal answers POST /v1/responses alone, not {method} {path}."
    return {"message": message, "type": "invalid_request_error", "param": None, "code": None}
