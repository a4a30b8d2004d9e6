"""Finds models by name: the Responses service, unless a run brings its own provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.agents.models.defaults import get_default_model
from tui.agents.models.interface import Model, ModelProvider
from tui.agents.models.responses import OpenAIResponsesModel

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class OpenAIProvider(ModelProvider):
    """Models of the Responses API.

    Args:
        openai_client: The client of all its models; None is the default client.
    """

    def __init__(self, openai_client: AsyncOpenAI | None = None) -> None:
        self._client = openai_client

    def get_model(self, model_name: str | None) -> Model:
        """Return the model of this name; None asks for the default model."""
        return OpenAIResponsesModel(model_name or get_default_model(), self._client)


def default_provider() -> ModelProvider:
    """Return the provider of runs that bring none."""
    return OpenAIProvider()
