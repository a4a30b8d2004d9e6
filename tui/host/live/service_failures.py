"""Says what went wrong at the model service, or on the way to it, and what a person can do.

Knows the errors of openai and httpx by the names of their classes: none is imported.
"""

import email.utils
import os
import re
import time
import traceback
from collections.abc import Iterator, Mapping

# Errors carry fields of any type.
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from tui.host.live.shapes import field, safe, shown, text_field

_AGAIN = "send the message again"


class Said(NamedTuple):
    """A failure in two lines: what happened, and what to do about it."""

    message: str
    advice: str


# By the names of classes, or what stands in a text; the first that fits.
_CONNECTION: Final = (
    (
        {"CERTIFICATE_VERIFY_FAILED"},
        Said(
            "The certificate of {url} is not trusted: {why}",
            "Set SSL_CERT_FILE to the certificate of who signed it, then start Baton again.",
        ),
    ),
    (
        {"[SSL"},
        Said(
            "No secure connection to {url}: {why}",
            "If the service speaks plain HTTP, write http:// in place of https://: check {place}.",
        ),
    ),
    (
        {"ConnectTimeout"},
        Said("{url} could not be reached in time.", f"Check {{place}}, then {_AGAIN}."),
    ),
    (
        {"APITimeoutError", "TimeoutException"},
        Said(
            "The model service at {url} sent nothing for too long.",
            "Send the message again; if it happens often, the service is overloaded.",
        ),
    ),
    (
        {"ConnectionRefusedError"},
        Said(
            "No connection to {url}: nothing listens there.",
            f"Start the model service, or check {{place}}; then {_AGAIN}.",
        ),
    ),
    (
        {"gaierror"},
        Said(
            "No connection to {url}: there is no such host.",
            f"Check {{place}}, and the network; then {_AGAIN}.",
        ),
    ),
    (
        {"ProtocolError", "ReadError", "WriteError"},
        Said(
            "The connection to {url} broke midway: {why}",
            "Send the message again; if it stays so, look into the log of the service.",
        ),
    ),
    (
        {"Exception"},
        Said("No connection to {url}: {why}", f"Check {{place}}, then {_AGAIN}."),
    ),
)


def said_of_service(error: BaseException) -> Said | None:
    """Return what to say of an error of the model service, None for any other error."""
    names = {kind.__name__ for kind in type(error).__mro__}
    status = field(error, "status_code")
    if isinstance(status, int):
        return Said(
            f"The model service answered {status}: {_words_of(error)}",
            _advice_for_status(status, error),
        )
    if "OpenAIError" in names and "api_key" in shown(error) and "OPENAI" in shown(error):
        return Said(
            "There is no API key for the model service.",
            "Set OPENAI_API_KEY, or give --base-url, and start again; `baton demo` needs no key.",
        )
    if names & {"APIConnectionError", "TransportError"}:
        return _said_of_connection(error)
    if "APIError" in names:
        return Said(
            f"The model service broke off its answer: {_words_of(error)}",
            f"The fault is the service's: {_AGAIN} in a moment.",
        )
    if _is_of_a_stream(error):
        api = "Chat Completions" if _modules(error, "chat") else "Responses"
        return Said(
            f"The model service sent something that is no {api} stream.",
            f"{_AGAIN.capitalize()}; if it stays so, check the address of the service.",
        )
    return None


def first_line(error: BaseException) -> str:
    """Return an error's text, of which the first line."""
    lines = shown(error).strip().splitlines()
    return lines[0] if lines else f"{type(error).__name__}, without a text"


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it came of, the deepest last."""
    inner: BaseException | None = error
    while inner is not None:
        yield inner
        inner = inner.__cause__


def _on_the_way(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all behind it: transports often name no cause."""
    inner: BaseException | None = error
    while inner is not None:
        yield inner
        inner = inner.__cause__ or inner.__context__


def _advice_for_status(status: int, error: BaseException) -> str:
    match status:
        case 401:
            return "Check OPENAI_API_KEY: the service does not know this key."
        case 402:
            return "The account has no credit left: check its plan and billing."
        case 403:
            return "The key may not do this: check its project and its rights."
        case 404 | 405:
            return _advice_for_place(error)
        case 429 if "quota" in shown(error):
            return "The account's quota is used up: check its plan and billing."
        case 429:
            return f"Wait {_wait(error) or 'a little'}, then {_AGAIN}."
        case 400 | 413 | 422 if _is_too_long(error):
            return "The conversation is too long for this model: begin a new one."
        case 400 | 422:
            return "The service did not take the request: the details say which part."
        case _ if status >= 500:
            when = f"in {wait}" if (wait := _wait(error)) else "in a moment"
            return f"The fault is the service's: {_AGAIN} {when}."
    return "The details hold the service's whole answer."


def _advice_for_place(error: BaseException) -> str:
    """Tell a model that is not there from a service that does not speak this way."""
    url = _url(error)
    if "model" in _words_of(error).lower():
        return f"Check the agent's model name, or give --model; the service is {url}."
    if urlsplit(url).path.endswith("/responses"):
        return (
            "If this server speaks only Chat Completions, start with --api chat; "
            f"else check {_place(url)}."
        )
    return f"The service has no such address: check {_place(url)}."


def _said_of_connection(error: BaseException) -> Said:
    kinds = {kind.__name__ for one in _on_the_way(error) for kind in type(one).__mro__}
    text = " ".join(shown(one) for one in _on_the_way(error))
    if _modules(error, "http_stream") or _modules(error, "openai._streaming"):
        # Whatever a transport calls it: there was an answer already.
        kinds.add("ProtocolError")
    told = next(told for known, told in _CONNECTION if kinds & known or any(map(text.count, known)))
    url = _url(error)
    words = {"url": url, "why": _deepest(error), "place": _place(url)}
    return Said(told.message.format(**words), told.advice.format(**words))


def _place(url: str) -> str:
    """Name what says where the service is, or what leads to it."""
    if os.environ.get("OPENAI_BASE_URL"):
        return "OPENAI_BASE_URL"
    is_official = urlsplit(url).hostname == "api.openai.com"
    return "the network connection" if is_official else "the client's base_url"


def _words_of(error: BaseException) -> str:
    """Return what the service said, whichever way it says it."""
    said: Any = field(error, "body")
    if isinstance(said, Mapping):
        inner = said.get("error", said)
        said = text_field(inner, "message") or text_field(inner, "detail") or inner
    if not isinstance(said, str) or not said.strip():
        return first_line(error)
    if said.lstrip().startswith("<"):
        return "a web page, which the details hold"
    return safe(said).strip().splitlines()[0]


def _is_of_a_stream(error: BaseException) -> bool:
    """Tell whether it was raised where a service's answer is read, of either runtime."""
    if not isinstance(error, ValueError | RecursionError) or isinstance(error, UnicodeEncodeError):
        return False
    return any(_modules(error, name) for name in ("openai.", "tui.agents.models."))


def _modules(error: BaseException, part: str) -> tuple[str, ...]:
    """Return the modules of such a name through which an error came."""
    frames = traceback.walk_tb(error.__traceback__)
    names = (str(frame.f_globals.get("__name__")) for frame, _ in frames)
    return tuple(name for name in names if part in name)


def _is_too_long(error: BaseException) -> bool:
    words = f"{_words_of(error)} {field(field(error, 'body'), 'code')}".lower()
    return (
        re.search(r"context.?(length|window|size)|maximum context|too many tokens", words)
        is not None
    )


def _wait(error: BaseException) -> str:
    """Return how long the service asks to wait, "" where it does not say."""
    headers = field(field(error, "response"), "headers")
    given = headers.get("retry-after") if isinstance(headers, Mapping) else None
    seconds = _seconds(str(given or ""))
    if seconds <= 0:
        return ""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _seconds(given: str) -> float:
    try:
        return float(given)
    except ValueError:
        pass
    try:
        return email.utils.parsedate_to_datetime(given).timestamp() - time.time()
    except ValueError:
        return 0.0


def _url(error: BaseException) -> str:
    request = field(error, "request") or field(field(error, "response"), "request")
    return safe(str(field(request, "url") or "an unknown address"))


def _deepest(error: BaseException) -> str:
    told = [one for one in _on_the_way(error) if shown(one).strip()]
    return first_line(told[-1] if told else error)
