"""The scripted server is one that the real client can talk to, well behaved or not."""

import asyncio

import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from tests.fakes.delivery import Before, Cut, Delivery, Garbage, Hold, Stall, http_error
from tests.fakes.milestone import Gate, Milestone
from tests.fakes.responses_server import FakeResponsesServer
from tests.fakes.server_thread import ResponsesServerThread
from tui.rehearsal.script import NoEnd, Reply, Say, call, reply, say, think
from tui.rehearsal.transport import http_library

HELLO = reply(think("A greeting."), say("Hello, 世界! 👨‍👩‍👧"), call("wave", hand="left"))
# Older clients let the errors of the HTTP library through while a stream is read.
BROKEN = (openai.APIConnectionError, http_library().TransportError)
FIRST_DELTA = "response.output_text.delta"


def client(server: FakeResponsesServer) -> AsyncOpenAI:
    # Plain HTTP needs no certificates, and reading them is the dearest part of a client.
    http_client = openai.DefaultAsyncHttpxClient(verify=False)
    return AsyncOpenAI(
        base_url=server.base_url, api_key="none", max_retries=0, http_client=http_client
    )


async def streamed(server: FakeResponsesServer) -> list[str]:
    async with client(server) as openai_client:
        events = await openai_client.responses.create(input="Hi", stream=True)
        return [event.type async for event in events]


@pytest.mark.parametrize("chunk_bytes", [None, 1, 7, 4096])
async def test_streams_the_same_events_in_chunks_of_any_size(chunk_bytes):
    async with FakeResponsesServer([HELLO, Delivery(HELLO, chunk_bytes=chunk_bytes)]) as server:
        assert await streamed(server) == await streamed(server)


async def test_answers_without_a_stream_where_none_is_asked_for():
    async with FakeResponsesServer([HELLO]) as server, client(server) as openai_client:
        response = await openai_client.responses.create(input="Hi", model="m")
    assert response.output_text == "Hello, 世界! 👨‍👩‍👧"
    assert response.id == "resp_0"


async def test_records_whole_request_bodies():
    async with FakeResponsesServer([HELLO]) as server:
        await streamed(server)
    assert server.bodies == [{"input": "Hi", "stream": True}]
    assert server.requests[0].headers["authorization"] == "Bearer none"


async def test_a_function_may_answer_by_what_was_asked():
    def echo(request):
        return reply(say(f"{request.body['input']}!"))

    async with FakeResponsesServer(echo) as server, client(server) as openai_client:
        response = await openai_client.responses.create(input="Echo", model="m")
    assert response.output_text == "Echo!"


async def test_connections_are_kept_between_requests():
    async with FakeResponsesServer([HELLO, HELLO]) as server, client(server) as openai_client:
        for _ in range(2):
            await openai_client.responses.create(input="Hi", model="m")
        assert len(server._connections) == 1


async def test_stands_at_a_gate_until_the_test_opens_it():
    gate = Gate()
    held = Delivery(HELLO, (Before(FIRST_DELTA, Hold(gate)),))
    async with FakeResponsesServer([held]) as server:
        reading = asyncio.create_task(streamed(server))
        await gate.arrived.at_least()
        assert not reading.done()
        gate.open()
        assert (await reading)[-1] == "response.completed"


async def test_an_error_status_carries_its_body_and_headers():
    error = http_error(429, "Too fast.", "rate_limit_exceeded", retry_after_ms="5")
    async with FakeResponsesServer([error]) as server:
        with pytest.raises(openai.RateLimitError, match="Too fast") as caught:
            await streamed(server)
    assert caught.value.code == "rate_limit_exceeded"
    assert caught.value.response.headers["retry-after-ms"] == "5"


async def test_a_cut_connection_breaks_the_stream():
    cut = Delivery(HELLO, (Before(FIRST_DELTA, Cut()),))
    async with FakeResponsesServer([cut]) as server:
        with pytest.raises(BROKEN):
            await streamed(server)


async def test_garbage_reaches_the_client_as_it_is():
    garbage = Delivery(HELLO, (Before(3, Garbage(b"data: {oops\n\n")),))
    async with FakeResponsesServer([garbage]) as server:
        with pytest.raises(ValueError, match="Expecting"):
            await streamed(server)


async def test_a_stalled_stream_ends_when_the_client_hangs_up():
    stalled = Delivery(HELLO, (Before(FIRST_DELTA, Stall()),))
    async with FakeResponsesServer([stalled]) as server:
        reading = asyncio.create_task(streamed(server))
        await server.arrivals.at_least()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await server.hangups.at_least()


async def test_a_stream_without_an_end_just_stops():
    async with FakeResponsesServer([Reply((Say(("a", "b")),), NoEnd())]) as server:
        assert (await streamed(server))[-1] == "response.output_item.done"


async def ask_an_empty_script() -> None:
    async with FakeResponsesServer([]) as server:
        with pytest.raises(openai.BadRequestError):
            await streamed(server)


async def test_an_unscripted_request_fails_the_test():
    with pytest.raises(AssertionError, match="no answer for: POST /v1/responses"):
        await ask_an_empty_script()


async def test_closing_ends_what_is_still_held():
    gate = Gate()
    server = FakeResponsesServer([Delivery(HELLO, (Before(0, Hold(gate)),))])
    await server.start()
    reading = asyncio.create_task(streamed(server))
    await gate.arrived.at_least()
    await server.close()
    with pytest.raises(BROKEN):
        await reading


def test_serves_other_threads_and_processes():
    with (
        ResponsesServerThread([HELLO]) as server,
        OpenAI(base_url=server.base_url, api_key="none") as openai_client,
    ):
        response = openai_client.responses.create(input="Hi", model="m")
    assert response.output_text.startswith("Hello")
    assert len(server.requests) == 1


async def test_a_milestone_that_is_never_reached_is_an_error():
    with pytest.raises(TimeoutError):
        await Milestone().at_least(deadline_s=0)
    with pytest.raises(TimeoutError, match="reached 0 times"):
        Milestone().wait_blocking(deadline_s=0)
