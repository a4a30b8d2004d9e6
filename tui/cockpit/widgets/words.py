"""How panes put states, durations and first lines into words. Knows no widget and no clock."""

import re
from typing import Final

from tui.cockpit.projection.pages import LongText
from tui.cockpit.projection.view import (
    AnyEntry,
    Approval,
    CallState,
    HandoffEntry,
    MessageEntry,
    ReasoningEntry,
    ToolEntry,
)
from tui.cockpit.widgets.json_text import arguments_in_short, payload_in_short, values_in_short
from tui.plain import plain_line
from tui.wire.rules import Rule

_MINUTE_S: Final = 60
_HOUR_S: Final = 3600
_DAY_S: Final = 86400
_TENTHS_BELOW_S: Final = 10
_GLANCE_CHARACTERS: Final = 400
"""More than the widest line shows; a look at 10 MB must not cost 10 MB."""
_MARKDOWN: Final = re.compile(r"^(?:(?:#{1,6}|>|[-*+]|\d+\.)\s+)+|\*\*|`")

FINAL_OUTPUT: Final = "final answer"
"""Of an answer that no model wrote."""
EDITED: Final = "✎ edited"
"""Of a call that ran with other arguments than the model gave."""
_CANCELLED: Final = {
    "after_turn": "cancelled after the turn",
    "forked": "forked here",
}
AGAIN_MARK: Final = "↻"
TRIED_AGAIN: Final = "tried again"
"""Of a failed run that was taken up again."""
MARKS: Final[dict[CallState, str]] = {
    "writing": "✎ writing",
    "called": "… called",
    "waiting": "⏸ you",
    "approved": "✓ approved",
    "rejected": "✗ rejected",
    "denied": "✗ denied by a rule",
    "held": "⏸ held",
    "withdrawn": "⊘ withdrawn",
    "running": "▶ running",
    "done": "✓",
    "answered": "↩ output received",
    "skipped": "⊘ not run",
    "failed": "✗ failed",
    "cancelled": "■ cancelled",
}


def cancelled_words(how: str) -> str:
    """Return how a run ended that a person ended, by the mode of it."""
    return _CANCELLED.get(how, "cancelled at once")


def duration_words(seconds: float) -> str:
    """Return a duration for people: `0.3 s`, `12 s`, `1 m 02 s`, `2 h 05 m`; below 0 is 0."""
    seconds = max(seconds, 0.0)
    if seconds < _TENTHS_BELOW_S:
        return f"{seconds:.1f} s"
    whole = int(seconds)
    if whole < _MINUTE_S:
        return f"{whole} s"
    if whole < _HOUR_S:
        return f"{whole // _MINUTE_S} m {whole % _MINUTE_S:02} s"
    return f"{whole // _HOUR_S} h {whole % _HOUR_S // _MINUTE_S:02} m"


def age_words(seconds: float) -> str:
    """Return how long something has been going on: as `duration_words`, but in whole seconds.

    Tenths would flicker.
    """
    return f"{max(seconds, 0):.0f} s" if seconds < _MINUTE_S else duration_words(seconds)


def ago_words(seconds: float) -> str:
    """Return how long ago something was: `just now`, `4 m ago`, `2 h ago`, `3 d ago`."""
    if seconds < _MINUTE_S:
        return "just now"
    if seconds < _HOUR_S:
        return f"{seconds // _MINUTE_S:.0f} m ago"
    if seconds < _DAY_S:
        return f"{seconds // _HOUR_S:.0f} h ago"
    return f"{seconds // _DAY_S:.0f} d ago"


def short_duration(seconds: float) -> str:
    """Return a duration for a narrow column: `0.3s`, `12s`, `1m02s`, `2h05m`; below 0 is 0."""
    return duration_words(seconds).replace(" ", "")


def glance(text: str | LongText) -> str:
    """Return the first line of `text` that says something, safe to show, not longer than needed."""
    return plain_line(_head(text).split("\n", 1)[0].rstrip())


def glance_at_speech(text: str | LongText) -> str:
    """Return the first line of Markdown as `glance` does, without the marks of its looks."""
    return _MARKDOWN.sub("", glance(text))


def glance_at_arguments(text: str | LongText) -> str:
    """Return a call's arguments in short, safe to show; the text may still be in flight."""
    return arguments_in_short(_head(text))


def glance_at_values(text: str | LongText) -> str:
    """Return a call's arguments without their names, for where there is little room."""
    return values_in_short(_head(text))


def glance_at_payload(text: str) -> str:
    """Return what a handoff gave along, in short and safe to show; "" for an empty payload."""
    return payload_in_short(_head(text))


def is_edited(entry: ToolEntry) -> bool:
    """Whether a person put other arguments in place of the model's."""
    return entry.approval is not None and entry.approval.arguments is not None


def arguments_used(entry: ToolEntry) -> str:
    """Return the arguments that the tool is run with: the model's, or as a person edited them."""
    edited = entry.approval.arguments if entry.approval else None
    return entry.arguments if edited is None else edited


def printed(lines: int) -> str:
    """Return how much a call printed, in words."""
    return "printed 1 line" if lines == 1 else f"printed {lines} lines"


def _head(text: str | LongText) -> str:
    if isinstance(text, LongText):
        text = text.chunks[0] if text.chunks else text.tail
    return text[: _GLANCE_CHARACTERS * 2].lstrip()[:_GLANCE_CHARACTERS]


def speaker_of(entry: AnyEntry) -> str | None:
    """Return the agent whose turn it is after `entry`: its row names who comes next.

    None after what is nobody's turn; "" is an agent without a name.
    """
    match entry:
        case HandoffEntry():
            return entry.target or entry.agent
        case MessageEntry() | ReasoningEntry() | ToolEntry():
            return entry.agent
        case _:
            return entry.agent or None


def running_s(entry: ToolEntry, now: float) -> float | None:
    """Return how long the call ran or has been running, or waits for a person; None before."""
    if entry.state == "waiting" and entry.approval:
        return now - entry.approval.requested_at
    if entry.started_at is None:
        return None
    if entry.ended_at is not None:
        return entry.ended_at - entry.started_at
    return now - entry.started_at if entry.state == "running" else None


def waited_s(approval: Approval | None) -> float | None:
    """Return how long a decided request waited for the person, None without a decision."""
    if approval is None or approval.decided_at is None:
        return None
    return approval.decided_at - approval.requested_at


def rule_words(rule: Rule) -> str:
    """Return a rule in one sentence, with where it comes from, and why it is there."""
    # Late: most runs meet no rule.
    from tui.policy.wording import named

    return f"{named(rule)}: {rule.reason}" if rule.reason else named(rule)


def _rule_glance(rule: Rule | None) -> str:
    return "" if rule is None else glance(rule_words(rule))


def why(entry: ToolEntry) -> str:
    """Return what explains the call's state: a reason, an error or its progress; "" for none."""
    if entry.state == "rejected" and entry.approval:
        return glance(entry.approval.reason) or _rule_glance(entry.approval.rule)
    if entry.state == "denied":
        return _rule_glance(entry.denied_by)
    if entry.state == "withdrawn" and entry.approval:
        return glance(entry.approval.withdrawn)
    if entry.state == "skipped":
        return glance(entry.output or "")
    if entry.state == "failed":
        return glance(f"{entry.error_type}: {entry.error}" if entry.error_type else entry.error)
    return glance(entry.progress) if entry.state == "running" else ""
