"""When a host looks for garbage: late, but soon after a run has failed. Knows no run."""

import asyncio
import gc
from typing import Final

_LATE: Final = 50_000
"""New objects at which the collector looks."""
_SOON_S: Final = 1.0


def look_late(usual: tuple[int, int, int]) -> None:
    """Have the collector look later than by itself, unless its `usual` limits were changed.

    Objects that come and go with each event of many runs are no garbage: to look through them at
    every 700, as Python does, takes a quarter of a host's time.
    """
    if gc.get_threshold() == usual:
        gc.set_threshold(_LATE, *usual[1:])


class Sweep:
    """Collects what failed runs leave behind, of many at once.

    An error holds the frames it passed, and they hold it, and whole conversations.
    """

    def __init__(self) -> None:
        self._timer: asyncio.TimerHandle | None = None

    def soon(self) -> None:
        """Have it done within a second."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_SOON_S, self._collect)

    def stop(self) -> None:
        """Leave it to the collector."""
        if self._timer is not None:
            self._timer.cancel()

    def _collect(self) -> None:
        self._timer = None
        gc.collect(1)
