"""A Markdown text that may still grow: its blocks, each laid out alone and on demand.

Stays out of the screen and of what is kept of a layout.
"""

from array import array
from typing import NamedTuple

from tui.cockpit.projection.pages import CHUNK_CHARACTERS, LongText
from tui.cockpit.widgets.lines import Line
from tui.cockpit.widgets.markdown.blocks import MOST, Cut, Cutter, LiteralCutter, Start
from tui.cockpit.widgets.markdown.flow import laid_out

_CODE_LINE_CHARACTERS = 32
"""A usual line of code: to guess how high a fence is before it is laid out."""


class Block(NamedTuple):
    """A block: characters `begin` to `end` of the text. Equal blocks look the same."""

    begin: int
    end: int
    start: Start


class Document:
    """The blocks of a text, cut as it grows. Keeps no copy of it.

    The last block, and what an unfinished last line makes of it, change with each `grow`; those
    before `settled` do not.
    """

    def __init__(self, text: str | LongText, *, literal: bool = False) -> None:
        self._text: str | LongText = ""
        self._cutter = LiteralCutter() if literal else Cutter()
        self._begins = array("Q")
        self._starts: list[Start] = []
        self._certain = 0
        self.settled = 0
        self.grow(text)

    def __len__(self) -> int:
        return len(self._starts)

    def grow(self, text: str | LongText) -> bool:
        """Take a text that begins with the one before it; costs what is new of it.

        Returns:
            False if the text is shorter, so that it cannot be one.
        """
        if len(text) < len(self._text):
            return False
        self._text = text
        self._drop(self._certain)
        self.settled = max(self._certain - 1, 0)
        # The lines are read in slices: a text of many megabytes is not to be copied whole.
        while self._cutter.line_start < len(text):
            begin = self._cutter.line_start
            slice_ = characters(text, begin, begin + MOST * 8)
            if not self._take_lines(slice_):
                break
        self._certain = len(self._starts)
        rest = characters(text, self._cutter.line_start, len(text))
        if rest:
            self._add(self._cutter.glimpse(rest))
        return True

    def take_whole(self, text: str) -> bool:
        """Go on with `text` in place of an equal one that was streamed; tell whether it is."""
        if not self._is(text):
            return False
        self._text = text
        return True

    def block(self, place: int) -> Block:
        """Return where the block at `place` lies."""
        last = place + 1 == len(self._starts)
        end = len(self._text) if last else self._begins[place + 1]
        return Block(self._begins[place], end, self._starts[place])

    def guesses(self, first: int, width: int) -> list[int]:
        """Return about how many lines each block from `first` on takes, without looking at it."""
        width = max(width, 1)
        in_fence = min(width, _CODE_LINE_CHARACTERS)
        begins = self._begins[first:]
        ends = [*begins[1:], len(self._text)]
        return [
            (end - begin) // (in_fence if start.fence else width) + 1 + start.blank
            for begin, end, start in zip(begins, ends, self._starts[first:], strict=True)
        ]

    def lay_out(self, place: int, width: int) -> list[Line]:
        """Return the lines of the block at `place`."""
        begin, end, start = self.block(place)
        return laid_out(characters(self._text, begin, end), start, width)

    def _is(self, text: str) -> bool:
        own = self._text
        if isinstance(own, str):
            return own == text
        parts = (*own.chunks, own.tail)
        return len(own) == len(text) and all(
            text.startswith(part, place * CHUNK_CHARACTERS) for place, part in enumerate(parts)
        )

    def _take_lines(self, text: str) -> bool:
        """Take the whole lines of `text`, or what is certain of its first; tell if it took any."""
        at = 0
        while (end := text.find("\n", at) + 1) > 0:
            self._add(self._cutter.take(text[at:end]))
            at = end
        if at:
            return True
        before = self._cutter.line_start
        self._add(self._cutter.take_overlong(text))
        return self._cutter.line_start > before

    def _add(self, cuts: list[Cut]) -> None:
        for at, start in cuts:
            self._begins.append(at)
            self._starts.append(_shared(start))

    def _drop(self, count: int) -> None:
        del self._begins[count:]
        del self._starts[count:]


_SHARED: dict[Start, Start] = {}
_MOST_SHARED = 4096


def _shared(start: Start) -> Start:
    """Return an equal start met before: a long text has few different ones, but many of each."""
    if len(_SHARED) > _MOST_SHARED:
        _SHARED.clear()
    return _SHARED.setdefault(start, start)


def characters(text: str | LongText, begin: int, end: int) -> str:
    """Return the characters `begin` to `end`; costs those, wherever they lie."""
    if isinstance(text, str):
        return text[begin:end]
    end = min(end, len(text))
    if begin >= end:
        return ""
    first, last = begin // CHUNK_CHARACTERS, (end - 1) // CHUNK_CHARACTERS
    chunks = text.chunks
    parts = [
        chunks[place] if place < len(chunks) else text.tail for place in range(first, last + 1)
    ]
    skipped = first * CHUNK_CHARACTERS
    return "".join(parts)[begin - skipped : end - skipped]
