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

# The address and the key are in the environment or the program, which an agent process keeps.
_AGAIN: Final = "send the message again"
_ANEW: Final = "start Baton again"
_REACH_IT: Final = f"then {_AGAIN}{{elsewhere}}."
_MOST_OF_A_PATH: Final = 60


class Said(NamedTuple):
    """A failure in two lines: what happened, and what to do about it.

    Attributes:
        can_retry: As `RunFailed` says it.
    """

    message: str
    advice: str
    can_retry: bool = True


# By the names of classes, or what stands in a text; the first that fits.
_CONNECTION: Final = (
    (
        {"CERTIFICATE_VERIFY_FAILED"},
        Said(
            "The certificate of {url} is not trusted: {why}",
            f"Set SSL_CERT_FILE to the certificate of who signed it, then {_ANEW}.",
            can_retry=False,
        ),
    ),
    (
        {"[SSL"},
        Said(
            "No secure connection to {url}: {why}",
            f"If it speaks plain HTTP, write http:// for https:// in {{place}} and {_ANEW}.",
            can_retry=False,
        ),
    ),
    (
        {"ConnectTimeout"},
        Said("{url} could not be reached in time.", f"Check the network, {_REACH_IT}"),
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
            f"Start the model service, {_REACH_IT}",
        ),
    ),
    (
        {"gaierror"},
        Said("No connection to {url}: there is no such host.", f"Check the network, {_REACH_IT}"),
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
        Said("No connection to {url}: {why}", f"Check the network, {_REACH_IT}"),
    ),
)


def said_of_service(error: BaseException) -> Said | None:
    """Return what to say of an error of the model service, None for any other error."""
    names = {kind.__name__ for kind in type(error).__mro__}
    status = field(error, "status_code")
    if isinstance(status, int):
        return _said_of_status(status, error)
    if "OpenAIError" in names and "api_key" in shown(error) and "OPENAI" in shown(error):
        return Said(
            "There is no API key for the model service.",
            f"Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, and {_ANEW}; "
            "`baton demo` needs no key.",
            can_retry=False,
        )
    if names & {"APIConnectionError", "TransportError"}:
        return _said_of_connection(error)
    if "APIError" in names:
        return Said(
            f"The model service broke off its answer: {_words_of(error)}",
            f"The fault is the service's: {_AGAIN} in a moment.",
        )
    if _is_of_a_stream(error):
        api = "Chat Completions" if _came_through(error, "chat") else "Responses"
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


def _came_through(error: BaseException, part: str) -> bool:
    """Tell whether an error passed a module with `part` in its name."""
    frames = traceback.walk_tb(error.__traceback__)
    return any(part in str(frame.f_globals.get("__name__")) for frame, _ in frames)


def _on_the_way(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all behind it: transports often name no cause."""
    inner: BaseException | None = error
    while inner is not None:
        yield inner
        inner = inner.__cause__ or inner.__context__


def _said_of_status(status: int, error: BaseException) -> Said:
    advice, can_retry = _advice_for_status(status, error)
    return Said(f"The model service answered {status}: {_words_of(error)}", advice, can_retry)


def _advice_for_status(status: int, error: BaseException) -> tuple[str, bool]:
    """Return what to do, and whether sending the message again may be all of it."""
    match status:
        case 401:
            return f"Correct the key: OPENAI_API_KEY, or --api-key-env; then {_ANEW}.", False
        case 402:
            return f"No credit is left: see the account's plan and billing, then {_AGAIN}.", True
        case 403:
            rights = "See at the service what rights the key and its project have"
            return f"{rights}, then {_AGAIN}.", True
        case 404 | 405:
            return _advice_for_place(error)
        case 429 if "quota" in shown(error):
            return f"The quota is used up: see the account's plan and billing, then {_AGAIN}.", True
        case 429:
            return f"Wait {_wait(error) or 'a little'}, then {_AGAIN}.", True
        case 400 | 413 | 422 if status == 413 or _is_too_long(error):
            return "It is too long for this model: begin a new one at Home (Ctrl+O).", False
        case 400 | 422:
            advice = f"Correct what it names in the program, then {_ANEW}: the details hold more."
            return advice, False
        case _ if status >= 500:
            when = f"in {wait}" if (wait := _wait(error)) else "in a moment"
            return f"The fault is the service's: {_AGAIN} {when}.", True
    return f"{_AGAIN.capitalize()}; the details hold the service's whole answer.", True


def _advice_for_place(error: BaseException) -> tuple[str, bool]:
    """Tell a model that is not there from a service that does not speak this way."""
    url = _url(error)
    if "model" in _words_of(error).lower():
        rename = f"{_ANEW} with the right name (--model)."
        if _is_official(url):
            return f"Correct the model's name in the program, or {rename}", False
        service = urlsplit(url)._replace(path="").geturl()
        return f"Load the model at {service}, then {_AGAIN}; or {rename}", True
    if urlsplit(url).path.endswith("/responses"):
        chat = "with --api chat if this server speaks only Chat Completions"
        return f"Start Baton again: {chat}, else with {_place()} corrected.", False
    return f"The service has no such address: correct {_place()}, then {_ANEW}.", False


def _said_of_connection(error: BaseException) -> Said:
    kinds = {kind.__name__ for one in _on_the_way(error) for kind in type(one).__mro__}
    text = " ".join(shown(one) for one in _on_the_way(error))
    if _came_through(error, "http_stream") or _came_through(error, "openai._streaming"):
        # Whatever a transport calls it: there was an answer already.
        kinds.add("ProtocolError")
    told = next(told for known, told in _CONNECTION if kinds & known or any(map(text.count, known)))
    url = _url(error)
    place = _place()
    elsewhere = "" if _is_official(url) else f"; or correct {place} and {_ANEW}"
    words = {"url": url, "why": _deepest(error), "place": place, "elsewhere": elsewhere}
    return Said(told.message.format(**words), told.advice.format(**words), told.can_retry)


def _place() -> str:
    """Name what says where the service is."""
    return "OPENAI_BASE_URL" if os.environ.get("OPENAI_BASE_URL") else "the client's base_url"


def _is_official(url: str) -> bool:
    return urlsplit(url).hostname == "api.openai.com"


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
    return any(_came_through(error, name) for name in ("openai.", "tui.agents.models."))


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
    """Return where a request went, without passwords and what else is not for a screen."""
    request = field(error, "request") or field(field(error, "response"), "request")
    parts = urlsplit(safe(str(field(request, "url") or "")))
    host, path = parts.netloc.rpartition("@")[2], parts.path
    if not host:
        return "an unknown address"
    is_long = len(path) > _MOST_OF_A_PATH
    return f"{parts.scheme}://{host}{'/…' + path[-_MOST_OF_A_PATH:] if is_long else path}"


def _deepest(error: BaseException) -> str:
    told = [one for one in _on_the_way(error) if shown(one).strip()]
    return first_line(told[-1] if told else error)
