"""The rehearsal keeps to itself: no network, no key, no default changed, no screen loaded."""

import asyncio
import subprocess
import sys

import openai
import pytest
from openai.types.responses import Response

from tests.rehearsal.playing import Customer, FakeSleep
from tui.rehearsal.pace import Pace
from tui.rehearsal.service import RehearsalService
from tui.rehearsal.start import rehearsal
from tui.rehearsal.transport import http_library, in_process_client

FAST = Pace(1.0, FakeSleep())


def test_importing_and_starting_it_loads_no_textual():
    program = (
        "import sys, tui.rehearsal\n"
        "assert 'openai' not in sys.modules\n"
        "tui.rehearsal.rehearsal(5.0)\n"
        "assert 'textual' not in sys.modules and 'openai' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


async def test_it_needs_no_key_and_uses_no_proxy(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    assert (await Customer().says("Hello")).agents == ["Triage"]


def test_every_agent_carries_its_own_model():
    desk = rehearsal(5.0)
    handoffs = desk.agent.handoffs
    assert desk.agent.model is not None
    assert {handoff.agent_name for handoff in handoffs} == {"Billing", "Technical", "Refunds"}


async def test_requests_of_other_agents_are_told_where_they_are():
    async with in_process_client(RehearsalService(FAST)) as client:
        response = await client.responses.create(input="Hi", model="m", instructions="You are me.")
    assert isinstance(response, Response)
    assert "demo desk" in response.output_text


async def test_other_routes_do_not_exist():
    async with in_process_client(RehearsalService(FAST)) as client:
        with pytest.raises(openai.NotFoundError, match="POST /v1/responses"):
            await client.models.list()


async def test_the_http_library_is_the_client_s_own():
    async with in_process_client(RehearsalService(FAST)) as client:
        assert isinstance(client._client, http_library().AsyncClient)


async def test_a_cancelled_request_ends_at_once():
    begun = asyncio.Event()

    async def for_ever(seconds: float) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with in_process_client(RehearsalService(Pace(1.0, for_ever))) as client:
        reading = asyncio.create_task(read_all(client))
        await begun.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading


async def read_all(client: openai.AsyncOpenAI) -> None:
    async for _ in await client.responses.create(input="Hi", model="m", stream=True):
        pass
