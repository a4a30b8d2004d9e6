"""Finds models by names whose first part, up to a slash, says where they come from."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from tui.agents.exceptions import UserError
from tui.agents.kinds import UserValue
from tui.agents.models.interface import Model, ModelProvider
from tui.providers.provider import OpenAIProvider

if TYPE_CHECKING:
    from openai import AsyncOpenAI

MultiProviderOpenAIPrefixMode: TypeAlias = Literal["alias", "model_id"]
MultiProviderUnknownPrefixMode: TypeAlias = Literal["error", "model_id"]

_NOT_SERVED = ("litellm", "any-llm")


class MultiProviderMap:
    """Providers by the first part of a model's name."""

    def __init__(self) -> None:
        self._mapping: dict[str, ModelProvider] = {}

    def has_prefix(self, prefix: str) -> bool:
        """Tell whether there is a provider for names that begin so."""
        return prefix in self._mapping

    def get_mapping(self) -> dict[str, ModelProvider]:
        """Return all of them, a dict of its own."""
        return dict(self._mapping)

    def set_mapping(self, mapping: dict[str, ModelProvider]) -> None:
        """Replace all of them."""
        self._mapping = mapping

    def get_provider(self, prefix: str) -> ModelProvider | None:
        """Return the provider for names that begin so, or None."""
        return self._mapping.get(prefix)

    def add_provider(self, prefix: str, provider: ModelProvider) -> None:
        """Use this provider for names that begin so."""
        self._mapping[prefix] = provider

    def remove_provider(self, prefix: str) -> None:
        """Use no provider for names that begin so."""
        del self._mapping[prefix]


class MultiProvider(ModelProvider):
    """Where models that are only named come from: "first/second" is the model "second" of "first".

    Args:
        provider_map: Your own providers; they go before what follows.
        openai_prefix_mode: Whether "openai/x" stands for "x", or is a model's whole name.
        unknown_prefix_mode: Whether an unknown first part is an error, or the whole is a name.
        openai_client: The client of all other models.
        openai: The further arguments of their `OpenAIProvider`, each with `openai_` before it.

    Raises:
        UserError: If there is no such mode.
    """

    def __init__(
        self,
        *,
        provider_map: MultiProviderMap | None = None,
        openai_prefix_mode: MultiProviderOpenAIPrefixMode = "alias",
        unknown_prefix_mode: MultiProviderUnknownPrefixMode = "error",
        openai_client: AsyncOpenAI | None = None,
        **openai: UserValue,
    ) -> None:
        if openai_prefix_mode not in get_args(MultiProviderOpenAIPrefixMode):
            raise UserError("MultiProvider openai_prefix_mode must be one of: 'alias', 'model_id'.")
        if unknown_prefix_mode not in get_args(MultiProviderUnknownPrefixMode):
            raise UserError(
                "MultiProvider unknown_prefix_mode must be one of: 'error', 'model_id'."
            )
        self.provider_map = provider_map
        options = {name.removeprefix("openai_"): value for name, value in openai.items()}
        self.openai_provider = OpenAIProvider(openai_client=openai_client, **options)
        self._openai_prefix_mode = openai_prefix_mode
        self._unknown_prefix_mode = unknown_prefix_mode

    def get_model(self, model_name: str | None) -> Model:
        """Return the model of this name; None asks for the default model.

        Raises:
            UserError: If its first part names no provider.
        """
        prefix, slash, rest = (model_name or "").partition("/")
        own = self.provider_map.get_provider(prefix) if slash and self.provider_map else None
        if own is not None:
            return own.get_model(rest)
        if slash and prefix in _NOT_SERVED:
            raise UserError(
                f"Models of {prefix} are not supported by tui.agents: give a `provider_map` with "
                "a provider of your own."
            )
        if slash and prefix == "openai" and self._openai_prefix_mode == "alias":
            return self.openai_provider.get_model(rest)
        if slash and prefix != "openai" and self._unknown_prefix_mode == "error":
            raise UserError(
                f"Unknown prefix: {prefix}. If {model_name} is the model's own name, give the run "
                'a `model_provider=MultiProvider(unknown_prefix_mode="model_id")`.'
            )
        return self.openai_provider.get_model(model_name)

    async def aclose(self) -> None:
        """Release what the providers hold open."""
        own = self.provider_map.get_mapping().values() if self.provider_map else ()
        async with AsyncExitStack() as stack:
            for provider in {self.openai_provider, *own} - {self}:
                stack.push_async_callback(provider.aclose)
