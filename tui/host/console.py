"""Keeps what was printed since the last tick, by the run, agent and call that it belongs to.

Python's own prints know these; bytes of the descriptors know none and go to the run that began
last. Stays out of how prints are caught.
"""

import threading
from collections.abc import Callable
from typing import Final

from tui.host.live.scope import INSIDE, RUN
from tui.host.live.shapes import safe
from tui.wire.events import ConsoleOutput

# More than a person reads in a tick; what is over is counted and dropped.
MAX_CHARS_A_TICK: Final = 64 * 1024


class _Text:
    """What one place printed since the last tick: its beginning, and how much more there was."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._chars = 0
        self._left_out = 0

    def add(self, text: str) -> None:
        kept = text[: max(0, MAX_CHARS_A_TICK - self._chars)]
        self._chars += len(kept)
        self._left_out += len(text) - len(kept)
        if kept:
            self._parts.append(kept)

    def take(self) -> str:
        text = "".join(self._parts)
        if self._left_out:
            text += f"\n[{self._left_out:,} characters more were printed and left out]\n"
        return text


# run id ("" for descriptor bytes), stream, agent, call id
_Place = tuple[str, str, str, str | None]


class Console:
    """Prints of all runs between two ticks. Safe from any thread.

    Args:
        wake: Called, from any thread, when there is something to take and there was nothing.
    """

    def __init__(self, wake: Callable[[], None] = lambda: None) -> None:
        self.wake = wake
        # Reentrant: an object that is collected meanwhile may print in its `__del__`.
        self._lock = threading.RLock()
        self._printed: dict[_Place, _Text] = {}

    def note(self, text: str, stream: str) -> None:
        """Take a print of the code that runs now."""
        run, call = RUN.get(), INSIDE.get()
        if run is None:
            self._add(("", stream, "", None), text)
        elif call is None:
            self._add((run.run_id, stream, "", None), text)
        else:
            self._add((run.run_id, stream, call.agent, call.call_id), text)

    def note_raw(self, text: str, stream: str) -> None:
        """Take what came out of a descriptor."""
        self._add(("", stream, "", None), text)

    def take(self, current_run: str | None) -> list[ConsoleOutput]:
        """Return what was printed since the last call, in order of its first character.

        Bytes of no run go to `current_run`; without one they are kept for the next.
        """
        with self._lock:
            taken, self._printed = self._printed, {}
            if current_run is None:
                self._printed = {place: text for place, text in taken.items() if not place[0]}
        return [
            ConsoleOutput(
                run_id=run_id or current_run or "",
                text=safe(text.take()),
                stream=stream,
                agent=agent,
                call_id=call_id,
            )
            for (run_id, stream, agent, call_id), text in taken.items()
            if run_id or current_run
        ]

    def _add(self, place: _Place, text: str) -> None:
        if not text:
            return
        with self._lock:
            was_empty = not self._printed
            self._printed.setdefault(place, _Text()).add(text)
        if was_empty:
            self.wake()
