"""A kept run as lines to read: who said what, which tools ran, who decided. Styles nothing."""

from collections.abc import Iterable, Iterator

from tui.wire import events as wire


def transcript_of(events: Iterable[wire.RunEvent]) -> Iterator[str]:
    """Yield the lines of a run, oldest first; what an agent used as a tool did stands indented."""
    for event in events:
        indent = "    " if getattr(event, "within", None) is not None else ""
        yield from (f"{indent}{line}" for line in _lines(event))


def _lines(event: wire.RunEvent) -> Iterator[str]:
    match event:
        case wire.UserMessage():
            yield from _said("You", event.text)
        case wire.MessageOutput():
            yield from _said(event.agent, event.text)
        case wire.ReasoningOutput() if event.text:
            yield from _said(f"{event.agent} (reasoning)", event.text)
        case wire.HandoffOccurred():
            yield f"-> {event.agent} hands over to {event.target}"
        case wire.ToolCalled():
            yield f"* {event.agent} calls {event.tool} {event.arguments}"
        case wire.ToolOutput():
            yield from _said("  returned", event.output)
        case _:
            yield from _of_the_gate(event)


def _of_the_gate(event: wire.RunEvent) -> Iterator[str]:
    match event:
        case wire.ApprovalRequested():
            yield f"? {event.tool} waits for a person"
        case wire.ApprovalDecided():
            answer = "approved" if event.approved else "rejected"
            edited = f", with {event.arguments}" if event.arguments is not None else ""
            reason = f": {event.reason}" if event.reason else ""
            yield f"! {answer} by {event.by or 'a person'}{edited}{reason}"
        case wire.ApprovalWithdrawn():
            yield f"! withdrawn: {event.why}"
        case wire.CallDenied():
            yield f"! {event.tool} {event.arguments} denied ({event.rule.origin})"
        case wire.GuardrailTripped():
            yield f"! guardrail {event.guardrail} tripped"
        case _:
            yield from _of_the_run(event)


def _of_the_run(event: wire.RunEvent) -> Iterator[str]:
    match event:
        case wire.RunFailed():
            yield f"= failed: {event.error_type}: {event.message}"
        case wire.RunCancelled():
            yield "= forked here" if event.mode == "forked" else "= cancelled"
        case wire.RunCompleted():
            yield "= done"
        case wire.ConsoleOutput():
            yield from _said(f"  {event.stream}", event.text.rstrip("\n"))


def _said(who: str, text: str) -> Iterator[str]:
    first, *more = text.split("\n")
    yield f"{who}: {first}"
    yield from (f"  {line}" for line in more)
