"""What the status bar says of a run. Knows no widget and no clock.

In a narrow line parts go by their rank: what waits for the person goes last.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from tui.cockpit.projection import select
from tui.cockpit.projection.stuck import Finding
from tui.cockpit.projection.view import RunStatus, RunView
from tui.cockpit.widgets.agent_names import bar_name
from tui.cockpit.widgets.lines import Line, Run, clip_line, line_width
from tui.cockpit.widgets.numbers import short_number
from tui.cockpit.widgets.stuck_words import stuck_badge
from tui.cockpit.widgets.words import FORKED
from tui.plain import plain_line

_DOT: Final[Run] = (" · ", "quiet")
_RULE: Final[Run] = (" ── ", "rule")
_MIN_FILL: Final = 4
_RUN_ID_CHARACTERS: Final = 4
_HOUR_S: Final = 3600
_MINUTE_S: Final = 60
_WORDS: Final[dict[RunStatus, tuple[str, str]]] = {
    "idle": ("○ ready", "quiet"),
    "completed": ("✓ done", "done"),
    "failed": ("✗ failed", "failed"),
    "cancelled": ("■ cancelled", "cancelled"),
}


class Part(NamedTuple):
    """A part of the line; the highest rank is dropped first."""

    rank: int
    runs: Line


def status_line(view: RunView, now: float, width: int, stuck: Sequence[Finding] = ()) -> Line:
    """Return the line for `view` at `now`, in at most `width` cells, with what looks `stuck`."""
    left, right = _left(view), _right(view, now, width, stuck)
    for rank in range(8, 0, -1):
        line = _laid_out(_upto(left, rank), _upto(right, rank), width)
        if line is not None:
            return line
    return clip_line(min(right).runs, width)


def _left(view: RunView) -> list[Part]:
    parts = [Part(4, (("Baton", "brand"),))]
    if view.rehearsal:
        parts.append(Part(2, ((" REHEARSAL ", "rehearsal"),)))
    elif view.target:
        parts.append(Part(6, ((plain_line(view.target), "target"),)))
    if view.run_id:
        short = plain_line(view.run_id.removeprefix("run_")[:_RUN_ID_CHARACTERS])
        parts.append(Part(8, ((f"run {short}", "quiet"),)))
    return parts


def _right(view: RunView, now: float, width: int, stuck: Sequence[Finding]) -> list[Part]:
    parts = [Part(3, (_status(view, width),))]
    parts += [Part(6, ((stuck_badge(finding), "waiting"),)) for finding in stuck[:1]]
    if view.run_id:
        parts.append(Part(5, ((_clock(select.elapsed_s(view, now)), "time"),)))
    if tokens := select.tokens(view):
        parts.append(Part(7, ((f"{short_number(tokens)} tok", "quiet"),)))
    if view.missed:
        words = "1 event missed" if view.missed == 1 else f"{view.missed} events missed"
        parts.append(Part(2, ((f"⚠ {words}", "failed"),)))
    if waiting := select.waiting_for_person(view):
        parts.append(Part(1, ((f"⚠ {waiting} waiting for you", "waiting"),)))
    return parts


def _status(view: RunView, width: int) -> Run:
    agent = bar_name(select.active_agent(view), width)
    if view.status == "waiting" or view.used_up:
        return f"⏸ {agent}", "waiting"
    if view.status == "running":
        return f"● {agent}", "working"
    return (FORKED, "quiet") if select.is_forked(view) else _WORDS[view.status]


def _clock(seconds: float) -> str:
    whole = int(seconds)
    minutes, left = whole % _HOUR_S // _MINUTE_S, whole % _MINUTE_S
    if whole < _HOUR_S:
        return f"{minutes:02}:{left:02}"
    return f"{whole // _HOUR_S}:{minutes:02}:{left:02}"


def _upto(parts: Sequence[Part], rank: int) -> list[Line]:
    return [part.runs for part in parts if part.rank <= rank]


def _laid_out(left: Sequence[Line], right: Sequence[Line], width: int) -> Line | None:
    """Return both sides with a rule between, that fills the width; None if they do not fit."""
    head, tail = _joined(left, _DOT), _joined(right, _RULE)
    gap = width - line_width(head) - line_width(tail)
    if not tail or gap < (_MIN_FILL if head else 0):
        return None
    if not head:
        return tail
    return (*head, (f" {'─' * (gap - 2)} ", "rule"), *tail)


def _joined(parts: Sequence[Line], between: Run) -> Line:
    runs: list[Run] = []
    for part in parts:
        runs += [between, *part] if runs else part
    return tuple(runs)
