"""What a document tells of the decision about a call: who, when, why, by which rule.

Knows no form of it.
"""

from tui.cockpit.projection.view import Decided, ToolEntry
from tui.cockpit.widgets.words import duration_words, rule_words
from tui.report.times import moment


def facts_of(entry: ToolEntry, decided: Decided | None) -> str:
    """Return lines of a name, a tab and a value; "" where nobody was asked and no rule answered."""
    approval = entry.approval
    if decided is None:
        if approval is None:
            return ""
        if approval.withdrawn:
            return _lines({"withdrawn": approval.withdrawn, "asked": moment(approval.requested_at)})
        return _lines({"waits since": moment(approval.requested_at)})
    waited = duration_words(decided.at - decided.asked_at)
    who = decided.by or "a person"
    facts = {
        _verdict(decided): f"by {who}" + (f", after {waited}" if decided.rule is None else ""),
        "decided": moment(decided.at),
        "reason": decided.reason,
        "rule": rule_words(decided.rule) if decided.rule else "",
        "made a rule": rule_words(decided.granted) if decided.granted else "",
        "edited": "the call ran with other arguments" if decided.changed is not None else "",
        "shown": f"arguments with SHA-256 {decided.arguments_hash}" if _was_shown(decided) else "",
    }
    return _lines(facts)


def _was_shown(decided: Decided) -> bool:
    return bool(decided.arguments_hash)


def _verdict(decided: Decided) -> str:
    if decided.approved:
        return "✓ approved"
    # A rule that denies asks nobody: nothing was shown.
    return "✗ rejected" if _was_shown(decided) else "✗ denied"


def _lines(facts: dict[str, str]) -> str:
    one_line = {name: " ".join(value.split()) for name, value in facts.items()}
    return "\n".join(f"{name}\t{value}" for name, value in one_line.items() if value)
