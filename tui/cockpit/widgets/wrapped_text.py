"""Text of any length as rows of a width: measured bit by bit, wrapped when it is looked at.

Knows no widget. All text goes through `plain` here, a line at a time; lines end at newlines only.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import Final

from rich.cells import cell_len, split_graphemes

from tui.plain import plain

_MIN_WIDTH: Final = 4
_TAB_CELLS: Final = 4
_PIECE_CHARACTERS: Final = 4096
"""Longer lines are handled in pieces of about that size, so that none costs what it is long."""
_REMEMBERED_PIECES: Final = 128
# A cell each at the most, and shown as they are: the Latin, Greek and Cyrillic of most lines, and
# marks that stand in many.
_NARROW: Final = re.compile("[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u052f–—‘’“”…•→←▸▾⏎✓✗]*+")


def wrapped(text: str, width: int) -> list[str]:
    """Return the showable line `text` as rows of at most `width` cells.

    A row ends at a space if there is one in its second half; that space is left out.
    """
    if len(text) <= width and (text.isascii() or cell_len(text) <= width):
        return [text]
    rows = list(_ascii_rows(text, width) if text.isascii() else _cell_rows(text, width))
    return rows or [""]


def _ascii_rows(text: str, width: int) -> Iterator[str]:
    start = 0
    while len(text) - start > width:
        space = text.rfind(" ", start + width // 2, start + width + 1)
        end = start + width if space < 0 else space
        yield text[start:end]
        start = end if space < 0 else space + 1
    if start < len(text):
        yield text[start:]


def _cell_rows(text: str, width: int) -> Iterator[str]:
    start, used, space, used_at_space = 0, 0, 0, 0
    for at, end, size in split_graphemes(text)[0]:
        if used + size > width:
            if text[at] == " ":
                yield text[start:at]
                start, used, used_at_space = end, 0, 0
                continue
            if used_at_space * 2 >= width:
                yield text[start:space]
                start, used = space + 1, used - used_at_space - 1
            else:
                yield text[start:at]
                start, used = at, 0
            used_at_space = 0
        if text[at] == " ":
            space, used_at_space = at, used
        used += size
    if start < len(text):
        yield text[start:]


class WrappedText:
    """Parts of text, one below the other, as rows.

    `add` and `extend` cost nothing of note; `index` measures, as long as it may; only rows that
    are measured can be asked for, and only those are wrapped.
    """

    def __init__(self, width: int) -> None:
        self.width = max(width, _MIN_WIDTH)
        self._parts: list[tuple[str, str]] = []
        self._offset_of_part: list[int] = []
        self._part_of = array("L")
        self._start_of = array("Q")
        self._end_of = array("Q")
        self._first_row_of = array("Q")
        self._rows = 0
        self._next_part = 0
        self._next_start = 0
        self._remembered: dict[int, list[str]] = {}

    @property
    def row_count(self) -> int:
        """Rows measured so far."""
        return self._rows

    @property
    def is_whole(self) -> bool:
        """Whether all of the text is measured."""
        return self._next_part >= len(self._parts)

    @property
    def next_offset(self) -> int:
        """The place in the text where what is added next begins."""
        return self._offset_of_part[-1] + len(self._parts[-1][0]) + 1 if self._parts else 0

    def add(self, text: str, look: str) -> None:
        """Put `text` below what is there; it begins a row of its own."""
        self._put(text, look, self.next_offset)

    def extend(self, text: str) -> None:
        """Put `text` right behind the last part's end."""
        last, look = self._parts[-1]
        if not self.is_whole:
            self._parts[-1] = (last + text, look)
            return
        start = self._forget_last_piece()
        self._parts[-1] = (last[:start], look)
        self._put(last[start:] + text, look, self._offset_of_part[-1] + start)

    def cut(self, offset: int) -> None:
        """Forget all from `offset` on, where a measured line begins; what is above stays."""
        piece = bisect_left(range(len(self._part_of)), offset, key=self._offset_of_piece)
        part, start = self._part_of[piece], self._start_of[piece]
        text, look = self._parts[part]
        del self._parts[part:], self._offset_of_part[part + 1 :]
        if start:
            # Without the end of its last line: another part begins a row of its own.
            self._parts.append((text[: start - 1], look))
        else:
            del self._offset_of_part[part:]
        self._rows = self._first_row_of[piece]
        for column in (self._part_of, self._start_of, self._end_of, self._first_row_of):
            del column[piece:]
        self._remembered.clear()
        self._next_part, self._next_start = len(self._parts), 0

    def rewrapped(self, width: int) -> "WrappedText":
        """Return the same text in another width, not measured yet; places in it are the same."""
        whole = WrappedText(width)
        pieces: list[str] = []
        for part, (text, look) in enumerate(self._parts):
            pieces.append(text)
            following = self._offset_of_part[part + 1 : part + 2]
            # A text that grew lies in several parts, with nothing between them.
            if following != [self._offset_of_part[part] + len(text)]:
                whole.add("".join(pieces), look)
                pieces = []
        return whole

    def index(self, is_over: Callable[[], bool]) -> bool:
        """Measure on until `is_over` says so, asked after every line.

        Returns:
            Whether all of the text is measured.
        """
        while not self.is_whole:
            self._index_piece()
            if is_over():
                break
        return self.is_whole

    def row(self, index: int) -> tuple[str, str]:
        """Return the text of a measured row, safe to show, and how it looks."""
        piece = bisect_right(self._first_row_of, index) - 1
        rows = self._rows_of_piece(piece)
        return rows[index - self._first_row_of[piece]], self._parts[self._part_of[piece]][1]

    def offset(self, row: int) -> int:
        """Return the place in the text where the line of a measured row begins."""
        return self._offset_of_piece(bisect_right(self._first_row_of, row) - 1)

    def row_at(self, offset: int) -> int | None:
        """Return the row where the line at `offset` begins, None if that is not measured yet."""
        pieces = range(len(self._part_of))
        piece = bisect_right(pieces, offset, key=self._offset_of_piece) - 1
        if piece < 0 or (piece == len(pieces) - 1 and not self.is_whole):
            return None
        return self._first_row_of[piece]

    def _put(self, text: str, look: str, offset: int) -> None:
        self._parts.append((text, look))
        self._offset_of_part.append(offset)

    def _offset_of_piece(self, piece: int) -> int:
        return self._offset_of_part[self._part_of[piece]] + self._start_of[piece]

    def _index_piece(self) -> None:
        part, start = self._next_part, self._next_start
        text = self._parts[part][0]
        longest = max(_PIECE_CHARACTERS // self.width, 1) * self.width
        newline = text.find("\n", start, start + longest)
        end = min(start + longest, len(text)) if newline < 0 else newline
        self._part_of.append(part)
        self._start_of.append(start)
        self._end_of.append(end)
        self._first_row_of.append(self._rows)
        self._rows += self._measured(text, start, end)
        if newline >= 0:
            self._next_start = end + 1
        elif end < len(text):
            self._next_start = end
        else:
            self._next_part, self._next_start = part + 1, 0

    def _measured(self, text: str, start: int, end: int) -> int:
        if end - start <= self.width and _NARROW.fullmatch(text, start, end):
            return 1
        return len(wrapped(_showable(text, start, end), self.width))

    def _rows_of_piece(self, piece: int) -> list[str]:
        rows = self._remembered.get(piece)
        if rows is None:
            text = self._parts[self._part_of[piece]][0]
            line = _showable(text, self._start_of[piece], self._end_of[piece])
            rows = wrapped(line, self.width)
            if len(self._remembered) >= _REMEMBERED_PIECES:
                self._remembered.clear()
            self._remembered[piece] = rows
        return rows

    def _forget_last_piece(self) -> int:
        """Forget the last piece, whose line goes on, and return where in its part it begins."""
        self._part_of.pop()
        self._end_of.pop()
        self._rows = self._first_row_of.pop()
        self._remembered.clear()
        return self._start_of.pop()


def _showable(text: str, start: int, end: int) -> str:
    # A carriage return belongs to the line's end only where a newline follows it.
    line = text[start:end]
    line = line.removesuffix("\r") if text[end : end + 1] == "\n" else line
    return plain(line).expandtabs(_TAB_CELLS)
