"""All that can go wrong on the way to a model, over real connections, in each way to speak to it.

Each fault ends in the status and the error that `tui.agents.models` tells of; what had arrived is
delivered before; the run can be taken up again over the same client; and nothing is left.
"""

from __future__ import annotations

import json

import openai
import pytest

from tests.fakes.delivery import (
    Act,
    Answer,
    Before,
    Cut,
    Delivery,
    Garbage,
    Stall,
    http_error,
)
from tests.providers.serving import TRANSPORTS, Service, Transport, serving
from tui.agents import Agent, ModelBehaviorError, Runner, RunState, function_tool
from tui.agents.model_settings import ModelSettings
from tui.providers.timeouts import IDLE_TIMEOUT_S, stream_timeout
from tui.rehearsal.script import Call, ErrorEvent, Failed, NoEnd, Reply, Say, call, reply, say

TEXT = say("Hello there, this breaks.")
RESUMED = reply(say("Resumed."))
SHORT_S = 0.2
# Where the third piece of the text or of the arguments would come, by transport.
PLACES = {"responses": 6, "chat": 3, "websocket": 6}
CALL_PLACES = {"responses": 5, "chat": 4, "websocket": 5}
PIECES = 2

CLOSED = openai.APIConnectionError
SILENT = openai.APITimeoutError
NO_JSON = json.JSONDecodeError
NO_ANSWER = ModelBehaviorError


@pytest.fixture(params=TRANSPORTS)
def transport(request: pytest.FixtureRequest) -> Transport:
    return request.param


def broken(transport: Transport, *acts: Act) -> Delivery:
    """Return a text in whose middle something happens."""
    return Delivery(reply(TEXT), tuple(Before(PLACES[transport], act) for act in acts))


async def read(result) -> tuple[list[object], Exception | None]:
    """Read a run to its end; return its raw events, and what was raised behind them."""
    events, raised = [], None
    try:
        async for event in result.stream_events():
            events.append(event)  # noqa: PERF401 - those before an error are wanted too
    except Exception as error:  # noqa: BLE001 - the tests look at it
        raised = error
    return [event.data for event in events if event.type == "raw_response_event"], raised


async def fails(service: Service, agent: Agent, error: type[Exception]) -> list[object]:
    """Run an agent whose run must fail so, and go on; return its raw events."""
    result = Runner.run_streamed(agent, "Go.", run_config=service.config)
    raw, raised = await read(result)
    assert type(raised) is error, raised
    assert result.status == "failed"
    state = await RunState.from_string(agent, result.to_state().to_string())
    again = Runner.run_streamed(agent, state, run_config=service.config)
    assert (await read(again))[1] is None
    assert (again.status, again.final_output) == ("completed", "Resumed.")
    return raw


def pieces_of(raw: list[object], kind: str = "response.output_text.delta") -> list[str]:
    return [event.delta for event in raw if event.type == kind]


REFUSALS = {
    400: openai.BadRequestError,
    401: openai.AuthenticationError,
    403: openai.PermissionDeniedError,
    404: openai.NotFoundError,
    429: openai.RateLimitError,
    500: openai.InternalServerError,
}


@pytest.mark.parametrize("status", REFUSALS)
async def test_a_refused_request_is_the_clients_error(transport, status):
    async with serving(transport, http_error(status, "No.", "because"), RESUMED) as service:
        assert await fails(service, Agent(name="A"), REFUSALS[status]) == []


@pytest.mark.parametrize("status", REFUSALS)
async def test_a_refused_request_for_a_whole_answer_is_the_clients_error(transport, status):
    async with serving(transport, http_error(status, "No.", "because")) as service:
        with pytest.raises(REFUSALS[status], match="No") as raised:
            await Runner.run(Agent(name="A"), "Go.", run_config=service.config)
        assert raised.value.code == "because"


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_what_passes_is_tried_again_as_often_as_the_client_says(transport, status):
    busy = http_error(status, "Later.", retry_after_ms="1")
    async with serving(transport, busy, busy, RESUMED, max_retries=2) as service:
        result = Runner.run_streamed(Agent(name="A"), "Go.", run_config=service.config)
        assert (await read(result))[1] is None
        assert result.final_output == "Resumed."
        assert len(service.server.requests) == 3


async def test_a_server_that_asks_for_too_long_a_wait_is_not_asked_again(transport):
    busy = http_error(429, "Tomorrow.", retry_after="86400")
    async with serving(transport, busy, RESUMED, max_retries=2) as service:
        await fails(service, Agent(name="A"), openai.RateLimitError)


async def test_where_nothing_listens_the_connection_fails(transport):
    async with serving(transport, RESUMED) as service:
        await service.server.close()
        result = Runner.run_streamed(Agent(name="A"), "Go.", run_config=service.config)
        raw, error = await read(result)
        assert (raw, type(error), result.status) == ([], CLOSED, "failed")
        assert isinstance(_deepest(error), ConnectionRefusedError)


BEFORE_THE_FIRST: dict[str, Answer] = {
    "closed before the head": Cut(),
    "reset before the head": Cut(resets=True),
    "closed before the first event": Delivery(reply(TEXT), (Before(0, Cut()),)),
    "reset before the first event": Delivery(reply(TEXT), (Before(0, Cut(resets=True)),)),
}


@pytest.mark.parametrize("answer", BEFORE_THE_FIRST.values(), ids=BEFORE_THE_FIRST)
async def test_a_connection_lost_before_the_first_event_is_tried_again(transport, answer):
    async with serving(transport, answer, RESUMED, max_retries=1) as service:
        result = Runner.run_streamed(Agent(name="A"), "Go.", run_config=service.config)
        raw, error = await read(result)
        assert (error, result.final_output) == (None, "Resumed.")
        assert pieces_of(raw) == ["Resumed."]


@pytest.mark.parametrize("answer", BEFORE_THE_FIRST.values(), ids=BEFORE_THE_FIRST)
async def test_lost_before_the_first_event_once_too_often_the_run_fails(transport, answer):
    # Over a socket one more try is free.
    lost = [answer] * (2 if transport == "websocket" else 1)
    async with serving(transport, *lost, RESUMED) as service:
        assert await fails(service, Agent(name="A"), CLOSED) == []


async def test_a_service_that_never_begins_is_given_up(transport):
    never = Delivery(reply(TEXT), (Before(0, Stall()),))
    script = [never] * (2 if transport == "websocket" else 1)
    async with serving(transport, *script, RESUMED, timeout_s=SHORT_S) as service:
        assert await fails(service, Agent(name="A"), SILENT) == []


IN_THE_MIDDLE = {
    "closed": (Cut(), CLOSED),
    "reset": (Cut(resets=True), CLOSED),
    "stalled": (Stall(), SILENT),
    "no JSON": (Garbage(b"data: {not json\n\n"), NO_JSON),
}


@pytest.mark.parametrize(("act", "error"), IN_THE_MIDDLE.values(), ids=IN_THE_MIDDLE)
async def test_broken_in_mid_text_all_that_had_arrived_is_delivered(transport, act, error):
    script = (broken(transport, act), RESUMED)
    async with serving(transport, *script, timeout_s=SHORT_S) as service:
        raw = await fails(service, Agent(name="A"), error)
        assert pieces_of(raw) == list(TEXT.deltas[:PIECES])
        assert len(service.server.requests) == 2


@pytest.mark.parametrize(("act", "error"), IN_THE_MIDDLE.values(), ids=IN_THE_MIDDLE)
async def test_broken_in_mid_arguments_no_tool_runs(transport, act, error):
    ran = []

    @function_tool
    def write(text: str) -> str:
        ran.append(text)
        return "written"

    asked = call("write", "c1", text="as long as it takes to need several pieces")
    answer = Delivery(reply(asked), (Before(CALL_PLACES[transport], act),))
    async with serving(transport, answer, RESUMED, timeout_s=SHORT_S) as service:
        raw = await fails(service, Agent(name="A", tools=[write]), error)
        arguments = "".join(pieces_of(raw, "response.function_call_arguments.delta"))
        assert arguments
        assert asked.arguments.startswith(arguments)
        assert arguments != asked.arguments
        assert ran == []


async def test_a_failure_in_the_second_turn_keeps_the_first(transport):
    ran = []

    @function_tool
    def tick() -> str:
        ran.append("tick")
        return "tock"

    script = (reply(call("tick", "t1")), broken(transport, Cut()), RESUMED)
    async with serving(transport, *script) as service:
        await fails(service, Agent(name="A", tools=[tick]), CLOSED)
        assert ran == ["tick"]


ENDINGS = {
    "an error event": Reply((TEXT,), ErrorEvent("Overloaded.", after=3)),
    "a failed response": Reply((TEXT,), Failed("Something broke.")),
}


@pytest.mark.parametrize("answer", ENDINGS.values(), ids=ENDINGS)
@pytest.mark.parametrize("by_socket", ["responses", "websocket"])
async def test_what_the_service_says_went_wrong_is_delivered_and_raised(by_socket, answer):
    async with serving(by_socket, answer, RESUMED) as service:
        raw = await fails(service, Agent(name="A"), NO_ANSWER)
        assert raw[-1].type in ("error", "response.failed")


@pytest.mark.parametrize("over_http", ["responses", "chat"])
async def test_a_body_that_ends_without_an_answer_is_none(over_http):
    answer = Reply((TEXT,), NoEnd(after=PLACES[over_http]))
    async with serving(over_http, answer, RESUMED) as service:
        raw = await fails(service, Agent(name="A"), NO_ANSWER)
        assert pieces_of(raw) == list(TEXT.deltas[:PIECES])


async def test_on_a_socket_an_answer_without_an_end_is_a_silent_one():
    answer = Reply((TEXT,), NoEnd(after=PLACES["websocket"]))
    async with serving("websocket", answer, RESUMED, timeout_s=SHORT_S) as service:
        raw = await fails(service, Agent(name="A"), SILENT)
        assert pieces_of(raw) == list(TEXT.deltas[:PIECES])


def message_of(transport: Transport, data: bytes, name: bytes = b"") -> Garbage:
    if transport == "websocket":
        return Garbage(data)
    head = b"event: " + name + b"\n" if name else b""
    return Garbage(head + b"data: " + data + b"\n\n")


async def test_bytes_that_are_no_utf_8_are_shown_as_such(transport):
    if transport == "chat":
        data = b'{"id":"x","choices":[{"index":0,"delta":{"content":"\xff"}}]}'
    else:
        data = (
            b'{"type":"response.output_text.delta","item_id":"i","output_index":0,'
            b'"content_index":0,"sequence_number":9,"logprobs":[],"delta":"\xff"}'
        )
    odd = message_of(transport, data, b"" if transport == "chat" else b"response.output_text.delta")
    async with serving(transport, broken(transport, odd)) as service:
        result = Runner.run_streamed(Agent(name="A"), "Go.", run_config=service.config)
        raw, error = await read(result)
        assert (error, result.status) == (None, "completed")
        assert pieces_of(raw)[PIECES] == "\ufffd"


@pytest.mark.parametrize("of_responses", ["responses", "websocket"])
async def test_an_event_of_an_unknown_type_is_passed_on(of_responses):
    odd = message_of(of_responses, b'{"type":"response.rumour","said":"hm"}', b"response.rumour")
    async with serving(of_responses, broken(of_responses, odd)) as service:
        result = Runner.run_streamed(Agent(name="A"), "Go.", run_config=service.config)
        raw, error = await read(result)
        assert (error, result.final_output) == (None, TEXT.text)
        assert raw[PLACES[of_responses]].type == "response.rumour"
        assert raw[PLACES[of_responses]].said == "hm"


async def test_a_chunk_of_an_unknown_kind_is_no_failure():
    odd = message_of("chat", b'{"id":"x","object":"rumour","choices":[]}')
    async with serving("chat", broken("chat", odd)) as service:
        result = Runner.run_streamed(Agent(name="A"), "Go.", run_config=service.config)
        assert (await read(result))[1] is None
        assert result.final_output == TEXT.text


async def test_an_event_of_10_mb_arrives_whole(transport):
    text = "ten bytes " * 1_000_000
    async with serving(transport, reply(Say((text,)))) as service:
        result = Runner.run_streamed(Agent(name="A"), "Go.", run_config=service.config)
        raw, error = await read(result)
        assert (error, result.status) == (None, "completed")
        assert "".join(pieces_of(raw)) == text == result.final_output


async def test_arguments_of_100_000_characters_arrive_whole(transport):
    got = []

    @function_tool
    def keep(text: str) -> str:
        got.append(text)
        return "kept"

    text = "0123456789" * 10_000
    asked = Call("keep", json.dumps({"text": text}), "c1", delta_chars=100)
    async with serving(transport, reply(asked), RESUMED) as service:
        agent = Agent(name="A", tools=[keep])
        result = Runner.run_streamed(agent, "Go.", run_config=service.config)
        assert (await read(result))[1] is None
        assert got == [text]


async def test_a_run_that_is_cancelled_leaves_the_connection_to_the_next(transport):
    async with serving(transport, broken(transport, Stall()), RESUMED) as service:
        agent = Agent(name="A")
        result = Runner.run_streamed(agent, "Go.", run_config=service.config)
        async with result:
            async for event in result.stream_events():
                if event.type == "raw_response_event" and event.data.type.endswith("text.delta"):
                    break
        assert result.status == "cancelled"
        again = Runner.run_streamed(agent, result.to_state(), run_config=service.config)
        assert (await read(again))[1] is None
        assert again.final_output == "Resumed."


async def test_a_silent_service_is_given_60_seconds_where_nothing_else_is_said():
    async with openai.AsyncOpenAI(api_key="key") as client:
        usual = stream_timeout(client, ModelSettings())
        assert (usual.read, usual.connect) == (IDLE_TIMEOUT_S, client.timeout.connect)
        assert IDLE_TIMEOUT_S == 60
        asked = ModelSettings(extra_args={"timeout": 5})
        assert stream_timeout(client, asked) == 5
    async with openai.AsyncOpenAI(api_key="key", timeout=7) as client:
        assert stream_timeout(client, ModelSettings()) == 7


async def test_the_timeout_of_the_settings_is_no_field_of_the_request(transport):
    async with serving(transport, broken(transport, Stall())) as service:
        settings = ModelSettings(extra_args={"timeout": SHORT_S, "service_tier": "flex"})
        agent = Agent(name="A", model_settings=settings)
        result = Runner.run_streamed(agent, "Go.", run_config=service.config)
        assert type((await read(result))[1]) is SILENT
        assert "timeout" not in service.server.bodies[0]
        assert service.server.bodies[0]["service_tier"] == "flex"


def _deepest(error: BaseException) -> BaseException:
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__
    return error
