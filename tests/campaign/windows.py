"""Which trials are played: so many kills in each window, over all programs and both runtimes."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

from tests.campaign.programs import CASTS, LIBRARIES
from tests.campaign.switches import Switch
from tests.campaign.trial import Plan

EVENTS = ("event_read", "event_stamped", "event_inserted")
# The window's name, its switch, and what of a whole run is counted there.
WINDOWS = (
    ("before tool_started is kept", "before_started", "started"),
    ("tool_started kept, no effect", "after_started", "started"),
    ("the tool runs, no effect", "before_effect", "effects"),
    ("effect done, no result", "after_effect", "effects"),
    ("a call waits", "asked_read", "decided"),
    ("decision not kept", "before_decided", "decided"),
    ("decision kept", "after_decided", "decided"),
    ("before a checkpoint", "before_checkpoint", "checkpoints"),
    ("behind a checkpoint", "after_checkpoint", "checkpoints"),
)
UNIFORM = "any event"
TWICE = "any event, twice"


@dataclass(frozen=True)
class Size:
    """How much of something a whole run has.

    Attributes:
        events: Its events.
        started: Calls that begin.
        effects: Effects.
        decided: Decisions.
        checkpoints: Checkpoints.
    """

    events: int
    started: int
    effects: int
    decided: int
    checkpoints: int


Sizes = dict[tuple[str, str], Size]
"""By library and program."""


def pairs() -> list[tuple[str, str]]:
    """Return each runtime with each program."""
    return [(library, program) for program in CASTS for library in LIBRARIES]


def plans(sizes: Sizes, in_window: int, anywhere: int, twice: int, seed: int) -> Iterator[Plan]:
    """Yield the trials of a campaign.

    Args:
        sizes: Of whole runs.
        in_window: How many kills in each window.
        anywhere: How many over the events of all programs.
        twice: How many with a second kill.
        seed: Of what is drawn.
    """
    drawn = random.Random(seed)
    for name, where, counted in WINDOWS:
        for turn, (pair, number) in enumerate(_spread(sizes, counted, in_window, drawn)):
            yield Plan(name, *pair, (Switch(where, number),), turn)
    for turn, (pair, number) in enumerate(_spread(sizes, "events", anywhere, drawn)):
        yield Plan(UNIFORM, *pair, (Switch(EVENTS[turn % 3], number),), turn)
    for turn, (pair, number) in enumerate(_spread(sizes, "events", twice, drawn)):
        left = max(1, sizes[pair].events - number)
        again = Switch(EVENTS[turn // 3 % 3], drawn.randrange(left))
        yield Plan(TWICE, *pair, (Switch(EVENTS[turn % 3], number), again), turn)


def _spread(
    sizes: Sizes, counted: str, number: int, drawn: random.Random
) -> Iterable[tuple[tuple[str, str], int]]:
    """Return so many places, over all programs that have any, and over each from begin to end."""
    having = [pair for pair in sizes if getattr(sizes[pair], counted)]
    taken = list(islice(cycle(having), number))
    for at, pair in enumerate(taken):
        size = getattr(sizes[pair], counted)
        of_pair, rank = taken.count(pair), taken[:at].count(pair)
        low, high = size * rank // of_pair, max(size * (rank + 1) // of_pair, 1)
        yield pair, drawn.randrange(low, max(high, low + 1))
