"""What a streamed event costs: over loopback HTTP, with length, and with a model in the process."""

import asyncio
import time
from functools import partial

from openai import AsyncOpenAI

from tests.bench.libraries import LIBRARIES, client_of, drain, scripted_model, service_model
from tests.bench.rounds import Work, interleaved, medians
from tests.bench.service import message, running_service
from tests.bench.table import Found, Row

DELTAS = 10_000
SHORT, LONG = 1_000, 50_000


def drains(client: AsyncOpenAI, model: str) -> dict[str, Work]:
    """Return the sides that read one response: both libraries, and the bare client."""

    def reading(library: str) -> Work:
        module = LIBRARIES[library]
        agent = module.Agent(name="A", model=service_model(module, model, client))

        async def work() -> None:
            await drain(module, agent)

        return work

    async def bare() -> None:
        events = await client.responses.create(model=model, input="Go", stream=True)
        async for _ in events:
            pass

    return {"ours": reading("ours"), "sdk": reading("sdk"), "openai": bare}


async def _costs(base_url: str, model: str) -> dict[str, float]:
    async with client_of(base_url) as client:
        return await interleaved(drains(client, model))


def _measured(model: str) -> dict[str, float]:
    with running_service() as base_url:
        return asyncio.run(_costs(base_url, model))


def _us(seconds: float, events: int = DELTAS) -> str:
    return f"{seconds / events * 1e6:.1f} us"


def against_the_sdk(chunking: str, bar: float) -> Found:
    """Measure a drain over HTTP against the SDK's."""
    costs = _measured(f"deltas-{DELTAS}-{chunking}")
    ratio = costs["sdk"] / costs["ours"]
    return Found(
        f"{ratio:.1f}x ({_us(costs['ours'])} against {_us(costs['sdk'])} an event)", ratio >= bar
    )


def against_the_client() -> Found:
    """Measure a drain over HTTP against iterating the `openai` client."""
    costs = _measured(f"deltas-{DELTAS}-event")
    ratio = costs["ours"] / costs["openai"]
    both = f"{_us(costs['ours'])} against {_us(costs['openai'])} an event"
    return Found(f"{ratio:.2f}x ({both})", ratio <= 0.20)


async def _short_and_long(base_url: str) -> dict[str, float]:
    """Return the CPU of as many events in short responses and in one long one."""
    async with client_of(base_url) as client:
        short = drains(client, f"deltas-{SHORT}-event")["ours"]

        async def many_short() -> None:
            for _ in range(LONG // SHORT):
                await short()

        long = drains(client, f"deltas-{LONG}-event")["ours"]
        return await interleaved({"short": many_short, "long": long})


def flat() -> Found:
    """Measure an event of a long response against one of a short one."""
    with running_service() as base_url:
        costs = asyncio.run(_short_and_long(base_url))
    ratio = costs["long"] / costs["short"]
    both = f"{_us(costs['long'], LONG)} at {LONG:,}, {_us(costs['short'], LONG)} at {SHORT:,}"
    return Found(f"{ratio:.2f}x ({both})", ratio <= 1.10)


async def _in_process(library: str) -> float:
    module = LIBRARIES[library]
    agent = module.Agent(name="A", model=scripted_model(module, [message(DELTAS)]))
    began = time.process_time()
    await drain(module, agent)
    return time.process_time() - began


def in_process() -> Found:
    """Measure an event of a model in the process against the SDK."""
    costs = medians({name: partial(_in_process, name) for name in LIBRARIES})
    ratio = costs["sdk"] / costs["ours"]
    both = f"{_us(costs['ours'])} against {_us(costs['sdk'])} an event"
    return Found(f"{ratio:.1f}x ({both})", ratio >= 3)


ROWS = (
    Row(
        "drain-event",
        "drain of 10k deltas over HTTP against openai-agents, a chunk an event",
        ">= 6x",
        partial(against_the_sdk, "event", 6),
    ),
    Row(
        "drain-whole",
        "the same, 32 KiB chunks",
        ">= 15x",
        partial(against_the_sdk, "whole", 15),
    ),
    Row(
        "drain-openai",
        "the same against iterating the bare openai client, a chunk an event",
        "<= 0.20x",
        against_the_client,
    ),
    Row("flat", "cost of an event, 50k deltas against 1k", "<= 1.10x", flat),
    Row("in-process", "in-process model, per event, against openai-agents", ">= 3x", in_process),
)
