"""Times and counts as a document tells them, the same wherever it is read. Knows no clock."""

from datetime import UTC, datetime

from tui.cockpit.projection.select import tokens
from tui.cockpit.projection.view import RunView
from tui.cockpit.widgets.words import duration_words


def moment(at: float) -> str:
    """Return UTC seconds as `2026-11-29 22:30:08 UTC`."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def since_begin(at: float, view: RunView) -> str:
    """Return how far into its run something was: `+1:02.3`."""
    passed = max(0.0, at - (view.started_at or at))
    minutes, tenths = divmod(int(passed * 10), 600)
    return f"+{minutes}:{tenths // 10:02}.{tenths % 10}"


def last_at(view: RunView) -> float:
    """Return when a run ended, or was heard of last, UTC seconds."""
    return view.ended_at or view.heard_at or view.started_at or 0.0


def waited_s(view: RunView) -> float:
    """Return how long calls waited for a person, in seconds; those at once are counted each."""
    return sum(each.at - each.asked_at for each in view.decisions if each.rule is None)


def facts_of_run(view: RunView, state: str) -> dict[str, str]:
    """Return what is told at the head of a run, by name; what is not known is left out."""
    took = last_at(view) - view.started_at if view.started_at is not None else None
    waited = waited_s(view)
    facts = {
        "state": state,
        "began": moment(view.started_at) if view.started_at is not None else "",
        "took": duration_words(took) if took is not None else "",
        "waited for a person": duration_words(waited) if waited else "",
        "agents": " → ".join(view.path),
        "tokens": f"{tokens(view):,}" if tokens(view) else "",
        "program": view.target,
        "run": view.run_id,
    }
    return {name: value for name, value in facts.items() if value}
