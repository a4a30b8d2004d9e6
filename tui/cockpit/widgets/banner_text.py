"""What the banner says, and how that fits a width. Knows no widget."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from tui.cockpit.projection.overview import Overview
from tui.cockpit.projection.view import UsedUp
from tui.cockpit.widgets.agent_names import shown_name
from tui.cockpit.widgets.lines import Line, clip_line, line_width
from tui.cockpit.widgets.numbers import short_number
from tui.plain import plain_line

HELD: Final = "⏸ HELD: no new tool call begins"
APPROVE_ALL: Final = "✗ APPROVE ALL: no call waits for you"
READ_ONLY: Final = "○ READ ONLY: nothing can be decided here"
_MARGIN: Final[Line] = ((" ", ""),)
_BETWEEN: Final[Line] = ((" · ", "quiet"),)


class BannerKeys(NamedTuple):
    """The keys that a banner names, as a person reads them."""

    hold: str = "F9"
    extend_budget: str = "F12"


USUAL_KEYS: Final = BannerKeys()


def banner_lines(
    overview: Overview, used_up: Sequence[UsedUp], width: int, keys: BannerKeys = USUAL_KEYS
) -> tuple[Line, ...]:
    """Return what stands, in lines of at most `width` cells; the gravest first."""
    lines: list[Line] = []
    for part in _parts(overview, used_up, keys):
        if lines and line_width(lines[-1]) + line_width(_BETWEEN) + line_width(part) <= width:
            lines[-1] = (*lines[-1], *_BETWEEN, *part)
        else:
            lines.append((*_MARGIN, *part))
    return tuple(clip_line(line, width) for line in lines)


def _parts(overview: Overview, used_up: Sequence[UsedUp], keys: BannerKeys) -> Iterator[Line]:
    extends: Line = ((f"  {keys.extend_budget}", "key"), (" gives as much again", "quiet"))
    if overview.approves_all:
        yield ((f" {APPROVE_ALL} ", "danger"),)
    if overview.is_held:
        yield _held(overview, keys.hold)
        if overview.held_because:
            yield ((f"⚠ held because {plain_line(overview.held_because)}", "held"),)
    for place, budget in enumerate(used_up, 1):
        is_last = place == len(used_up) and not overview.only_watches
        yield ((used_up_words(budget), "alarm"), *(extends if is_last else ()))
    if overview.only_watches:
        yield ((READ_ONLY, "held"),)
    for alarm in overview.alarms:
        yield ((f"⚠ {plain_line(alarm)}", "alarm"),)


def _held(overview: Overview, hold_key: str) -> Line:
    count = overview.running_calls
    running = "" if not count else f", {count} still run{'s' if count == 1 else ''}"
    key = () if overview.only_watches else ((f"  {hold_key}", "key"), (" releases", "quiet"))
    return ((f"{HELD}{running}", "held"), *key)


def used_up_words(budget: UsedUp) -> str:
    """Return what is used up: "⚠ Refunds used 201k of 200k tokens"."""
    whose = shown_name(budget.of) if budget.of else "This run"
    numbers = f"{short_number(budget.used)} of {short_number(budget.limit)}"
    return f"⚠ {whose} used {numbers} {plain_line(budget.what)}"
