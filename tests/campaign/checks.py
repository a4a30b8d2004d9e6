"""What must hold of every trial: nothing lost, nothing twice, and the end that was scripted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from tests.campaign.programs import first_id
from tests.campaign.trial import Played
from tui.cockpit.projection.reduce import reduce
from tui.cockpit.projection.view import PendingApproval, RunView, ToolEntry
from tui.wire.events import (
    ApprovalDecided,
    ApprovalRequested,
    RunCompleted,
    RunEvent,
    RunRecovered,
    ToolCalled,
    ToolStarted,
)

_SHOWN = ("agent", "tool", "arguments", "arguments_hash", "path", "description", "schema", "within")
_ENDED = ("done", "answered", "cancelled", "withdrawn", "failed", "rejected")


@dataclass
class Verdict:
    """What was wrong with a trial, in sentences; empty where nothing was.

    Attributes:
        compared: How many requests waited behind a kill and were asked again.
        faults: By the column of the table that they count in.
    """

    played: Played
    compared: int = 0
    faults: dict[str, list[str]] = field(default_factory=dict)

    def add(self, column: str, sentence: str) -> None:
        self.faults.setdefault(column, []).append(sentence)


def judged(played: Played) -> Verdict:
    """Return what was wrong with a trial."""
    verdict = Verdict(played)
    kept = played.kept()
    for sentence in played.damage:
        verdict.add("integrity", sentence)
    _check_numbers(verdict, kept)
    _check_seen(verdict, kept)
    _check_effects(verdict)
    _check_requests(verdict, kept)
    _check_end(verdict, kept)
    return verdict


def _check_numbers(verdict: Verdict, kept: list[RunEvent]) -> None:
    numbers = [event.seq for event in kept]
    if numbers != list(range(len(numbers))):
        verdict.add("gaps", f"the journal's numbers are {numbers}")


def _check_seen(verdict: Verdict, kept: list[RunEvent]) -> None:
    plain = {event.seq: msgspec.to_builtins(event) for event in kept}
    for event in verdict.played.seen:
        if event.run_id != verdict.played.run_id:
            continue
        if plain.get(event.seq) != msgspec.to_builtins(event):
            verdict.add("lost", f"{event} was seen, and kept is {plain.get(event.seq)}")


def _check_effects(verdict: Verdict) -> None:
    played = verdict.played
    done = played.effects.done()
    for call_id in played.cast.calls:
        of_call = [each for each in done if first_id(each.call_id) == call_id]
        if len(of_call) > 1 + played.person.may_have_repeated(call_id):
            verdict.add("repeated", f"{of_call}, and the person said {played.person.doubts}")
        if not of_call and not played.person.may_have_left_out(call_id):
            verdict.add("left out", f"{call_id}, and the person said {played.person.doubts}")
    keys: dict[str, set[str]] = {}
    for each in done:
        keys.setdefault(each.call_id, set()).add(each.key)
    for call_id, of_call in keys.items():
        # A nested run begun anew is another run; its keys are its own.
        if len(of_call) > 1 and call_id not in played.cast.within:
            verdict.add("key", f"{call_id} had the keys {of_call}")


def _check_requests(verdict: Verdict, kept: list[RunEvent]) -> None:
    """A call that waited behind a kill is asked about again, as it was and since it was."""
    view, waited = RunView(), {}
    for event in kept:
        if isinstance(event, RunRecovered):
            waited.update({each.call_id: each for each in view.pending})
        view = reduce(view, event)
        if isinstance(event, ApprovalRequested) and event.in_doubt_since is None:
            before = waited.pop(event.call_id, None)
            now = next(each for each in view.pending if each.call_id == event.call_id)
            if before is not None and before.in_doubt_since is None:
                _compare(verdict, before, now)


def _compare(verdict: Verdict, before: PendingApproval, now: PendingApproval) -> None:
    verdict.compared += 1
    for name in (*_SHOWN, "requested_at"):
        if getattr(before, name) != getattr(now, name):
            verdict.add(
                "request",
                f"{name} of {now.call_id} was {getattr(before, name)!r}, is {getattr(now, name)!r}",
            )


def _check_end(verdict: Verdict, kept: list[RunEvent]) -> None:
    played = verdict.played
    last = kept[-1] if kept else None
    if not isinstance(last, RunCompleted) or last.final_output != played.cast.final:
        verdict.add("end", f"the last event kept is {last}")
        return
    view = RunView()
    for event in kept:
        view = reduce(view, event)
    if view.status != "completed" or view.pending or view.open_items:
        verdict.add("end", f"{view.status}, {view.pending} waits, {view.open_items} is open")
    for entry in view.entries:
        if isinstance(entry, ToolEntry) and entry.state not in _ENDED:
            verdict.add("end", f"{entry.call_id} is told as {entry.state}")
    for call_id in _undecided(kept):
        verdict.add("request", f"{call_id} was asked about and never decided")
    for sentence in _overruled(kept):
        verdict.add("overruled", sentence)


def _undecided(kept: list[RunEvent]) -> set[str]:
    """Return the calls that a person was asked about last without a decision."""
    asked: set[str] = set()
    for event in kept:
        if isinstance(event, ApprovalRequested):
            asked.add(event.call_id)
        elif isinstance(event, ApprovalDecided):
            asked.discard(event.call_id)
    return asked


def _overruled(kept: list[RunEvent]) -> Iterator[str]:
    """Yield where a call ran, or one inside it, of which a person had said what it came to."""
    doubted: set[str] = set()
    settled: set[str] = set()
    for event in kept:
        match event:
            case ApprovalRequested():
                is_doubt = event.in_doubt_since is not None
                (doubted.add if is_doubt else doubted.discard)(event.call_id)
            case ApprovalDecided() if event.call_id in doubted:
                is_settled = not event.approved or event.result is not None
                (settled.add if is_settled else settled.discard)(event.call_id)
            case ToolCalled():
                settled.discard(event.call_id)
            case ToolStarted() if {event.call_id, event.within} & settled:
                yield f"{event} came after its call was settled"
