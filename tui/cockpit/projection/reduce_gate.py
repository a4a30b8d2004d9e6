"""How what stands in the way of calls folds: rules that deny, a hold, budgets, and grants."""

from typing import TypeAlias, get_args

from msgspec.structs import replace

from tui.cockpit.projection.entries import changed, place_of_open_call
from tui.cockpit.projection.pages import Pages
from tui.cockpit.projection.reduce_calls import called_entry
from tui.cockpit.projection.view import Decided, RunView, ToolEntry, UsedUp
from tui.wire import events as wire

GateEvent: TypeAlias = (
    wire.CallDenied
    | wire.CallHeld
    | wire.GateHeld
    | wire.GateReleased
    | wire.RuleGranted
    | wire.RuleRevoked
    | wire.BudgetReached
    | wire.BudgetExtended
)


GATE_EVENTS = get_args(GateEvent)


def fold_gate(view: RunView, event: GateEvent) -> RunView:
    """Fold what keeps a call from its begin, or lets it go on."""
    match event:
        case wire.CallDenied():
            return _fold_denied(view, event)
        case wire.CallHeld():
            return _fold_held(view, event)
        case wire.GateHeld():
            return replace(view, is_held=True)
        case wire.GateReleased():
            return replace(view, is_held=False)
        case wire.RuleGranted():
            return _fold_granted(view, event)
        case wire.RuleRevoked():
            kept = tuple(rule for rule in view.grants if rule.rule_id != event.rule_id)
            return replace(view, grants=kept)
        case wire.BudgetReached():
            return _fold_reached(view, event)
        case wire.BudgetExtended():
            return replace(view, used_up=_others(view, event))


def _fold_denied(view: RunView, event: wire.CallDenied) -> RunView:
    view, place, entry = _entry_of(view, event)
    if entry is None:
        return view
    kept = Decided(
        run_id=event.run_id,
        item_id=entry.item_id,
        call_id=event.call_id,
        agent=event.agent,
        tool=event.tool,
        arguments=event.arguments,
        arguments_hash="",
        at=event.at,
        asked_at=event.at,
        approved=False,
        by="rule",
        rule=event.rule,
        within=event.within,
    )
    view = replace(view, decisions=view.decisions.append(kept))
    return changed(view, place, replace(entry, state="denied", denied_by=event.rule))


def _fold_held(view: RunView, event: wire.CallHeld) -> RunView:
    view, place, entry = _entry_of(view, event)
    if entry is None:
        return view
    return changed(view, place, replace(entry, state="held"))


def _entry_of(
    view: RunView, event: wire.CallDenied | wire.CallHeld
) -> tuple[RunView, int, ToolEntry | None]:
    place = place_of_open_call(view, event.call_id, event.within)
    if place is None:
        view, place = called_entry(view, event)
    entry = view.entries[place]
    return view, place, entry if isinstance(entry, ToolEntry) else None


def _fold_granted(view: RunView, event: wire.RuleGranted) -> RunView:
    """Keep the rule, and with the decision that it was made at."""
    view = replace(view, grants=(*view.grants, event.rule))
    if not event.call_id:
        return view
    decisions: Pages[Decided] = view.decisions
    for place, decided in decisions.backwards(len(decisions)):
        if decided.call_id == event.call_id and decided.granted is None:
            kept = decisions.replace(place, replace(decided, granted=event.rule))
            return replace(view, decisions=kept)
    return view


def _fold_reached(view: RunView, event: wire.BudgetReached) -> RunView:
    new = UsedUp(what=event.what, limit=event.limit, used=event.used, of=event.of, at=event.at)
    return replace(view, used_up=(*_others(view, event), new))


def _others(view: RunView, event: wire.BudgetReached | wire.BudgetExtended) -> tuple[UsedUp, ...]:
    return tuple(b for b in view.used_up if (b.of, b.what) != (event.of, event.what))
