"""What a row says of a conversation that is kept, and of a place that a search found.

Knows no widget, no clock and no disk.
"""

from typing import Final, NamedTuple

from rich.cells import cell_len

from tui.cockpit.widgets.agent_names import shown_name
from tui.cockpit.widgets.home_rows import RunRow
from tui.cockpit.widgets.lines import Line, Run, cell, clip_line
from tui.cockpit.widgets.words import ago_words
from tui.journal.store import Hit, KeptRun
from tui.plain import plain_line

_GAP: Final[Run] = ("  ", "")
_STATE_CELLS: Final = 15
_SIZE_CELLS: Final = 7
_AGE_CELLS: Final = 8
_MOST_AGENT_CELLS: Final = 22
_MOST_TITLE_CELLS: Final = 36
_ROOMY_FROM: Final = 76
"""Cells; with fewer there is no room for a size."""
_BEGIN, _END = "\x02", "\x03"
_KB: Final = 1024
_ENDED: Final = {
    "completed": ("✓ done", "done"),
    "failed": ("✗ failed", "failed"),
    "cancelled": ("■ cancelled", "cancelled"),
}
_ALIVE: Final = {
    "running": ("● running", "working"),
    "waiting": ("⏸ waits for you", "waiting"),
}
_UNFINISHED: Final = ("◌ unfinished", "quiet")
INTERRUPTED: Final = ("◌ interrupted", "waiting")
"""Of a run without an end in which nothing works: its process is gone."""


class State(NamedTuple):
    """A mark and a word, and the look of both."""

    words: str
    look: str


def kept_state(run: KeptRun, *, is_living: bool) -> State:
    """Return how far a run came; `is_living` says whether its process is there."""
    if (ended := _ENDED.get(run.status)) is not None:
        return State(*ended)
    if run.is_imported:
        return State(*_UNFINISHED)
    return State(*(_ALIVE[run.status] if is_living else INTERRUPTED))


def home_row(run: KeptRun, *, is_living: bool, now: float) -> RunRow:
    """Return home's row of a conversation; its key is the run's id."""
    state = kept_state(run, is_living=is_living)
    return RunRow(
        run.run_id, state.words, state.look, _agent(run), _title(run), _age(run.moved_at, now)
    )


def history_line(run: KeptRun, width: int, *, is_living: bool, now: float) -> Line:
    """Return a conversation as a line of at most `width` cells; all such lines have columns."""
    state = kept_state(run, is_living=is_living)
    agent = min(_MOST_AGENT_CELLS, width // 5)
    right: Line = (_GAP, (f"{_age(run.moved_at, now):>{_AGE_CELLS}}", "detail"))
    if width >= _ROOMY_FROM:
        right = (_GAP, (f"{size_words(run.size):>{_SIZE_CELLS}}", "detail"), *right)
    room = width - _STATE_CELLS - agent - 3 * len(_GAP[0]) - sum(cell_len(t) for t, _ in right)
    line = (
        ("★ " if run.is_starred else "  ", "star"),
        cell(state.words, _STATE_CELLS, state.look),
        _GAP,
        cell(_agent(run), agent, ""),
        _GAP,
        cell(_title(run), max(room, 0), ""),
        *right,
    )
    return clip_line(line, width)


def hit_line(hit: Hit, width: int, *, is_living: bool) -> Line:
    """Return a place that was found, what was found marked by its look."""
    state = kept_state(hit.run, is_living=is_living)
    title = min(_MOST_TITLE_CELLS, width // 4)
    line = (
        ("★ " if hit.run.is_starred else "  ", "star"),
        cell(state.words[:1], 1, state.look),
        (" ", ""),
        cell(_title(hit.run), title, ""),
        _GAP,
        *excerpt_line(hit.excerpt),
    )
    return clip_line(line, width)


def excerpt_line(excerpt: str) -> Line:
    """Return an excerpt in one line: what was found has its own look, and marks around it."""
    runs: list[Run] = []
    text = " ".join(excerpt.split())
    while text:
        before, begins, rest = text.partition(_BEGIN)
        found, _, text = rest.partition(_END)
        runs.append((plain_line(before), "detail"))
        if begins:
            runs.append((f"»{plain_line(found)}«", "found"))
    return tuple(run for run in runs if run[0])


def size_words(size: int) -> str:
    """Return bytes for people: `340 B`, `12 KB`, `3.4 MB`."""
    if size < _KB:
        return f"{size} B"
    if size < _KB * _KB:
        return f"{size / _KB:.0f} KB"
    return f"{size / _KB / _KB:.1f} MB"


def _agent(run: KeptRun) -> str:
    if run.is_rehearsal:
        return "▷ rehearsal"
    return shown_name(run.agent) if run.agent.strip() else plain_line(run.target.rpartition("/")[2])


def _title(run: KeptRun) -> str:
    return plain_line(run.title) or "(nothing was said)"


def _age(at: float, now: float) -> str:
    return ago_words(now - at)
