"""Every decision about a call, with what came of it: a record, its filter, its line of JSON.

Knows no clock, no disk and no widget.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

import msgspec

from tui.cockpit.projection.select import answer_to_doubt
from tui.cockpit.projection.view import CallState, Decided, RunView, ToolEntry
from tui.policy.wording import named

_OUTCOMES: Final[dict[CallState, str]] = {
    "writing": "not run",
    "called": "not run yet",
    "waiting": "not run yet",
    "approved": "not run yet",
    "held": "held at the gate",
    "rejected": "not run",
    "denied": "not run",
    "withdrawn": "not run",
    "skipped": "not run",
    "running": "running",
    "done": "done",
    "answered": "output received",
    "failed": "failed",
    "cancelled": "cancelled",
}
_UNKNOWN: Final = "unknown"
_OUTCOMES_OF_DOUBTS: Final[dict[CallState, str]] = {
    "waiting": "in doubt",
    "approved": "in doubt",
    "rejected": "may have run",
    "answered": "may have run",
    "skipped": "may have run",
    "withdrawn": "may have run",
    "cancelled": "may have run",
}
_UNSETTLED: Final = frozenset({"not run yet", "in doubt", "held at the gate", "running"})


class AuditRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One decision; the fields are the keys of its line in an exported file, in this order.

    Attributes:
        decided_at: UTC, as ISO 8601 with milliseconds; `asked_at` likewise.
        decision: "approved", "rejected", or "denied" where nobody was asked; of a call in doubt
            "run again", "taken as done" or "failed".
        by: The person's name, "rule" where a rule answered.
        rule: The rule that decided, in words and with its origin; "" where a person did.
        granted: The rule that a person made with the decision, "" for none.
        arguments: JSON text that was asked for; `arguments_sha256` is of what was shown.
        ran_with: JSON text that the tool was run with instead, None if unchanged.
        outcome: What became of the call, as far as is known when this is read.
        within: `call_id` of the agent-as-tool call it runs inside.
        in_doubt_since: When the call began in a process that was lost, as `decided_at`; "" if it
            was not in doubt.
        result: What it came to, as the person said, None if it was to run.
    """

    decided_at: str
    decision: str
    by: str
    tool: str
    agent: str
    arguments: str
    arguments_sha256: str
    ran_with: str | None
    reason: str
    rule: str
    granted: str
    outcome: str
    error: str
    asked_at: str
    target: str
    run_id: str
    call_id: str
    within: str | None
    in_doubt_since: str = ""
    result: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing more can come of it."""
        return self.outcome not in _UNSETTLED


def audit_records(views: Iterable[RunView]) -> tuple[AuditRecord, ...]:
    """Return every decision in all of `views`, the oldest first."""
    decided = [each for view in views for each in _decisions(view)]
    decided.sort(key=lambda each: each[0])
    return tuple(record for _, record in decided)


def matches(record: AuditRecord, words: str) -> bool:
    """Whether each of `words` stands somewhere in the record, in upper or lower case."""
    said = (value for value in msgspec.structs.astuple(record) if value is not None)
    text = "\n".join(said).casefold()
    return all(word in text for word in words.casefold().split())


def as_line(record: AuditRecord) -> bytes:
    """Return a record as a line of JSON, its end included."""
    return msgspec.json.encode(record) + b"\n"


def _decisions(view: RunView) -> Iterator[tuple[float, AuditRecord]]:
    wanted = {decided.item_id for decided in view.decisions}
    # One way through all entries: to look for each on its own would cost the square.
    calls = {
        entry.item_id: entry
        for entry in (view.entries if wanted else ())
        if isinstance(entry, ToolEntry) and entry.item_id in wanted
    }
    for decided in view.decisions:
        yield decided.at, _record(decided, calls.get(decided.item_id), view.target)


def _record(decided: Decided, call: ToolEntry | None, target: str) -> AuditRecord:
    return AuditRecord(
        decided_at=_iso(decided.at),
        decision=_decision(decided),
        by=decided.by,
        tool=decided.tool,
        agent=decided.agent,
        arguments=decided.arguments,
        arguments_sha256=decided.arguments_hash,
        ran_with=decided.changed,
        reason=decided.reason,
        rule=named(decided.rule) if decided.rule else "",
        granted=named(decided.granted) if decided.granted else "",
        outcome=_outcome(call),
        error=": ".join(filter(None, (call.error_type, call.error))) if call else "",
        asked_at=_iso(decided.asked_at),
        target=target,
        run_id=decided.run_id,
        call_id=decided.call_id,
        within=decided.within,
        in_doubt_since="" if decided.in_doubt_since is None else _iso(decided.in_doubt_since),
        result=decided.result,
    )


def _outcome(call: ToolEntry | None) -> str:
    if call is None:
        return _UNKNOWN
    if call.approval is None or call.approval.in_doubt_since is None:
        return _OUTCOMES[call.state]
    # Of its first process nobody knows, whatever was decided since.
    return _OUTCOMES_OF_DOUBTS.get(call.state, _OUTCOMES[call.state])


def _decision(decided: Decided) -> str:
    if decided.in_doubt_since is not None:
        return answer_to_doubt(decided)
    if decided.approved:
        return "approved"
    # A rule that denies asks nobody: nothing was shown.
    return "rejected" if decided.arguments_hash else "denied"


def _iso(at: float) -> str:
    text = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
