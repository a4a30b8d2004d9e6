"""Runs of text cut into lines of a width: between words, and between CJK characters.

Stays out of what the text means. Widths are cells, as Rich counts them.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

from rich.cells import cell_len, chop_cells

from tui.cockpit.widgets.lines import Line, Run

# Scripts written without spaces; Hangul has them.
_WIDE: Final = "\u2e80-\u303e\u3041-\ua4cf\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6"
_IDEOGRAPHS: Final = f"{_WIDE}\U00020000-\U0003fffd"
# What may not begin a line stays with the character before it, an opening bracket with the next.
_CLOSING: Final = "、。，．！？；：」』）】〕》〉…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_OPENING: Final = "「『（【〔《〈"
_PIECE: Final = (
    rf"(?P<line>\n)|(?P<space>[^\S\n]+)"
    rf"|(?P<wide>[{_OPENING}]*[{_IDEOGRAPHS}][{_CLOSING}]*)|[^\s{_IDEOGRAPHS}]+"
)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern: so many characters take 3 ms, and the first frame needs none."""
    return re.compile(pattern)


def joined(first: str, second: str) -> str:
    """Return two source lines as one: with a space between, but not between CJK characters."""
    ends = first[-1:], second[:1]
    if min(ends) >= _IDEOGRAPHS[0] and all(map(_compiled(f"[{_IDEOGRAPHS}]").match, ends)):
        return first + second
    return f"{first} {second}"


def wrap(runs: Iterable[Run], width: int) -> list[Line]:
    """Return `runs` as lines of at most `width` cells; a newline in a run ends a line.

    A word longer than a line is cut. Spaces at a cut go away, those after a newline stay.
    """
    runs = list(runs)
    if (line := _in_one_line(runs, width)) is not None:
        return [line]
    filler = _Filler(max(width, 1))
    for text, look in runs:
        for piece in _compiled(_PIECE).finditer(text):
            match piece.lastgroup:
                case "line":
                    filler.end_line()
                case "space":
                    filler.space(piece[0], look)
                case "wide":
                    filler.end_word()
                    filler.word(piece[0], look)
                    filler.end_word()
                case _:
                    filler.word(piece[0], look)
    return filler.finish()


def chop(runs: Iterable[Run], width: int) -> list[Line]:
    """Return one source line as lines of at most `width` cells, cut anywhere: for code."""
    lines: list[Line] = []
    line: list[Run] = []
    left = width = max(width, 1)
    for text, look in runs:
        while (size := cell_len(text)) > left:
            head = chop_cells(text, left)[0] if left > 1 or not line else ""
            if not head or cell_len(head) > left:
                head = "" if line else text[:1]
            line.append((head, look))
            lines.append(tuple(line))
            text, line, left = text[len(head) :], [], width
        if text:
            line.append((text, look))
            left -= size
    return [*lines, tuple(line)]


def _in_one_line(runs: list[Run], width: int) -> Line | None:
    """Return all of it as one line if it fits: most items and cells do, and words cost time."""
    left = width
    for text, _ in runs:
        left -= cell_len(text)
        if left < 0 or "\n" in text:
            return None
    while runs and runs[-1][0][-1:].isspace():
        text, look = runs.pop()
        if text := text.rstrip():
            runs.append((text, look))
    return tuple(runs)


class _Filler:
    """Lines being filled: a word is kept back until it ends, a space until a word comes."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._lines: list[Line] = []
        self._line: list[Run] = []
        self._used = 0
        self._word: list[Run] = []
        self._word_cells = 0
        self._space: Run | None = None
        self._broken = False

    def word(self, text: str, look: str) -> None:
        self._word.append((text, look))
        self._word_cells += cell_len(text)

    def space(self, text: str, look: str) -> None:
        self.end_word()
        if self._line or not self._broken:
            self._space = (text, look)

    def end_word(self) -> None:
        if not self._word:
            return
        word, cells = self._word, self._word_cells
        self._word, self._word_cells = [], 0
        if self._used + cells + (len(self._space[0]) if self._space else 0) > self._width:
            self._break()
        if self._space:
            self._put(*self._space)
            self._used += len(self._space[0])
            self._space = None
        if cells <= self._width - self._used:
            for text, look in word:
                self._put(text, look)
            self._used += cells
            return
        *whole, rest = chop(word, self._width)
        self._lines += whole
        self._line = list(rest)
        self._used = sum(cell_len(text) for text, _ in rest)

    def end_line(self) -> None:
        self.end_word()
        self._lines.append(tuple(self._line))
        self._line, self._used, self._space, self._broken = [], 0, None, False

    def finish(self) -> list[Line]:
        self.end_word()
        if self._line or not self._lines:
            self._lines.append(tuple(self._line))
        return self._lines

    def _break(self) -> None:
        self._space = None
        self._broken = True
        if self._line:
            self._lines.append(tuple(self._line))
            self._line, self._used = [], 0

    def _put(self, text: str, look: str) -> None:
        if self._line and self._line[-1][1] == look:
            self._line[-1] = (self._line[-1][0] + text, look)
        else:
            self._line.append((text, look))
