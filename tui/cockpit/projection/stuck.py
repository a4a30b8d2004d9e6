"""What looks stuck about a run at one instant: silence, control passed to and fro, the same call.

Pure: a view, the time and the settings in, findings out. Stays out of words and of what follows.
"""

import math
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, takewhile
from typing import Final, Literal, NamedTuple, TypeAlias

from tui.cockpit.projection import select
from tui.cockpit.projection.entries import newest
from tui.cockpit.projection.view import HandoffEntry, RunView, ToolEntry
from tui.policy.settings import Sentinel

Kind: TypeAlias = Literal["model", "tool", "person", "ping_pong", "repeats"]

LOOK_BACK: Final = 256
"""Entries in which the same call is looked for."""
_FINE_BELOW_S: Final = 120.0
_FINE_S: Final = 5.0
_COARSE_S: Final = 60.0


class Finding(NamedTuple):
    """One thing that looks stuck.

    Attributes:
        key: Tells it from others of its run, the same as long as it lasts.
        agent: Whose it is.
        what: The tool, for `ping_pong` the other agent, "" where neither is.
        silent_s: How long nothing was heard, in the steps it is told in; 0 for loops.
        times: How often a loop went round; 0 for silences.
        item_id: The entry where it shows, "" for none.
    """

    key: str
    kind: Kind
    agent: str
    what: str = ""
    silent_s: float = 0.0
    times: int = 0
    item_id: str = ""


class _Silence(NamedTuple):
    key: str
    kind: Kind
    agent: str
    what: str
    item_id: str
    since: float
    limit_s: float

    def finding(self, now: float) -> Finding | None:
        silent_s = now - self.since
        if not 0 < self.limit_s <= silent_s:
            return None
        told_s = max(self.limit_s, _floor(silent_s))
        return Finding(self.key, self.kind, self.agent, self.what, told_s, item_id=self.item_id)

    def next_change(self, now: float) -> float:
        """Return when it begins to be one, or is told in other numbers; infinity for never."""
        if self.limit_s <= 0:
            return math.inf
        silent_s = now - self.since
        if silent_s < self.limit_s:
            return self.since + self.limit_s
        return self.since + _floor(silent_s) + _step(silent_s)


def findings(view: RunView, now: float, sentinel: Sentinel) -> tuple[Finding, ...]:
    """Return what looks stuck at `now`, UTC seconds; silences first."""
    if not select.is_running(view):
        return ()
    silences = (silence.finding(now) for silence in _silences(view, sentinel))
    loops = (_ping_pong(view, sentinel.ping_pong), _repeats(view, sentinel.repeats))
    return tuple(found for found in (*silences, *loops) if found is not None)


def next_change(view: RunView, now: float, sentinel: Sentinel) -> float:
    """Return when `findings` will be others though nothing is heard; infinity for never."""
    if not select.is_running(view):
        return math.inf
    changes = (silence.next_change(now) for silence in _silences(view, sentinel))
    return min(changes, default=math.inf)


def _silences(view: RunView, sentinel: Sentinel) -> Iterator[_Silence]:
    yield from _of_person(view, sentinel.person_silence_s)
    running = [entry for entry in _open_tools(view) if entry.state == "running"]
    for entry in running:
        since = entry.heard_at if entry.heard_at is not None else entry.at
        yield _Silence(
            f"tool {entry.item_id}",
            "tool",
            entry.agent,
            entry.tool,
            entry.item_id,
            since,
            sentinel.tool_silence_s,
        )
    if not running and _waits_for_model(view):
        yield _of_model(view, sentinel.model_silence_s)


def _of_person(view: RunView, limit_s: float) -> Iterator[_Silence]:
    for call in view.pending:
        key = f"person {call.item_id}"
        since = call.requested_at
        yield _Silence(key, "person", call.agent, call.tool, call.item_id, since, limit_s)
    for budget in view.used_up:
        key = f"person {budget.of} {budget.what}"
        yield _Silence(key, "person", budget.of, "", "", budget.at, limit_s)


def _of_model(view: RunView, limit_s: float) -> _Silence:
    nested = select.nested_agents(view)
    agent = nested[-1] if nested else select.active_agent(view)
    newest_id = next((entry.item_id for _, entry in newest(view, 1)), "")
    since = view.heard_at if view.heard_at is not None else math.inf
    return _Silence("model", "model", agent, "", newest_id, since, limit_s)


def _waits_for_model(view: RunView) -> bool:
    """Whether it is the model's turn: no person's, and no call's that stands at the gate."""
    is_held = any(entry.state == "held" for entry in _open_tools(view))
    return view.status == "running" and not (view.pending or view.used_up or is_held)


def _open_tools(view: RunView) -> Iterator[ToolEntry]:
    for place in view.open_items.values():
        entry = view.entries[place]
        if isinstance(entry, ToolEntry) and not entry.is_agent:
            yield entry


def _ping_pong(view: RunView, limit: int) -> Finding | None:
    """Find two agents that give the control to each other, and nobody else between."""
    backwards = view.path[::-1]
    if limit <= 0 or len(backwards) < 2:
        return None
    alternating = takewhile(lambda pair: pair[0] == pair[1], zip(backwards, cycle(backwards[:2])))
    agents = [agent for agent, _ in alternating]
    times = (len(agents) - 1) // 2
    if times < limit:
        return None
    other, first = agents[-2:]
    handoff = next((e for _, e in newest(view, LOOK_BACK) if isinstance(e, HandoffEntry)), None)
    key = f"ping_pong {' '.join(sorted((first, other)))}"
    item_id = handoff.item_id if handoff else ""
    return Finding(key, "ping_pong", first, other, times=times, item_id=item_id)


def _repeats(view: RunView, limit: int) -> Finding | None:
    """Find the call that was asked for most often with the same arguments."""
    if limit <= 0:
        return None
    calls = [
        entry
        for _, entry in newest(view, LOOK_BACK)
        if isinstance(entry, ToolEntry) and entry.state != "writing"
    ]
    counts = Counter((call.agent, call.tool, call.arguments) for call in calls)
    most = max(counts.values(), default=0)
    if most < limit:
        return None
    call = next(c for c in calls if counts[c.agent, c.tool, c.arguments] == most)
    key = f"repeats {call.agent} {call.tool} {call.arguments}"
    return Finding(key, "repeats", call.agent, call.tool, times=most, item_id=call.item_id)


def _floor(seconds: float) -> float:
    step = _step(seconds)
    return math.floor(seconds / step) * step


def _step(seconds: float) -> float:
    return _FINE_S if seconds < _FINE_BELOW_S else _COARSE_S
