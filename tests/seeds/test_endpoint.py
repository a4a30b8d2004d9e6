"""The FastAPI endpoint of the documents, called in this process."""

from __future__ import annotations

import json

import pytest

from tests.fakes.delivery import Before, Delivery, Hold, Stall
from tests.fakes.milestone import Gate
from tests.seeds.asgi import Exchange
from tests.seeds.playing import defined, run_text, text_of
from tests.seeds.serving import serving
from tui import agents
from tui.rehearsal.script import Say, call, reply

ANSWER = reply(Say(("It ", "is ", "$189.50.")))
END_OF_TEXT = "response.output_text.done"


@pytest.fixture(scope="module")
def endpoint():
    """Return the application; another block of the page defines the tool it uses."""
    names = defined("002_3_tool_calls", "get_stock_price")
    run_text(text_of("002_5_endpoint"), names)
    return names["app"]


def asking(endpoint):
    return Exchange(endpoint, "/chat/stream", {"message": "What is AAPL at?"})


def told(piece):
    """Return what a server-sent event carries."""
    assert piece.startswith("data: ")
    assert piece.endswith("\n\n")
    return json.loads(piece.removeprefix("data: "))


async def test_tokens_and_tool_calls_are_sent_as_they_come_and_then_the_end(endpoint):
    script = [reply(call("get_stock_price", ticker="AAPL")), ANSWER]
    async with serving(agents, script) as server, asking(endpoint) as exchange:
        events = [told(piece) async for piece in exchange.pieces()]
    assert events == [
        {"type": "tool_call", "name": "get_stock_price"},
        {"type": "tool_done"},
        {"type": "token", "content": "It "},
        {"type": "token", "content": "is "},
        {"type": "token", "content": "$189.50."},
        {"type": "done"},
    ]
    assert server.bodies[0]["input"] == [{"role": "user", "content": "What is AAPL at?"}]
    assert server.bodies[1]["input"][-1]["output"] == "$189.50"


async def test_proxies_are_told_neither_to_buffer_nor_to_cache(endpoint):
    async with serving(agents, [ANSWER]), asking(endpoint) as exchange:
        _ = [piece async for piece in exchange.pieces()]
    assert exchange.status == 200
    assert exchange.headers["x-accel-buffering"] == "no"
    assert exchange.headers["cache-control"] == "no-cache"
    assert exchange.headers["content-type"].startswith("text/event-stream")


async def test_a_token_is_sent_before_the_model_has_ended(endpoint):
    gate = Gate()
    held = Delivery(ANSWER, (Before(END_OF_TEXT, Hold(gate)),))
    async with serving(agents, [held]), asking(endpoint) as exchange:
        pieces = exchange.pieces()
        assert told(await anext(pieces)) == {"type": "token", "content": "It "}
        gate.open()
        assert told([piece async for piece in pieces][-1]) == {"type": "done"}


async def test_a_reader_who_leaves_ends_the_run(endpoint):
    stalled = Delivery(ANSWER, (Before(END_OF_TEXT, Stall()),))
    async with serving(agents, [stalled]) as server:
        async with asking(endpoint) as exchange:
            await anext(exchange.pieces())
        await server.hangups.at_least()
