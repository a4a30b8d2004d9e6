"""What a row of the timeline says of an entry, and how that fits a width. Knows no widget."""

from typing import Final, NamedTuple

from tui.cockpit.projection.view import (
    AnyEntry,
    ConsoleEntry,
    EndEntry,
    GuardrailEntry,
    HandoffEntry,
    MessageEntry,
    ReasoningEntry,
    RunView,
    ToolEntry,
    UnknownEntry,
    UserEntry,
)
from tui.cockpit.widgets.cast import Cast
from tui.cockpit.widgets.lines import Line, Run, clip_line, line_width
from tui.cockpit.widgets.words import (
    MARKS,
    duration_words,
    glance,
    running_s,
    waited_s,
    why,
)
from tui.plain import plain_line

_CELLS_PER_LANE: Final = 2
_MAX_LANES: Final = 8
_MAX_DEPTH: Final = 4
_CELLS_FOR_TEXT: Final = 36
"""Lanes take no more than what is left beside this."""
_MARK_CELLS: Final = 11
_TIME_CELLS: Final = 9


class Row(NamedTuple):
    """What a row says.

    Attributes:
        icon: Kind of the entry, one cell.
        name: Tool, handoff or speaker.
        detail: The rest, as much as fits.
        look: Of name and mark.
        lasted_s: How long it took or has been taking, None where that means nothing.
        waited_s: How much of that it waited for a person.
        mark: The state, in a sign and a word.
    """

    icon: str
    name: str
    detail: str = ""
    look: str = ""
    lasted_s: float | None = None
    waited_s: float | None = None
    mark: str = ""


def row_of(entry: AnyEntry, view: RunView, now: float) -> Row:
    """Return what `entry` says at `now`; text in flight is taken from `view`."""
    match entry:
        case UserEntry():
            name = "You, steering" if entry.steering else "You"
            return Row("›", name, glance(entry.text), "user")
        case MessageEntry() | ReasoningEntry():
            return _spoken(entry, view, now)
        case ToolEntry():
            return _call(entry, view, now)
        case HandoffEntry():
            return _handoff(entry)
        case _:
            return _remark(entry)


def row_line(row: Row, entry: AnyEntry, cast: Cast, width: int, *, named: bool) -> Line:
    """Return `row` as a line of at most `width` cells.

    Args:
        row: What it says.
        entry: Whose row it is.
        cast: Lanes and tones.
        width: Cells.
        named: Whether the agent's name must show, as it differs from the row above.
    """
    right = _right_side(row)
    left = [*_lane(entry, cast, width), (row.icon, row.look), (" ", "")]
    if named and entry.agent and not isinstance(entry, HandoffEntry):
        left += [(plain_line(entry.agent), f"{cast.tone(entry.agent)} name"), (" ", "")]
    if row.name:
        left += [(row.name, row.look), (" ", "")]
    if row.waited_s is not None:
        left += [(f"⏸ waited {duration_words(row.waited_s)} for you", "waited"), (" ", "")]
    left.append((row.detail, "detail"))
    shown = clip_line(left, max(width - line_width(right) - 1, 0))
    gap = width - line_width(shown) - line_width(right)
    return (*shown, (" " * gap, ""), *right) if gap > 0 else shown


def _lane(entry: AnyEntry, cast: Cast, width: int) -> list[Run]:
    owner, depth = cast.place(entry)
    lanes = min(max((width - _CELLS_FOR_TEXT) // _CELLS_PER_LANE, 1), _MAX_LANES)
    lane = min(cast.lane(owner), lanes - 1)
    runs: list[Run] = [(" " * (_CELLS_PER_LANE * lane), "")]
    runs.append(("┃ " if owner else "  ", cast.tone(owner)))
    if depth:
        runs.append(("┊ " * min(depth, _MAX_DEPTH), cast.tone(entry.agent)))
    return runs


def _right_side(row: Row) -> list[Run]:
    time = "" if row.lasted_s is None else duration_words(row.lasted_s)
    mark = f"{row.mark:<{_MARK_CELLS}}"
    return [(f"{time:>{_TIME_CELLS}} ", "time"), (mark, row.look)]


def _spoken(entry: MessageEntry | ReasoningEntry, view: RunView, now: float) -> Row:
    live = view.live.get(entry.item_id)
    icon, name = ("»", "") if isinstance(entry, MessageEntry) else ("✦", "reasoning")
    look = "message" if isinstance(entry, MessageEntry) else "reasoning"
    text = glance(entry.text if live is None else live)
    if live is not None and entry.ended_at is None:
        return Row(icon, name, text, look, now - entry.at, mark="▶ speaking" if not name else "▶")
    lasted_s = None if entry.ended_at is None else entry.ended_at - entry.at
    return Row(icon, name, text, look, lasted_s, mark="■ cut off" if entry.cut else "")


def _call(entry: ToolEntry, view: RunView, now: float) -> Row:
    detail = why(entry) or glance(view.live.get(entry.item_id, entry.arguments))
    return Row(
        "⚙",
        plain_line(entry.tool),
        detail,
        f"tool-{entry.state}",
        running_s(entry, now),
        waited_s(entry.approval),
        MARKS[entry.state],
    )


def _handoff(entry: HandoffEntry) -> Row:
    if entry.target:
        name = f"handoff {plain_line(entry.agent)} → {plain_line(entry.target)}"
        return Row("◆", name, glance(entry.arguments), "handoff")
    name = f"handoff {plain_line(entry.agent)} → {plain_line(entry.tool)}"
    if entry.output:
        return Row("◆", name, glance(entry.output), "failure", mark="✗ not done")
    return Row("◆", name, glance(entry.arguments), "handoff", mark="… asked")


def _remark(entry: ConsoleEntry | GuardrailEntry | UnknownEntry | EndEntry) -> Row:
    match entry:
        case ConsoleEntry():
            return Row("▤", "printed", glance(entry.text), "console")
        case GuardrailEntry():
            name = f"guardrail {plain_line(entry.guardrail)}"
            return Row("⚠", name, glance(entry.message), "failure", mark="✗ stopped")
        case UnknownEntry():
            return Row("?", f"unknown item {plain_line(entry.kind)}", glance(entry.text), "detail")
        case EndEntry(how="failed"):
            name = f"failed: {plain_line(entry.error_type)}"
            return Row("✗", name, glance(entry.message), "failure", mark="✗ failed")
        case EndEntry():
            when = "after the turn" if entry.how == "after_turn" else "at once"
            return Row("■", f"cancelled {when}", glance(entry.message), "cancelled")
