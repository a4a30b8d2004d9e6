"""Every key that works now, read from the bindings. Stays out of what they do."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.cockpit.widgets.key_bar import KeyHint

_KEY_CELLS = 24


class HelpScreen(ModalScreen[None]):
    """A list over the screen it explains."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,question_mark,q", "dismiss", "Close"),
    ]

    def __init__(self, hints: Iterable[KeyHint]) -> None:
        super().__init__()
        self._hints = tuple(hints)

    def compose(self) -> ComposeResult:
        """One key a line."""
        with VerticalScroll(id="help", classes="dialog"):
            yield Static("Keys that work where you were · Esc closes", classes="dialog-title")
            yield Static(Content("\n").join(_row(hint) for hint in self._hints), id="help-keys")


def _row(hint: KeyHint) -> Content:
    return Content.assemble((hint.key.ljust(_KEY_CELLS), "bold $accent"), hint.does)
