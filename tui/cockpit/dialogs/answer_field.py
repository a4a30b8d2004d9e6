"""The fields below a request: for a reason, or a result. They say which key was pressed on what.

They decide nothing.
"""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tui.cockpit.dialogs.approval_rule import Place
from tui.cockpit.keys import pressed_at
from tui.cockpit.widgets.text_field import NEW_LINE, TextField


class AnswerField(TextField):
    """What a person writes for the model to read; open only in its `place`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Answer"),
        NEW_LINE,
        Binding("escape", "leave", "Back to the request"),
    ]
    place: ClassVar[Place]

    class Pressed(Message):
        """Enter or Esc was pressed.

        Attributes:
            place: The field's.
            text: What stood in the field then.
            at: When it was pressed, monotonic seconds.
        """

        def __init__(self, place: Place, key: str, text: str, at: float | None) -> None:
            super().__init__()
            self.place = place
            self.key = key
            self.text = text
            self.at = at

    def action_submit(self) -> None:
        """Say that the text is whole."""
        self.post_message(self.Pressed(self.place, "enter", self.text, pressed_at.get()))

    def action_leave(self) -> None:
        """Say that the person changed their mind."""
        self.post_message(self.Pressed(self.place, "escape", self.text, pressed_at.get()))

    def set_open(self, *, is_open: bool) -> None:
        """Show it, and let the focus come here; or neither."""
        self.set_class(is_open, "-open")
        self.can_focus = is_open


class ReasonField(AnswerField):
    """Why a call is rejected, or that it failed. Only `r` opens it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Reject with this reason"),
    ]
    place = "reason"


class ResultField(AnswerField):
    """What a call in doubt came to. Only `d` opens it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Take as done with this result"),
    ]
    place = "result"
