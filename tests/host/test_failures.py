"""Every failure of a run is told in two lines: what happened, and what a person can do.

Both runtimes, over a real service on the loopback interface; each row is one way to fail.
"""

from __future__ import annotations

import asyncio
import importlib
import socket
import ssl
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openai import APIConnectionError, AsyncOpenAI, DefaultAsyncHttpxClient

from tests.fakes.delivery import Before, Cut, Delivery, Garbage, HttpError, Stall, http_error
from tests.fakes.responses_server import FakeResponsesServer
from tests.host.running import RunningChain
from tests.host.serving import LIBRARIES
from tui.host.live.failures import run_failed
from tui.rehearsal.script import Call, ErrorEvent, Failed, Incomplete, NoEnd, Reply, reply, say
from tui.wire.events import RunFailed

CERTIFICATE = Path(__file__).parent / "certificates" / "self_signed.pem"
HELLO = say("Hello there, this is cut.")
MIDDLE = 4


@dataclass(frozen=True)
class Failing:
    """One way to fail.

    Attributes:
        name: What happens.
        answer: What the service says.
        says: What stands in the message; `URL` is the address asked.
        advises: What stands in the advice.
        only: The one route where it can happen, "" for both.
        timeout_s: How patient the client is.
        agent: Fields of the agent, of its library.
    """

    name: str
    answer: Any
    says: str
    advises: str
    only: str = ""
    timeout_s: float = 60.0
    agent: Callable[[Any], dict[str, Any]] = lambda library: {}


def ticking(library):
    def tick() -> str:
        return "tock"

    return {"tools": [library.function_tool(tick)]}


def listing(library):
    return {"output_type": list[int]}


def importing(library):
    def instructions(context, agent) -> str:
        import dateutil_of_another_name  # noqa: F401

        return "Never."

    return {"instructions": instructions}


def importing_in_a_tool(library):
    def tick() -> str:
        import sklearn_of_another_name  # noqa: F401

        return "tock"

    return {"tools": [library.function_tool(failure_error_function=None)(tick)]}


FAILURES = [
    Failing("wrong key", http_error(401, "Bad key."), "answered 401: Bad key.", "OPENAI_API_KEY"),
    Failing("no credit", http_error(402, "Pay first."), "402: Pay first.", "billing"),
    Failing("no rights", http_error(403, "Not you."), "403: Not you.", "rights"),
    Failing(
        "no such model",
        http_error(404, "The model 'x' does not exist.", "model_not_found"),
        "404: The model 'x' does not exist.",
        "--model",
    ),
    Failing(
        "no such model, in an open server's words",
        HttpError(404, {"error": "model 'x' not found, try pulling it first"}),
        "404: model 'x' not found, try pulling it first",
        "--model",
    ),
    Failing(
        "no Responses here",
        HttpError(404, {"detail": "Not Found"}),
        "404: Not Found",
        "--api chat",
        only="responses",
    ),
    Failing(
        "no Chat Completions here either",
        HttpError(404, {"detail": "Not Found"}),
        "404: Not Found",
        "check the client's base_url",
        only="chat_completions",
    ),
    Failing(
        "a limit that says how long",
        http_error(429, "Slow down.", retry_after="20"),
        "429: Slow down.",
        "Wait 20 s, then send",
    ),
    Failing(
        "a limit that says until when",
        http_error(429, "Slow down.", retry_after="Fri, 31 Dec 2999 23:59:59 GMT"),
        "429: Slow down.",
        " min, then send",
    ),
    Failing("a limit", http_error(429, "Slow down."), "429: Slow down.", "Wait a little, then"),
    Failing(
        "no quota", http_error(429, "You exceeded your current quota."), "quota", "plan and billing"
    ),
    Failing("a broken service", http_error(500, "Oops."), "500: Oops.", "in a moment"),
    Failing(
        "a service at its limit",
        http_error(503, "Overloaded.", retry_after="7"),
        "503: Overloaded.",
        "in 7 s",
    ),
    Failing("a bad request", http_error(400, "Bad tool."), "400: Bad tool.", "details"),
    Failing(
        "a long conversation",
        http_error(400, "This model's maximum context length is 8192 tokens.", "x"),
        "400: This model's maximum context length",
        "begin a new one",
    ),
    Failing(
        "a cut stream",
        Delivery(reply(HELLO), (Before(MIDDLE, Cut()),)),
        "The connection to URL broke off: ",
        "Send the message again",
    ),
    Failing(
        "a stalled stream",
        Delivery(reply(HELLO), (Before(MIDDLE, Stall()),)),
        "The model service at URL sent nothing for too long.",
        "overloaded",
        timeout_s=0.2,
    ),
    Failing(
        "a service that says nothing",
        Delivery(reply(HELLO), (Before(0, Stall()),)),
        "The model service at URL sent nothing for too long.",
        "overloaded",
        timeout_s=0.2,
    ),
    Failing(
        "garbage",
        Delivery(reply(HELLO), (Before(MIDDLE, Garbage()),)),
        "sent what is no answer of a model",
        "check the address",
    ),
    Failing(
        "a stream that just ends",
        Reply((HELLO,), NoEnd(after=MIDDLE)),
        "The model's answer broke off before its end.",
        "on the way",
        only="responses",
    ),
    Failing(
        "an error in mid-stream",
        Reply((HELLO,), ErrorEvent("Overloaded.", after=MIDDLE)),
        "The model service broke off its answer: Overloaded.",
        "send the message again in a moment",
    ),
    Failing(
        "a response that failed",
        Reply((HELLO,), Failed("It broke.")),
        "The model service broke off its answer: It broke.",
        "send the message again in a moment",
    ),
    Failing(
        "the token limit",
        Reply((), Incomplete("max_output_tokens")),
        "The model stopped at its limit of tokens.",
        "max_tokens",
    ),
    Failing(
        "the content filter",
        Reply((HELLO,), Incomplete("content_filter")),
        "The service's content filter stopped the model.",
        "other words",
        only="responses",
    ),
    Failing(
        "an unknown tool",
        reply(Call("missing", "{}", "c1")),
        "The model called the tool 'missing', which Triage lacks.",
        "instructions",
    ),
    Failing(
        "an answer of another type",
        reply(say('{"response": "perhaps"}')),
        "The model's answer does not fit the agent's output type.",
        "output type",
        agent=listing,
    ),
    Failing(
        "too many turns",
        lambda request: reply(Call("tick", "{}", f"c{request.number}")),
        "Max turns (10) exceeded",
        "max_turns",
        agent=ticking,
    ),
    Failing(
        "a missing package",
        [],
        "The program needs the module 'dateutil_of_another_name', which is not there.",
        "-m pip install dateutil_of_another_name.",
        agent=importing,
    ),
    Failing(
        "a missing package in a tool",
        reply(Call("tick", "{}", "c1")),
        "The program needs the module 'sklearn_of_another_name', which is not there.",
        "-m pip install sklearn_of_another_name.",
        agent=importing_in_a_tool,
    ),
]
APIS = {"responses": "OpenAIResponsesModel", "chat_completions": "OpenAIChatCompletionsModel"}
CASES = [
    pytest.param(failing, api, library, id=f"{failing.name}-{api}-{library}")
    for failing in FAILURES
    for api in APIS
    for library in LIBRARIES
    if failing.only in ("", api)
]


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")
    for name in ("OPENAI_BASE_URL", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(("failing", "api", "library"), CASES)
async def test_a_failure_is_told_in_two_lines(failing, api, library):
    script = failing.answer if callable(failing.answer) else as_script(failing.answer)
    async with FakeResponsesServer(script) as server:
        url = server.base_url
        failed = await failure(library, url, api, timeout_s=failing.timeout_s, fields=failing.agent)

    assert failing.says.replace("URL", url) in failed.message.replace(PATHS[api], "")
    assert failing.advises in failed.advice
    assert is_one_sentence(failed.message)
    assert is_one_sentence(failed.advice)
    assert "Traceback" in failed.details


PATHS = {"responses": "/responses", "chat_completions": "/chat/completions"}


def as_script(answer):
    return answer if isinstance(answer, list) else [answer]


def is_one_sentence(text):
    return bool(text) and "\n" not in text and len(text) < 400


async def failure(library_name, base_url, api="responses", *, timeout_s=5.0, fields=None, **client):
    """Run an agent against an address and return how it failed."""
    library = importlib.import_module(library_name)
    client.setdefault("http_client", DefaultAsyncHttpxClient(verify=False))
    async with AsyncOpenAI(
        base_url=base_url, api_key="key", max_retries=0, timeout=timeout_s, **client
    ) as service:
        model = getattr(library, APIS[api])("m", openai_client=service)
        more = fields(library) if fields else {}
        run = RunningChain(library.Agent(name="Triage", model=model, **more))
        events = await run.ended()
    assert isinstance(events[-1], RunFailed)
    return events[-1]


both = pytest.mark.parametrize("library", LIBRARIES)


@both
async def test_where_nothing_listens_the_service_is_to_be_started(library):
    async with FakeResponsesServer([]) as server:
        url = server.base_url
    failed = await failure(library, url)
    assert failed.message == f"No connection to {url}/responses: nothing listens there."
    assert failed.advice == (
        "Start the model service, or check the client's base_url; then send the message again."
    )


@both
async def test_an_address_from_the_environment_is_named_by_its_variable(library, monkeypatch):
    async with FakeResponsesServer([]) as server:
        url = server.base_url
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    assert "check OPENAI_BASE_URL" in (await failure(library, url)).advice


def test_a_host_that_does_not_exist_is_said_to_be_none():
    request = SimpleNamespace(url="http://no-such-host/v1/responses")
    error = APIConnectionError(request=request)
    error.__cause__ = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    failed = run_failed("run", error)
    assert failed.message == f"No connection to {request.url}: there is no such host."
    assert failed.advice.startswith("Check the client's base_url, and the network")


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


@both
async def test_a_service_without_tls_is_told_from_one_that_is_not_there(library):
    async with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as url:
        failed = await failure(library, url)
    assert failed.message.startswith(f"No secure connection to {url}/responses: ")
    assert "http:// in place of https://" in failed.advice


@both
async def test_a_certificate_that_nobody_vouches_for_is_named(library):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    async with answering(b"", ssl=context) as url:
        trusting_nobody = DefaultAsyncHttpxClient(verify=ssl.create_default_context())
        failed = await failure(library, url, http_client=trusting_nobody)
    assert failed.message.startswith(f"The certificate of {url}/responses is not trusted: ")
    assert "SSL_CERT_FILE" in failed.advice


@both
async def test_a_web_page_is_not_read_out(library):
    async with answering(page(502, "<html>Bad gateway</html>")) as url:
        failed = await failure(library, url.replace("https", "http"))
    assert failed.message == "The model service answered 502: a web page, which the details hold"


async def test_a_web_page_in_place_of_chat_completions_is_no_answer():
    async with answering(page(200, "<html>Welcome</html>")) as url:
        failed = await failure("tui.agents", url.replace("https", "http"), "chat_completions")
    assert "none of the Chat Completions" in failed.message
    assert "address" in failed.advice


def page(status: int, html: str) -> bytes:
    head = f"HTTP/1.1 {status} X\r\ncontent-type: text/html\r\ncontent-length: {len(html)}"
    return f"{head}\r\n\r\n{html}".encode()


@both
async def test_without_a_key_the_person_is_told_to_set_one(library, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_ADMIN_KEY", raising=False)
    agent = importlib.import_module(library).Agent(name="Triage")
    failed = (await RunningChain(agent).ended())[-1]
    assert failed.message == "There is no API key for the model service."
    assert "OPENAI_API_KEY" in failed.advice


class TransportError(Exception):
    """httpx's base of what goes wrong on the way."""

    request = SimpleNamespace(url="http://127.0.0.1:9/v1/responses")


class ProtocolError(TransportError):
    """httpx's error for a stream that is cut."""


def test_a_cut_stream_that_an_older_client_lets_through_is_a_connections_end():
    failed = run_failed("run", ProtocolError("peer closed connection\nwith more lines"))
    assert failed.message == (
        "The connection to http://127.0.0.1:9/v1/responses broke off: peer closed connection"
    )
    assert failed.advice.startswith("Send the message again")


def test_an_error_of_the_program_is_told_by_its_first_line():
    failed = run_failed("run", KeyError("order\nmore"))
    assert "\n" not in failed.message
    assert failed.advice


def test_an_error_without_a_text_is_told_by_its_name():
    assert run_failed("run", RuntimeError()).message == "RuntimeError, without a text"


def with_an_import_that_is_only_tried():
    try:
        import no_such_accelerator  # noqa: F401
    except ImportError:
        raise RuntimeError("something else")  # noqa: B904 - what libraries do


def test_an_import_that_was_only_tried_is_not_missed():
    with pytest.raises(RuntimeError) as caught:
        with_an_import_that_is_only_tried()
    assert run_failed("run", caught.value).message == "something else"
