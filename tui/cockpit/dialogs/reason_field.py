"""The field for the reason of a rejection. Says which key was pressed on what; decides nothing."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tui.cockpit.keys import pressed_at
from tui.cockpit.widgets.text_field import NEW_LINE, TextField


class ReasonField(TextField):
    """Why a call is rejected, for the model to read. Only `r` opens it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Reject with this reason"),
        NEW_LINE,
        Binding("escape", "leave", "Back to the request"),
    ]

    class Pressed(Message):
        """Enter or Esc was pressed.

        Attributes:
            text: What stood in the field then.
            at: When it was pressed, monotonic seconds.
        """

        def __init__(self, key: str, text: str, at: float | None) -> None:
            super().__init__()
            self.key = key
            self.text = text
            self.at = at

    def action_submit(self) -> None:
        """Say that the reason is whole."""
        self.post_message(self.Pressed("enter", self.text, pressed_at.get()))

    def action_leave(self) -> None:
        """Say that the person changed their mind."""
        self.post_message(self.Pressed("escape", self.text, pressed_at.get()))
