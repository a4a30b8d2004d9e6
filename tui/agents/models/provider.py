"""Finds models by name, for runs that bring no provider of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.agents.models.chat_completions import OpenAIChatCompletionsModel
from tui.agents.models.clients import default_api
from tui.agents.models.defaults import get_default_model
from tui.agents.models.interface import Model, ModelProvider
from tui.agents.models.responses import OpenAIResponsesModel

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class OpenAIProvider(ModelProvider):
    """Models of one server.

    Args:
        openai_client: The client of all its models; None is the default client.
        use_responses: Whether the server speaks Responses, or else only Chat Completions; None
            is what `set_default_openai_api` chose.
    """

    def __init__(
        self, openai_client: AsyncOpenAI | None = None, use_responses: bool | None = None
    ) -> None:
        self._client = openai_client
        is_default = default_api() == "responses"
        self._uses_responses = is_default if use_responses is None else use_responses

    def get_model(self, model_name: str | None) -> Model:
        """Return the model of this name; None asks for the default model."""
        name = model_name or get_default_model()
        if self._uses_responses:
            return OpenAIResponsesModel(name, self._client)
        return OpenAIChatCompletionsModel(name, self._client)


def default_provider() -> ModelProvider:
    """Return the provider of runs that bring none."""
    return OpenAIProvider()
