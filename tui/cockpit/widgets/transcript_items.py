"""An entry as the transcript shows it: lines at its head, and for what was said a document below.

Stays out of where it lies on the screen and of styles.
"""

from typing import Final

from tui.cockpit.projection.pages import LongText
from tui.cockpit.projection.view import (
    AnyEntry,
    ConsoleEntry,
    EndEntry,
    MessageEntry,
    ReasoningEntry,
    RunView,
    UserEntry,
)
from tui.cockpit.widgets.cast import Cast
from tui.cockpit.widgets.lines import Line
from tui.cockpit.widgets.markdown.document import Block, Document
from tui.cockpit.widgets.transcript_heads import head_of
from tui.cockpit.widgets.transcript_heights import Heights

SAID: Final = (UserEntry, MessageEntry, ReasoningEntry)
_SPOKEN: Final = (UserEntry, MessageEntry)
_BODY: Final = ("  ", "")
_MAX_DEPTH: Final = 4
_LEAST_TEXT: Final = 16
"""Cells left for text however narrow the pane and however deep the nesting."""


def text_of(entry: AnyEntry, view: RunView) -> str | LongText:
    """Return what was said: text in flight where there is some, "" for what is no speech."""
    if not isinstance(entry, SAID):
        return ""
    live = view.live.get(entry.item_id)
    return entry.text if live is None else live


def is_folded(entry: AnyEntry, view: RunView, folds: dict[str, bool]) -> bool:
    """Tell whether only the head shows: of finished reasoning, unless a person said otherwise."""
    if not isinstance(entry, ReasoningEntry):
        return False
    return folds.get(entry.item_id, entry.item_id not in view.live)


def is_shown(entry: AnyEntry) -> bool:
    """Tell whether the transcript has lines for `entry`: what was printed is the timeline's."""
    return not isinstance(entry, ConsoleEntry)


def gap_above(entry: AnyEntry, before: AnyEntry | None) -> bool:
    """Tell whether an empty line stands above `entry`: around what is said, and above an end."""
    if before is None or not is_shown(entry):
        return False
    return isinstance(entry, (*_SPOKEN, EndEntry)) or isinstance(before, _SPOKEN)


class Item:
    """One entry laid out for a width. Part 0 is its head, part n the document's block n - 1.

    Attributes:
        heights: Rows of each part, a guess until it was laid out.
        head: The lines of part 0; the same list as long as they are equal.
        under: A look over all of its text.
    """

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._document: Document | None = None
        self._prefix: Line = ()
        self._width = 0
        self.heights = Heights()
        self.head: list[Line] = []
        self.under = ""

    def show(
        self, entry: AnyEntry, before: AnyEntry | None, view: RunView, *, folded: bool, width: int
    ) -> None:
        """Take the newest state of the entry.

        Args:
            entry: The entry.
            before: The shown one above it.
            view: Where text in flight is.
            folded: Whether only the head shows.
            width: Cells.
        """
        text = text_of(entry, view)
        depth = self._cast.place(entry).depth
        guide = ("┊ " * min(depth, _MAX_DEPTH), self._cast.tone(entry.agent))
        nested: Line = (guide,) if depth else ()
        head = head_of(entry, before, self._cast, text, folded=folded, width=width - len(guide[0]))
        lines: list[Line] = [(*nested, *line) for line in head]
        if gap_above(entry, before):
            lines.insert(0, nested)
        if lines != self.head:
            self.head = lines
        self._prefix = (*nested, _BODY)
        self.under = "reasoning" if isinstance(entry, ReasoningEntry) else ""
        room = max(width - len(guide[0]) - len(_BODY[0]), _LEAST_TEXT)
        same_width, self._width = room == self._width, room
        self._take_text(entry, "" if folded else text, same_width=same_width)

    def grow(self, text: LongText) -> None:
        """Take more of the text in flight."""
        if self._document is None or not self._document.grow(text):
            self._document = Document(text)
        self._guess_from(self._document.settled)

    def token(self, part: int) -> list[Line] | Block:
        """Return what the lines of `part` follow from: while it is equal, they are."""
        if part == 0 or self._document is None:
            return self.head
        return self._document.block(part - 1)

    def lay_out(self, part: int) -> list[Line]:
        """Return the lines of `part`."""
        if part == 0 or self._document is None:
            return self.head
        return [(*self._prefix, *line) for line in self._document.lay_out(part - 1, self._width)]

    def _take_text(self, entry: AnyEntry, text: str | LongText, *, same_width: bool) -> None:
        if not text:
            self._document = None
        elif isinstance(text, LongText):
            self.grow(text)
        elif not (self._document and self._document.take_whole(text)):
            self._document = Document(text, literal=isinstance(entry, UserEntry))
            same_width = False
        blocks = len(self._document) if self._document else 0
        if not same_width or len(self.heights) != blocks + 1:
            self._guess_from(0)
        self.heights.set(0, len(self.head))

    def _guess_from(self, block: int) -> None:
        guesses = self._document.guesses(block, self._width) if self._document else []
        if block == 0:
            self.heights = Heights([len(self.head), *guesses])
            return
        self.heights.truncate(block + 1)
        for guess in guesses:
            self.heights.append(guess)
