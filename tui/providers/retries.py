"""Whether a request that failed before its answer began is sent again. Sends nothing."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openai import APIError

_LONGEST_WAIT_S = 120.0
_PASSING = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS)


def wait_s(error: APIError, tries: int) -> float | None:
    """Return how long to wait before another try after `tries`; None if it would be no use.

    As the openai client does: what the server asks for, or twice as long each time.
    """
    import openai

    if isinstance(error, openai.APIStatusError):
        if error.status_code not in _PASSING and error.status_code < 500:
            return None
        for name, unit_s in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
            asked = error.response.headers.get(name, "")
            if asked.replace(".", "", 1).isdigit():
                asked_s = float(asked) * unit_s
                return asked_s if asked_s <= _LONGEST_WAIT_S else None
    return min(0.5 * 2.0**tries, 8.0)
