"""A service that cannot be reached or spoken to, as a person sees it; the rest of a failure's way.

Each has an agent process of its own: the address is in its environment.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.cockpit.failing_program import PROMPT, Program, shown
from tests.fakes.delivery import http_error
from tests.fakes.responses_server import FakeResponsesServer
from tests.host.failing import answering, page
from tui.rehearsal.script import reply, say

CERTIFICATE = Path(__file__).parents[1] / "host" / "certificates" / "self_signed.pem"
FIELDS = "tools=[look]"
GOOD = "It is at your door."


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch):
    for name in ("OPENAI_BASE_URL", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@asynccontextmanager
async def asking(folder: Path, address: str, *answers) -> AsyncIterator[Program]:
    """Have a program ask what is at an address, its own service by default."""
    program = Program(folder, fields=FIELDS)
    program.answers = iter(answers)
    await program.start(address)
    yield program
    await program.end()


async def test_a_service_that_was_not_started_yet_can_be_started_and_asked_again(tmp_path):
    async with asking(tmp_path, "", reply(say(GOOD))) as program:
        url = program.server.base_url
        await program.server.close()
        async with shown(program) as stage:
            assert await stage.tells(
                f"No connection to {url}/responses: nothing listens there.",
                "→ Start the model service, then send the message again; "
                "or correct OPENAI_BASE_URL and start Baton again.",
            )
            assert stage.offers_retry
            assert await stage.is_ready_to_write()
            await program.server.start(int(url.split(":")[-1].split("/")[0]))
            await stage.desk.press("ctrl+r")
            await stage.until("completed")
            assert await stage.shows(GOOD)


async def test_a_certificate_that_nobody_vouches_for_needs_a_new_start(tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    async with (
        answering(b"", ssl=context) as url,
        asking(tmp_path, url) as program,
        shown(program) as stage,
    ):
        assert await stage.tells(
            f"The certificate of {url}/responses is not trusted: ",
            "→ Set SSL_CERT_FILE to the certificate of who signed it, then start Baton again.",
        )
        assert not stage.offers_retry
        assert await stage.is_ready_to_write()


async def test_a_service_that_speaks_no_tls_is_to_be_asked_without(tmp_path):
    async with (
        answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as url,
        asking(tmp_path, url) as program,
        shown(program) as stage,
    ):
        assert await stage.tells(
            f"No secure connection to {url}/responses: ",
            "→ If it speaks plain HTTP, write http:// for https:// in OPENAI_BASE_URL",
        )
        assert not stage.offers_retry
        assert await stage.is_ready_to_write()


async def test_a_long_web_page_at_a_long_address_leaves_room_for_what_to_do(tmp_path):
    html = f"<html>{'<p>Bad gateway</p>' * 300}</html>"
    async with answering(page(502, html)) as url:
        url = f"{url.replace('https', 'http')}/{'a/very/long/path/' * 20}v1"
        async with asking(tmp_path, url) as program, shown(program) as stage:
            assert await stage.tells(
                "The model service answered 502: a web page, which the details hold",
                "→ The fault is the service's: send the message again in a moment.",
            )
            assert stage.offers_retry


async def test_a_long_address_leaves_room_for_what_to_do(tmp_path):
    async with FakeResponsesServer([]) as closed:
        url = f"{closed.base_url}/{'a/very/long/path/' * 20}v1"
    async with asking(tmp_path, url) as program, shown(program) as stage:
        assert await stage.tells(
            "nothing listens there.", "→ Start the model service, then send the message again;"
        )


async def test_r_in_a_pane_tries_again_and_the_inspector_has_the_details(tmp_path):
    answers = (http_error(500, "Oops."), reply(say(GOOD)))
    async with asking(tmp_path, "", *answers) as program, shown(program) as stage:
        await stage.desk.press("f4")
        assert await stage.shows("✗ the run failed: InternalServerError")
        assert await stage.shows("The fault is the service's: send the message again")
        assert await stage.shows("Traceback")
        assert await stage.shows("r Try again")
        await stage.desk.press("r", "f2")
        await stage.until("completed")
        assert await stage.shows(GOOD)
    assert str(program.server.requests[-1].body["input"]).count(PROMPT) == 1


async def test_at_120x40_what_happened_and_what_to_do_are_whole_beside_each_other(tmp_path):
    missing = http_error(404, "The model 'x' does not exist.")
    async with asking(tmp_path, "", missing) as program, shown(program, (120, 40)) as stage:
        assert await stage.desk.comes_to_show(
            lambda text: text.count("answered 404: The model 'x' does not exist.") == 2
        )
        assert await stage.desk.comes_to_show(
            lambda text: text.count("with the right name (--model).") == 2
        )
