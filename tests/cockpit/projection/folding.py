"""Short words for tests of the fold: events without run and number, and excerpts of a view."""

from collections.abc import Iterable

import msgspec

from tui.cockpit.projection.reduce import reduce
from tui.cockpit.projection.view import RunView, as_plain
from tui.wire.events import (
    ApprovalDecided,
    ApprovalRequested,
    ArgumentsDelta,
    Event,
    HandoffOccurred,
    HandoffRequested,
    MessageOutput,
    ReasoningDelta,
    RunStarted,
    TextDelta,
    ToolCalled,
    ToolFinished,
    ToolOutput,
    ToolStarted,
)

RUN = "run1"


def started(agent: str = "A", run_id: str = RUN, **more) -> RunStarted:
    return RunStarted(run_id=run_id, agent=agent, target="support.py:triage", **more)


def text(item: str, piece: str, agent: str = "A", within: str | None = None) -> TextDelta:
    return TextDelta(run_id=RUN, item_id=item, agent=agent, text=piece, within=within)


def thinking(item: str, piece: str, agent: str = "A") -> ReasoningDelta:
    return ReasoningDelta(run_id=RUN, item_id=item, agent=agent, text=piece)


def message(item: str, whole: str, agent: str = "A", within: str | None = None) -> MessageOutput:
    return MessageOutput(run_id=RUN, item_id=item, agent=agent, text=whole, within=within)


def writing(call: str, piece: str, tool: str = "t", within: str | None = None) -> ArgumentsDelta:
    return ArgumentsDelta(
        run_id=RUN,
        item_id=f"i-{call}",
        agent="A",
        call_id=call,
        tool=tool,
        text=piece,
        within=within,
    )


def called(call: str, arguments: str = "{}", tool: str = "t", within: str | None = None):
    return ToolCalled(
        run_id=RUN,
        item_id=f"i-{call}",
        agent="A",
        call_id=call,
        tool=tool,
        arguments=arguments,
        within=within,
    )


def begun(call: str, within: str | None = None) -> ToolStarted:
    return ToolStarted(run_id=RUN, agent="A", call_id=call, tool="t", within=within)


def finished(call: str, error: str = "", within: str | None = None) -> ToolFinished:
    return ToolFinished(
        run_id=RUN,
        agent="A",
        call_id=call,
        tool="t",
        error_type="ValueError" if error else "",
        error=error,
        within=within,
    )


def output(call: str, what: str = "42", within: str | None = None) -> ToolOutput:
    return ToolOutput(run_id=RUN, agent="A", call_id=call, output=what, within=within)


def handing(call: str, payload: str = "{}", agent: str = "A") -> HandoffRequested:
    return HandoffRequested(
        run_id=RUN, item_id=f"i-{call}", agent=agent, call_id=call, tool="to_b", arguments=payload
    )


def handed(call: str, target: str = "B", agent: str = "A") -> HandoffOccurred:
    return HandoffOccurred(run_id=RUN, agent=agent, call_id=call, target=target)


def asked(
    call: str, path: tuple[str, ...] = ("A",), digest: str = "h", arguments: str = "{}"
) -> ApprovalRequested:
    return ApprovalRequested(
        run_id=RUN,
        agent=path[-1],
        call_id=call,
        tool="t",
        arguments=arguments,
        arguments_hash=digest,
        path=path,
        description="Pay money back.",
    )


def decided(call: str, approved: bool = True, reason: str = "") -> ApprovalDecided:
    return ApprovalDecided(run_id=RUN, call_id=call, approved=approved, reason=reason, by="me")


def numbered(events: Iterable[Event]) -> list[Event]:
    """Give each event a number within its run, and one second after the one before."""
    seqs: dict[str, int] = {}
    out = []
    for at, event in enumerate(events):
        seq = seqs.get(event.run_id, -1) + 1
        seqs[event.run_id] = seq
        out.append(msgspec.structs.replace(event, seq=seq, at=float(at)))
    return out


def folded(events: Iterable[Event], view: RunView | None = None) -> RunView:
    """Fold events as they are."""
    view = view or RunView()
    for event in events:
        view = reduce(view, event)
    return view


def fold(*events: Event) -> RunView:
    """Number events and fold them; the first is at 0 s, each one second later."""
    return folded(numbered(events))


def entries(view: RunView, *fields: str) -> list:
    """The entries as builtins, each cut down to `fields` (one field: its bare value)."""
    rows = [msgspec.to_builtins(entry) for entry in view.entries]
    if len(fields) == 1:
        return [row.get(fields[0]) for row in rows]
    return [tuple(row.get(name) for name in fields) for row in rows]


def picture(view: RunView) -> dict:
    """`as_plain` without number and time of the newest event, which joining deltas changes."""
    plain = as_plain(view)
    del plain["seq"], plain["heard_at"]
    return plain
