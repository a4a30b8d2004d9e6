"""Says a run's failure in one sentence, and what a person can do about it.

Knows the errors of openai and of both runtimes by the names of their classes: none is imported.
"""

import os
import traceback
from collections.abc import Iterator, Mapping

# Errors carry fields of any type.
from typing import Any

from tui.host.live.shapes import field, name_of, safe, text_field
from tui.wire.events import GuardrailTripped, RunFailed

_GUARDRAILS = {
    "InputGuardrailTripwireTriggered": "input",
    "OutputGuardrailTripwireTriggered": "output",
    "ToolInputGuardrailTripwireTriggered": "tool_input",
    "ToolOutputGuardrailTripwireTriggered": "tool_output",
}
# httpx's, which older clients of the service let through when a stream is cut.
_TRANSPORT_ERROR = "TransportError"
_BY_NAME = {
    "APITimeoutError": "Send the message again; if it happens often, the service is overloaded.",
    "MaxTurnsExceeded": "Send a message to let the agent go on, or raise max_turns in the program.",
    "ModelRefusalError": "Ask in other words.",
    "ModelBehaviorError": "Send the message again; if it stays, a better model may do.",
    "ToolTimeoutError": "Send the message again, or raise the tool's timeout.",
    **dict.fromkeys(_GUARDRAILS, "Ask in other words."),
    "UserError": "Correct the agent's program, then send the message again.",
}


def run_failed(run_id: str, error: BaseException) -> RunFailed:
    """Return the event that tells of `error`."""
    return RunFailed(
        run_id=run_id,
        error_type=type(error).__name__,
        message=message_of(error),
        advice=advice_for(error),
        details=safe("".join(traceback.format_exception(error))),
    )


def guardrail_tripped(run_id: str, agent: str, error: BaseException) -> Iterator[GuardrailTripped]:
    """Yield the guardrail that `error` tells of, if it is one's."""
    stage = _GUARDRAILS.get(type(error).__name__)
    if stage is None:
        return
    result = field(error, "guardrail_result")
    info = field(field(result, "output") or field(error, "output"), "output_info")
    yield GuardrailTripped(
        run_id=run_id,
        agent=agent,
        guardrail=_guardrail_name(error),
        stage=stage,
        message="" if info is None else safe(str(info)),
    )


def message_of(error: BaseException) -> str:
    """Return what went wrong, in one line."""
    if type(error).__name__ in _GUARDRAILS:
        stage = _GUARDRAILS[type(error).__name__].replace("_", " ")
        return f"The {stage} guardrail '{_guardrail_name(error)}' stopped the run."
    if _is_key_missing(error):
        return "There is no API key for the model service."
    status = field(error, "status_code")
    if isinstance(status, int):
        return f"The model service answered {status}: {_said_by_service(error)}"
    if _is_a(error, "APITimeoutError"):
        return f"The model service at {_address(error)} did not answer in time."
    if _is_a(error, "APIConnectionError"):
        return f"No connection to the model service at {_address(error)}: {_deepest(error)}"
    if _is_a(error, _TRANSPORT_ERROR):
        return f"The connection to {_address(error)} broke off: {_first_line(error)}"
    return _first_line(error)


def advice_for(error: BaseException) -> str:
    """Return what the person can do, "" where nothing is known."""
    if _is_key_missing(error):
        return "Set OPENAI_API_KEY, or give --base-url, and start again; `baton demo` needs no key."
    status = field(error, "status_code")
    if isinstance(status, int):
        return _advice_for_status(status, error)
    for name in (kind.__name__ for kind in type(error).__mro__):
        if name == "ModelBehaviorError" and " not found in agent" in str(error):
            return "The model called a tool its agent lacks. Send the message again."
        if name in ("APIConnectionError", _TRANSPORT_ERROR):
            return _advice_for_connection()
        if name in _BY_NAME:
            return _BY_NAME[name]
    return "Send another message to go on."


def _guardrail_name(error: BaseException) -> str:
    guardrail = field(field(error, "guardrail_result"), "guardrail") or field(error, "guardrail")
    function = field(guardrail, "guardrail_function")
    return name_of(guardrail) or text_field(function, "__name__") or "a guardrail"


def _advice_for_status(status: int, error: BaseException) -> str:
    match status:
        case 401:
            return "Check OPENAI_API_KEY: the service does not know this key."
        case 403:
            return "The key may not do this: check its project and its rights."
        case 404:
            return f"Check the agent's model name, and OPENAI_BASE_URL ({_address(error)})."
        case 429 if "quota" in str(error):
            return "The account's quota is used up: check its plan and billing."
        case 429:
            return "Wait a little, then send the message again."
        case 400 | 422:
            return "The service did not take the request: the details say which part."
        case _ if status >= 500:
            return "The fault is the service's: send the message again in a moment."
    return "The details hold the service's whole answer."


def _advice_for_connection() -> str:
    if os.environ.get("OPENAI_BASE_URL"):
        return "Check OPENAI_BASE_URL, and that a service listens there; then send it again."
    return "Check the network connection, then send the message again."


def _is_key_missing(error: BaseException) -> bool:
    return _is_a(error, "OpenAIError") and "api_key" in str(error) and "OPENAI" in str(error)


def _is_a(error: BaseException, name: str) -> bool:
    return any(kind.__name__ == name for kind in type(error).__mro__)


def _said_by_service(error: BaseException) -> str:
    body: Any = field(error, "body")
    if isinstance(body, Mapping):
        inner = body.get("error", body)
        return text_field(inner, "message") or _first_line(error)
    return _first_line(error)


def _address(error: BaseException) -> str:
    request = field(error, "request") or field(field(error, "response"), "request")
    return safe(str(field(request, "url") or "an unknown address"))


def _deepest(error: BaseException) -> str:
    while error.__cause__ is not None:
        error = error.__cause__
    return _first_line(error)


def _first_line(error: BaseException) -> str:
    lines = safe(str(error)).strip().splitlines()
    return lines[0] if lines else f"{type(error).__name__}, without a text"
