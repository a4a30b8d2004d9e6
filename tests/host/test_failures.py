"""Every failure of a run is told in two lines: what happened, and what a person can do.

Both runtimes, over a real service on the loopback interface; each row is one way to fail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel

from tests.fakes.delivery import Before, Cut, Delivery, Garbage, HttpError, Stall, http_error
from tests.fakes.responses_server import FakeResponsesServer
from tests.host.failing import APIS, failure
from tests.host.serving import LIBRARIES
from tui.rehearsal.script import (
    Call,
    ErrorEvent,
    Failed,
    Incomplete,
    NoEnd,
    Refuse,
    Reply,
    reply,
    say,
)

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
        timeout_s: How long the client waits for the next bytes.
        agent: Fields of the agent, of its library.
        can_retry: Whether sending the message again, as things stand, may help.
    """

    name: str
    answer: Any
    says: str
    advises: str
    only: str = ""
    timeout_s: float = 60.0
    agent: Callable[[Any], dict[str, Any]] = lambda library: {}
    can_retry: bool = True


def ticking(library):
    def tick() -> str:
        return "tock"

    return {"tools": [library.function_tool(tick)]}


def listing(library):
    return {"output_type": list[int]}


def importing(library):
    def instructions(context, agent) -> str:
        import dateutil_of_another_name  # noqa: F401 - that it fails is all

        return "Never."

    return {"instructions": instructions}


def importing_in_a_tool(library):
    def tick() -> str:
        import sklearn_of_another_name  # noqa: F401 - that it fails is all

        return "tock"

    return {"tools": [library.function_tool(failure_error_function=None)(tick)]}


def failing_in_a_tool(library):
    def tick() -> str:
        raise ValueError("no such order")

    return {"tools": [library.function_tool(failure_error_function=None)(tick)]}


def deciding_nothing(library):
    return {**ticking(library), "tool_use_behavior": lambda context, results: None}


class Order(BaseModel):
    order: str


def handing_over(library):
    def note(context, order: Order) -> None: ...

    billing = library.Agent(name="billing")
    return {"handoffs": [library.handoff(billing, on_handoff=note, input_type=Order)]}


FAILURES = [
    Failing(
        "wrong key",
        http_error(401, "Bad key."),
        "answered 401: Bad key.",
        "Correct the key that the program gives its client, then start Baton again.",
        can_retry=False,
    ),
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
        "answered 404 at URL: Not Found",
        "--api chat if this server speaks only Chat Completions",
        only="responses",
        can_retry=False,
    ),
    Failing(
        "no Chat Completions here either",
        HttpError(404, {"detail": "Not Found"}),
        "answered 404 at URL: Not Found",
        "if this server speaks only Responses, else with the client's base_url corrected.",
        only="chat_completions",
        can_retry=False,
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
    Failing(
        "a service of many words",
        http_error(500, "word " * 1_000),
        "answered 500: word word",
        "in a moment",
    ),
    Failing(
        "a bad request", http_error(400, "Bad tool."), "400: Bad tool.", "details", can_retry=False
    ),
    Failing(
        "a long conversation",
        http_error(400, "This model's maximum context length is 8192 tokens.", "x"),
        "400: This model's maximum context length",
        "begin a new conversation",
        can_retry=False,
    ),
    Failing(
        "a cut stream",
        Delivery(reply(HELLO), (Before(MIDDLE, Cut()),)),
        "The connection to URL broke midway: ",
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
        "The model service sent something that is no ",
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
        "The model service broke off its answer: Overloaded",
        "send the message again in a moment",
    ),
    Failing(
        "a response that failed",
        Reply((HELLO,), Failed("It broke.")),
        "The model service broke off its answer: It broke",
        "send the message again in a moment",
    ),
    Failing(
        "the token limit",
        Reply((), Incomplete("max_output_tokens")),
        "The model stopped at its limit of tokens.",
        "max_tokens",
        can_retry=False,
    ),
    Failing(
        "the content filter",
        Reply((HELLO,), Incomplete("content_filter")),
        "The service's content filter stopped the model.",
        "other words",
        only="responses",
        can_retry=False,
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
        "The model's answer does not fit the type that the program asks for.",
        "a simpler type",
        agent=listing,
    ),
    Failing(
        "too many turns",
        lambda request: reply(Call("tick", "{}", f"c{request.number}")),
        "The agent came to no end within 10 turns.",
        'Say "go on"',
        agent=ticking,
        can_retry=False,
    ),
    Failing(
        "too large a request",
        http_error(413, "Too large."),
        "413: Too large.",
        "begin a new conversation",
        can_retry=False,
    ),
    Failing(
        "a request that was held up",
        http_error(408, "Took too long."),
        "408: Took too long.",
        "Send the message again",
    ),
    Failing(
        "a refusal",
        reply(Refuse("I will not.")),
        "The model refused to answer.",
        "other words",
        only="responses",
        can_retry=False,
    ),
    Failing(
        "a handoff with something of another type",
        reply(Call("transfer_to_billing", '{"order": []}', "c1")),
        "The model's answer does not fit the type that the program asks for.",
        "a simpler type",
        agent=handing_over,
    ),
    Failing(
        "a tool that fails",
        reply(Call("tick", "{}", "c1")),
        "The tool 'tick' failed: no such order",
        "correct the program",
        agent=failing_in_a_tool,
    ),
    Failing(
        "a program that is wrong",
        reply(Call("tick", "{}", "c1")),
        "ToolsToFinalOutputResult",
        "Correct the agent's program, then start Baton again.",
        agent=deciding_nothing,
        can_retry=False,
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
    assert failed.can_retry == failing.can_retry
    assert ("end the message again" in failed.advice) >= failed.can_retry


PATHS = {"responses": "/responses", "chat_completions": "/chat/completions"}


def as_script(answer):
    return answer if isinstance(answer, list) else [answer]


def is_one_sentence(text):
    return bool(text) and "\n" not in text and len(text) < 400
