"""Markdown tables: cells, the widths of columns, and rows laid out to them.

Stays out of where a table begins and ends.
"""

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

from tui.cockpit.widgets.lines import Line, Run, clip_line, line_width
from tui.cockpit.widgets.markdown.inline import inline
from tui.cockpit.widgets.markdown.wrap import wrap

_DASHES: Final = re.compile(r":?-+:?")
_DELIMITING: Final = frozenset("|:- \t")
_BAR: Final = re.compile(r"(?<!\\)\|")
_BETWEEN: Final = " │ "
_CROSSING: Final = "─┼─"
_MOST_COLUMNS: Final = 64


class Columns(NamedTuple):
    """What all rows of a table share, also in its continuations.

    Attributes:
        aligned: "<", "^" or ">" for each column.
        cells: The width each column would like, in cells.
    """

    aligned: tuple[str, ...]
    cells: tuple[int, ...]


def may_be_row(line: str) -> bool:
    """Tell whether `line` could be a row of a table."""
    return "|" in line


def begins_table(header: str, delimiter: str) -> bool:
    """Tell whether two lines, one below the other, are the head of a table."""
    if "|" not in header or not _DELIMITING.issuperset(delimiter):
        return False
    cells = _cells(delimiter)
    return len(_cells(header)) == len(cells) and all(map(_DASHES.fullmatch, cells))


def columns_of(lines: Sequence[str]) -> Columns:
    """Return the columns of a table from its head and the rows at hand."""
    return _columns(lines[1], [_parsed(line, "") for line in (lines[0], *lines[2:])])


def laid_out_table(lines: Sequence[str], width: int) -> list[Line]:
    """Return a table, from its head on, as lines of at most `width` cells."""
    rows = [_parsed(lines[0], "strong"), *(_parsed(line, "") for line in lines[2:])]
    columns = _columns(lines[1], rows)
    widths = _fitted(columns.cells, width)
    rule = clip_line([(_CROSSING.join("─" * cells for cells in widths), "rule")], width)
    head, *body = (_row(row, columns, widths, width) for row in rows)
    return [*head, rule, *(line for row in body for line in row)]


def table_rows(lines: Sequence[str], columns: Columns, width: int) -> list[Line]:
    """Return more rows of a table as lines of at most `width` cells."""
    widths = _fitted(columns.cells, width)
    return [line for row in lines for line in _row(_parsed(row, ""), columns, widths, width)]


def _parsed(line: str, look: str) -> list[list[Run]]:
    return [inline(cell, look) for cell in _cells(line)]


def _columns(delimiter: str, rows: Sequence[list[list[Run]]]) -> Columns:
    aligned = tuple(_alignment(cell) for cell in _cells(delimiter))[:_MOST_COLUMNS]
    widths = [1] * len(aligned)
    for row in rows:
        for column, cell in enumerate(row[: len(aligned)]):
            widths[column] = max(widths[column], line_width(cell))
    return Columns(aligned, tuple(widths))


def _cells(line: str) -> list[str]:
    line = line.strip()
    parts = _BAR.split(line) if "\\|" in line else line.split("|")
    cells = [part.strip().replace("\\|", "|") for part in parts]
    if line.startswith("|"):
        cells = cells[1:]
    if cells and not cells[-1] and line.endswith("|"):
        cells = cells[:-1]
    return cells


def _alignment(cell: str) -> str:
    if cell.endswith(":"):
        return "^" if cell.startswith(":") else ">"
    return "<"


def _fitted(wanted: tuple[int, ...], width: int) -> tuple[int, ...]:
    """Return widths that fit, taking from the widest columns first."""
    room = max(width - len(_BETWEEN) * (len(wanted) - 1), len(wanted))
    left, widths = room, dict.fromkeys(range(len(wanted)), 1)
    by_width = sorted(range(len(wanted)), key=lambda column: wanted[column])
    for place, column in enumerate(by_width):
        widths[column] = max(min(wanted[column], left // (len(wanted) - place)), 1)
        left -= widths[column]
    return tuple(widths[column] for column in range(len(wanted)))


def _row(
    cells: list[list[Run]], columns: Columns, widths: tuple[int, ...], width: int
) -> list[Line]:
    missing: list[list[Run]] = [[]] * (len(widths) - len(cells))
    wrapped = [
        wrap(cell, cells_wide)
        for cell, cells_wide in zip([*cells, *missing][: len(widths)], widths, strict=True)
    ]
    lines = []
    for parts in zip_longest(*wrapped, fillvalue=()):
        runs: list[Run] = []
        for column, part in enumerate(parts):
            if column:
                runs.append((_BETWEEN, "rule"))
            runs += _aligned(part, widths[column], columns.aligned[column])
        lines.append(clip_line(runs, width))
    return lines


def _aligned(line: Line, width: int, to: str) -> list[Run]:
    spare = width - line_width(line)
    before = {"<": 0, "^": spare // 2, ">": spare}[to]
    return [(" " * before, ""), *line, (" " * (spare - before), "")]
