"""Finds the models of one server by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.agents.exceptions import UserError
from tui.agents.models.defaults import get_default_model
from tui.agents.models.interface import Model, ModelProvider
from tui.agents.unsupported import refuse
from tui.providers.chat_completions import OpenAIChatCompletionsModel
from tui.providers.clients import default_api, default_transport
from tui.providers.responses import OpenAIResponsesModel
from tui.providers.responses_websocket import (
    OpenAIResponsesWebSocketOptions,
    OpenAIResponsesWSModel,
)
from tui.providers.sockets import SocketPool, default_sockets

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class OpenAIProvider(ModelProvider):
    """Models of one server.

    Args:
        api_key: The key of a server of one's own.
        base_url: Its address.
        websocket_base_url: Its address for WebSocket.
        openai_client: The client of all its models; None is one made of these arguments, or the
            default client if there are none.
        organization: The organization that pays.
        project: The project that pays.
        use_responses: Whether the server speaks Responses, or else only Chat Completions; None
            is what `set_default_openai_api` chose.
        use_responses_websocket: Whether Responses go over WebSocket; None is what
            `set_default_openai_responses_transport` chose.
        strict_feature_validation: Whether Chat Completions models raise for what they cannot
            carry, where otherwise it would be left out.
        responses_websocket_options: How connections are kept.
        buffer_streamed_tool_calls: Whether Chat Completions models tell calls only when whole.
        sockets: The connections to use; None is the event loop's own.
        unsupported: Arguments of the Agents SDK that are refused here.

    Raises:
        UserError: If a client and what one is made of are both given.
    """

    def __init__(
        self,
        *,
        api_key: str | None = None,
        base_url: str | None = None,
        websocket_base_url: str | None = None,
        openai_client: AsyncOpenAI | None = None,
        organization: str | None = None,
        project: str | None = None,
        use_responses: bool | None = None,
        use_responses_websocket: bool | None = None,
        strict_feature_validation: bool = False,
        responses_websocket_options: OpenAIResponsesWebSocketOptions | None = None,
        buffer_streamed_tool_calls: bool = False,
        sockets: SocketPool | None = None,
        **unsupported: object,
    ) -> None:
        refuse("OpenAIProvider", **unsupported)
        named = {
            "api_key": api_key,
            "base_url": base_url,
            "websocket_base_url": websocket_base_url,
            "organization": organization,
            "project": project,
        }
        given = tuple((name, value) for name, value in named.items() if value is not None)
        if openai_client is not None and given:
            raise UserError(
                "Don't provide api_key, base_url, websocket_base_url, organization, or project "
                "if you provide openai_client"
            )
        self._client = openai_client or given or None
        self._is_strict = strict_feature_validation
        self._holds_calls = buffer_streamed_tool_calls
        self._options = responses_websocket_options
        self._sockets = sockets
        is_usual = default_transport() == "websocket"
        self._uses_socket = is_usual if use_responses_websocket is None else use_responses_websocket
        is_default = default_api() == "responses"
        self._use_responses = is_default if use_responses is None else use_responses

    def get_model(self, model_name: str | None) -> Model:
        """Return the model of this name; None asks for the default model."""
        name = model_name or get_default_model()
        if not self._use_responses:
            return OpenAIChatCompletionsModel(
                name,
                self._client,
                strict_feature_validation=self._is_strict,
                buffer_streamed_tool_calls=self._holds_calls,
            )
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
