"""What the inspector says of a tool call: facts, arguments with what was edited, rule and output.

Knows no widget.
"""

from tui.cockpit.projection.select import answer_to_doubt
from tui.cockpit.projection.view import Approval, RunView, ToolEntry
from tui.cockpit.widgets.agent_names import shown_name
from tui.cockpit.widgets.doubt_words import DID_IT, IN_DOUBT, moment_words
from tui.cockpit.widgets.inspector_parts import Fact, Part, json_part, json_section, section, span
from tui.cockpit.widgets.json_diff import change_text, changes
from tui.cockpit.widgets.words import duration_words, mark_of, rule_words


def facts_of_call(entry: ToolEntry, view: RunView, now: float) -> list[Fact]:
    """Return what is short of a call, empty ones too."""
    return [
        ("state", _state(entry)),
        ("agent", shown_name(entry.agent)),
        ("agent inside", view.active_within.get(entry.call_id, "")),
        ("written", span(entry.at, entry.called_at, "in ")),
        ("in doubt", _doubt(entry.approval)),
        ("waited", _waited(entry, now)),
        ("decided", _decision(entry.approval)),
        ("ran", _ran(entry, now)),
        ("progress", entry.progress),
    ]


def _state(entry: ToolEntry) -> str:
    match entry.state:
        case "done":
            return "✓ done"
        case "waiting" if _doubt(entry.approval):
            return f"{IN_DOUBT}: {DID_IT}"
        case "waiting":
            return "⏸ waits for you"
    return mark_of(entry)


def _doubt(approval: Approval | None) -> str:
    if approval is None or approval.in_doubt_since is None:
        return ""
    since = moment_words(approval.in_doubt_since, approval.requested_at)
    return f"may have run at {since} local time, its process was lost"


def _ran(entry: ToolEntry, now: float) -> str:
    if entry.started_at is None:
        return ""
    if entry.ended_at is None:
        return f"{duration_words(now - entry.started_at)} so far"
    return duration_words(entry.ended_at - entry.started_at)


def _waited(entry: ToolEntry, now: float) -> str:
    if entry.approval is None:
        return ""
    since = entry.approval.requested_at
    if entry.state == "waiting":
        return f"{duration_words(now - since)} for you so far"
    until = entry.approval.decided_at or entry.ended_at
    return "" if until is None else f"{duration_words(until - since)} for you"


def _decision(approval: Approval | None) -> str:
    if approval is None or approval.decided_at is None:
        return ""
    decision = "approved" if approval.approved else "rejected"
    if approval.in_doubt_since is not None:
        decision = answer_to_doubt(approval)
    if approval.arguments is not None:
        decision += " as edited"
    if approval.rule is not None:
        return f"{decision}, by a rule"
    return f"{decision}, by {approval.by}" if approval.by else decision


def body_of_call(entry: ToolEntry, view: RunView) -> tuple[Part, ...]:
    """Return all texts of a call, in the order to read them."""
    reason = entry.approval.reason if entry.approval else ""
    withdrawn = entry.approval.withdrawn if entry.approval else ""
    error = f"{entry.error_type}: {entry.error}" if entry.error_type else entry.error
    live = view.live.get(entry.item_id)
    if live is not None:
        # Nothing may stand below a text that still grows.
        return (Part("heading", "Arguments"), Part("code", live))
    return (
        *section("Reason given", "text", reason),
        *_result_section(entry.approval),
        *_rule_section(entry),
        *section("Withdrawn", "text", withdrawn),
        *_arguments(entry),
        *section("Error", "failure", error),
        *_output(entry.output),
        *section("About the tool", "text", entry.description),
        *section("Call id", "quiet", entry.call_id),
    )


def _result_section(approval: Approval | None) -> tuple[Part, ...]:
    if approval is None or approval.result is None:
        return ()
    empty = (Part("heading", "Result given"), Part("quiet", "Nothing: the result is empty."))
    return section("Result given", "text", approval.result) or empty


def _rule_section(entry: ToolEntry) -> tuple[Part, ...]:
    """Return the rule that refused the call, or decided in a person's place."""
    if entry.denied_by is not None:
        return section("Denied by a rule", "text", rule_words(entry.denied_by))
    if entry.approval is not None and entry.approval.rule is not None:
        return section("Decided by a rule", "text", rule_words(entry.approval.rule))
    return ()


def _arguments(entry: ToolEntry) -> tuple[Part, ...]:
    edited = entry.approval.arguments if entry.approval else None
    if edited is None:
        return (Part("heading", "Arguments"), json_part(entry.arguments))
    lines = "\n".join(change_text(change) for change in changes(entry.arguments, edited))
    return (
        *section("What was edited", "code", lines or "Only how it is written."),
        Part("heading", "Arguments, as edited"),
        json_part(edited),
        Part("heading", "Arguments, as the model gave them", folds=True),
        json_part(entry.arguments),
    )


def _output(output: str | None) -> tuple[Part, ...]:
    if output is None:
        return ()
    if not output:
        return (Part("heading", "Output"), Part("quiet", "Nothing: the output is empty."))
    return json_section("Output", output)
