"""How model services are spoken to: Responses over HTTP and WebSocket, and Chat Completions.

What goes wrong at the service ends a run with `status` "failed". Every event that had arrived is
delivered before the error, and `to_state()` of the result can be run again. The errors:

| what happens | error |
| --- | --- |
| HTTP 400, 401, 403, 404, 429, 5xx | the openai client's for that status |
| nothing listens, or the connection is closed or reset | `openai.APIConnectionError` |
| silence for 60 s, or the client's `timeout` | `openai.APITimeoutError` |
| what is no JSON | `json.JSONDecodeError` |
| the stream ends without an answer, or with an error event | `ModelBehaviorError` |

An event of an unknown type is passed on; bytes that are no UTF-8 become U+FFFD; an event may have
any size. Before the first event of an answer, what may pass (408, 409, 429, 5xx, a lost connection)
is tried again as often as the client's `max_retries` says, after the wait that `Retry-After` asks
for. Behind it nothing is tried again.

Over WebSocket the same holds, but for this: a connection that is lost before the first event is
replaced once, whatever `max_retries` says; an `error` that comes first and has a `status` is the
client's error for that status; an answer without an end is a silent one, as the connection stays.
"""

from __future__ import annotations

from tui.providers.chat_completions import OpenAIChatCompletionsModel
from tui.providers.clients import (
    set_default_openai_api,
    set_default_openai_client,
    set_default_openai_key,
    set_default_openai_responses_transport,
)
from tui.providers.multi_provider import MultiProvider
from tui.providers.provider import OpenAIProvider
from tui.providers.responses import OpenAIResponsesModel
from tui.providers.responses_websocket import (
    OpenAIResponsesWebSocketOptions,
    OpenAIResponsesWSModel,
)
from tui.providers.websocket_session import (
    ResponsesWebSocketSession,
    responses_websocket_session,
)

__all__ = [
    "MultiProvider",
    "OpenAIChatCompletionsModel",
    "OpenAIProvider",
    "OpenAIResponsesModel",
    "OpenAIResponsesWSModel",
    "OpenAIResponsesWebSocketOptions",
    "ResponsesWebSocketSession",
    "responses_websocket_session",
    "set_default_openai_api",
    "set_default_openai_client",
    "set_default_openai_key",
    "set_default_openai_responses_transport",
]
