"""Where a growing Markdown text is cut into blocks that can be laid out one by one.

Stays out of how a block looks. Blocks are cut at blank lines outside fences, around fences and
tables, and where a block would grow too large; each says what its reader must know of the text
before it. The cuts follow from the text alone, never from the pieces it came in.
"""

import re
from copy import copy
from typing import Final, NamedTuple

from tui.cockpit.widgets.markdown.code import family_of, inside_after
from tui.cockpit.widgets.markdown.lists import Levels, item_of, levels_after_blank
from tui.cockpit.widgets.markdown.table import Columns, begins_table, columns_of, may_be_row

ENOUGH: Final = 1024
"""Characters after which a block is cut at the next good place: what grows is laid out anew each
frame, so this bounds a frame."""

ENOUGH_OF_A_TABLE: Final = 2048
"""The same for a table's first block, which gives all its columns their widths."""

MOST: Final = 8192
"""Characters no block exceeds."""

RULE: Final = re.compile(r"[ \t]{0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
HEADING: Final = re.compile(r" {0,3}(?P<marks>#{1,6})(?:[ \t]+(?P<text>.*))?$")
QUOTE: Final = re.compile(r" {0,3}> ?")
_FENCE: Final = re.compile(
    r"(?P<before>[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)"
    r"(?P<marks>`{3,}(?=[^`]*$)|~{3,})[ \t]*(?P<language>[^\s`{]*)"
)


class Fence(NamedTuple):
    """A fence that is open.

    Attributes:
        marks: What closes it, or a longer run of the same.
        indent: Columns its lines are indented by.
        language: As written.
        inside: What the first line is inside of (`code.highlighted`).
    """

    marks: str
    indent: int
    language: str
    inside: str = ""


class Start(NamedTuple):
    """How a block begins.

    Attributes:
        blank: Whether an empty line comes before it.
        levels: Lists open before it.
        fence: The fence it lies in or opens.
        columns: The table it goes on with.
        goes_on: Whether it continues the block before it.
        rest: Whether it begins within a source line.
        literal: Whether it is no Markdown: shown as it was written.
    """

    blank: bool = False
    levels: Levels = ()
    fence: Fence | None = None
    columns: Columns | None = None
    goes_on: bool = False
    rest: bool = False
    literal: bool = False


PLAIN_START: Final = Start()
BLANK_START: Final = Start(blank=True)
LITERAL_START: Final = Start(literal=True)


class Cut(NamedTuple):
    """A block begins at character `at`."""

    at: int
    start: Start


class Cutter:
    """Takes a text line by line and says where its blocks begin.

    `take` wants every source line once, in order; `glimpse` says what an unfinished last line
    would cut, without taking it.
    """

    def __init__(self) -> None:
        self.line_start = 0
        self._block_start = 0
        self._at_start = True
        self._blank = False
        self._closed = False
        self._rest = False
        self._levels: Levels = ()
        self._fence: Fence | None = None
        self._inside = ""
        self._columns: Columns | None = None
        self._table: list[str] | None = None
        self._header: tuple[int, str] | None = None

    def take(self, line: str) -> list[Cut]:
        """Return the blocks that begin at or in `line`, given with its newline."""
        cuts: list[Cut] = []
        end = self.line_start + len(line)
        for piece, last in _pieces(line):
            cuts += self._take_piece(piece)
            self.line_start += len(piece)
            self._rest = not last
        assert self.line_start == end
        return cuts

    def take_overlong(self, line: str) -> list[Cut]:
        """Take what is certain of an unfinished `line`: all its pieces but the last."""
        cuts: list[Cut] = []
        for piece, last in _pieces(line):
            if last:
                break
            cuts += self._take_piece(piece)
            self.line_start += len(piece)
            self._rest = True
        return cuts

    def glimpse(self, line: str) -> list[Cut]:
        """Return what `take(line)` would, and stay as before."""
        other = copy(self)
        other._table = None if self._table is None else [*self._table]
        return other.take(line)

    def _take_piece(self, line: str) -> list[Cut]:
        if self._rest:
            self._closed = self._fence is None
            if not line.strip():
                return []
            self._end_table()
            cut = self._cut(Start(fence=self._fence_here(), goes_on=True, rest=True))
            self._closed = self._fence is None
            return [cut]
        if self._fence:
            return self._fenced(line)
        if not line.strip():
            self._blank = self._blank or not self._at_start
            self._end_table()
            return []
        return self._flowing(line.rstrip("\r\n").expandtabs(4))

    def _fenced(self, line: str) -> list[Cut]:
        assert self._fence
        cuts = []
        if self._is_full(line, ENOUGH):
            cuts.append(self._cut(Start(fence=self._fence_here(), goes_on=True)))
        if _closes(line, self._fence):
            self._fence, self._inside, self._closed = None, "", True
        else:
            self._inside = inside_after(line, family_of(self._fence.language), self._inside)
        return cuts

    def _fence_here(self) -> Fence | None:
        return self._fence and self._fence._replace(inside=self._inside)

    def _flowing(self, line: str) -> list[Cut]:
        if found := _FENCE.match(line):
            self._end_table()
            self._fence = Fence(found["marks"], len(found["before"]), found["language"])
            return [self._cut(Start(self._blank, self._levels, self._fence))]
        cuts = []
        if self._blank or self._closed or self._at_start:
            cuts.append(self._cut(self._plain_start()))
        cuts += self._tabular(line)
        if self._table is not None or self._columns:
            return cuts
        if not cuts and self._should_cut(line):
            cuts.append(self._cut(Start(levels=self._levels, goes_on=True)))
        self._follow_lists(line, fresh=bool(cuts) and cuts[-1].start.blank)
        may_be_header = may_be_row(line) and not item_of(line, ())
        self._header = (self.line_start, line) if may_be_header else None
        return cuts

    def _plain_start(self) -> Start:
        if self._levels:
            return Start(self._blank, self._levels)
        return BLANK_START if self._blank else PLAIN_START

    def _tabular(self, line: str) -> list[Cut]:
        if self._table is None and not self._columns:
            return self._begin_table(line)
        if not may_be_row(line):
            self._end_table()
            return [self._cut(self._plain_start())]
        if not self._is_full(line, ENOUGH if self._columns else ENOUGH_OF_A_TABLE):
            if self._table is not None:
                self._table.append(line)
            return []
        if self._table is not None:
            self._columns, self._table = columns_of(self._table), None
        return [self._cut(Start(columns=self._columns, goes_on=True))]

    def _begin_table(self, line: str) -> list[Cut]:
        if self._header is None or not begins_table(self._header[1], line):
            return []
        at, header = self._header
        self._table = [header, line]
        if at == self._block_start:
            return []
        cut = Cut(at, Start(levels=self._levels))
        self._block_start = at
        return [cut]

    def _end_table(self) -> None:
        self._table = self._columns = self._header = None

    def _follow_lists(self, line: str, *, fresh: bool) -> None:
        if RULE.match(line) or HEADING.match(line):
            self._levels = ()
        elif item := item_of(line, self._levels):
            self._levels = item.levels
        elif fresh:
            self._levels = levels_after_blank(line, self._levels)

    def _should_cut(self, line: str) -> bool:
        if self._is_full(line, MOST):
            return True
        if not self._is_full(line, ENOUGH):
            return False
        return bool(item_of(line, ()) or HEADING.match(line) or QUOTE.match(line))

    def _is_full(self, line: str, limit: int) -> bool:
        size = self.line_start - self._block_start
        return size > 0 and size + len(line) > limit

    def _cut(self, start: Start) -> Cut:
        self._block_start = self.line_start
        self._at_start = self._blank = self._closed = False
        return Cut(self.line_start, start)


class LiteralCutter(Cutter):
    """Cuts a text that is no Markdown where a block has enough."""

    def _take_piece(self, line: str) -> list[Cut]:
        if self._at_start or self._rest or self._is_full(line, ENOUGH):
            return [self._cut(LITERAL_START)]
        return []


def _closes(line: str, fence: Fence) -> bool:
    line = line.strip()
    return len(line) >= len(fence.marks) and not line.strip(fence.marks[0])


def _pieces(line: str) -> list[tuple[str, bool]]:
    """Return `line` in pieces that no block's limit forbids, and which of them is the last."""
    pieces = []
    while len(line) > MOST:
        end = line.rfind(" ", MOST // 2, MOST) + 1 or MOST
        pieces.append((line[:end], False))
        line = line[end:]
    return [*pieces, (line, True)]
