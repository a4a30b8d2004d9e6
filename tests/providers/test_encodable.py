"""Texts that UTF-8 has no bytes for: the service gets their escapes, in each way to speak to it."""

from __future__ import annotations

import pytest

from tests.fakes.delivery import Before, Cut, Delivery
from tests.providers.serving import TRANSPORTS, serving
from tui.agents import Agent, ModelSettings, RunConfig, Runner, RunResultStreaming, function_tool
from tui.providers.encodable import encodable
from tui.rehearsal.script import call, reply, say

HALF = "half a pair: \ud83d"
ESCAPED = "half a pair: \\ud83d"


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("plain", "plain"),
        ("Zürich 好 🎉", "Zürich 好 🎉"),
        (HALF, ESCAPED),
        ({HALF: [HALF, 1, None, (True, HALF)]}, {ESCAPED: [ESCAPED, 1, None, [True, ESCAPED]]}),
    ],
)
def test_every_text_and_name_is_made_encodable(value, sent):
    assert encodable(value) == sent


@pytest.fixture
def agent() -> Agent:
    @function_tool(description_override=HALF)
    def ask() -> str:
        return HALF

    return Agent(name="A", instructions=HALF, tools=[ask])


async def read(result: RunResultStreaming) -> None:
    async for _ in result.stream_events():
        pass


def held(value: object) -> list[str]:
    """Return all texts in a request's body that tell of a half pair."""
    match value:
        case str():
            return [value] if "half" in value else []
        case dict():
            return [text for inner in value.values() for text in held(inner)]
        case list():
            return [text for inner in value for text in held(inner)]
    return []


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_streamed_conversation_goes_on(transport, agent):
    async with serving(transport, reply(call("ask", "c")), reply(say("done"))) as service:
        result = Runner.run_streamed(agent, HALF, run_config=service.config)
        await read(result)
        assert result.final_output == "done"
        assert held(service.server.bodies[0]) == [ESCAPED] * 3
        assert held(service.server.bodies[1]) == [ESCAPED] * 4


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_whole_answers_go_on(transport, agent):
    async with serving(transport, reply(call("ask", "c")), reply(say("done"))) as service:
        result = await Runner.run(agent, HALF, run_config=service.config)
        assert result.final_output == "done"
        assert held(service.server.bodies[1]) == [ESCAPED] * 4


@pytest.mark.parametrize("transport", ["responses", "chat"])
async def test_a_mended_request_is_tried_again_as_often_as_any(transport, agent):
    lost = Delivery(reply(say("lost")), (Before(0, Cut()),))
    async with serving(transport, lost, reply(say("done")), max_retries=1) as service:
        result = Runner.run_streamed(agent, HALF, run_config=service.config)
        await read(result)
        assert result.final_output == "done"


@pytest.mark.parametrize("transport", ["responses", "chat"])
@pytest.mark.parametrize("is_streamed", [True, False])
async def test_a_header_without_bytes_is_an_error_and_no_endless_try(transport, is_streamed):
    settings = ModelSettings(extra_headers={"x-name": "\ud83d"})
    async with serving(transport) as service:
        config = RunConfig(model_provider=service.config.model_provider, model_settings=settings)
        if is_streamed:
            answer = read(Runner.run_streamed(Agent(name="A"), "Go.", run_config=config))
        else:
            answer = Runner.run(Agent(name="A"), "Go.", run_config=config)
        with pytest.raises(UnicodeEncodeError):
            await answer
