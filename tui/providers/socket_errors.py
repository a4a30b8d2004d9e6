"""Makes what goes wrong on a WebSocket the errors of the openai client. Retries nothing."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.agents.exceptions import AgentsException
from tui.agents.kinds import JsonObject, UserValue
from tui.providers.sockets import SocketLost

if TYPE_CHECKING:
    from openai import APIError, AsyncOpenAI

_LONGEST_HEAD = 200


def opening_error(error: Exception, client: AsyncOpenAI, url: str) -> APIError | None:
    """Return the openai exception for a connection that could not be opened; None if not that."""
    if isinstance(error, AgentsException):
        return None
    import openai
    from websockets.exceptions import InvalidStatus, WebSocketException

    if isinstance(error, InvalidStatus):
        answer, body = error.response, bytes(error.response.body or b"")
        return _status_error(client, url, answer.status_code, answer.headers, body)
    if isinstance(error, TimeoutError):
        return openai.APITimeoutError(request=_request(client, url))
    if isinstance(error, OSError | EOFError | WebSocketException):
        return openai.APIConnectionError(request=_request(client, url))
    return None


def lost_error(lost: SocketLost, client: AsyncOpenAI, url: str) -> APIError:
    """Return the openai exception for a connection that was lost before its answer was whole."""
    import openai

    if lost.is_silent:
        return openai.APITimeoutError(request=_request(client, url))
    message = f"The WebSocket connection was lost before the response was complete: {lost}."
    return openai.APIConnectionError(message=message, request=_request(client, url))


def refusal_of(message: bytes) -> JsonObject | None:
    """Return the refusal that a first message is, or None: one has the status HTTP would have."""
    if b'"error"' not in message[:_LONGEST_HEAD]:
        return None
    try:
        told = json.loads(message)
    except ValueError:
        return None
    is_refusal = isinstance(told, dict) and told.get("type") == "error"
    return told if is_refusal and isinstance(told.get("status"), int) else None


def refusal_error(refusal: JsonObject, client: AsyncOpenAI, url: str) -> APIError:
    """Return the openai exception for a refusal."""
    headers, body = refusal.get("headers"), json.dumps({"error": refusal.get("error")}).encode()
    told = headers if isinstance(headers, dict) else {}
    return _status_error(client, url, refusal["status"], told, body)


def _status_error(
    client: AsyncOpenAI, url: str, status: int, headers: Mapping[str, str], body: bytes
) -> APIError:
    response = _http_of(client).Response(
        status, headers=dict(headers), content=body, request=_request(client, url)
    )
    return client._make_status_error_from_response(response)


def _request(client: AsyncOpenAI, url: str) -> UserValue:
    return _http_of(client).Request("GET", url)


def _http_of(client: AsyncOpenAI) -> UserValue:
    # The client's own HTTP library: which one that is depends on its version.
    return importlib.import_module(type(client.base_url).__module__.partition(".")[0])
