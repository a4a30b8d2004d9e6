"""A real runtime, ours or the SDK, under a chain, with a scripted Responses server behind it."""

from __future__ import annotations

import importlib
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from tests.fakes.responses_server import FakeResponsesServer, Script
from tests.host.running import RunningChain

LIBRARIES = ("tui.agents", "agents")


@asynccontextmanager
async def desk(library_name: str, script: Script) -> Any:
    """Yield the library, the server, and `agent(...)` and `run(...)` that use them."""
    library = importlib.import_module(library_name)
    async with FakeResponsesServer(script) as server:
        # Loading certificates takes longer than all the rest; retries would wait.
        http = DefaultAsyncHttpxClient(verify=False)
        client = AsyncOpenAI(
            base_url=server.base_url, api_key="key", http_client=http, max_retries=0
        )
        model = library.OpenAIResponsesModel(model="scripted", openai_client=client)

        def agent(name: str, **fields: Any) -> Any:
            return library.Agent(name=name, model=model, **fields)

        yield SimpleNamespace(library=library, server=server, agent=agent, run=RunningChain)
        await client.close()
