"""When a key decides calls of the inbox: a pure function of ticks, of what was painted, and a key.

Knows no widget, no view and no clock. What it holds: nothing is decided without a tick of its own,
made by a key that was pressed after the very call had been painted, with all its arguments or with
what the row leaves out below it; a call that may have run is never decided here; and a key acts on
the row under the cursor only if the rows stood painted in this order before it was pressed.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Final, NamedTuple

from tui.cockpit.dialogs.approval_rule import STOOD_S, Request

TICK: Final = "space"
TICK_TOOL: Final = "t"
UNTICK_ALL: Final = "u"
APPROVE: Final = "y"
REJECT: Final = "n"
KEYS: Final = (TICK, TICK_TOOL, UNTICK_ALL, APPROVE, REJECT)


class Row(NamedTuple):
    """One pending call, as it stands in the list.

    Attributes:
        is_whole: Whether the row itself tells all the arguments.
        has_room: Whether what it leaves out has room below the list.
        painted_at: When the row was with the terminal first, monotonic seconds; None if it was not
            since the window stands as it does. It may have been scrolled out of sight again.
        opened_at: Since when its arguments are with the terminal, below the list, while the cursor
            is on it.
    """

    request: Request
    tool: str
    is_whole: bool = True
    has_room: bool = True
    painted_at: float | None = None
    opened_at: float | None = None


class Notice(Enum):
    """Why a key did not do all that it is for, in words; NONE if it did."""

    NONE = ""
    LIST_CHANGED = "The list had just changed: look at it, then press the key again"
    NOT_PAINTED = "The call had just appeared: read it, then press the key again"
    UNSEEN = "Calls that were not on the screen yet are not ticked: look at them first"
    LEFT_OUT = "Calls whose arguments have no room in their row are ticked one by one"
    NO_ROOM = "Its arguments have no room in this window: Enter opens the call"
    IN_DOUBT = "It may have run already: that is decided on its own, Enter opens the call"
    DOUBTS_LEFT_OUT = "Calls in doubt are not ticked: each is decided on its own, Enter opens it"
    NOTHING_TICKED = "Nothing is ticked: Space ticks the call under the cursor"
    OUT_OF_SIGHT = "Ticked calls that are not in sight since the window changed still wait"
    LOST = "A ticked call changed or is gone; it is ticked no longer"
    ONLY_WATCHES = "This screen only watches: nothing can be decided here"


class Ticks(NamedTuple):
    """Which calls are ticked, and when each was, monotonic seconds."""

    at: Mapping[Request, float] = {}


class Outcome(NamedTuple):
    """What a key did.

    Attributes:
        decided: The calls that it decides, in the order of the list.
        approves: How.
    """

    ticks: Ticks
    decided: tuple[Request, ...] = ()
    approves: bool = False
    notice: Notice = Notice.NONE


def press(
    ticks: Ticks,
    rows: Sequence[Row],
    cursor: Request | None,
    key: str,
    pressed_at: float | None,
    *,
    listed_at: float | None,
    only_watches: bool = False,
) -> Outcome:
    """Return what `key` does.

    Args:
        ticks: What is ticked.
        rows: What waits, in the order of the list.
        cursor: The call that the cursor is on.
        key: The key's name.
        pressed_at: When it was pressed, monotonic seconds; None when no key asked (a command
            chosen in the palette, a paste): then nothing is ticked and nothing decided.
        listed_at: Since when the rows stand on the terminal in this order; None while they do not.
        only_watches: Whether nothing can be decided on this screen: then nothing is ticked either.
    """
    if pressed_at is None:
        return Outcome(ticks)
    if only_watches:
        return Outcome(Ticks(), notice=Notice.ONLY_WATCHES if key in KEYS else Notice.NONE)
    match key:
        case "u":
            return Outcome(Ticks())
        case "space" | "t" if not _was(listed_at, pressed_at):
            return Outcome(ticks, notice=Notice.LIST_CHANGED)
        case "space":
            return _tick(ticks, rows, cursor, pressed_at)
        case "t":
            return _tick_tool(ticks, rows, cursor, pressed_at)
        case "y" | "n":
            return _decide(ticks, rows, pressed_at, approves=key == APPROVE)
        case _:
            return Outcome(ticks)


def kept(ticks: Ticks, rows: Sequence[Row]) -> Outcome:
    """Return the ticks of what still waits unchanged: other arguments make another call."""
    waiting = {row.request for row in rows}
    left = {request: at for request, at in ticks.at.items() if request in waiting}
    notice = Notice.NONE if len(left) == len(ticks.at) else Notice.LOST
    return Outcome(Ticks(left), notice=notice)


def _tick(ticks: Ticks, rows: Sequence[Row], cursor: Request | None, at: float) -> Outcome:
    row = next((row for row in rows if row.request == cursor), None)
    if row is None:
        return Outcome(ticks)
    if row.request in ticks.at:
        return Outcome(Ticks({each: when for each, when in ticks.at.items() if each != cursor}))
    if not _is_for_a_batch(row):
        return Outcome(ticks, notice=Notice.IN_DOUBT)
    if not _was_told(row, at):
        has_room = row.is_whole or row.has_room
        return Outcome(ticks, notice=Notice.NOT_PAINTED if has_room else Notice.NO_ROOM)
    return Outcome(Ticks({**ticks.at, row.request: at}))


def _tick_tool(ticks: Ticks, rows: Sequence[Row], cursor: Request | None, at: float) -> Outcome:
    tool = next((row.tool for row in rows if row.request == cursor), None)
    alike = [row for row in rows if row.tool == tool and row.request not in ticks.at]
    told = [row for row in alike if _was_told(row, at) and _is_for_a_batch(row)]
    new = Ticks({**ticks.at, **{row.request: at for row in told}})
    return Outcome(new, notice=_why_left_out(alike, told, at))


def _why_left_out(alike: Sequence[Row], told: Sequence[Row], at: float) -> Notice:
    if len(told) == len(alike):
        return Notice.NONE
    if not all(map(_is_for_a_batch, alike)):
        return Notice.DOUBTS_LEFT_OUT
    unpainted = any(not _stood(row, at) for row in alike)
    return Notice.UNSEEN if unpainted else Notice.LEFT_OUT


def _decide(ticks: Ticks, rows: Sequence[Row], at: float, *, approves: bool) -> Outcome:
    if not ticks.at:
        return Outcome(ticks, notice=Notice.NOTHING_TICKED)
    decided = tuple(_decidable(ticks, rows, at))
    left = {request: when for request, when in ticks.at.items() if request not in decided}
    notice = Notice.OUT_OF_SIGHT if left else Notice.NONE
    return Outcome(Ticks(left), decided, approves, notice)


def _decidable(ticks: Ticks, rows: Sequence[Row], at: float) -> Iterator[Request]:
    for row in filter(_is_for_a_batch, rows):
        ticked_at = ticks.at.get(row.request)
        if ticked_at is not None and ticked_at < at and _was(row.painted_at, at):
            yield row.request


def _is_for_a_batch(row: Row) -> bool:
    """Whether one answer can be for it and others: what became of a call is its own question."""
    return not row.request.is_in_doubt


def _was_told(row: Row, at: float) -> bool:
    """Whether all of the call stood on the terminal before the key was pressed."""
    return _stood(row, at) and (row.is_whole or _was(row.opened_at, at))


def _stood(row: Row, at: float) -> bool:
    """Whether the row was there for a while: a key may be meant for what was there before it."""
    return _was(row.painted_at, at - STOOD_S)


def _was(painted_at: float | None, pressed_at: float) -> bool:
    return painted_at is not None and painted_at < pressed_at
