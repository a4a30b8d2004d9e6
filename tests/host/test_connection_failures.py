"""Failures on the way to the model service, and of programs, are told in two lines as well."""

from __future__ import annotations

import importlib
import socket
import ssl
from pathlib import Path
from types import SimpleNamespace

import pytest
from openai import APIConnectionError, DefaultAsyncHttpxClient

from tests.fakes.delivery import Before, Cut, Delivery
from tests.fakes.responses_server import FakeResponsesServer
from tests.fakes.socket_server import FakeSocketServer
from tests.host.failing import answering, failure, page
from tests.host.running import RunningChain
from tests.host.serving import LIBRARIES
from tui.host.live.failures import run_failed
from tui.rehearsal.script import reply, say

CERTIFICATE = Path(__file__).parent / "certificates" / "self_signed.pem"


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")
    for name in ("OPENAI_BASE_URL", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


both = pytest.mark.parametrize("library", LIBRARIES)


@both
async def test_where_nothing_listens_the_service_is_to_be_started(library):
    async with FakeResponsesServer([]) as server:
        url = server.base_url
    failed = await failure(library, url)
    assert failed.message == f"No connection to {url}/responses: nothing listens there."
    assert failed.advice == (
        "Start the model service, then send the message again; "
        "or correct the client's base_url and start Baton again."
    )


@both
async def test_an_address_from_the_environment_is_named_by_its_variable(library, monkeypatch):
    async with FakeResponsesServer([]) as server:
        url = server.base_url
    monkeypatch.setenv("OPENAI_BASE_URL", url)
    assert "correct OPENAI_BASE_URL" in (await failure(library, url)).advice


def test_a_host_that_does_not_exist_is_said_to_be_none():
    request = SimpleNamespace(url="http://no-such-host/v1/responses")
    error = APIConnectionError(request=request)
    error.__cause__ = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    failed = run_failed("run", error)
    assert failed.message == f"No connection to {request.url}: there is no such host."
    assert failed.advice.startswith("Check the network, then send the message again; or correct")
    assert failed.can_retry


def test_of_the_official_service_no_address_is_to_be_corrected():
    error = APIConnectionError(request=SimpleNamespace(url="https://api.openai.com/v1/responses"))
    error.__cause__ = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    assert run_failed("run", error).advice == "Check the network, then send the message again."


def test_an_address_is_shown_without_its_secrets_and_not_at_any_length():
    secret = f"http://ada:pass@localhost:9/{'a/very/long/path/' * 20}v1/responses?key=sk-1"
    failed = run_failed("run", APIConnectionError(request=SimpleNamespace(url=secret)))
    assert "http://localhost:9/…" in failed.message
    assert "/v1/responses" in failed.message
    assert len(failed.message) < 200
    assert "pass" not in failed.message
    assert "sk-1" not in failed.message


@both
async def test_a_service_without_tls_is_told_from_one_that_is_not_there(library):
    async with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as url:
        failed = await failure(library, url)
    assert failed.message.startswith(f"No secure connection to {url}/responses: ")
    assert "http:// for https://" in failed.advice
    assert not failed.can_retry


@both
async def test_a_certificate_that_nobody_vouches_for_is_named(library):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    async with answering(b"", ssl=context) as url:
        trusting_nobody = DefaultAsyncHttpxClient(verify=ssl.create_default_context())
        failed = await failure(library, url, http_client=trusting_nobody)
    assert failed.message.startswith(f"The certificate of {url}/responses is not trusted: ")
    assert "SSL_CERT_FILE" in failed.advice
    assert not failed.can_retry


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


@both
async def test_without_a_key_the_person_is_told_to_set_one(library, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_ADMIN_KEY", raising=False)
    agent = importlib.import_module(library).Agent(name="Triage")
    failed = (await RunningChain(agent).ended())[-1]
    assert failed.message == "There is no API key for the model service."
    assert "OPENAI_API_KEY" in failed.advice
    assert not failed.can_retry


class TransportError(Exception):
    """httpx's base of what goes wrong on the way."""

    request = SimpleNamespace(url="http://127.0.0.1:9/v1/responses")


class ProtocolError(TransportError):
    """httpx's error for a stream that is cut."""


async def test_a_websocket_that_is_lost_midway_is_told_as_one():
    cut = Delivery(reply(say("Hello.")), (Before(5, Cut()),))
    async with FakeSocketServer([cut]) as server:
        url = server.base_url
        failed = await failure("tui.agents", url, "websocket")
    address = url.replace("http:", "ws:")
    assert failed.message.startswith(f"The connection to {address}/responses broke midway: ")
    assert failed.can_retry


def test_a_cut_stream_that_an_older_client_lets_through_is_a_connections_end():
    failed = run_failed("run", ProtocolError("peer closed connection\nwith more lines"))
    assert failed.message == (
        "The connection to http://127.0.0.1:9/v1/responses broke midway: peer closed connection"
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
        import no_such_accelerator  # noqa: F401 - that it fails is all
    except ImportError:
        raise RuntimeError("something else")  # noqa: B904 - what libraries do


def test_an_import_that_was_only_tried_is_not_missed():
    with pytest.raises(RuntimeError) as caught:
        with_an_import_that_is_only_tried()
    assert run_failed("run", caught.value).message == "something else"
