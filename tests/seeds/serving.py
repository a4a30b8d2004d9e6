"""Points the agents of either library at a scripted service. Runs nothing."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from types import ModuleType

from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from tests.fakes.responses_server import FakeResponsesServer, Script
from tests.fakes.server_thread import AnyServer, ResponsesServerThread

OURS = "tui.agents"
THEIRS = "agents"


@asynccontextmanager
async def serving(sdk: ModuleType, script: Script) -> AsyncIterator[FakeResponsesServer]:
    """Serve the script to agents of `sdk` that run in this event loop."""
    async with FakeResponsesServer(script) as server, _client(server.base_url) as client:
        sdk.set_default_openai_client(client)
        yield server


@contextmanager
def served(
    script: Script, library: str, kind: type[AnyServer] = FakeResponsesServer
) -> Iterator[AnyServer]:
    """Serve the script, from a thread, to programs that bring their own event loop."""
    with ResponsesServerThread(script, kind) as thread:
        # Nobody closes the client in a program's own loop, so each request closes its connection.
        client = _client(thread.base_url, {"connection": "close"})
        importlib.import_module(library).set_default_openai_client(client)
        yield thread.server
    assert not thread.server.unscripted


def _client(base_url: str, headers: Mapping[str, str] | None = None) -> AsyncOpenAI:
    return AsyncOpenAI(
        base_url=base_url,
        api_key="none",
        max_retries=0,
        default_headers=headers,
        # Plain HTTP needs no certificates, and reading them is the dearest part of a client.
        http_client=DefaultAsyncHttpxClient(verify=False),
    )
