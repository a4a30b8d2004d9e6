"""Says a run's failure in one sentence, and what a person can do about it.

Knows the errors of both runtimes by the names of their classes: neither is imported. Those of the
model service are told by `service_failures`.
"""

import ast
import re
import traceback
from collections.abc import Iterator
from typing import Final

from tui.host.live.opened import BY_COMMAND, Opened
from tui.host.live.service_failures import Said, causes, said_of_service
from tui.host.live.service_requests import first_line
from tui.host.live.shapes import field, name_of, safe, shown, text_field
from tui.host.packages import how_to_get, missing_module
from tui.wire.events import GuardrailTripped, RunFailed

_AGAIN: Final = "Send the message again"
_OTHER_WORDS: Final = "Ask in other words."
_ANYTHING: Final = f"{_AGAIN}; if it stays so, correct the program and {{anew}}."
_MOST_CHARACTERS: Final = 300
_GUARDRAILS = {
    "InputGuardrailTripwireTriggered": "input",
    "OutputGuardrailTripwireTriggered": "output",
    "ToolInputGuardrailTripwireTriggered": "tool_input",
    "ToolOutputGuardrailTripwireTriggered": "tool_output",
}
# What to do about an error, and whether sending the message again may be all of it; `{anew}` is
# what makes a change of the program count.
_BY_NAME: Final = {
    "ModelBehaviorError": (f"{_AGAIN}; if it stays so, a better model may do.", True),
    "ModelTimeoutError": (f"{_AGAIN}; if it stays so, raise the model's timeout.", True),
    "ToolTimeoutError": (f"{_AGAIN}; if it stays so, raise the tool's timeout.", True),
    **dict.fromkeys(_GUARDRAILS, (_OTHER_WORDS, False)),
    "UserError": ("Correct the agent's program, then {anew}.", False),
}
# What the runtimes say, and what a person is told; the first that fits.
_BY_TEXT: Final = (
    (
        r"Error running tool (?P<tool>[^\n:]*): (?P<why>[^\n]*)",
        Said("The tool '{tool}' failed: {why}", _ANYTHING),
    ),
    (
        r"Max turns \((?P<turns>\d+)\) exceeded",
        Said(
            "The agent came to no end within {turns} turns.",
            'Say "go on" to give it as many again, or raise max_turns in the program.',
            can_retry=False,
        ),
    ),
    (
        r"Model refused to produce output",
        Said("The model refused to answer.", _OTHER_WORDS, can_retry=False),
    ),
    (
        r"Tool (?P<tool>[^\n]*) not found in agent (?P<agent>[^\n]*)",
        Said(
            "The model called the tool '{tool}', which {agent} lacks.",
            f"{_AGAIN}; if it stays so, name the tools in the agent's instructions.",
        ),
    ),
    (
        # The runtimes say the same of an output type and of a handoff's input type.
        r"Invalid JSON when parsing",
        Said(
            "The model's answer does not fit the type that the program asks for.",
            f"{_AGAIN}; if it stays so, a simpler type or a better model may do.",
        ),
    ),
    (
        r"max_output_tokens|finish_reason='length'",
        Said(
            "The model stopped at its limit of tokens.",
            "Ask for less at once, or raise max_tokens in the program.",
            can_retry=False,
        ),
    ),
    (
        r"reason='content_filter'",
        Said("The service's content filter stopped the model.", _OTHER_WORDS, can_retry=False),
    ),
    (
        r"reason='(?P<reason>[^']*)'",
        Said(
            "The model's answer is incomplete: {reason}.",
            f"{_AGAIN}; if it stays so, ask for less at once.",
        ),
    ),
    (
        r"did not produce a final response|before receiving a finish_reason",
        Said(
            "The model's answer broke off before its end.",
            f"{_AGAIN}; if it stays so, something on the way cuts the service's answers.",
        ),
    ),
    (
        r"no Chat Completions|has no choices",
        Said(
            "The service's answer is none of the Chat Completions.",
            "Correct the service's address, then {anew}: the details hold its answer.",
            can_retry=False,
        ),
    ),
)


def run_failed(run_id: str, error: BaseException, opened: Opened = BY_COMMAND) -> RunFailed:
    """Return the event that tells of `error`, with an advice for agents that were opened so."""
    said = _said_of(error, opened)
    return RunFailed(
        run_id=run_id,
        error_type=type(error).__name__,
        message=_shortened(said.message),
        advice=said.advice,
        details=safe("".join(traceback.format_exception(error))),
        can_retry=said.can_retry,
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


def _shortened(message: str) -> str:
    if len(message) <= _MOST_CHARACTERS:
        return message
    return f"{message[:_MOST_CHARACTERS].rstrip()}… (all of it is in the details)"


def _said_of(error: BaseException, opened: Opened) -> Said:
    if type(error).__name__ in _GUARDRAILS:
        stage = _GUARDRAILS[type(error).__name__].replace("_", " ")
        message = f"The {stage} guardrail '{_guardrail_name(error)}' stopped the run."
        return Said(message, *_advice_by_name(error, opened))
    if name := next(filter(None, map(missing_module, causes(error))), ""):
        advice = f"{how_to_get(name, by_program=opened.by_program)} Then {_AGAIN.lower()}."
        return Said(f"The program needs the module '{name}', which is not there.", advice)
    if _is_a(error, "AgentsException"):
        return _said_of_runtime(error, opened)
    if any(map(_is_of_another_loop, causes(error))):
        return Said(
            f"Something the agents use belongs to another event loop: {first_line(error)}",
            f"{_AGAIN}; if it stays so, {opened.in_one_loop}.",
        )
    return said_of_service(error, opened) or Said(
        first_line(error), *_advice_by_name(error, opened)
    )


def _is_of_another_loop(error: BaseException) -> bool:
    said = r"Event loop is closed|different (event )?loop"
    return isinstance(error, RuntimeError) and re.search(said, shown(error)) is not None


def _said_of_runtime(error: BaseException, opened: Opened) -> Said:
    text = shown(error)
    for pattern, told in _BY_TEXT:
        if found := re.search(pattern, text, re.DOTALL):
            message = told.message.format(**found.groupdict())
            return told._replace(message=message, advice=told.advice.format(anew=opened.anew))
    if "terminal event" in text:
        why = _words_of_terminal(text)
        return Said(
            f"The model service broke off its answer{why}.",
            f"The fault is the service's: {_AGAIN.lower()} in a moment.",
        )
    return Said(first_line(error), *_advice_by_name(error, opened))


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


def _advice_by_name(error: BaseException, opened: Opened) -> tuple[str, bool]:
    names = (kind.__name__ for kind in type(error).__mro__)
    found = next((_BY_NAME[name] for name in names if name in _BY_NAME), (_ANYTHING, True))
    return found[0].format(anew=opened.anew), found[1]


def _guardrail_name(error: BaseException) -> str:
    guardrail = field(field(error, "guardrail_result"), "guardrail") or field(error, "guardrail")
    function = field(guardrail, "guardrail_function")
    return name_of(guardrail) or text_field(function, "__name__") or "a guardrail"


def _is_a(error: BaseException, name: str) -> bool:
    return any(kind.__name__ == name for kind in type(error).__mro__)
