"""The texts of an entry as rows, some of them folded away under a heading or a line of JSON.

Knows no widget. It is laid out from the top on, as it is measured; to fold leaves what is above
alone.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Final, Literal, NamedTuple, TypeAlias

from tui.cockpit.projection.pages import LongText
from tui.cockpit.widgets.inspector_parts import Part
from tui.cockpit.widgets.json_lines import Head, JsonLayout, Piece, levels_to_open
from tui.cockpit.widgets.wrapped_text import WrappedText

Folding: TypeAlias = Literal["some", "none", "all"]
"""What is folded away of what can be; "some" leaves open what is read at a glance."""

_HEADING: Final = -1
"""Stands for the heading where a place in a part's JSON is asked for."""
_FOLDED: Final = "▸ "
_OPEN: Final = "▾ "

_Feed: TypeAlias = Iterator[tuple[int, Piece | None]]


class Fold(NamedTuple):
    """A line that something is folded away under, or can be.

    Attributes:
        part: The part that it stands in.
        start: Where it begins in that part's JSON; -1 for a heading.
        depth: How many objects and lists it lies in.
        offset: Its place in the text; it stays when anything below changes.
    """

    part: int
    start: int
    depth: int
    offset: int


class Body:
    """Parts of text as rows.

    Args:
        width: Cells.
    """

    def __init__(self, width: int) -> None:
        self._parts: tuple[Part, ...] = ()
        self._text = WrappedText(width)
        self._feed: _Feed = iter(())
        self._is_fed = True
        self._fed_parts = 0
        self._folding: Folding = "some"
        self._turned: set[tuple[str, int]] = set()
        self._layouts: dict[int, JsonLayout] = {}
        # A column each of what a `Fold` says: there may be a hundred thousand.
        self._fold_parts, self._fold_starts = array("Q"), array("q")
        self._fold_depths, self._fold_offsets = array("Q"), array("Q")

    @property
    def width(self) -> int:
        """Cells."""
        return self._text.width

    @property
    def row_count(self) -> int:
        """Rows measured so far."""
        return self._text.row_count

    @property
    def is_whole(self) -> bool:
        """Whether all is measured that is not folded away."""
        return self._is_fed and self._text.is_whole

    @property
    def can_fold(self) -> bool:
        """Whether anything laid out so far can be folded or opened."""
        return len(self._fold_offsets) > 0

    def show(self, parts: tuple[Part, ...]) -> None:
        """Have other parts of the same thing: what was opened in them stays open."""
        self._parts = parts
        self._layouts.clear()
        self._lay_out_anew()

    def forget(self) -> None:
        """Have no parts, and nothing opened or folded by hand."""
        self._turned.clear()
        self._folding = "some"
        self.show(())

    def grow(self, parts: tuple[Part, ...]) -> bool:
        """Have `parts` if they are the same, but for a last one that may have grown.

        Returns:
            Whether they are; if not, nothing has changed.
        """
        grown = _growth(self._parts, parts)
        if grown is None:
            return False
        self._parts = parts
        # A part that is not handed over yet will be as it is by then.
        if grown and self._fed_parts == len(parts):
            self._text.extend(grown)
        return True

    def resize(self, width: int) -> None:
        """Take another width; places in the text stay the same."""
        self._text = self._text.rewrapped(width)

    def index(self, is_over: Callable[[], bool]) -> bool:
        """Lay out and measure on until `is_over` says so, asked after every step.

        Returns:
            Whether nothing is left to do.
        """
        while self._text.index(is_over) and not self._is_fed:
            self._take_next()
            if is_over():
                break
        return self.is_whole

    def row(self, index: int) -> tuple[str, str]:
        """Return the text of a measured row, safe to show, and how it looks."""
        return self._text.row(index)

    def offset(self, row: int) -> int:
        """Return the place in the text where the line of a measured row begins."""
        return self._text.offset(row)

    def row_at(self, offset: int) -> int | None:
        """Return the row where the line at `offset` begins, None if that is not measured yet."""
        return self._text.row_at(offset)

    # What can be folded.

    def fold_at(self, offset: int) -> Fold | None:
        """Return what can be folded on the line that begins at `offset`."""
        fold = self.fold_from(offset)
        return fold if fold is not None and fold.offset == offset else None

    def fold_from(self, offset: int, step: int = 0) -> Fold | None:
        """Return the first fold at `offset` or below; or the one `step` places after it."""
        place = bisect_left(self._fold_offsets, offset) + step
        if not 0 <= place < len(self._fold_offsets):
            return None
        return Fold(
            self._fold_parts[place],
            self._fold_starts[place],
            self._fold_depths[place],
            self._fold_offsets[place],
        )

    def turn(self, fold: Fold) -> None:
        """Open what is folded away under a measured line, or fold it away."""
        self._turned ^= {self._name(fold.part, fold.start)}
        self._text.cut(fold.offset)
        place = bisect_left(self._fold_offsets, fold.offset)
        for column in self._fold_columns:
            del column[place:]
        self._feed_from(fold.part, fold.start, fold.depth)

    def turn_all(self) -> None:
        """Open everything; if everything is open, fold everything away."""
        self._folding = "all" if self._folding == "none" and not self._turned else "none"
        self._turned.clear()
        self._lay_out_anew()

    @property
    def _fold_columns(self) -> tuple["array[int]", ...]:
        return self._fold_parts, self._fold_starts, self._fold_depths, self._fold_offsets

    def _is_folded(self, part: int, start: int, *, by_itself: bool) -> bool:
        folded = by_itself if self._folding == "some" else self._folding == "all"
        return folded != (self._name(part, start) in self._turned)

    def _name(self, part: int, start: int) -> tuple[str, int]:
        """Return a name that stays when parts come or go: the section's, and the place in it."""
        while part >= 0 and self._parts[part].look != "heading":
            part -= 1
        return "" if part < 0 else str(self._parts[part].text), start

    # How parts become text.

    def _lay_out_anew(self) -> None:
        self._text = WrappedText(self.width)
        for column in self._fold_columns:
            del column[:]
        self._fed_parts = 0
        self._feed = self._pieces_from(0)
        self._is_fed = False

    def _feed_from(self, part: int, start: int, depth: int) -> None:
        self._fed_parts = part
        self._feed = self._pieces_from(part, start, depth, goes_on=True)
        self._is_fed = False

    def _take_next(self) -> None:
        number, piece = next(self._feed, (-1, None))
        self._is_fed = number < 0
        if piece is None:
            return
        self._fed_parts = number + 1
        if piece.goes_on:
            self._text.extend(piece.text)
            return
        offset = self._text.next_offset
        self._text.add(piece.text, self._parts[number].look)
        for head in piece.heads:
            fold = Fold(number, head.start, head.depth, offset + head.at)
            for column, value in zip(self._fold_columns, fold, strict=True):
                column.append(value)

    def _pieces_from(
        self, first: int, start: int = 0, depth: int = 0, *, goes_on: bool = False
    ) -> _Feed:
        """Yield pieces with their part's number, from a line of a part on."""
        is_hidden = False
        for number in range(first, len(self._parts)):
            part = self._parts[number]
            if part.look == "heading":
                if number and not goes_on:
                    yield number, Piece("")
                is_hidden = part.folds and self._is_folded(number, _HEADING, by_itself=True)
                yield number, _heading(part, is_folded=is_hidden)
            elif not is_hidden:
                yield from ((number, piece) for piece in self._pieces_of(number, start, depth))
            start, depth, goes_on = 0, 0, False

    def _pieces_of(self, number: int, start: int, depth: int) -> Iterator[Piece | None]:
        part = self._parts[number]
        if part.form == "text":
            yield Piece(str(part.text))
            return
        if number not in self._layouts:
            self._layouts[number] = self._layout(number, str(part.text))
        yield from self._layouts[number].pieces(start, depth)

    def _layout(self, number: int, source: str) -> JsonLayout:
        if self._parts[number].form == "raw json":
            return JsonLayout(source, decodes=False)
        levels = levels_to_open(source)
        return JsonLayout(
            source,
            lambda start, depth: self._is_folded(number, start, by_itself=depth >= levels),
        )


def _heading(part: Part, *, is_folded: bool) -> Piece:
    if not part.folds:
        return Piece(str(part.text))
    return Piece(f"{_FOLDED if is_folded else _OPEN}{part.text}", (Head(0, _HEADING, 0),))


def _growth(old: tuple[Part, ...], new: tuple[Part, ...]) -> str | None:
    """Return what the last text grew by; None if anything else differs."""
    if not old or len(old) != len(new) or old[:-1] != new[:-1] or old[-1].look != new[-1].look:
        return None
    before, after = old[-1].text, new[-1].text
    if before is after:
        return ""
    if isinstance(before, LongText) and isinstance(after, LongText) and len(after) >= len(before):
        return after.since(len(before))
    return "" if isinstance(before, str) and before == after else None
