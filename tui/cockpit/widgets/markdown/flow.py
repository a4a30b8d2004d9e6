"""A block of Markdown laid out: lines of runs, of a width.

Stays out of where blocks are cut. A block is laid out from its text and its start alone. Nothing
here is read as terminal control or as markup: the text is made plain first.
"""

from typing import Final

from tui.cockpit.widgets.lines import Line, Run, line_width
from tui.cockpit.widgets.markdown.blocks import (
    HEADING,
    QUOTE,
    RULE,
    Cutter,
    Fence,
    Start,
)
from tui.cockpit.widgets.markdown.code import family_of, highlighted
from tui.cockpit.widgets.markdown.inline import inline
from tui.cockpit.widgets.markdown.lists import Levels, item_of, levels_after_blank
from tui.cockpit.widgets.markdown.table import (
    begins_table,
    laid_out_table,
    table_rows,
)
from tui.cockpit.widgets.markdown.wrap import chop, joined, wrap
from tui.plain import plain

_LEAST_TEXT: Final = 12
"""Cells that indents leave for text, however deep a list is."""
_DEEPEST_QUOTE: Final = 4
_CODE_BAR: Final = ("▏ ", "rule")
_QUOTE_BAR: Final = ("▌ ", "rule")
_INDENTED_CODE: Final = "    "


def laid_out(text: str, start: Start, width: int) -> list[Line]:
    """Return a block as lines of at most `width` cells.

    Args:
        text: The block's source, as it came.
        start: How it begins.
        width: Cells, at least 1.
    """
    return _laid_out(text, start, width, "", 0)


def _laid_out(text: str, start: Start, width: int, look: str, quotes: int) -> list[Line]:
    source = plain(text).expandtabs(4).rstrip("\n").split("\n")
    lines: list[Line] = [()] if start.blank else []
    if start.literal:
        return [line for text in source for line in wrap([(text, look)], width)]
    if start.fence:
        return [*lines, *_fenced(source, start, start.fence, width)]
    if start.columns:
        return [*lines, *table_rows(source, start.columns, width)]
    if len(source) > 1 and begins_table(source[0], source[1]):
        return [*lines, *laid_out_table(source, width)]
    return [*lines, *_Flow(start, width, look, quotes).lines_of(source)]


class _Flow:
    """Lays out paragraphs, headings, lists and quotes, line by line."""

    def __init__(self, start: Start, width: int, look: str, quotes: int) -> None:
        self._start = start
        self._width = width
        self._look = look
        self._quotes = quotes
        self._levels: Levels = start.levels
        self._lines: list[Line] = []
        self._paragraph = ""
        self._begun = False
        self._marker = ""
        self._column = 0

    def lines_of(self, source: list[str]) -> list[Line]:
        if self._start.rest:
            return wrap(inline(" ".join(source), self._look), self._width)
        if self._is_indented_code(source[0]):
            return [line for text in source for line in chop([(text, "code")], self._width)]
        quoted: list[str] = []
        for place, line in enumerate(source):
            if self._quotes < _DEEPEST_QUOTE and (mark := QUOTE.match(line)):
                self._end_paragraph()
                quoted.append(line[mark.end() :])
                continue
            self._end_quote(quoted)
            self._take(line, fresh=place == 0 and self._start.blank)
        self._end_quote(quoted)
        self._end_paragraph()
        return self._lines

    def _is_indented_code(self, line: str) -> bool:
        fresh = not self._start.levels and not self._start.goes_on
        return fresh and line.startswith(_INDENTED_CODE) and not item_of(line, ())

    def _take(self, line: str, *, fresh: bool) -> None:
        if RULE.match(line):
            self._end_paragraph()
            self._levels = ()
            self._lines.append((("─" * self._width, "rule"),))
        elif heading := HEADING.match(line):
            self._end_paragraph()
            self._levels = ()
            self._heading(len(heading["marks"]), heading["text"] or "")
        elif item := item_of(line, self._levels):
            self._end_paragraph()
            self._levels = item.levels
            self._begin(item.text, f"{item.marker} ", item.column)
        elif self._begun:
            self._go_on(line)
        else:
            if fresh:
                self._levels = levels_after_blank(line, self._levels)
            column = self._levels[-1].text_column if self._levels else 0
            self._begin(line.lstrip(), "", column)

    def _begin(self, text: str, marker: str, column: int) -> None:
        self._paragraph, self._marker = text, marker
        self._column = min(column, max(self._width - _LEAST_TEXT - len(marker), 0))
        self._begun = True

    def _go_on(self, line: str) -> None:
        before = self._paragraph
        if before.endswith(("  ", "\\")):
            self._paragraph = f"{before.rstrip().removesuffix(chr(92))}\n{line.lstrip()}"
        else:
            self._paragraph = joined(before.rstrip(), line.lstrip())

    def _end_paragraph(self) -> None:
        if not self._begun:
            return
        runs = inline(self._paragraph.rstrip(), self._look)
        first: list[Run] = []
        if self._column:
            first.append((" " * self._column, self._look))
        if self._marker:
            first.append((self._marker, f"{self._look} marker".strip()))
        self._lines += _hung(wrap(runs, self._width - line_width(first)), first)
        self._begun = False

    def _heading(self, level: int, text: str) -> None:
        text = text.rstrip()
        if (bare := text.rstrip("#")) != text and (not bare or bare[-1] == " "):
            text = bare.rstrip()
        look = f"{self._look} heading heading-{min(level, 3)}".strip()
        self._lines += wrap(inline(text, look), self._width)

    def _end_quote(self, quoted: list[str]) -> None:
        if not quoted:
            return
        width = max(self._width - line_width([_QUOTE_BAR]), 1)
        look = f"{self._look} quote".strip()
        for line in _document("\n".join(quoted), width, look, self._quotes + 1):
            self._lines.append((_QUOTE_BAR, *line))
        quoted.clear()


def _document(text: str, width: int, look: str, quotes: int) -> list[Line]:
    cutter = Cutter()
    cuts = [cut for line in text.splitlines(keepends=True) for cut in cutter.take(line)]
    lines: list[Line] = []
    end = len(text)
    for at, start in reversed(cuts):
        lines[:0] = _laid_out(text[at:end], start, width, look, quotes)
        end = at
    return lines or [()]


def _hung(lines: list[Line], first: list[Run]) -> list[Line]:
    if not first:
        return lines
    rest = (" " * line_width(first), "")
    return [(*(first if place == 0 else (rest,)), *line) for place, line in enumerate(lines)]


def _fenced(source: list[str], start: Start, fence: Fence, width: int) -> list[Line]:
    column = 0
    if fence.indent and start.levels:
        column = min(start.levels[-1].text_column, max(width - _LEAST_TEXT, 0))
    before: list[Run] = [(" " * column, ""), _CODE_BAR] if column else [_CODE_BAR]
    room = max(width - line_width(before), 1)
    lines: list[Line] = []
    if not start.goes_on:
        source = source[1:]
        if fence.language:
            lines.append(_filled(before, ((plain(fence.language), "fence comment"),), room))
    family, inside = family_of(fence.language), fence.inside
    for text in _without_closing(source, fence):
        runs, inside = highlighted(_dedented(text, fence.indent), family, inside)
        lines += [_filled(before, line, room) for line in chop(runs, room)]
    return lines


def _filled(before: list[Run], line: Line, room: int) -> Line:
    return (*before, *line, (" " * (room - line_width(line)), "fence"))


def _without_closing(source: list[str], fence: Fence) -> list[str]:
    last = source[-1].strip() if source else ""
    if len(last) >= len(fence.marks) and not last.strip(fence.marks[0]):
        return source[:-1]
    return source


def _dedented(line: str, columns: int) -> str:
    indent = len(line) - len(line.lstrip(" "))
    return line[min(indent, columns) :]
