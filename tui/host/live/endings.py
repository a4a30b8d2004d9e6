"""How a run's end is told: its answer, or what failed. Ends nothing."""

from msgspec.structs import replace

from tui.host.live.failures import guardrail_tripped, run_failed
from tui.host.live.normalize import output_text
from tui.host.live.opened import Opened
from tui.host.live.parts import Parts
from tui.host.live.shapes import ForeignResult
from tui.wire.events import RunCompleted, RunFailed


def completed(run_id: str, result: ForeignResult) -> RunCompleted:
    """Return the end of a run that came to an answer."""
    output = result.final_output
    return RunCompleted(run_id=run_id, final_output="" if output is None else output_text(output))


def failed(parts: Parts, error: BaseException, opened: Opened) -> RunFailed:
    """Return the end of a run by an error; a guardrail's stop is told first."""
    for event in guardrail_tripped(parts.run_id, parts.requests.active_agent, error):
        parts.remains.stopped(event.stage, parts.calls.unanswered())
        parts.teller.tell(event)
    told = run_failed(parts.run_id, error, opened)
    has_context = parts.remains.conversation.options.get("context") is not None
    if has_context or not isinstance(error, AttributeError) or error.obj is not None:
        return told
    advice = f"If the program expects a context, {opened.with_context}."
    return replace(told, advice=advice, can_retry=False)
