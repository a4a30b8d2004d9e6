"""The transcript as one tall column of lines, of which only those asked for are laid out.

Stays out of scrolling, keys and drawing. A place in it is a `Position`, not a row number: heights
above are guesses until they are laid out, and a position stays true while they change.
"""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Final, NamedTuple

from textual.strip import Strip

from tui.cockpit.projection.pages import LongText, Pages
from tui.cockpit.projection.view import (
    AnyEntry,
    ConsoleEntry,
    EndEntry,
    ReasoningEntry,
    RunView,
    ToolEntry,
)
from tui.cockpit.widgets.cast import Cast
from tui.cockpit.widgets.changes import NOTHING, changed_places, goes_back, goes_on
from tui.cockpit.widgets.lines import Line, Palette
from tui.cockpit.widgets.transcript_heights import Heights
from tui.cockpit.widgets.transcript_items import SAID, Item, gap_above, is_folded, is_shown, text_of
from tui.cockpit.widgets.transcript_parts import Part, Parts

_KEPT_ITEMS: Final = 128


class Position(NamedTuple):
    """A line: its entry, the part of it and the row in that. Compares as the lines lie."""

    entry: int = 0
    part: int = 0
    row: int = 0


class Shown(NamedTuple):
    """A line on the screen, the place of its entry and whether it belongs to its head."""

    strip: Strip
    entry: int
    is_head: bool


class Column:
    """All lines of a conversation at one width.

    Attributes:
        shown_entries: How many entries have lines.
    """

    def __init__(self, width: int, palette: Palette) -> None:
        self.width = width
        self.palette = palette
        self._view = RunView()
        self._entries: Pages[AnyEntry] = NOTHING
        self._cast = Cast()
        self._heights = Heights()
        self._items: OrderedDict[int, Item] = OrderedDict()
        self._parts = Parts()
        self._folds: dict[str, bool] = {}
        self.shown_entries = 0

    def __len__(self) -> int:
        return len(self._heights)

    @property
    def total(self) -> int:
        """Rows in all, as far as they are known."""
        return self._heights.total

    def show(self, view: RunView) -> list[int]:
        """Take the newest view; return the places of entries that are new or look different."""
        if goes_back(self._entries, view.entries):
            self._take_back(len(view.entries))
        elif not goes_on(self._entries, view.entries):
            self._entries, self._cast, self._heights = NOTHING, Cast(), Heights()
            self._items.clear()
            self._parts.clear()
            self.shown_entries = 0
        old_entries, old_live = self._entries, self._view.live
        self._view, self._entries = view, view.entries
        changed = list(changed_places(old_entries, view.entries))
        for place in changed:
            if place == len(self._heights):
                self._cast.meet(view.entries, place)
                self._heights.append(self._guess(place))
                self.shown_entries += is_shown(view.entries[place])
            else:
                self._renew(place)
        for item_id, text in view.live.items():
            place = view.open_items.get(item_id, -1)
            before = old_live.get(item_id)
            differs = before is not text and 0 <= place < len(self._heights)
            if differs and self._grow(place, text, before):
                changed.append(place)
        return [place for place in changed if is_shown(view.entries[place])]

    def set_width(self, width: int) -> None:
        """Take another width: every height is a guess again."""
        self.width = width
        self._parts.clear()
        for place in self._items:
            self._renew(place)
        self._heights = Heights(
            self._items[place].heights.total if place in self._items else self._guess(place)
            for place in range(len(self._entries))
        )

    def set_palette(self, palette: Palette) -> None:
        """Take other styles."""
        self.palette = palette
        self._parts.clear()

    def foldable(self, place: int) -> bool:
        """Tell whether the entry's text can be folded away, or unfolded."""
        entry = self._entries[place]
        return isinstance(entry, ReasoningEntry) and bool(text_of(entry, self._view))

    def is_folded(self, place: int) -> bool:
        """Tell whether the entry's text is folded away."""
        return is_folded(self._entries[place], self._view, self._folds)

    def fold(self, place: int, *, folded: bool) -> None:
        """Fold the entry's text away, or show it."""
        self._folds[self._entries[place].item_id] = folded
        self._renew(place)

    def lines_from(self, top: Position, count: int) -> list[Shown]:
        """Return `count` lines from `top` down, fewer at the end."""
        shown: list[Shown] = []
        first = top.row
        for entry, number in self._parts_from(top):
            part = self._part(entry, number)
            last = min(len(part.lines), first + count - len(shown))
            for row in range(first, last):
                if (strip := part.strips[row]) is None:
                    strip = part.strips[row] = self._strip(part.lines[row], entry)
                shown.append(Shown(strip, entry, number == 0))
            first = 0
            if len(shown) == count:
                break
        self._forget()
        return shown

    def text_from(self, top: Position, count: int) -> list[str]:
        """Return the text of `count` lines from `top` down, fewer at the end."""
        texts: list[str] = []
        first = top.row
        for entry, number in self._parts_from(top):
            lines = self._part(entry, number).lines[first : first + count - len(texts)]
            texts += ["".join(text for text, _ in line) for line in lines]
            first = 0
            if len(texts) == count:
                break
        self._forget()
        return texts

    def moved(self, position: Position, rows: int) -> Position:
        """Return the line `rows` below `position`, above it if negative; or the outermost one."""
        return self._down(position, rows) if rows > 0 else self._up(position, -rows)

    def last_top(self, count: int) -> Position:
        """Return the top line of the last `count` lines."""
        if not self._heights:
            return Position()
        last = len(self._heights) - 1
        return self._up(Position(last, len(self._item(last).heights), 0), count)

    def first_line(self, place: int) -> Position:
        """Return an entry's first line that is not empty; of prints, their call's."""
        place = self._shown_for(place)
        before = self._before(place)
        return Position(place, 0, int(gap_above(self._entries[place], before)))

    def row(self, position: Position) -> int:
        """Return the row number of a line, as far as heights are known."""
        inside = self._item(position.entry).heights.above(position.part) if self._heights else 0
        return self._heights.above(position.entry) + inside + position.row

    def at_row(self, row: int) -> Position:
        """Return the line at about a row number."""
        if not self._heights:
            return Position()
        entry, inside = self._heights.find(max(row, 0))
        part, inner = self._item(entry).heights.find(inside)
        height = self._height(entry, part)
        return Position(entry, part, min(inner, max(height - 1, 0)))

    def inside(self, position: Position) -> Position:
        """Return `position`, or the nearest line if what it pointed at has shrunk."""
        if not self._heights:
            return Position()
        entry = min(position.entry, len(self._heights) - 1)
        part = min(position.part, len(self._item(entry).heights) - 1)
        if entry != position.entry or part != position.part:
            return Position(entry, part, 0)
        return position._replace(row=min(position.row, max(self._height(entry, part) - 1, 0)))

    def characters_above(self, position: Position) -> int:
        """Return the characters, without spaces, in the part above the line at `position`."""
        lines = self._part(position.entry, position.part).lines[: position.row]
        return sum(map(_characters, lines))

    def line_with(self, position: Position, characters: int) -> Position:
        """Return the line of the same part that has so many characters above it or in it."""
        if not self._heights:
            return position
        for row, line in enumerate(self._part(position.entry, position.part).lines):
            characters -= _characters(line)
            if characters < 0:
                return position._replace(row=row)
        return position._replace(row=0)

    def _take_back(self, count: int) -> None:
        """Forget all but the first `count` entries."""
        self._parts.clear()
        for place in [place for place in self._items if place >= count]:
            del self._items[place]
        taken = range(count, len(self._entries))
        self.shown_entries -= sum(is_shown(self._entries[place]) for place in taken)
        self._heights.truncate(count)

    def _before(self, place: int) -> AnyEntry | None:
        """Return the entry above the one at `place` of those that have lines."""
        while place > 0:
            place -= 1
            if is_shown(self._entries[place]):
                return self._entries[place]
        return None

    def _shown_for(self, place: int) -> int:
        """Return the place of the entry whose lines stand for the one at `place`."""
        entry = self._entries[place]
        if is_shown(entry) or not isinstance(entry, ConsoleEntry) or entry.call_id is None:
            return place
        for before in range(place - 1, -1, -1):
            call = self._entries[before]
            if isinstance(call, ToolEntry) and call.call_id == entry.call_id:
                return before
        return place

    def _guess(self, place: int) -> int:
        entry = self._entries[place]
        if not is_shown(entry):
            return 0
        before = self._before(place)
        head = 1 + gap_above(entry, before)
        if isinstance(entry, SAID) and not is_folded(entry, self._view, self._folds):
            return head + len(text_of(entry, self._view)) // max(self.width - 2, 1) + 1
        if isinstance(entry, ToolEntry):
            return head + (entry.state in ("rejected", "denied", "skipped", "failed"))
        return head + 2 if isinstance(entry, EndEntry) else head

    def _item(self, place: int) -> Item:
        if item := self._items.get(place):
            self._items.move_to_end(place)
            return item
        item = self._items[place] = Item(self._cast)
        self._renew(place)
        return item

    def _renew(self, place: int) -> None:
        if not (item := self._items.get(place)):
            self._heights.set(place, self._guess(place))
            return
        entry = self._entries[place]
        before = self._before(place)
        folded = is_folded(entry, self._view, self._folds)
        item.show(entry, before, self._view, folded=folded, width=self.width)
        self._heights.set(place, item.heights.total)

    def _grow(self, place: int, text: LongText, before: LongText | None) -> bool:
        """Take text in flight; tell whether it is shown at all."""
        entry = self._entries[place]
        if not isinstance(entry, SAID):
            return False
        item = self._items.get(place)
        is_cut = before is not None and len(text) < len(before)
        if item is None or is_cut or is_folded(entry, self._view, self._folds):
            self._renew(place)
            return True
        item.grow(text)
        self._heights.set(place, item.heights.total)
        return True

    def _part(self, entry: int, number: int) -> Part:
        item = self._item(entry)
        part = self._parts.get((entry, number), item.token(number), lambda: item.lay_out(number))
        if item.heights[number] != len(part.lines):
            item.heights.set(number, len(part.lines))
            self._heights.set(entry, item.heights.total)
        return part

    def _height(self, entry: int, number: int) -> int:
        return len(self._part(entry, number).lines)

    def _strip(self, line: Line, entry: int) -> Strip:
        return self.palette.strip(line, self.width, self._items[entry].under)

    def _parts_from(self, top: Position) -> Iterator[tuple[int, int]]:
        part = top.part
        for entry in range(top.entry, len(self._heights)):
            while part < len(self._item(entry).heights):
                yield entry, part
                part += 1
            part = 0

    def _down(self, position: Position, rows: int) -> Position:
        rows += position.row
        last = position
        for entry, part in self._parts_from(position):
            height = self._height(entry, part)
            if rows < height:
                return Position(entry, part, rows)
            rows -= height
            if height:
                last = Position(entry, part, height - 1)
        return last

    def _up(self, position: Position, rows: int) -> Position:
        entry, part, row = position
        while row < rows:
            rows -= row
            if part == 0:
                if entry == 0:
                    return Position()
                entry -= 1
                part = len(self._item(entry).heights)
            part -= 1
            row = self._height(entry, part)
        return Position(entry, part, row - rows)

    def _forget(self) -> None:
        self._parts.forget_far()
        # What is in flight stays: to cut a long text into blocks anew each frame costs its length.
        if len(self._items) > _KEPT_ITEMS:
            live = {self._view.open_items.get(item_id) for item_id in self._view.live}
            for place in [place for place in self._items if place not in live]:
                if len(self._items) <= _KEPT_ITEMS:
                    break
                del self._items[place]


def _characters(line: Line) -> int:
    return sum(len("".join(text.split())) for text, _ in line)
