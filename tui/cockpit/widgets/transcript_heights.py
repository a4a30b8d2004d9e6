"""Heights in a row, summed fast: where a row lies among a hundred thousand of them.

Knows nothing of what is that high.
"""

from array import array
from collections.abc import Iterable


class Heights:
    """A Fenwick tree over whole numbers of rows. Every operation costs the log of their count."""

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = array("I", heights)
        self._tree = array("Q", [0, *self._heights])
        for place in range(1, len(self._tree)):
            if (above := place + (place & -place)) < len(self._tree):
                self._tree[above] += self._tree[place]

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, place: int) -> int:
        return self._heights[place]

    def append(self, height: int) -> None:
        """Add a height at the end."""
        self._heights.append(height)
        place = len(self._heights)
        total = self.above(place - 1) + height
        self._tree.append(total - self.above(place - (place & -place)))

    def set(self, place: int, height: int) -> None:
        """Change the height at `place`."""
        change = height - self._heights[place]
        if not change:
            return
        self._heights[place] = height
        place += 1
        while place < len(self._tree):
            self._tree[place] += change
            place += place & -place

    def truncate(self, count: int) -> None:
        """Keep the first `count` heights."""
        # A node sums only what lies before it, so the kept ones stay right.
        del self._heights[count:]
        del self._tree[count + 1 :]

    def above(self, place: int) -> int:
        """Return the rows of all heights before `place`."""
        total = 0
        while place:
            total += self._tree[place]
            place &= place - 1
        return total

    @property
    def total(self) -> int:
        """The rows of all heights."""
        return self.above(len(self._heights))

    def find(self, row: int) -> tuple[int, int]:
        """Return the place that holds `row` and the row within it; heights of 0 hold none.

        A row behind the end is the one after the last place's last.
        """
        place, step = 0, 1 << len(self._heights).bit_length()
        while step:
            ahead = place + step
            if ahead < len(self._tree) and self._tree[ahead] <= row:
                place = ahead
                row -= self._tree[ahead]
            step >>= 1
        if place == len(self._heights) and place:
            return place - 1, row + self._heights[place - 1]
        return place, row
