"""What home's rows say of conversations and of what can be started, and how that fits a width.

Knows no widget and no clock.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len

from tui.cockpit.projection import select
from tui.cockpit.projection.view import RunView, UserEntry
from tui.cockpit.widgets.doubt_words import IN_DOUBT
from tui.cockpit.widgets.lines import Line, Run, cell, clip_line
from tui.cockpit.widgets.words import FORKED, age_words, ago_words, duration_words, glance
from tui.plain import plain_line

_GAP: Final = "  "
_MOST_AGENT_CELLS: Final = 24
_MOST_LABEL_CELLS: Final = 40
_LEAST_RULE_CELLS: Final = 4
_LEAST_SAID_CELLS: Final = 16
"""Below that the time has no place beside what was said."""
_FIRST_ENTRIES: Final = 4
_ENDED: Final = {
    "completed": ("✓ done", "done"),
    "failed": ("✗ failed", "failed"),
    "cancelled": ("■ cancelled", "cancelled"),
}


class RunRow(NamedTuple):
    """A conversation of this session.

    Attributes:
        key: What is chosen with it.
        state: A mark and a word.
        look: Of the state.
        agent: Who has the control, or else what was asked to run.
        said: What a person said first.
        time: How long it runs or waits; once it ended, how long it took, and when.
    """

    key: str
    state: str
    look: str
    agent: str
    said: str
    time: str


class ChoiceRow(NamedTuple):
    """What can be started; `hint` says what or where it is."""

    key: str
    label: str
    hint: str


def run_row(key: str, view: RunView, *, starting: str, now: float) -> RunRow:
    """Return the row of a conversation.

    Args:
        key: What is chosen with it.
        view: What it looks like.
        starting: The message of a run that has not begun, "" for none.
        now: UTC seconds.
    """
    state, look = _state(view, starting)
    agent = select.active_agent(view)
    named = agent if agent.strip() else _short(view)
    return RunRow(
        key,
        state,
        look,
        plain_line(named),
        said_first(view) or glance(starting),
        _time(view, now, starting),
    )


def choice_row(key: str, label: str, hint: str) -> ChoiceRow:
    """Return the row of what can be started; its words may come from any file."""
    return ChoiceRow(key, plain_line(label), plain_line(hint))


def heading(text: str, width: int, place: str = "") -> Line:
    """Return a heading: its words, a place of which the end is kept, and a rule to the edge."""
    shown, room = plain_line(place), max(width - cell_len(text) - _LEAST_RULE_CELLS, 0)
    while cell_len(shown) > room and len(shown) > 1:
        shown = plain_line(f"…{shown[2:]}")
    words = f"{text} {shown}" if shown else text
    rule = "─" * max(width - cell_len(words) - 1, 0)
    return clip_line(((words, "heading"), (" ", ""), (rule, "rule")), width)


def run_lines(rows: Sequence[RunRow], width: int) -> tuple[Line, ...]:
    """Return the rows as lines of at most `width` cells, in columns."""
    state = _widest(row.state for row in rows)
    agent = min(_widest(row.agent for row in rows), _MOST_AGENT_CELLS, width // 4)
    time = _widest(row.time for row in rows)
    said = width - state - agent - time - 3 * len(_GAP)
    if said < _LEAST_SAID_CELLS:
        said, time = said + time + len(_GAP), 0
    return tuple(_run_line(row, (state, agent, said, time), width) for row in rows)


def choice_lines(rows: Sequence[ChoiceRow], width: int) -> tuple[Line, ...]:
    """Return the rows as lines of at most `width` cells, in columns."""
    label = min(_widest(row.label for row in rows), _MOST_LABEL_CELLS, width // 2)
    return tuple(
        clip_line((cell(row.label, label, ""), (_GAP, ""), (row.hint, "detail")), width)
        for row in rows
    )


def _run_line(row: RunRow, cells: tuple[int, int, int, int], width: int) -> Line:
    state, agent, said, time = cells
    line: list[Run] = [
        cell(row.state, state, row.look),
        (_GAP, ""),
        cell(row.agent, agent, ""),
        (_GAP, ""),
        cell(row.said, max(said, 0), ""),
    ]
    if time:
        line += [(_GAP, ""), (" " * (time - cell_len(row.time)) + row.time, "detail")]
    return clip_line(line, width)


def _widest(texts: Iterable[str]) -> int:
    return max(map(cell_len, texts), default=0)


def _state(view: RunView, starting: str) -> tuple[str, str]:
    if starting:
        return "… starting", "quiet"
    if doubts := select.in_doubt(view):
        return _doubts(doubts, select.waiting_for_person(view) - doubts), "waiting"
    match select.waiting_for_person(view):
        case 0 if select.is_running(view):
            return "● running", "working"
        case 0 if select.is_forked(view):
            return FORKED, "quiet"
        case 0:
            return _ENDED.get(view.status, ("○ not begun", "quiet"))
        case 1:
            return "⏸ waits for you", "waiting"
        case count:
            return f"⏸ {count} wait for you", "waiting"


def _doubts(doubts: int, others: int) -> str:
    wait = f", {others} wait{'s' if others == 1 else ''}" if others else ""
    return f"{IN_DOUBT}{wait}" if doubts == 1 else f"⚠ {doubts} in doubt{wait}"


def _short(view: RunView) -> str:
    """Return what was asked to run, without the folders before it."""
    return "The rehearsal" if view.rehearsal else view.target.rpartition("/")[2]


def said_first(view: RunView) -> str:
    """Return what a person said first in a conversation, in one line; "" if nothing."""
    first = range(min(len(view.entries), _FIRST_ENTRIES))
    said = (view.entries[place] for place in first)
    return next((glance(each.text) for each in said if isinstance(each, UserEntry)), "")


def _time(view: RunView, now: float, starting: str) -> str:
    if (since := select.waits_since(view)) is not None:
        return age_words(now - since)
    if starting or view.started_at is None:
        return ""
    lasted_s = select.elapsed_s(view, now)
    if view.ended_at is None:
        return age_words(lasted_s)
    return f"{duration_words(lasted_s)} · {ago_words(now - view.ended_at)}"
