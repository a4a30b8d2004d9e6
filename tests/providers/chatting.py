"""Agents that talk to a scripted server of Chat Completions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from tests.fakes.chat_route import PLAIN, ChatStyle
from tests.fakes.responses_server import FakeResponsesServer
from tui.agents import OpenAIChatCompletionsModel, OpenAIProvider, RunConfig


@dataclass(frozen=True)
class Chat:
    """A server, a client of it, and a run configuration that uses both."""

    server: FakeResponsesServer
    client: AsyncOpenAI
    config: RunConfig

    def model(self, name: str = "m", **options) -> OpenAIChatCompletionsModel:
        return OpenAIChatCompletionsModel(name, self.client, **options)


@asynccontextmanager
async def chatting(*script, style: ChatStyle = PLAIN) -> AsyncIterator[Chat]:
    """Serve a script, and give what an agent needs to be answered by it."""
    async with (
        FakeResponsesServer(list(script), style) as server,
        DefaultAsyncHttpxClient(verify=False) as http_client,
        AsyncOpenAI(
            base_url=server.base_url, api_key="key", max_retries=0, http_client=http_client
        ) as client,
    ):
        provider = OpenAIProvider(openai_client=client, use_responses=False)
        yield Chat(server, client, RunConfig(model_provider=provider))
