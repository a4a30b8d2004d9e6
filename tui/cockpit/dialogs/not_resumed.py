"""Why a kept run does not go on by itself, what changed in its program, and what to do about it.

Says what a person chose; stays out of taking the run up.
"""

from collections.abc import Iterator, Sequence
from time import monotonic
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.cockpit.keys import pressed_at
from tui.plain import plain, plain_line

_TITLE: Final = "⚠ The run was not taken up"
_ASKS: Final = "Go on with the program as it is now?"
_EARLY: Final = "This had just appeared: read it, then press the key again"


class NotResumedScreen(ModalScreen[bool]):
    """A dialog over the screen that asked; it is dismissed with whether the run is to go on.

    Args:
        why: The host's sentence.
        changes: What changed in the program meanwhile, each in a few words. Without any the run
            cannot go on, and there is nothing to choose.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "go_on", "Go on with it as it is now"),
        Binding("n,escape", "leave", "Leave the run as it is"),
    ]

    def __init__(self, why: str, changes: Sequence[str] = ()) -> None:
        super().__init__()
        self._why = why
        self._changes = tuple(changes)
        self._shown_at: float | None = None
        self._foot = Static(Content(""), id="not-resumed-keys")

    def compose(self) -> ComposeResult:
        """Why, then every change, and the keys, which always stand."""
        with Vertical(classes="dialog"):
            yield Static(Content(_TITLE), classes="dialog-title")
            with VerticalScroll(id="not-resumed"):
                yield Static(Content("\n").join(self._lines()))
            yield self._foot

    def on_mount(self) -> None:
        """Let keys count that are pressed once it is drawn."""
        self._foot.update(Content.assemble(*self._keys()))
        self.call_after_refresh(self._shown)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to go on only where the run can."""
        if action == "go_on":
            return bool(self._changes)
        return super().check_action(action, parameters)

    def action_go_on(self) -> None:
        """Choose that the run goes on, unless the key was meant for what stood there before."""
        at = pressed_at.get()
        if at is None or self._shown_at is None or at <= self._shown_at:
            self._foot.update(Content.assemble((_EARLY, "bold $warning")))
            return
        self.dismiss(True)

    def action_leave(self) -> None:
        """Choose that it stays as it is kept."""
        self.dismiss(False)

    def _shown(self) -> None:
        self._shown_at = monotonic()

    def _lines(self) -> Iterator[Content]:
        yield Content(plain(self._why))
        if self._changes:
            yield Content("")
        for change in self._changes:
            yield Content(f"· {plain_line(change)}")

    def _keys(self) -> Iterator[tuple[str, str] | str]:
        if self._changes:
            yield from (f"{_ASKS}\n", ("y", "bold $accent"), " go on  ")
        yield from (("n Esc", "bold $accent"), " leave it")
