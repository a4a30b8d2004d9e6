"""One scripted service, spoken to in any of the three ways, and a check that nothing is left."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal, TypeAlias

from httpx2 import Limits
from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from tests.fakes.delivery import Answer, HttpError
from tests.fakes.milestone import DEADLINE_S
from tests.fakes.responses_server import FakeResponsesServer
from tests.fakes.server_thread import AnyServer
from tests.fakes.socket_server import FakeSocketServer
from tui.agents import OpenAIProvider, RunConfig
from tui.providers.sockets import SocketPool

Transport: TypeAlias = Literal["responses", "chat", "websocket"]
TRANSPORTS: tuple[Transport, ...] = ("responses", "chat", "websocket")


@dataclass(frozen=True)
class Service:
    """A server, a client of it that has one connection, and a run configuration of both."""

    server: AnyServer
    client: AsyncOpenAI
    config: RunConfig


@asynccontextmanager
async def serving(
    transport: Transport,
    *script: Answer,
    max_retries: int = 0,
    timeout_s: float = DEADLINE_S,
    refusals: Iterable[HttpError] = (),
) -> AsyncIterator[Service]:
    """Serve a script; at the end no task, thread or connection may be left.

    Args:
        transport: How agents speak to it.
        *script: The answers, in order.
        max_retries: How often the client tries again.
        timeout_s: How long the client waits for anything.
        refusals: What the first handshakes are answered with, where there are any.
    """
    tasks, threads = asyncio.all_tasks(), set(threading.enumerate())
    is_socket = transport == "websocket"
    server = FakeSocketServer(script, refusals) if is_socket else FakeResponsesServer(script)
    async with (
        server,
        # With one connection only, one that leaks is missed by the next request.
        DefaultAsyncHttpxClient(verify=False, limits=Limits(max_connections=1)) as http_client,
        AsyncOpenAI(
            base_url=server.base_url,
            api_key="key",
            max_retries=max_retries,
            timeout=timeout_s,
            http_client=http_client,
        ) as client,
    ):
        sockets = SocketPool()
        provider = OpenAIProvider(
            openai_client=client,
            use_responses=transport != "chat",
            use_responses_websocket=is_socket,
            sockets=sockets,
        )
        yield Service(server, client, RunConfig(model_provider=provider))
        # One connection may stay warm; none that was broken off stays.
        await server.closed.at_least(server.opened - 1)
        await client.close()
        await sockets.close()
        await server.closed.at_least(server.opened)
    await _nothing_is_left(tasks, threads)


async def _nothing_is_left(
    tasks: set[asyncio.Task[object]], threads: set[threading.Thread]
) -> None:
    # What is unclosed says so when it is collected, and warnings are errors.
    gc.collect()
    if left := asyncio.all_tasks() - tasks:
        _, pending = await asyncio.wait(left, timeout=DEADLINE_S)
        assert not pending
    of_others = {thread.name for thread in set(threading.enumerate()) - threads}
    # The loop's own pool of threads waits for work, and ends with the loop.
    assert not {name for name in of_others if not name.startswith("asyncio_")}
