"""What Esc in an empty composer does to a run: arm, then cancel, then cancel at once.

A pure function; knows no clock and no screen.
"""

from enum import Enum
from typing import Final, NamedTuple

from tui.cockpit.projection.view import RunView

ARMED_S: Final = 3.0


class Wish(Enum):
    """What becomes of a press of Esc; a value with text is what the person is told."""

    ARM = "Esc again cancels the run after this turn"
    ARM_STARTING = "Esc again cancels the run before it begins"
    ARM_WAITING = "Esc again cancels the run; the waiting calls are withdrawn, nothing runs"
    AFTER_TURN = "The run ends after this turn; Esc again ends it at once"
    IMMEDIATE = "The run is being cancelled"


class Cancelling(NamedTuple):
    """How far a person has gone with cancelling one run.

    Attributes:
        run_id: The run it was about.
        armed_at: When Esc was pressed first, monotonic seconds; None when it was not.
        asked: Whether the end after this turn was asked for.
    """

    run_id: str = ""
    armed_at: float | None = None
    asked: bool = False


def press(
    state: Cancelling, view: RunView, at: float, *, is_starting: bool = False
) -> tuple[Cancelling, Wish]:
    """Return what a press of Esc at `at` (monotonic seconds) means for the run in `view`.

    While a run is starting, the view is still that of the one before it.
    """
    if state.run_id != view.run_id:
        state = Cancelling(view.run_id)
    if state.asked:
        return state, Wish.IMMEDIATE
    if state.armed_at is None or at - state.armed_at > ARMED_S:
        return state._replace(armed_at=at), _armed(view, is_starting=is_starting)
    if view.pending or is_starting:
        return state._replace(asked=True), Wish.IMMEDIATE
    return state._replace(asked=True), Wish.AFTER_TURN


def _armed(view: RunView, *, is_starting: bool) -> Wish:
    if is_starting:
        return Wish.ARM_STARTING
    return Wish.ARM_WAITING if view.pending else Wish.ARM
