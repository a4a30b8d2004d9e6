"""Laid out parts of the transcript, kept while they are near, and their lines as strips.

Stays out of where a part lies. What is far away is forgotten: the memory of a layout is many
times that of its text.
"""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from textual.strip import Strip

from tui.cockpit.widgets.lines import Line
from tui.cockpit.widgets.markdown.document import Block

_KEPT_LINES: Final = 2000


class Part:
    """Lines of one part, and a strip for each that was ever on the screen."""

    __slots__ = ("lines", "strips", "token")

    def __init__(self, token: list[Line] | Block, lines: list[Line]) -> None:
        self.token = token
        self.lines = lines
        self.strips: list[Strip | None] = [None] * len(lines)

    def take_over(self, old: "Part") -> None:
        """Use the strips of lines that are as they were: then they are not drawn again."""
        for row, line in enumerate(self.lines[: len(old.lines)]):
            if old.strips[row] is not None and old.lines[row] == line:
                self.strips[row] = old.strips[row]

    def is_of(self, token: list[Line] | Block) -> bool:
        """Tell whether the lines follow from `token`."""
        return self.token is token or (isinstance(token, Block) and self.token == token)


class Parts:
    """The parts laid out last, by their entry's place and their number."""

    def __init__(self) -> None:
        self._parts: OrderedDict[tuple[int, int], Part] = OrderedDict()
        self._lines = 0

    def get(
        self, place: tuple[int, int], token: list[Line] | Block, lay_out: Callable[[], list[Line]]
    ) -> Part:
        """Return the part at `place`, laid out anew if what it follows from has changed."""
        old = self._parts.get(place)
        if old and old.is_of(token):
            self._parts.move_to_end(place)
            return old
        part = Part(token, lay_out())
        if old:
            part.take_over(old)
            self._lines -= len(old.lines)
        self._parts[place] = part
        self._parts.move_to_end(place)
        self._lines += len(part.lines)
        return part

    def clear(self) -> None:
        """Forget everything."""
        self._parts.clear()
        self._lines = 0

    def forget_far(self) -> None:
        """Forget what was not asked for lately."""
        while self._lines > _KEPT_LINES and len(self._parts) > 1:
            _, part = self._parts.popitem(last=False)
            self._lines -= len(part.lines)
