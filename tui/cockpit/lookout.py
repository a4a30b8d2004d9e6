"""Looks at all conversations for what a person must know: on every screen, and away from it.

Stays out of how a notice reaches them, and of what is drawn.
"""

import math
from collections.abc import Callable, Mapping
from typing import Final, Protocol, TypeAlias

from tui.cockpit.attention import Attention, Notice, attend, causes_of
from tui.cockpit.conversations import Conversations
from tui.cockpit.projection.overview import Overview, running_calls
from tui.cockpit.projection.select import waiting_for_person
from tui.cockpit.projection.stuck import Finding
from tui.cockpit.watch import Watch
from tui.cockpit.widgets.stuck_words import stuck_words
from tui.policy.settings import Sentinel

SENTINEL: Final = "sentinel"
"""Who held everything, where no person did."""
_LEAST_S: Final = 0.05

_Place: TypeAlias = tuple[str, str]
"""A finding: the name of its conversation, and its key."""


class Alarms(Protocol):
    """How notices leave the cockpit."""

    def call(self, notice: Notice, waiting: int) -> None:
        """Tell the person what needs them."""

    def show_count(self, waiting: int) -> None:
        """Show how many things wait for them."""


class Stoppable(Protocol):
    """A timer."""

    def stop(self) -> None:
        """Let it do nothing."""


class Lookout:
    """Looks when it is told to, and has itself told again when something ages.

    Args:
        conversations: What it looks at; held where the sentinel's settings say so.
        alarms: Takes what a person is told.
        wall: UTC seconds.
        later: Calls something once, so many seconds from now; what it gives can be stopped.
        every_s: Between two notices.
        may_hold: Whether this screen may hold calls.
    """

    def __init__(
        self,
        conversations: Conversations,
        alarms: Alarms,
        *,
        wall: Callable[[], float],
        later: Callable[[float, Callable[[], None]], Stoppable],
        every_s: float,
        may_hold: bool,
    ) -> None:
        self._conversations = conversations
        self._alarms = alarms
        self._wall = wall
        self._later = later
        self._timer: Stoppable | None = None
        self._timer_at = math.inf
        self._every_s = every_s
        self._may_hold = may_hold
        self._watch = Watch()
        self._attention = Attention()
        self._told_at = math.inf
        self._known: frozenset[_Place] = frozenset()
        self._cause: _Place | None = None
        self._because = ""

    def follow(self, sentinel: Sentinel) -> None:
        """Go by these settings from the next look on."""
        self._watch.set(sentinel)

    def found(self, name: str) -> tuple[Finding, ...]:
        """Return what looks stuck in the conversation called `name`."""
        return self._watch.found(name)

    def look(self, before: Overview, again: Callable[[], None], *, has_focus: bool) -> Overview:
        """Return what stands now on every screen; tell the person what is new.

        Args:
            before: What stood until now.
            again: Has this called, once something may have changed though no event came.
            has_focus: Whether the person looks at this terminal.
        """
        now = self._wall()
        runs = self._conversations.open_runs
        self._watch.look(((run.name, run.view) for run in runs if run.is_working), now)
        words = {
            (run.name, finding.key): stuck_words(finding)
            for run in runs
            for finding in self._watch.found(run.name)
        }
        self._hold_if_stuck(words)
        self._call(now, has_focus=has_focus)
        self._look_again(again, now)
        return before._replace(
            is_held=self._conversations.is_held,
            held_because=self._because,
            running_calls=running_calls(run.view for run in runs),
            alarms=tuple(said for place, said in words.items() if place != self._cause),
        )

    def _hold_if_stuck(self, words: Mapping[_Place, str]) -> None:
        """Hold once for each finding: released, it is not held for the same one again."""
        new = [place for place in words if place not in self._known]
        self._known = frozenset(words)
        if not self._conversations.is_held:
            self._cause, self._because = None, ""
            if new and self._watch.pauses and self._may_hold:
                self._cause = new[0]
                self._conversations.hold(SENTINEL)
        if self._cause is not None:
            # Of what has ended, the last words stay.
            self._because = words.get(self._cause, self._because)

    def _look_again(self, again: Callable[[], None], now: float) -> None:
        """Arm a timer, unless an earlier one stands: that is cheaper than a new one a frame."""
        at = min(self._watch.next_at, self._told_at)
        if at == math.inf or self._timer_at <= at:
            return
        if self._timer is not None:
            self._timer.stop()

        def wake() -> None:
            self._timer, self._timer_at = None, math.inf
            again()

        self._timer_at = at
        self._timer = self._later(max(at - now, _LEAST_S), wake)

    def _call(self, now: float, *, has_focus: bool) -> None:
        runs = self._conversations.open_runs
        waiting = sum(waiting_for_person(run.view) for run in runs)
        self._alarms.show_count(waiting)
        causes = [
            cause
            for run in runs
            for cause in causes_of(run.name, run.view, self._watch.found(run.name))
        ]
        attended = attend(self._attention, causes, now, has_focus=has_focus, every_s=self._every_s)
        self._attention, self._told_at = attended.attention, attended.next_at
        if attended.notice is not None:
            self._alarms.call(attended.notice, waiting)
