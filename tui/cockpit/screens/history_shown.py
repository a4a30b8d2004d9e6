"""What the history shows: the conversations that were read so far, or the places a search found.

Stays out of reading them, and of keys.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from tui.cockpit.widgets.kept_rows import history_line, hit_line
from tui.cockpit.widgets.lines import Line
from tui.cockpit.widgets.row_list import ListRow
from tui.journal.store import Hit, KeptRun

MOST_HITS: Final = 50


class Shown:
    """Rows by their keys: a conversation's is its root, a place's its run and number.

    Args:
        is_living: Whether the process of a run is there.

    Attributes:
        runs: Conversations by their newest run, newest first.
        has_more: Whether there are older ones.
        hits: What a search found, None while none is asked for.
    """

    def __init__(self, is_living: Callable[[KeptRun], bool]) -> None:
        self._is_living = is_living
        self._by_root: dict[str, KeptRun] = {}
        self._lines: dict[str, Line] = {}
        self._width = 0
        self.has_more = False
        self.hits: Sequence[Hit] | None = None

    @property
    def runs(self) -> Sequence[KeptRun]:
        """Conversations by their newest run, newest first."""
        return tuple(self._by_root.values())

    @property
    def last_moved_at(self) -> float | None:
        """When the last of them went on last."""
        return next((run.moved_at for run in reversed(self._by_root.values())), None)

    @property
    def is_empty(self) -> bool:
        """Whether there is no row."""
        return not (self._by_root if self.hits is None else self.hits)

    def take(self, found: Sequence[KeptRun], *, has_more: bool, goes_on: bool) -> None:
        """Take what was read; it `goes_on` behind what is here, or stands in its place."""
        if not goes_on:
            self._by_root.clear()
            self._lines.clear()
        self._by_root.update((run.root, run) for run in found)
        self.has_more = has_more

    def forget(self, root: str) -> None:
        """Take a conversation out."""
        self._by_root.pop(root, None)
        if self.hits is not None:
            self.hits = tuple(hit for hit in self.hits if hit.run.root != root)

    def run(self, key: str) -> KeptRun | None:
        """Return the conversation of a row."""
        if self.hits is None:
            return self._by_root.get(key)
        return next((hit.run for hit in self.hits if _key(hit) == key), None)

    def place(self, key: str) -> tuple[str, int] | None:
        """Return the place that a row is, None for a conversation's."""
        hits = self.hits or ()
        return next(((hit.run.run_id, hit.seq) for hit in hits if _key(hit) == key), None)

    def heading(self) -> str:
        """Return what is listed, in words."""
        if self.hits is None:
            count = len(self._by_root)
            words = f"the newest {count}, more below" if self.has_more else f"{count}"
            return f"Kept conversations · {words}"
        count = len(self.hits)
        places = f"the newest {count} places" if count >= MOST_HITS else f"{count} places"
        return f"Found in {'1 place' if count == 1 else places} of kept conversations"

    def rows(self, width: int, now: float) -> Iterator[ListRow]:
        """Yield the rows for a width in cells."""
        if self.hits is not None:
            for hit in self.hits:
                line = hit_line(hit, width, is_living=self._is_living(hit.run))
                yield ListRow(_key(hit), line)
            return
        if width != self._width:
            self._width = width
            self._lines.clear()
        for root, run in self._by_root.items():
            if root not in self._lines:
                is_living = self._is_living(run)
                self._lines[root] = history_line(run, width, is_living=is_living, now=now)
            yield ListRow(root, self._lines[root])


def _key(hit: Hit) -> str:
    return f"{hit.run.run_id} {hit.seq}"
