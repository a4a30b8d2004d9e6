"""The fold: one event makes one view of another. Pure; which rule applies where is all it knows.

Numbers decide what is folded. An event whose number was folded before changes nothing. A gap is
counted in `missed` and the rest is folded: a picture with a hole is better than a frozen one.
Events of another run than the newest are left out, and so is what follows an end. A run begins
with its `RunStarted`, or, if it never came so far, with its ending.
"""

from msgspec.structs import replace

from tui.cockpit.projection.reduce_approvals import fold_approval
from tui.cockpit.projection.reduce_calls import fold_call
from tui.cockpit.projection.reduce_gate import GATE_EVENTS, fold_gate
from tui.cockpit.projection.reduce_handoffs import fold_handoff
from tui.cockpit.projection.reduce_run import begun_unseen, fold_run
from tui.cockpit.projection.reduce_text import fold_delta, fold_text
from tui.cockpit.projection.view import RunView
from tui.wire import events as wire

UNNUMBERED = -1
ALIVE = ("running", "waiting")


def reduce(view: RunView, event: wire.Event) -> RunView:
    """Return what the run looks like after `event`; `view` itself if it changes nothing."""
    if not _begins_run(view, event):
        return _numbered(_fold(view, event), event) if _continues_run(view, event) else view
    if isinstance(event, wire.RunStarted):
        return _numbered(_fold(view, event), event)
    return _numbered(_fold(begun_unseen(view, event), event), event)


def _begins_run(view: RunView, event: wire.Event) -> bool:
    if event.run_id == view.run_id:
        return False
    is_free = view.status not in ALIVE
    return isinstance(event, wire.RunStarted) or (is_free and isinstance(event, wire.ENDINGS))


def _continues_run(view: RunView, event: wire.Event) -> bool:
    if event.run_id != view.run_id or view.status not in ALIVE:
        return False
    return event.seq == UNNUMBERED or event.seq > view.seq


def _numbered(view: RunView, event: wire.Event) -> RunView:
    if event.seq == UNNUMBERED:
        return view
    missed = view.missed + event.seq - view.seq - 1
    return replace(view, seq=event.seq, heard_at=event.at, missed=missed)


def _fold(view: RunView, event: wire.Event) -> RunView:
    match event:
        case wire.TextDelta() | wire.ReasoningDelta():
            return fold_delta(view, event)
        case wire.MessageOutput() | wire.ReasoningOutput() | wire.UserMessage():
            return fold_text(view, event)
        case wire.ConsoleOutput() | wire.UnknownItem() | wire.GuardrailTripped():
            return fold_text(view, event)
        case wire.ArgumentsDelta() | wire.ToolCalled() | wire.ToolStarted():
            return fold_call(view, event)
        case wire.ToolProgress() | wire.ToolFinished() | wire.ToolOutput():
            return fold_call(view, event)
        case wire.HandoffRequested() | wire.HandoffOccurred():
            return fold_handoff(view, event)
        case wire.ApprovalRequested() | wire.ApprovalDecided():
            return fold_approval(view, event)
        case wire.ApprovalRefused() | wire.ApprovalWithdrawn():
            return fold_approval(view, event)
    return fold_gate(view, event) if isinstance(event, GATE_EVENTS) else fold_run(view, event)
