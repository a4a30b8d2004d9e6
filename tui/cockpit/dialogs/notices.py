"""What the panel says in one line: why a key did nothing, and what became of a request.

Knows no widget and no focus.
"""

from typing import Final

from tui.cockpit.dialogs.approval_rule import Effect, Request
from tui.cockpit.dialogs.at_hand import AtHand, request_of
from tui.cockpit.projection.view import Decided, RunView, ToolEntry
from tui.cockpit.widgets.doubt_words import answer_words
from tui.plain import Plain, plain_line

TOO_SMALL: Final = "The terminal is too small to show the request: make it larger"
CHANGED: Final = "The request changed while you were at it; nothing was decided"
_LOOK_BACK: Final = 500
_JUST_APPEARED: Final = {
    "request": "The request had just appeared: read it, then press the key again",
    "edit": "The edit had just appeared: read it, then press the key again",
    "page": "This rule had just appeared: read it, then press the key again",
}
_SAID: Final = {
    Effect.ONLY_WATCHES: "This screen only watches: nothing can be decided here",
    Effect.NOT_OF_WHAT_BEGAN: "It may have run already: only y, d, n and r say what became of it",
    Effect.NOT_ALWAYS_AS_EDITED: "No rule is made of edited arguments: u undoes the edit first",
}


def why_not(effect: Effect, hand: AtHand) -> Plain:
    """Return why a key did not do what it is for."""
    match effect:
        case Effect.NOT_PAINTED_YET:
            shown = "page" if hand.page else "edit" if hand.edit else "request"
            return Plain(_JUST_APPEARED[shown])
        case Effect.CANNOT_EDIT:
            why = "they are too long" if hand.pending.schema else "its tool tells no schema"
            return Plain(f"The arguments of this call cannot be edited here: {why}")
        case Effect.EDIT_DOES_NOT_FIT:
            fault = hand.edit.fault if hand.edit else ""
            return plain_line(f"The edit does not fit the tool: e edits on, u undoes it. {fault}")
        case _:
            return Plain(_SAID[effect])


def what_became(view: RunView, request: Request, *, was_at_it: bool) -> Plain:
    """Return what became of a request that waits no longer.

    Args:
        view: The conversation.
        request: What was shown.
        was_at_it: Whether a person's keys went to it: these decided nothing then.
    """
    decided = decision_of(view, request)
    if decided is not None:
        here = "; nothing was decided here" if was_at_it else ""
        return plain_line(f"{_who_did(decided)}{here}")
    if any(pending.call_id == request.call_id for pending in view.pending):
        return Plain(CHANGED)
    why = _why_withdrawn(view, request)
    return plain_line(f"The request is gone{f' ({why})' if why else ''}; nothing was decided")


def decision_of(view: RunView, request: Request) -> Decided | None:
    """Return how a request was decided, None if it was not."""
    for _, decided in view.decisions.backwards(_LOOK_BACK):
        if decided.call_id == request.call_id and decided.run_id == request.run_id:
            return decided if request_of(decided) == request else None
    return None


def _who_did(decided: Decided) -> str:
    if decided.in_doubt_since is not None:
        return f"{decided.tool}: {answer_words(decided)}"
    did = "approved" if decided.approved else "rejected"
    if decided.rule is not None:
        # Late: few decisions come of a rule.
        from tui.policy.wording import named

        return f"A rule {did} {decided.tool}: {named(decided.rule)}"
    return f"{decided.by or 'Somebody'} {did} {decided.tool}"


def _why_withdrawn(view: RunView, request: Request) -> str:
    for _, entry in view.entries.backwards(_LOOK_BACK):
        if isinstance(entry, ToolEntry) and entry.call_id == request.call_id:
            return entry.approval.withdrawn if entry.approval else ""
    return ""
