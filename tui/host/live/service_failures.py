"""Says what went wrong at the model service, or on the way to it, and what a person can do.

Knows the errors of openai and httpx by the names of their classes: none is imported.
"""

import traceback
from collections.abc import Iterator
from typing import Final, NamedTuple

from tui.host.live.opened import Opened
from tui.host.live.service_advice import advice_for_status, is_no_model
from tui.host.live.service_requests import asked_url, first_line, place_of, shown_url, words_of
from tui.host.live.shapes import field, shown
from tui.host.services import is_official

_AGAIN: Final = "send the message again"
_REACH_IT: Final = f"then {_AGAIN}{{elsewhere}}."


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
            "Set SSL_CERT_FILE to the certificate of who signed it, then {anew}.",
            can_retry=False,
        ),
    ),
    (
        {"[SSL"},
        Said(
            "No secure connection to {url}: {why}",
            "If it speaks plain HTTP, write http:// for https:// in {place} and {anew}.",
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
        {"ProtocolError", "ReadError", "WriteError", "ConnectionClosed"},
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


def said_of_service(error: BaseException, opened: Opened) -> Said | None:
    """Return what to say of an error of the model service, None for any other error."""
    names = {kind.__name__ for kind in type(error).__mro__}
    status = field(error, "status_code")
    if isinstance(status, int):
        return _said_of_status(status, error, opened)
    if "OpenAIError" in names and "api_key" in shown(error) and "OPENAI" in shown(error):
        return Said(
            "There is no API key for the model service.",
            f"Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, and {opened.anew}; "
            "`baton demo` needs no key.",
            can_retry=False,
        )
    if names & {"APIConnectionError", "TransportError"}:
        return _said_of_connection(error, opened)
    if "APIError" in names:
        return Said(
            f"The model service broke off its answer: {words_of(error)}",
            f"The fault is the service's: {_AGAIN} in a moment.",
        )
    if _is_of_a_stream(error):
        api = "Chat Completions" if _came_through(error, "chat") else "Responses"
        return Said(
            f"The model service sent something that is no {api} stream.",
            f"{_AGAIN.capitalize()}; if it stays so, check the address of the service.",
        )
    return None


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


def _said_of_status(status: int, error: BaseException, opened: Opened) -> Said:
    # Most often what is not there is what the address leads to.
    is_of_address = status in (404, 405) and not is_no_model(error)
    at = f" at {shown_url(asked_url(error))}" if is_of_address else ""
    advice, can_retry = advice_for_status(status, error, opened)
    return Said(f"The model service answered {status}{at}: {words_of(error)}", advice, can_retry)


def _said_of_connection(error: BaseException, opened: Opened) -> Said:
    kinds = {kind.__name__ for one in _on_the_way(error) for kind in type(one).__mro__}
    text = " ".join(shown(one) for one in _on_the_way(error))
    if _came_through(error, "http_stream") or _came_through(error, "openai._streaming"):
        # Whatever a transport calls it: there was an answer already.
        kinds.add("ProtocolError")
    told = next(told for known, told in _CONNECTION if kinds & known or any(map(text.count, known)))
    url = asked_url(error)
    place, anew = place_of(url, opened), opened.anew
    elsewhere = "" if is_official(url) else f"; or correct {place} and {anew}"
    words = {
        "url": shown_url(url),
        "why": _deepest(error),
        "place": place,
        "anew": anew,
        "elsewhere": elsewhere,
    }
    return Said(told.message.format(**words), told.advice.format(**words), told.can_retry)


def _is_of_a_stream(error: BaseException) -> bool:
    """Tell whether it was raised where a service's answer is read, of either runtime."""
    if not isinstance(error, ValueError | RecursionError) or isinstance(error, UnicodeEncodeError):
        return False
    return any(_came_through(error, name) for name in ("openai.", "tui.responses."))


def _deepest(error: BaseException) -> str:
    told = [one for one in _on_the_way(error) if shown(one).strip()]
    return first_line(told[-1] if told else error)
