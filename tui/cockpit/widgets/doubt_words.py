"""What is said of a call that began in a process that was lost. Knows no widget and no clock."""

from datetime import UTC, datetime
from typing import Final

from tui.cockpit.projection.select import answer_to_doubt
from tui.cockpit.projection.view import Approval, Decided, ToolEntry

IN_DOUBT: Final = "⚠ in doubt"
DID_IT: Final = "did it take effect?"
_MINUTES: Final = "%H:%M"
_DAY_AND_MINUTES: Final = "%Y-%m-%d %H:%M"


def moment_words(at: float, beside: float) -> str:
    """Return the local time of `at`, with its day unless that is the day of `beside`: `11:52`."""
    local, other = _local(at), _local(beside)
    return local.strftime(_MINUTES if local.date() == other.date() else _DAY_AND_MINUTES)


def may_have_run(since: float, asked_at: float) -> str:
    """Return what a person is asked of a call that began at `since`, UTC seconds."""
    when = moment_words(since, asked_at)
    return f"may have run at {when} local time, its process was lost: {DID_IT}"


def doubt_mark(entry: ToolEntry) -> str:
    """Return the mark of a call that is or was in doubt, "" where its state says it all."""
    approval = entry.approval
    if approval is None or approval.in_doubt_since is None:
        return ""
    match entry.state:
        case "waiting":
            return IN_DOUBT
        case "withdrawn":
            return "⊘ still in doubt"
        case "rejected":
            return "✗ failed"
        case "approved" | "answered" if approval.result is not None:
            return "✓ taken as done"
    return ""


def answer_words(of: Approval | Decided | None) -> str:
    """Return what became of a doubt, by whom and with what: "taken as done by ada: R-7".

    As it came, whoever draws it makes it plain; "" for what was not in doubt or is not decided.
    """
    if of is None or of.in_doubt_since is None or (kind := answer_to_doubt(of)) == "":
        return ""
    said = of.reason if not of.approved else of.result
    by = f" by {of.by}" if of.by else ""
    return f"{kind}{by}: {said}" if said else f"{kind}{by}"


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone()
