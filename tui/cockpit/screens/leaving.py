"""What becomes of runs when a person leaves: a question over the screen, with a safe answer.

A key that was pressed before the question was drawn answers nothing. Stays out of what a run is.
"""

from collections.abc import Iterable
from typing import ClassVar, Final, Literal, TypeAlias

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.cockpit.dialogs.painted import WhenHanded
from tui.cockpit.keys import pressed_at
from tui.cockpit.runs import OpenRun

Answer: TypeAlias = Literal["leave", "end", "stay"]

_KEY_CELLS: Final = 12
_SHORT_ID: Final = 8
_ROWS: Final = (
    ("l, Ctrl+Q", "Leave it running; Home, or `baton resume`, finds it again"),
    ("e", "End it and quit"),
    ("Esc", "Stay"),
)


class LeavingDialog(ModalScreen[Answer]):
    """Three answers, a key each.

    Args:
        working: How many runs are under way.
        waiting: How many of them wait for the person.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "answer('leave')", "Leave it running"),
        Binding("e", "answer('end')", "End it and quit"),
        Binding("escape", "answer('stay')", "Stay"),
    ]

    def __init__(self, working: int, waiting: int) -> None:
        super().__init__()
        self._text = _question(working, waiting)
        self._painted_at: float | None = None
        self._is_awaited = False

    def compose(self) -> ComposeResult:
        """The question, and an answer a line."""
        with Vertical(id="leaving"):
            yield Static("Leave it running?", id="leaving-title")
            yield Static(self._text, markup=False)
            yield Static(Content("\n").join(_row(*row) for row in _ROWS), id="leaving-keys")

    def displayed(self, when_handed: WhenHanded) -> None:
        """Take notice that the question was drawn: keys count once it is with the terminal."""
        if not self._is_awaited:
            self._is_awaited = True
            when_handed(self._handed)

    def action_answer(self, answer: Answer) -> None:
        """Give an answer, if its key was pressed at the question."""
        pressed = pressed_at.get()
        if self._painted_at is not None and pressed is not None and pressed > self._painted_at:
            self.dismiss(answer)

    def _handed(self, at: float) -> None:
        self._painted_at = at


def left_running(runs: Iterable[OpenRun]) -> str:
    """Return what the terminal is told of runs that go on: how each is found again."""
    ids = [run.view.run_id[:_SHORT_ID] for run in runs if run.is_working]
    return "\n".join(
        f"It goes on: `baton resume {run_id}` shows it again." for run_id in ids if run_id
    )


def _question(working: int, waiting: int) -> str:
    runs = "One run is under way" if working == 1 else f"{working} runs are under way"
    if not waiting:
        return f"{runs}."
    if working == 1:
        return "One run waits for you."
    return f"{runs}, {waiting} of them wait{'s' if waiting == 1 else ''} for you."


def _row(key: str, does: str) -> Content:
    return Content.assemble((key.ljust(_KEY_CELLS), "bold $accent"), does)
