"""What the agent bar says: the path of handoffs, who works, who waits. Knows no widget.

In a narrow line the path loses its middle first, then the agents inside tools and the words of
the states. The active agent and its mark stay.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from tui.cockpit.projection import select
from tui.cockpit.projection.view import RunStatus, RunView
from tui.cockpit.widgets.agent_names import bar_name
from tui.cockpit.widgets.cast import Cast
from tui.cockpit.widgets.lines import Line, Run, clip_line, line_width
from tui.cockpit.widgets.words import FORKED

_ARROW: Final[Run] = (" ─▶ ", "arrow")
_CUT: Final[Run] = ("…", "arrow")
_NOBODY: Final[Line] = (("No agent has the control yet.", "quiet"),)
_ENDS: Final[dict[RunStatus, tuple[str, str]]] = {
    "completed": ("✓ done", "done"),
    "failed": ("✗ failed", "failed"),
    "cancelled": ("■ cancelled", "cancelled"),
}


class State(NamedTuple):
    """What an agent is doing: a mark, its words, and how they look."""

    mark: str
    words: str
    look: str


def agent_line(view: RunView, cast: Cast, width: int) -> Line:
    """Return the line for `view` in at most `width` cells."""
    if not view.path:
        return clip_line(_NOBODY, width)
    names = [_agent(name, cast, width) for name in view.path[:-1]]
    active = _named(view, cast, width)
    for after, paths in _less_and_less(view, names, width):
        for path in paths:
            line = (*path, active, (" ", ""), *after)
            if line_width(line) <= width:
                return line
    mark = _states_of_active(view)[0].mark
    return clip_line((*clip_line([active], max(width - len(mark) - 1, 0)), (f" {mark}", "")), width)


def _less_and_less(
    view: RunView, names: Sequence[Run], width: int
) -> Iterator[tuple[Line, list[Line]]]:
    """Yield what may follow the active agent, and the paths that may stand before it then."""
    states = _states_of_active(view)
    whole = tuple(run for name in names for run in (name, _ARROW))
    cut = list(_without_middle(names))
    bare: list[Line] = [(_CUT, _ARROW), ()] if names else []
    words = _joined([(f"{state.mark} {state.words}", state.look) for state in states])
    inside = len(select.nested_agents(view))
    yield (*words, *_nested(view, width)), [whole, *cut]
    yield (*words, (f" · ↳ {inside}", "quiet")) if inside else words, [whole, *cut]
    yield words, [whole, *cut, *bare]
    yield tuple((state.mark, state.look) for state in states), [whole, *cut, *bare]


def _without_middle(names: Sequence[Run]) -> Iterator[Line]:
    """Yield the path before the active agent without more and more of its middle."""
    for kept in range(len(names) - 2, -1, -1):
        tail = tuple(run for name in names[len(names) - kept :] for run in (name, _ARROW))
        yield (names[0], _ARROW, _CUT, _ARROW, *tail)


def _named(view: RunView, cast: Cast, width: int) -> Run:
    name, look = _agent(select.active_agent(view), cast, width)
    if not select.is_running(view):
        return name, f"{look} last"
    return f"[{name}]", f"{look} active"


def _agent(name: str, cast: Cast, width: int) -> Run:
    return bar_name(name, width), cast.tone(name)


def _states_of_active(view: RunView) -> list[State]:
    end = (FORKED, "quiet") if select.is_forked(view) else _ENDS.get(view.status)
    if end is not None:
        mark, _, words = end[0].partition(" ")
        return [State(mark, words, end[1])]
    nested = select.nested_agents(view)
    waiting = select.waiting_by_agent(view)
    mine = sum(count for agent, count in waiting.items() if agent not in nested)
    is_working = view.status == "running" and not view.used_up
    states = [State("●", "working", "working")] if is_working else []
    if view.used_up:
        states.append(State("⏸", "budget used up", "waiting"))
    if mine:
        states.append(_waiting(mine))
    return states or [State("⏸", "paused", "paused")]


def _nested(view: RunView, width: int) -> Line:
    waiting = select.waiting_by_agent(view)
    runs: list[Run] = []
    for agent in select.nested_agents(view):
        count = waiting.get(agent, 0)
        state = _waiting(count) if count else State("●", "working", "working")
        runs += [(" · ↳ ", "quiet"), (bar_name(agent, width), "nested"), (" ", "")]
        runs.append((f"{state.mark} {state.words}", state.look))
    return tuple(runs)


def _waiting(count: int) -> State:
    words = "1 call waits for you" if count == 1 else f"{count} calls wait for you"
    return State("⏸", words, "waiting")


def _joined(runs: Sequence[Run]) -> Line:
    joined: list[Run] = []
    for run in runs:
        joined += [(", ", "quiet"), run] if joined else [run]
    return tuple(joined)
