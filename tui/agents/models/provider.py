"""Finds models by name, for runs that bring no provider of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.agents.models.chat_completions import OpenAIChatCompletionsModel
from tui.agents.models.clients import default_api, default_transport
from tui.agents.models.defaults import get_default_model
from tui.agents.models.interface import Model, ModelProvider
from tui.agents.models.responses import OpenAIResponsesModel
from tui.agents.models.responses_websocket import (
    OpenAIResponsesWebSocketOptions,
    OpenAIResponsesWSModel,
)
from tui.agents.models.sockets import SocketPool, default_sockets

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class OpenAIProvider(ModelProvider):
    """Models of one server.

    Args:
        openai_client: The client of all its models; None is the default client.
        use_responses: Whether the server speaks Responses, or else only Chat Completions; None
            is what `set_default_openai_api` chose.
        use_responses_websocket: Whether Responses go over WebSocket; None is what
            `set_default_openai_responses_transport` chose.
        responses_websocket_options: How connections are kept.
        sockets: The connections to use; None is the event loop's own.
    """

    def __init__(
        self,
        openai_client: AsyncOpenAI | None = None,
        use_responses: bool | None = None,
        use_responses_websocket: bool | None = None,
        responses_websocket_options: OpenAIResponsesWebSocketOptions | None = None,
        sockets: SocketPool | None = None,
    ) -> None:
        self._client = openai_client
        self._options = responses_websocket_options
        self._sockets = sockets
        is_usual = default_transport() == "websocket"
        self._uses_socket = is_usual if use_responses_websocket is None else use_responses_websocket
        is_default = default_api() == "responses"
        self._uses_responses = is_default if use_responses is None else use_responses

    def get_model(self, model_name: str | None) -> Model:
        """Return the model of this name; None asks for the default model."""
        name = model_name or get_default_model()
        if not self._uses_responses:
            return OpenAIChatCompletionsModel(name, self._client)
        is_explicit = model_name is not None
        if self._uses_socket:
            return OpenAIResponsesWSModel(
                name,
                self._client,
                model_is_explicit=is_explicit,
                websocket_options=self._options,
                sockets=self._sockets,
            )
        return OpenAIResponsesModel(name, self._client, model_is_explicit=is_explicit)

    async def aclose(self) -> None:
        """Close the WebSocket connections that no request uses; the client stays open."""
        if self._uses_socket:
            await (self._sockets or await default_sockets()).close_idle()


def default_provider() -> ModelProvider:
    """Return the provider of runs that bring none."""
    return OpenAIProvider()
