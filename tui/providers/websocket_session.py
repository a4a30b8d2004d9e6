"""Runs that share warm WebSocket connections. Speaks to no service itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.agents.kinds import UserValue
from tui.agents.run import RunInput, Runner
from tui.agents.run_config import RunConfig
from tui.providers.clients import make_client
from tui.providers.multi_provider import (
    MultiProvider,
    MultiProviderOpenAIPrefixMode,
    MultiProviderUnknownPrefixMode,
)
from tui.providers.responses_websocket import OpenAIResponsesWebSocketOptions
from tui.providers.sockets import SocketPool, load_connect

if TYPE_CHECKING:
    from tui.agents.agent import Agent
    from tui.agents.result import RunResult, RunResultStreaming


@dataclass(frozen=True)
class ResponsesWebSocketSession:
    """Runs agents as `Runner` does, over the connections of one session.

    Attributes:
        provider: Where models that are only named come from.
        run_config: The settings of all its runs.
    """

    provider: MultiProvider
    run_config: RunConfig

    async def run(self, starting_agent: Agent, input: RunInput, **options: UserValue) -> RunResult:
        """Do what `Runner.run` does, with its options but `run_config`.

        Raises:
            ValueError: If a `run_config` is given.
        """
        return await Runner.run(starting_agent, input, **self._with_config("run", options))

    def run_streamed(
        self, starting_agent: Agent, input: RunInput, **options: UserValue
    ) -> RunResultStreaming:
        """Do what `Runner.run_streamed` does, with its options but `run_config`.

        Raises:
            ValueError: If a `run_config` is given.
        """
        return Runner.run_streamed(
            starting_agent, input, **self._with_config("run_streamed", options)
        )

    async def aclose(self) -> None:
        """Close the connections that no run uses; a run that goes on opens new ones."""
        await self.provider.aclose()

    def _with_config(self, method: str, options: dict[str, UserValue]) -> dict[str, UserValue]:
        if "run_config" in options:
            raise ValueError(f"Do not pass `run_config` to ResponsesWebSocketSession.{method}().")
        return {**options, "run_config": self.run_config}


@asynccontextmanager
async def responses_websocket_session(
    *,
    api_key: str | None = None,
    base_url: str | None = None,
    websocket_base_url: str | None = None,
    organization: str | None = None,
    project: str | None = None,
    openai_prefix_mode: MultiProviderOpenAIPrefixMode = "alias",
    unknown_prefix_mode: MultiProviderUnknownPrefixMode = "error",
    responses_websocket_options: OpenAIResponsesWebSocketOptions | None = None,
) -> AsyncIterator[ResponsesWebSocketSession]:
    """Give runs that talk to the service over warm connections: `ws.run_streamed(agent, input)`.

    All runs of the session share them: their turns, their agents used as tools, and what is
    resumed. Leaving the block closes them; a run that still goes on then fails.

    Args:
        api_key: As for `AsyncOpenAI`, like those up to `project`. With none of them the session
            uses the default client.
        base_url: The server's address; `http` stands for `ws`, `https` for `wss`.
        websocket_base_url: Where the server takes WebSockets, if not there.
        organization: Whose account it is.
        project: Which project of it.
        openai_prefix_mode: As for `MultiProvider`.
        unknown_prefix_mode: As for `MultiProvider`.
        responses_websocket_options: How connections are kept.

    Raises:
        UserError: If the package for it is missing.
    """
    await load_connect()
    own = {
        "api_key": api_key,
        "base_url": base_url,
        "websocket_base_url": websocket_base_url,
        "organization": organization,
        "project": project,
    }
    given = {name: value for name, value in own.items() if value is not None}
    client = await asyncio.to_thread(make_client, **given) if given else None
    sockets = SocketPool()
    provider = MultiProvider(
        openai_prefix_mode=openai_prefix_mode,
        unknown_prefix_mode=unknown_prefix_mode,
        openai_client=client,
        openai_use_responses=True,
        openai_use_responses_websocket=True,
        openai_responses_websocket_options=responses_websocket_options,
        openai_sockets=sockets,
    )
    try:
        yield ResponsesWebSocketSession(provider, RunConfig(model_provider=provider))
    finally:
        await sockets.close()
        if client is not None:
            await client.close()
