"""Reads from an error of the model service what was asked, where, with which key, and what it says.

Stays out of what a person is told. Knows the errors of openai and httpx by their shape.
"""

import email.utils
import os
import re
import time
from collections.abc import Mapping

# Errors carry fields of any type.
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from tui.host.live.opened import Opened
from tui.host.live.shapes import field, safe, shown, text_field
from tui.host.services import BASE_URL

_MOST_OF_A_PATH: Final = 60
_PORTS: Final = {"http": 80, "https": 443}


def asked_url(error: BaseException) -> str:
    """Return where a request went without passwords, "" where it does not say."""
    parts = urlsplit(safe(str(field(_request(error), "url") or "")))
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" if host else ""


def shown_url(url: str) -> str:
    """Return an address at a length that leaves room for what to do."""
    if not url:
        return "an unknown address"
    parts = urlsplit(url)
    if len(parts.path) <= _MOST_OF_A_PATH:
        return url
    return f"{parts.scheme}://{parts.netloc}/…{parts.path[-_MOST_OF_A_PATH:]}"


def place_of(url: str, opened: Opened) -> str:
    """Name what says where the service is: an option, a variable, or the program."""
    named = os.environ.get(BASE_URL, "").strip()
    if not named or not _leads_to(named, url):
        return "the client's base_url"
    return opened.address_from or BASE_URL


def key_sent(error: BaseException) -> str | None:
    """Return the key that was sent, None where it does not say."""
    headers = field(_request(error), "headers")
    sent = headers.get("authorization") if isinstance(headers, Mapping) else None
    return sent.removeprefix("Bearer").strip() if isinstance(sent, str) else None


def words_of(error: BaseException) -> str:
    """Return what the service said, whichever way it says it; of it the first line."""
    said: Any = field(error, "body")
    if isinstance(said, Mapping):
        inner = said.get("error", said)
        said = text_field(inner, "message") or text_field(inner, "detail") or inner
    if not isinstance(said, str) or not said.strip():
        return first_line(error)
    if said.lstrip().startswith("<"):
        return "a web page, which the details hold"
    return safe(said).strip().splitlines()[0]


def first_line(error: BaseException) -> str:
    """Return an error's text, of which the first line."""
    lines = shown(error).strip().splitlines()
    return lines[0] if lines else f"{type(error).__name__}, without a text"


def is_too_long(error: BaseException) -> bool:
    """Tell whether a request was more than the model can read."""
    words = f"{words_of(error)} {field(field(error, 'body'), 'code')}".lower()
    pattern = r"context.?(length|window|size)|maximum context|too many tokens"
    return re.search(pattern, words) is not None


def wait_of(error: BaseException) -> str:
    """Return how long the service asks to wait, "" where it does not say."""
    headers = field(field(error, "response"), "headers")
    given = headers.get("retry-after") if isinstance(headers, Mapping) else None
    seconds = _seconds(str(given or ""))
    if seconds <= 0:
        return ""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _request(error: BaseException) -> object:
    return field(error, "request") or field(field(error, "response"), "request")


def _leads_to(named: str, url: str) -> bool:
    """Tell whether an address that was named is the one a request went to."""
    if not url:
        return True
    try:
        base, asked = urlsplit(named), urlsplit(url)
        return _host(base) == _host(asked) and asked.path.startswith(base.path.rstrip("/"))
    except ValueError:
        # What is wrong with it was told; there is nothing else to correct.
        return True


def _host(parts: SplitResult) -> tuple[str | None, int | None]:
    return parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _seconds(given: str) -> float:
    try:
        return float(given)
    except ValueError:
        pass
    try:
        return email.utils.parsedate_to_datetime(given).timestamp() - time.time()
    except ValueError:
        return 0.0
