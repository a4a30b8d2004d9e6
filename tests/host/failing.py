"""Agents that fail: over a scripted service, or over an address where no service is."""

from __future__ import annotations

import asyncio
import importlib
from contextlib import asynccontextmanager
from typing import Any

from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

from tests.host.running import RunningChain
from tui.wire.events import RunFailed

PATIENT_S = 60.0
APIS = {"responses": "OpenAIResponsesModel", "chat_completions": "OpenAIChatCompletionsModel"}
MODELS = {**APIS, "websocket": "OpenAIResponsesWSModel"}


async def failure(
    library_name, base_url, api="responses", *, timeout_s=PATIENT_S, fields=None, **client
):
    """Run an agent against an address and return how it failed."""
    library = importlib.import_module(library_name)
    client.setdefault("http_client", DefaultAsyncHttpxClient(verify=False))
    async with AsyncOpenAI(
        base_url=base_url,
        api_key="key",
        max_retries=0,
        timeout=Timeout(PATIENT_S, read=timeout_s),
        **client,
    ) as service:
        model = getattr(library, MODELS[api])("m", openai_client=service)
        more = fields(library) if fields else {}
        run = RunningChain(library.Agent(name="Triage", model=model, **more))
        events = await run.ended()
    assert isinstance(events[-1], RunFailed)
    return events[-1]


@asynccontextmanager
async def answering(answer: bytes, **options: Any):
    """Serve these bytes, whatever is asked."""

    async def serve(reader, writer):
        await reader.read(1)
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, **options)
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"https://{host}:{port}/v1"


def page(status: int, html: str) -> bytes:
    head = f"HTTP/1.1 {status} X\r\ncontent-type: text/html\r\ncontent-length: {len(html)}"
    return f"{head}\r\n\r\n{html}".encode()
