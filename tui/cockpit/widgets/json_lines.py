"""JSON of any size laid out line by line, on demand, with what may be folded away.

Knows no widget and no width. Laid out as `json_text` does it: only white space outside strings is
new. Nothing recurses and no step takes long: who asks may stop after any of them.
"""

import re
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from typing import Final, NamedTuple, TypeAlias

from tui.cockpit.widgets.json_text import decoded

ALL_LEVELS: Final = 1_000_000
"""More than any JSON has."""

_OPEN_LINES: Final = 100
_LOOKED_AHEAD: Final = 100_000
"""Characters; to count the lines of longer JSON would be felt at the keyboard."""
_INDENT: Final = "  "
_OPEN_MARK: Final = "▾ "
_FOLDED_MARK: Final = "▸ "
_MOST_INDENTED: Final = 16
"""Levels; what lies deeper stands below each other, or it would leave the screen."""
_LINES_A_PIECE: Final = 64
_PIECE_CHARACTERS: Final = 4_096
_STEPS_A_TIME: Final = 64
_GLANCE_CHARACTERS: Final = 40
_REMEMBERED_FROM: Final = 4_096
"""Characters; where shorter nodes end is found again each time."""

# Possessive and counted: no match runs on for longer than a key may wait.
_INSIDE: Final = r'[^"\\]{0,8192}+(?:\\.[^"\\]{0,8192}+){0,200}+'
_STRING: Final = f'"{_INSIDE}"'
_LINE: Final = re.compile(
    rf"[\s,:]*+(?:(?P<key>{_STRING})\s*+:\s*+)?+"
    r"(?:(?P<opener>[{\[])(?:\s*+(?P<empty>[}\]]))?+|(?P<closer>[}\]])"
    rf'|(?P<value>{_STRING}|[^\s,:{{}}\[\]"]++))(?:\s*+(?P<comma>,))?+',
    re.DOTALL,
)
_SEPARATORS: Final = re.compile(r"[\s,:]*+")
_BEHIND: Final = re.compile(r"\s*+([:,]?)")
# The second half of a surrogate pair is not cut off from the first.
_PART_OF_STRING: Final = re.compile(rf"{_INSIDE}(?:\\u[dD][c-fC-F][0-9a-fA-F]{{2}})?+", re.DOTALL)


def _up_to(stops: str) -> re.Pattern[str]:
    between = rf'[^"{stops}]*+'
    steps = rf"{between}(?:{_STRING}{between}){{0,200}}+(?P<stop>[{stops}])?+"
    return re.compile(steps, re.DOTALL)


_TO_BRACKET: Final = _up_to(r"{}\[\]")
_TO_COMMA: Final = _up_to(r",{}\[\]")


class Head(NamedTuple):
    """The first line of an object or a list.

    Attributes:
        at: Where it stands in the text of its piece.
        start: Where it begins in the source: its name, for who folds it.
        depth: How many objects and lists it lies in.
    """

    at: int
    start: int
    depth: int


class Piece(NamedTuple):
    """Some lines.

    Attributes:
        text: The lines, untrusted, without the last one's end.
        heads: What can be folded among them, in order.
        goes_on: Whether the first line goes on with the last one of the piece before.
    """

    text: str
    heads: tuple[Head, ...] = ()
    goes_on: bool = False


Pieces: TypeAlias = Iterator[Piece | None]
"""With None after each step that showed nothing yet."""

IsFolded: TypeAlias = Callable[[int, int], bool]
"""Says whether the object or list that begins at a place of the source, at a depth, is folded."""


def levels_to_open(source: str) -> int:
    """Return how many levels of a JSON text can be open for about a hundred lines; 1 at least."""
    if len(source) > _LOOKED_AHEAD:
        return 1
    levels = ALL_LEVELS
    lines_at: Counter[int] = Counter()
    # What cannot be open is not counted either: it is folded, and so skipped.
    layout = JsonLayout(source, lambda _start, depth: depth >= levels)
    for piece in layout.pieces():
        lines_at.update(_depth(line) for line in (piece.text.split("\n") if piece else ()))
        levels = min(levels, _levels_that_fit(lines_at))
        if levels == 1:
            break
    return levels


def _levels_that_fit(lines_at: Counter[int]) -> int:
    lines, levels = 0, 1
    for depth in sorted(lines_at):
        lines += lines_at[depth]
        if lines > _OPEN_LINES:
            return levels
        levels = max(depth, 1)
    return ALL_LEVELS


def _depth(line: str) -> int:
    return (len(line) - len(line.lstrip(f" {_OPEN_MARK}{_FOLDED_MARK}"))) // len(_INDENT)


class JsonLayout:
    """A JSON text as lines. What turns out to be none is shown as it is.

    Args:
        source: The text.
        is_folded: Asked of each object and list inside the outermost; None if none can be folded.
        decodes: Whether escapes are shown as what they mean.
    """

    def __init__(
        self, source: str, is_folded: IsFolded | None = None, *, decodes: bool = True
    ) -> None:
        self._source = source
        self._is_folded = is_folded
        self._decodes = decodes
        self._ends: dict[int, tuple[int, int]] = {}

    def pieces(self, start: int = 0, depth: int = 0) -> Pieces:
        """Yield the lines from the one on that begins at `start`, `depth` levels deep."""
        lines = _Lines()
        while start < len(self._source):
            match = _LINE.match(self._source, start)
            if match is None:
                yield from lines.taken()
                start = yield from self._odd(start, depth)
            elif match["opener"] and not match["empty"]:
                start, depth = yield from self._node(match, depth, lines)
            else:
                start = match.end()
                depth = max(depth - 1, 0) if match["closer"] else depth
                lines.add(self._line(match, _indent(depth)))
            if lines.are_many:
                yield from lines.taken()
        yield from lines.taken()

    def _node(
        self, match: re.Match[str], depth: int, lines: "_Lines"
    ) -> Generator[None, None, tuple[int, int]]:
        """Add the head of an object or list; return where to go on, and how deep."""
        if self._is_folded is None or depth == 0:
            lines.add(self._line(match, _indent(depth)))
            return match.end(), depth + 1
        begins = match.start("key") if match["key"] else match.start("opener")
        if not self._is_folded(begins, depth):
            lines.add_head(self._line(match, _indent(depth, _OPEN_MARK)), begins, depth)
            return match.end(), depth + 1
        end, items = yield from self._end_of(match.start("opener"))
        lines.add_head(self._folded_line(match, depth, end, items), begins, depth)
        return end, depth

    def _line(self, match: re.Match[str], indent: str) -> str:
        key, opener, empty, closer, value, comma = match.groups("")
        named = f"{key}: " if key else ""
        return self._shown(f"{indent}{named}{opener}{empty}{closer}{value}{comma}", len(indent))

    def _folded_line(self, match: re.Match[str], depth: int, end: int, items: int) -> str:
        first = match.start("opener") + 1
        looked_at = self._source[first : min(end - 1, first + 4 * _GLANCE_CHARACTERS)]
        glance = " ".join(looked_at.split())
        if len(glance) > _GLANCE_CHARACTERS or first + len(looked_at) < end - 1:
            glance = f"{glance[:_GLANCE_CHARACTERS].rstrip()}…"
        named = f"{match['key']}: " if match["key"] else ""
        line = f"{_indent(depth, _FOLDED_MARK)}{named}{match['opener']}{glance}"
        counted = f" {items:,} item{'s' if items > 1 else ''}" if match["opener"] == "[" else ""
        return f"{line}{self._source[end - 1]}{counted}"

    def _shown(self, text: str, indent: int) -> str:
        # Valid JSON has no line end inside a line; what has one is shown to have it.
        if "\n" in text:
            text = text.replace("\n", "⏎\n")
        if self._decodes and "\\" in text:
            text = decoded(text)
        return text.replace("\n", f"\n{' ' * indent}{_INDENT}")

    def _odd(self, start: int, depth: int) -> Generator[Piece, None, int]:
        """Show a string too long for one step, or the rest if it is no JSON."""
        separators = _SEPARATORS.match(self._source, start)
        place = separators.end() if separators else start
        if self._source[place : place + 1] != '"':
            if place < len(self._source):
                yield Piece(self._source[start:])
            return len(self._source)
        indent = _indent(depth)
        part, place, goes_on = f'{indent}"', place + 1, False
        while (end := self._end_of_part(place)) > place:
            part += self._shown(self._source[place:end], len(indent))
            yield Piece(part, goes_on=goes_on)
            part, place, goes_on = "", end, True
        behind = _BEHIND.match(self._source, place + 1)
        if self._source[place : place + 1] != '"' or behind is None:
            yield Piece(part + self._source[place:], goes_on=goes_on)
            return len(self._source)
        yield Piece(f'{part}"{behind[1]}', goes_on=goes_on)
        return behind.end()

    def _end_of_part(self, place: int) -> int:
        match = _PART_OF_STRING.match(self._source, place)
        return match.end() if match else place

    def _end_of(self, opener: int) -> Generator[None, None, tuple[int, int]]:
        """Return where an object or list ends, and how many items a list has."""
        if (known := self._ends.get(opener)) is not None:
            return known
        is_list = self._source[opener] == "["
        place, depth, commas, steps = opener + 1, 1, 0, 0
        while depth and place < len(self._source):
            steps += 1
            if steps % _STEPS_A_TIME == 0:
                yield None
            pattern = _TO_COMMA if is_list and depth == 1 else _TO_BRACKET
            match = pattern.match(self._source, place)
            if match is None or match.end() == place:
                place = yield from self._behind_string(place + 1)
                continue
            place = match.end()
            stop = match["stop"] or ""
            commas += stop == ","
            depth += (stop in ("{", "[")) - (stop in ("}", "]"))
        if place - opener >= _REMEMBERED_FROM:
            self._ends[opener] = place, commas + 1
        return place, commas + 1

    def _behind_string(self, place: int) -> Generator[None, None, int]:
        while (end := self._end_of_part(place)) > place:
            yield None
            place = end
        return min(place + 1, len(self._source))


class _Lines:
    """Lines on their way to a piece."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._heads: list[Head] = []
        self._size = 0

    @property
    def are_many(self) -> bool:
        return len(self._lines) >= _LINES_A_PIECE or self._size >= _PIECE_CHARACTERS

    def add(self, line: str) -> None:
        self._lines.append(line)
        self._size += len(line) + 1

    def add_head(self, line: str, start: int, depth: int) -> None:
        self._heads.append(Head(self._size, start, depth))
        self.add(line)

    def taken(self) -> Iterator[Piece]:
        """Yield what there is as a piece, and begin the next."""
        if self._lines:
            yield Piece("\n".join(self._lines), tuple(self._heads))
        self._lines, self._heads, self._size = [], [], 0


def _indent(depth: int, mark: str = _INDENT) -> str:
    return _INDENT * (min(depth, _MOST_INDENTED) - 1) + mark if depth else ""
