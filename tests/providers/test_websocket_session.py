"""Runs over WebSocket: which connections they take, and what becomes of them."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from contextlib import asynccontextmanager

import openai
import pytest

import tui.agents
from tests.agents.telling import told
from tests.fakes.delivery import Before, Cut, Delivery, Garbage, Hold, HttpError, http_error
from tests.fakes.milestone import Gate
from tests.fakes.server_thread import ResponsesServerThread
from tests.fakes.socket_server import FakeSocketServer
from tests.providers.serving import serving
from tui.agents import (
    Agent,
    ModelBehaviorError,
    ModelSettings,
    OpenAIResponsesWSModel,
    RunConfig,
    Runner,
    UserError,
    function_tool,
    responses_websocket_session,
)
from tui.rehearsal.script import call, reply, say

HI = reply(say("Hi."))
LONG = reply(say("word " * 3_000))
A = Agent(name="A")


@asynccontextmanager
async def session(*script, **options):
    """Serve a script over WebSocket, and give the server and a session with it."""
    async with FakeSocketServer(script) as server:
        given = {"base_url": server.base_url, "api_key": "key", **options}
        async with responses_websocket_session(**given) as ws:
            yield server, ws


async def test_turns_runs_and_agents_used_as_tools_share_one_connection():
    inner = Agent(name="Inner").as_tool("ask", "Ask.")
    script = [reply(call("ask", "c1", input="?")), reply(say("In.")), reply(say("Out.")), HI]
    async with session(*script) as (server, ws):
        agent = Agent(name="Outer", tools=[inner])
        first = await ws.run(agent, "Go.")
        second = ws.run_streamed(agent, first.to_input_list())
        await told(second)
        assert (first.final_output, second.final_output) == ("Out.", "Hi.")
        assert (len(server.requests), server.opened) == (4, 1)


async def test_a_run_that_is_taken_up_again_goes_on_over_the_same_connection():
    @function_tool(needs_approval=True)
    def pay() -> str:
        return "paid"

    async with session(reply(call("pay", "p1")), HI) as (server, ws):
        agent = Agent(name="A", tools=[pay])
        state = (await ws.run(agent, "Pay.")).to_state()
        state.approve(state.get_interruptions()[0])
        assert (await ws.run(agent, state)).final_output == "Hi."
        assert server.opened == 1


async def test_requests_at_the_same_time_get_a_connection_each_and_leave_them_warm():
    gate = Gate()
    held = Delivery(HI, (Before(0, Hold(gate)),))
    async with session(held, held, HI, HI) as (server, ws):
        both = asyncio.gather(ws.run(A, "One."), ws.run(A, "Two."))
        await gate.arrived.at_least(2)
        gate.open()
        await both
        await ws.run(A, "Three.")
        await ws.run(A, "Four.")
        assert server.opened == 2


async def test_a_reader_may_run_another_agent_before_it_reads_on():
    async with session(LONG, HI) as (server, ws):
        result, others = ws.run_streamed(A, "Go."), []
        async for event in result.stream_events():
            if event.type == "raw_response_event" and not others:
                others.append(await ws.run(Agent(name="B"), "Quick."))
        assert others[0].final_output == "Hi."
        assert result.status == "completed"
        assert server.opened == 2


async def test_a_connection_that_the_service_closed_in_between_is_replaced():
    async with session(HI, HI) as (server, ws):
        await ws.run(A, "One.")
        await server.close_connections()
        assert (await ws.run(A, "Two.")).final_output == "Hi."
        assert server.opened == 2


async def test_a_connection_lost_before_the_first_event_costs_none_of_the_tries():
    async with serving("websocket", HI, Cut(), HI, max_retries=0) as service:
        for _ in range(2):
            result = await Runner.run(A, "Go.", run_config=service.config)
            assert result.final_output == "Hi."
        assert (service.server.opened, len(service.server.requests)) == (2, 3)


async def test_a_connection_that_is_too_old_is_replaced():
    too_old = http_error(400, "60 minutes.", "websocket_connection_limit_reached")
    async with session(HI, too_old, HI) as (server, ws):
        await ws.run(A, "One.")
        assert (await ws.run(A, "Two.")).final_output == "Hi."
        assert server.opened == 2


async def test_a_connection_that_breaks_says_so():
    async with session(Delivery(HI, (Before(5, Cut()),))) as (_, ws):
        with pytest.raises(
            openai.APIConnectionError, match="WebSocket connection was lost"
        ) as lost:
            await told(ws.run_streamed(A, "Go."))
        assert lost.value.request.url.path == "/v1/responses"


async def test_a_refusal_in_mid_stream_is_delivered_and_says_why():
    refusal = b'{"type":"error","status":500,"error":{"code":"broke","message":"Sorry."}}'
    async with session(Delivery(HI, (Before(5, Garbage(refusal)),))) as (_, ws):
        result = ws.run_streamed(A, "Go.")
        with pytest.raises(ModelBehaviorError, match=r"code=broke; message=Sorry\."):
            await told(result)
        assert result.status == "failed"


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, openai.AuthenticationError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
    ],
)
async def test_a_refused_connection_is_the_clients_error(status, error):
    refusals = [http_error(status, "No.", "because")]
    async with serving("websocket", refusals=refusals) as service:
        with pytest.raises(error, match="No") as raised:
            await Runner.run(A, "Go.", run_config=service.config)
        assert (raised.value.code, service.server.opened) == ("because", 0)


async def test_a_refused_connection_is_tried_again_as_often_as_the_client_says():
    refusals = [http_error(503, "Later.", retry_after_ms="1")] * 2
    async with serving("websocket", HI, refusals=refusals, max_retries=2) as service:
        await Runner.run(A, "Go.", run_config=service.config)
        assert (service.server.handshakes, service.server.opened) == (3, 1)


async def test_the_key_does_not_follow_a_redirect():
    async with FakeSocketServer([]) as other:
        elsewhere = HttpError(302, {}, {"location": other.base_url})
        async with serving("websocket", refusals=[elsewhere]) as service:
            with pytest.raises(openai.APIStatusError):
                await Runner.run(A, "Go.", run_config=service.config)
        assert other.handshakes == 0


async def test_the_key_is_not_written_to_the_log(caplog):
    with caplog.at_level(logging.DEBUG):
        async with session(HI, api_key="secret-key") as (server, ws):
            await ws.run(A, "Go.")
            assert server.requests[0].headers["authorization"] == "Bearer secret-key"
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("tui")]
    assert not [message for message in ours if "secret-key" in message]


async def test_leaving_a_session_ends_what_still_goes_on():
    gate = Gate()
    async with session(Delivery(HI, (Before(5, Hold(gate)),))) as (_, ws):
        result = ws.run_streamed(A, "Go.")
        await gate.arrived.at_least(1)
    with pytest.raises(openai.APIConnectionError):
        await told(result)
    with pytest.raises(UserError, match="has ended"):
        await ws.run(A, "Too late.")


async def test_a_session_left_while_a_connection_is_opened_leaves_none():
    gate = Gate()
    async with FakeSocketServer([], gate=gate) as server:
        async with responses_websocket_session(base_url=server.base_url, api_key="key") as ws:
            result = ws.run_streamed(A, "Go.")
            await gate.arrived.at_least(1)
        gate.open()
        with pytest.raises(UserError, match="has ended"):
            await told(result)
        await server.closed.at_least(1)


async def test_a_session_brings_its_own_run_config():
    async with session() as (_, ws):
        with pytest.raises(ValueError, match="run_config"):
            await ws.run(A, "Go.", run_config=RunConfig())
        with pytest.raises(ValueError, match="run_config"):
            ws.run_streamed(A, "Go.", run_config=RunConfig())


async def test_a_session_may_take_names_with_a_slash_whole():
    modes = {"openai_prefix_mode": "model_id", "unknown_prefix_mode": "model_id"}
    async with session(HI, HI, **modes) as (server, ws):
        for name in ("openai/gpt-oss", "qwen/qwen3"):
            await ws.run(Agent(name="A", model=name), "Go.")
        assert [request.body["model"] for request in server.requests] == [
            "openai/gpt-oss",
            "qwen/qwen3",
        ]


async def test_settings_go_into_the_handshake_and_the_request():
    settings = ModelSettings(
        extra_headers={"X-Team": "red"}, extra_query={"tier": "1"}, extra_body={"custom": 1}
    )
    async with session(HI, organization="org", project="proj") as (server, ws):
        await ws.run(Agent(name="A", model="m", model_settings=settings), "Go.")
        asked = server.requests[0]
        assert asked.path == "/v1/responses?tier=1"
        named = ("x-team", "openai-organization", "openai-project")
        assert [asked.headers[name] for name in named] == ["red", "org", "proj"]
        assert (asked.body["custom"], asked.body["model"]) == (1, "m")


async def test_a_key_is_asked_for_with_each_request():
    keys = iter(["first", "second"])

    async def next_key():
        return next(keys)

    async with (
        FakeSocketServer([HI, HI]) as server,
        openai.AsyncOpenAI(base_url=server.base_url, api_key=next_key) as client,
    ):
        tui.agents.set_default_openai_client(client)
        async with responses_websocket_session() as ws:
            await ws.run(A, "One.")
            await ws.run(A, "Two.")
        sent = [request.headers["authorization"] for request in server.requests]
        assert sent == ["Bearer first", "Bearer second"]


async def test_the_address_of_sockets_may_be_another():
    async with FakeSocketServer([HI]) as server:
        address = server.base_url.replace("http:", "ws:")
        options = {"base_url": "http://127.0.0.1:9/v1", "websocket_base_url": address}
        async with responses_websocket_session(api_key="key", **options) as ws:
            assert (await ws.run(A, "Go.")).final_output == "Hi."


async def test_messages_may_be_limited_in_size():
    # Lost before the first event, a request is tried once more.
    async with session(HI, HI, responses_websocket_options={"max_size": 100}) as (_, ws):
        with pytest.raises(openai.APIConnectionError):
            await ws.run(A, "Go.")


async def test_a_model_of_ones_own_keeps_its_connection_until_it_is_closed():
    async with (
        FakeSocketServer([HI, HI]) as server,
        openai.AsyncOpenAI(base_url=server.base_url, api_key="key") as client,
    ):
        model = OpenAIResponsesWSModel("m", client)
        agent = Agent(name="A", model=model)
        await Runner.run(agent, "One.")
        await Runner.run(agent, "Two.")
        assert (server.opened, server.closed.count) == (1, 0)
        await model.close()
        await server.closed.at_least(1)


def test_with_the_transport_chosen_runs_of_a_loop_share_a_connection_that_ends_with_it(monkeypatch):
    monkeypatch.setattr("tui.providers.clients._defaults.transport", "http")
    with ResponsesServerThread([HI, HI, HI], FakeSocketServer) as thread:
        monkeypatch.setenv("OPENAI_BASE_URL", thread.base_url)
        tui.agents.set_default_openai_responses_transport("websocket")

        async def twice():
            await Runner.run(A, "One.")
            await Runner.run(A, "Two.")
            assert thread.server.opened == 1

        asyncio.run(twice())
        thread.server.closed.wait_blocking(1)
        assert asyncio.run(Runner.run(A, "Three.")).final_output == "Hi."
        thread.server.closed.wait_blocking(2)


def test_there_are_two_transports():
    with pytest.raises(ValueError, match="pigeon"):
        tui.agents.set_default_openai_responses_transport("pigeon")


WITHOUT_WEBSOCKETS = """
import asyncio, sys
from importlib.abc import MetaPathFinder

class NoWebsockets(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "websockets":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NoWebsockets())
from tui.agents import (
    Agent, OpenAIResponsesWSModel, Runner, UserError, responses_websocket_session
)

async def main():
    try:
        async with responses_websocket_session():
            pass
    except UserError as error:
        print(error)
    try:
        await Runner.run(Agent(name="A", model=OpenAIResponsesWSModel("m")), "Go.")
    except UserError as error:
        print(error)

asyncio.run(main())
"""


def test_without_the_package_the_error_says_how_to_get_it():
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_WEBSOCKETS],
        capture_output=True,
        text=True,
        env={**os.environ, "OPENAI_API_KEY": "key"},
        check=True,
    )
    said = (
        "Responses over WebSocket need a package that is missing. "
        'Install it: pip install "baton-tui[websocket]"\n'
    )
    assert (ran.stdout, ran.stderr) == (said * 2, "")
