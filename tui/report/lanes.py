"""When which agent did what: bars on one lane an agent, as the page draws them above its items.

Knows times and places in percent; stays out of HTML.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tui.cockpit.projection.view import (
    EndEntry,
    GuardrailEntry,
    HandoffEntry,
    MessageEntry,
    ReasoningEntry,
    RunView,
    ToolEntry,
    UserEntry,
)
from tui.cockpit.widgets.words import duration_words
from tui.report.items import Item
from tui.report.times import last_at

_WHOLE: Final = 100.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of a lane.

    Attributes:
        place: Of its item among all items of the run.
        look: "run", "wait" (for a person), "say", or "mark" for what takes no time.
        left: Percent of the lane; `width` likewise, 0 for a mark.
        mark: What stands in it.
        told: What it is, in words.
    """

    place: int
    look: str
    left: float
    width: float
    mark: str
    told: str


def lanes_of(view: RunView, items: Sequence[Item]) -> dict[str, tuple[Bar, ...]]:
    """Return the bars of each agent that did something, the first to do so first.

    Empty where the run took no time at all, or its begin is not known.
    """
    begin = view.started_at
    if begin is None or last_at(view) <= begin:
        return {}
    scale = _WHOLE / (last_at(view) - begin)
    lanes: dict[str, list[Bar]] = {}
    for place, item in enumerate(items):
        for look, since, until, mark, told in _pieces(item, last_at(view)):
            left = min(max((since - begin) * scale, 0.0), _WHOLE)
            width = 0.0 if look == "mark" else min((until - since) * scale, _WHOLE - left)
            bar = Bar(place, look, left, width, mark, told)
            lanes.setdefault(item.who, []).append(bar)
    return {who: tuple(bars) for who, bars in lanes.items()}


def _pieces(item: Item, end: float) -> Iterator[tuple[str, float, float, str, str]]:
    """Yield look, begin, end, mark and words of each piece of an item."""
    entry = item.entry
    match entry:
        case ToolEntry():
            yield from _of_call(entry, end)
        case MessageEntry() | ReasoningEntry():
            until = entry.ended_at or end
            yield "say", entry.at, until, "", f"{item.kind}, {duration_words(until - entry.at)}"
        case HandoffEntry():
            yield "mark", entry.at, entry.at, "◆", f"handoff {item.name}"
        case UserEntry():
            yield "mark", entry.at, entry.at, "●", "message"
        case EndEntry() | GuardrailEntry():
            yield "mark", entry.at, entry.at, "✗", f"{item.kind} {item.state}"


def _of_call(entry: ToolEntry, end: float) -> Iterator[tuple[str, float, float, str, str]]:
    approval = entry.approval
    if approval is not None:
        until = approval.decided_at or entry.ended_at or end
        waited = duration_words(until - approval.requested_at)
        told = f"{entry.tool} waited {waited} for a person"
        yield "wait", approval.requested_at, until, "⏸", told
    if entry.started_at is not None:
        until = entry.ended_at or end
        told = f"{entry.tool} ran {duration_words(until - entry.started_at)}"
        yield "run", entry.started_at, until, "⚙", told
    elif approval is None:
        mark, told = ("✗", "was denied") if entry.denied_by else ("○", "did not run")
        yield "mark", entry.at, entry.at, mark, f"{entry.tool} {told}"
