"""Says a run's failure in one sentence, and what a person can do about it.

Knows the errors of both runtimes by the names of their classes: neither is imported. Those of the
model service are told by `service_failures`.
"""

import ast
import re
import traceback
from collections.abc import Iterator
from typing import Final

from tui.host.live.service_failures import Said, causes, first_line, said_of_service
from tui.host.live.shapes import field, name_of, safe, shown, text_field
from tui.host.packages import how_to_get, missing_module
from tui.wire.events import GuardrailTripped, RunFailed

_AGAIN: Final = "Send the message again"
_GO_ON: Final = "Send another message to go on."
_GUARDRAILS = {
    "InputGuardrailTripwireTriggered": "input",
    "OutputGuardrailTripwireTriggered": "output",
    "ToolInputGuardrailTripwireTriggered": "tool_input",
    "ToolOutputGuardrailTripwireTriggered": "tool_output",
}
_BY_NAME = {
    "MaxTurnsExceeded": "Send a message to let the agent go on, or raise max_turns in the program.",
    "ModelRefusalError": "Ask in other words.",
    "ModelBehaviorError": f"{_AGAIN}; if it stays so, a better model may do.",
    "ToolTimeoutError": f"{_AGAIN}, or raise the tool's timeout.",
    **dict.fromkeys(_GUARDRAILS, "Ask in other words."),
    "UserError": "Correct the agent's program, then send the message again.",
}
_BROKEN_OFF = "The model's answer broke off before its end"
# What the runtimes say of a model's answer, and what a person is told; the first that fits.
_OF_ANSWERS: Final = (
    (
        r"Tool (?P<tool>[^\n]*) not found in agent (?P<agent>[^\n]*)",
        "The model called the tool '{tool}', which {agent} lacks.",
        f"{_AGAIN}; if it stays so, name the tools in the agent's instructions.",
    ),
    (
        r"Invalid JSON when parsing",
        "The model's answer does not fit the agent's output type.",
        f"{_AGAIN}; if it stays so, a simpler output type or a better model may do.",
    ),
    (
        r"max_output_tokens|finish_reason='length'",
        "The model stopped at its limit of tokens.",
        "Ask for less at once, or raise max_tokens in the program.",
    ),
    (
        r"reason='content_filter'",
        "The service's content filter stopped the model.",
        "Ask in other words.",
    ),
    (
        r"reason='(?P<reason>[^']*)'",
        "The model's answer is incomplete: {reason}.",
        f"{_AGAIN}; if it stays so, ask for less at once.",
    ),
    (
        r"did not produce a final response|before receiving a finish_reason",
        f"{_BROKEN_OFF}.",
        f"{_AGAIN}; if it stays so, something on the way cuts the service's answers.",
    ),
    (
        r"no Chat Completions|has no choices",
        "The service's answer is none of the Chat Completions.",
        "Check the address of the service: the details hold what it says.",
    ),
)


def run_failed(run_id: str, error: BaseException) -> RunFailed:
    """Return the event that tells of `error`."""
    said = _said_of(error)
    return RunFailed(
        run_id=run_id,
        error_type=type(error).__name__,
        message=said.message,
        advice=said.advice,
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
        message="" if info is None else shown(info),
    )


def _said_of(error: BaseException) -> Said:
    if type(error).__name__ in _GUARDRAILS:
        stage = _GUARDRAILS[type(error).__name__].replace("_", " ")
        message = f"The {stage} guardrail '{_guardrail_name(error)}' stopped the run."
        return Said(message, _advice_by_name(error))
    if name := next(filter(None, map(missing_module, causes(error))), ""):
        advice = f"{how_to_get(name)} Then start Baton again."
        return Said(f"The program needs the module '{name}', which is not there.", advice)
    if _is_a(error, "ModelBehaviorError"):
        return _said_of_answer(error)
    return said_of_service(error) or Said(first_line(error), _advice_by_name(error))


def _said_of_answer(error: BaseException) -> Said:
    text = shown(error)
    for pattern, message, advice in _OF_ANSWERS:
        if found := re.search(pattern, text, re.DOTALL):
            return Said(message.format(**found.groupdict()), advice)
    if "terminal event" in text:
        why = _words_of_terminal(text)
        return Said(
            f"The model service broke off its answer{why}.",
            f"The fault is the service's: {_AGAIN.lower()} in a moment.",
        )
    return Said(first_line(error), _advice_by_name(error))


def _words_of_terminal(text: str) -> str:
    """Return what a service said of its failure and the failure's code, of a runtime's text."""
    found = {name: found for name in ("message", "code") if (found := _value(name, text))}
    said, code = found.get("message", "").rstrip("."), found.get("code", "")
    if said and code:
        return f": {said} ({code})"
    return f": {said or code}" if said or code else ""


def _value(name: str, text: str) -> str:
    """Return a value that stands in a text as its `repr`, or bare; of it the first line."""
    quoted = re.search(rf"""\b{name}=('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", text)
    if quoted is not None:
        value = safe(ast.literal_eval(quoted[1]))
    else:
        bare = re.search(rf"\b{name}=(.*?)(?:; \w+=|\.?$)", text, re.DOTALL)
        value = bare[1] if bare is not None and bare[1] != "None" else ""
    return next(iter(value.strip().splitlines()), "")


def _advice_by_name(error: BaseException) -> str:
    names = (kind.__name__ for kind in type(error).__mro__)
    return next((_BY_NAME[name] for name in names if name in _BY_NAME), _GO_ON)


def _guardrail_name(error: BaseException) -> str:
    guardrail = field(field(error, "guardrail_result"), "guardrail") or field(error, "guardrail")
    function = field(guardrail, "guardrail_function")
    return name_of(guardrail) or text_field(function, "__name__") or "a guardrail"


def _is_a(error: BaseException, name: str) -> bool:
    return any(kind.__name__ == name for kind in type(error).__mro__)
