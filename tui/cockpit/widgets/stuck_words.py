"""What is said of what looks stuck: whole for a banner, short for a badge. Knows no widget."""

from typing import Final

from tui.cockpit.projection.stuck import Finding
from tui.cockpit.widgets.agent_names import shown_name
from tui.plain import plain_line

_MINUTES_FROM_S: Final = 120.0


def stuck_words(finding: Finding) -> str:
    """Return the sentence: "Billing: no word for 50 s"."""
    whose = shown_name(finding.agent) if finding.agent else "This run"
    what, long = plain_line(finding.what), _for(finding.silent_s)
    match finding.kind:
        case "model":
            return f"{whose}: no word for {long}"
        case "tool":
            return f"{whose}: no word of {what} for {long}"
        case "person":
            return f"{whose}: {what or 'a used-up budget'} has waited for you for {long}"
        case "ping_pong":
            other = shown_name(finding.what)
            return f"{whose} ⇄ {other}: handed to and fro {finding.times} times"
        case "repeats":
            return f"{whose}: {what} called {finding.times} times with the same arguments"


def stuck_badge(finding: Finding) -> str:
    """Return the same in a few words, for where the rest is plain to see: "no word for 50 s"."""
    match finding.kind:
        case "model" | "tool":
            return f"⚠ no word for {_for(finding.silent_s)}"
        case "person":
            return f"⚠ waits for {_for(finding.silent_s)}"
        case "ping_pong":
            return f"⚠ to and fro {finding.times}×"
        case "repeats":
            return f"⚠ same call {finding.times}×"


def _for(seconds: float) -> str:
    if seconds < _MINUTES_FROM_S:
        return f"{seconds:g} s"
    return f"{seconds // 60:.0f} m"
