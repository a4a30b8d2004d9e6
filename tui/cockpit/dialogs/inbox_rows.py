"""What the inbox says of a call in its row, and whether the row tells all of it.

Knows no widget, no clock and no tick.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len

from tui.cockpit.dialogs.arguments import repeated_keys
from tui.cockpit.projection.view import PendingApproval
from tui.cockpit.widgets.agent_names import shown_name
from tui.cockpit.widgets.json_text import arguments_in_short, is_json
from tui.cockpit.widgets.lines import Line, Run, cell, clip_line, clipped_front
from tui.cockpit.widgets.words import age_words, glance_at_arguments
from tui.plain import plain_line

ONE_LINE_FROM: Final = 110
"""Cells: with fewer the arguments have a line of their own."""

_GAP: Final = "  "
_TICKED: Final = "[✓] "
_NOT_TICKED: Final = "[ ] "
_NO_BOX: Final = "    "
_DOUBT: Final = " ⚠  "
_IN_DOUBT: Final = "in doubt · "
_MARK: Final = len(_TICKED)
_MOST_TOOL_CELLS: Final = 32
_TOLD_WHOLE_UP_TO: Final = 400
"""Characters; what is longer is only glanced at in a row."""


class InboxRow(NamedTuple):
    """A call that waits.

    Attributes:
        path: The agents that led to it, the one that asks last.
        agent: The one that asks.
        arguments: In short.
        asked_at: UTC seconds.
        is_lossless: Whether `arguments` tells all of them.
        is_in_doubt: Whether it may have run already: then it cannot be ticked.
    """

    path: str
    agent: str
    tool: str
    arguments: str
    asked_at: float
    is_lossless: bool
    is_in_doubt: bool


class Columns(NamedTuple):
    """How many cells each part of a row has; without room beside the rest, arguments stand below.

    Attributes:
        lines: Lines that a row takes.
    """

    path: int
    tool: int
    arguments: int
    age: int
    lines: int


def inbox_row(pending: PendingApproval) -> InboxRow:
    """Return the row of a call."""
    path = pending.path or (pending.agent,)
    whole = _told_whole(pending.arguments)
    doubt = "" if pending.in_doubt_since is None else _IN_DOUBT
    return InboxRow(
        " → ".join(map(shown_name, path)),
        shown_name(pending.agent),
        plain_line(pending.tool),
        f"{doubt}{_glance(pending.arguments) if whole is None else whole}",
        pending.requested_at,
        whole is not None,
        pending.in_doubt_since is not None,
    )


def columns(rows: Sequence[InboxRow], width: int) -> Columns:
    """Return the columns in which `rows` stand in `width` cells."""
    age = len("59 m 59 s")
    tool = min(_widest(row.tool for row in rows), _MOST_TOOL_CELLS)
    if width < ONE_LINE_FROM:
        path = max(width - _MARK - tool - age - 2 * len(_GAP), 0)
        return Columns(path, tool, max(width - _MARK, 0), age, 2)
    path = min(_widest(row.path for row in rows), width // 4)
    arguments = width - _MARK - path - tool - age - 3 * len(_GAP)
    return Columns(path, tool, max(arguments, 0), age, 1)


def is_whole(row: InboxRow, cells: Columns) -> bool:
    """Whether a row in these columns tells who asks, for what tool, and all the arguments."""
    fits = (
        cell_len(row.agent) <= cells.path
        and cell_len(row.tool) <= cells.tool
        and cell_len(row.arguments) <= cells.arguments
    )
    return fits and row.is_lossless


def row_lines(
    row: InboxRow, cells: Columns, width: int, now: float, *, is_ticked: bool | None
) -> tuple[Line, ...]:
    """Return the lines of a row, `cells.lines` of them.

    Args:
        row: What it says.
        cells: Its columns.
        width: Cells.
        now: UTC seconds.
        is_ticked: None where nothing can be.
    """
    who: Line = (
        (_DOUBT, "doubt") if row.is_in_doubt else _box(is_ticked),
        cell(clipped_front(row.path, cells.path), cells.path, "agent"),
        (_GAP, ""),
        cell(row.tool, cells.tool, "tool"),
    )
    age = age_words(now - row.asked_at)
    right: Line = ((_GAP, ""), (" " * (cells.age - cell_len(age)) + age, "quiet"))
    arguments = cell(row.arguments, cells.arguments, "code")
    if cells.lines == 1:
        return (clip_line((*who, (_GAP, ""), arguments, *right), width),)
    return clip_line((*who, *right), width), clip_line(((" " * _MARK, ""), arguments), width)


def _box(is_ticked: bool | None) -> Run:
    if is_ticked is None:
        return (_NO_BOX, "")
    return (_TICKED, "ticked") if is_ticked else (_NOT_TICKED, "quiet")


def _told_whole(arguments: str) -> str | None:
    """Return the arguments in short where that leaves nothing out, else None."""
    if len(arguments) > _TOLD_WHOLE_UP_TO or not is_json(arguments) or repeated_keys(arguments):
        return None
    return arguments_in_short(arguments)


def _glance(arguments: str) -> str:
    """Return the beginning of arguments; a wide row must not look as if that were all."""
    glance = glance_at_arguments(arguments)
    is_begun = len(arguments) > _TOLD_WHOLE_UP_TO and not glance.endswith("…")
    return f"{glance}…" if is_begun else glance


def _widest(texts: Iterable[str]) -> int:
    return max(map(cell_len, texts), default=0)
