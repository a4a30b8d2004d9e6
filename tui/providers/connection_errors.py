"""Makes what breaks while a stream is read the openai client's errors, as its own streams do."""

from __future__ import annotations

from tui.agents.kinds import UserValue


def connection_error(error: Exception, request: UserValue) -> Exception | None:
    """Return the openai exception for a failure of the connection; None for any other error."""
    import openai

    names = {base.__name__ for base in type(error).__mro__}
    if "TimeoutException" in names:
        return openai.APITimeoutError(request=request)
    if "RequestError" in names:
        return openai.APIConnectionError(request=request)
    return None
