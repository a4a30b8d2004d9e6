"""What a row of the timeline says of an entry, and how that fits a width. Knows no widget."""

from typing import Final, NamedTuple

from rich.cells import cell_len

from tui.cockpit.projection.view import (
    AnyEntry,
    CallState,
    ConsoleEntry,
    EndEntry,
    GuardrailEntry,
    HandoffEntry,
    MessageEntry,
    NoticeEntry,
    ReasoningEntry,
    RetryEntry,
    RunView,
    ToolEntry,
    UnknownEntry,
    UserEntry,
)
from tui.cockpit.widgets.agent_names import shown_name
from tui.cockpit.widgets.cast import Cast
from tui.cockpit.widgets.lines import Line, Run, clip_line, line_width
from tui.cockpit.widgets.words import (
    AGAIN_MARK,
    EDITED,
    FINAL_OUTPUT,
    MARKS,
    TRIED_AGAIN,
    arguments_used,
    cancelled_words,
    glance,
    glance_at_arguments,
    glance_at_payload,
    glance_at_speech,
    glance_at_values,
    is_edited,
    running_s,
    short_duration,
    waited_s,
    why,
)
from tui.plain import plain_line

_MAX_LANES: Final = 8
_MAX_DEPTH: Final = 4
_CELLS_FOR_TEXT: Final = 36
"""Lanes take no more than what is left beside this."""
_TIME_CELLS: Final = 5
_TELLING_MARKS: Final[dict[CallState, str]] = {**MARKS, "running": "▶"}
"""The ticking time says that it is running."""


class Row(NamedTuple):
    """What a row says.

    Attributes:
        icon: Kind of the entry, one cell.
        name: Tool, handoff or speaker.
        detail: The rest, as much as fits.
        short: What of it tells the row from others of its name, for where not all of it fits.
        look: Of name and mark.
        lasted_s: How long it took or has been taking, None where that means nothing.
        waited_s: How long it waited for a person before.
        mark: The state: a sign, and a word where it is not the ordinary one.
        alarm: What looks stuck about it, "" for nothing.
    """

    icon: str
    name: str
    detail: str = ""
    look: str = ""
    lasted_s: float | None = None
    waited_s: float | None = None
    mark: str = ""
    short: str = ""
    alarm: str = ""


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
        named: Whether the agent's name must show, as it is another's turn than above.
    """
    right = _right_side(row)
    left = [*_lane(entry, cast, width), (row.icon, row.look), (" ", "")]
    if named and not isinstance(entry, HandoffEntry | ConsoleEntry):
        left += [(shown_name(entry.agent), f"{cast.tone(entry.agent)} name".strip()), (" ", "")]
    if row.name:
        left += [(row.name, row.look), (" ", "")]
    room = max(width - line_width(right) - 1, 0) if right else width
    fits = line_width(left) + cell_len(row.detail) <= room
    left.append((row.detail if fits else row.short or row.detail, "detail"))
    shown = clip_line(left, room)
    if not right:
        return shown
    gap = width - line_width(shown) - line_width(right)
    return (*shown, (" " * gap, ""), *right) if gap > 0 else shown


def _lane(entry: AnyEntry, cast: Cast, width: int) -> list[Run]:
    owner, depth = cast.place(entry)
    lanes = min(max(width - _CELLS_FOR_TEXT, 1), _MAX_LANES)
    lane = min(cast.lane(owner), lanes - 1)
    runs: list[Run] = [(" " * lane, ""), ("┃ " if owner else "  ", cast.tone(owner))]
    if depth:
        runs.append(("┊ " * min(depth, _MAX_DEPTH), cast.tone(entry.agent)))
    return runs


def _right_side(row: Row) -> list[Run]:
    """Return waiting, mark and time, each as wide as it is: times end where the pane does."""
    parts: list[Run] = [(row.alarm, "notice")] if row.alarm else []
    if row.waited_s is not None:
        parts.append((f"⏸ {short_duration(row.waited_s)}", "waited"))
    if row.mark:
        parts.append((row.mark, "asking" if row.look == "tool-waiting" else row.look))
    if row.lasted_s is not None:
        parts.append((f"{short_duration(row.lasted_s):>{_TIME_CELLS}}", "time"))
    spaced: list[Run] = []
    for part in parts:
        spaced += [(" ", ""), part] if spaced else [part]
    return spaced


def _spoken(entry: MessageEntry | ReasoningEntry, view: RunView, now: float) -> Row:
    live = view.live.get(entry.item_id)
    icon, name, look = "✦", "reasoning", "reasoning"
    if isinstance(entry, MessageEntry):
        icon, name, look = "»", FINAL_OUTPUT if entry.is_final_output else "", "message"
    text = glance_at_speech(entry.text if live is None else live)
    if live is not None and entry.ended_at is None:
        return Row(icon, name, text, look, now - entry.at, mark="▶")
    is_instant = isinstance(entry, MessageEntry) and entry.is_final_output
    lasted_s = None if is_instant or entry.ended_at is None else entry.ended_at - entry.at
    return Row(icon, name, text, look, lasted_s, mark="■ cut off" if entry.cut else "")


def _call(entry: ToolEntry, view: RunView, now: float) -> Row:
    arguments = view.live.get(entry.item_id, arguments_used(entry))
    edited = f"{EDITED} " if is_edited(entry) else ""
    reason, values = why(entry), edited + glance_at_values(arguments)
    told = reason and f"{reason} · {values}".removesuffix(" · ")
    return Row(
        "⚙",
        plain_line(entry.tool),
        told or edited + glance_at_arguments(arguments),
        f"tool-{entry.state}",
        running_s(entry, now),
        waited_s(entry.approval),
        _TELLING_MARKS[entry.state],
        told or values,
    )


def _handoff(entry: HandoffEntry) -> Row:
    if entry.target:
        name = f"handoff {shown_name(entry.agent)} → {shown_name(entry.target)}"
        return Row("◆", name, glance_at_payload(entry.arguments), "handoff")
    name = f"handoff {shown_name(entry.agent)} → {plain_line(entry.tool)}"
    if entry.output:
        return Row("◆", name, glance(entry.output), "failure", mark="✗ not done")
    payload = glance_at_payload(entry.arguments)
    if entry.ended_at is not None:
        return Row("◆", name, payload, "handoff", mark="✗ not done")
    return Row("◆", name, payload, "handoff", mark="… asked")


def _remark(
    entry: ConsoleEntry | NoticeEntry | RetryEntry | GuardrailEntry | UnknownEntry | EndEntry,
) -> Row:
    match entry:
        case RetryEntry():
            return Row(AGAIN_MARK, TRIED_AGAIN, glance(entry.text), "detail")
        case ConsoleEntry():
            return Row("▤", "printed", glance(entry.text), "console")
        case NoticeEntry():
            return Row("⚠", "note", glance(entry.text), "notice")
        case GuardrailEntry():
            name = f"guardrail {plain_line(entry.guardrail)}"
            return Row("⚠", name, glance(entry.message), "failure", mark="✗ stopped")
        case UnknownEntry():
            return Row("?", f"unknown item {plain_line(entry.kind)}", glance(entry.text), "detail")
        case EndEntry(how="failed"):
            name = f"failed: {plain_line(entry.error_type)}"
            return Row("✗", name, glance(entry.message), "failure")
        case EndEntry():
            return Row("■", cancelled_words(entry.how), glance(entry.message), "cancelled")
