"""What looks stuck in all conversations, and when to look again. Stays out of what follows from it.

A conversation is looked at anew when its view changed or its time has come: many at work at once
must not cost the square of their number.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

from tui.cockpit.projection.stuck import Finding, findings, next_change
from tui.cockpit.projection.view import RunView
from tui.policy.settings import Sentinel


class _Look(NamedTuple):
    view: RunView
    found: tuple[Finding, ...]
    until: float


class Watch:
    """Looks at conversations by their names."""

    def __init__(self, sentinel: Sentinel = Sentinel()) -> None:  # noqa: B008 - a frozen value
        self._sentinel = sentinel
        self._looks: dict[str, _Look] = {}

    @property
    def pauses(self) -> bool:
        """Whether everything is to be held when something looks stuck."""
        return self._sentinel.pauses

    def set(self, sentinel: Sentinel) -> None:
        """Go by other settings from the next look on."""
        self._sentinel = sentinel
        self._looks.clear()

    def look(self, views: Iterable[tuple[str, RunView]], now: float) -> None:
        """Look at all of `views`, each under its name."""
        self._looks = {name: self._look(name, view, now) for name, view in views}

    def found(self, name: str) -> tuple[Finding, ...]:
        """Return what looks stuck in the conversation called `name`."""
        look = self._looks.get(name)
        return look.found if look else ()

    @property
    def next_at(self) -> float:
        """When something may look stuck, or for longer, though nothing is heard."""
        return min((look.until for look in self._looks.values()), default=math.inf)

    def _look(self, name: str, view: RunView, now: float) -> _Look:
        known = self._looks.get(name)
        if known is not None and known.view is view and now < known.until:
            return known
        found = findings(view, now, self._sentinel)
        if known is not None and known.found == found:
            found = known.found
        return _Look(view, found, next_change(view, now, self._sentinel))
