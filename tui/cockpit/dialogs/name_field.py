"""The field for what a conversation is called. Names nothing itself."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tui.cockpit.widgets.text_field import TextField


class NameField(TextField):
    """One line; Enter gives the name, Esc leaves it as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "give", "Name it so"),
        Binding("escape", "leave", "As it was"),
    ]

    class Left(Message):
        """The person goes back to the list."""

        def __init__(self, *, gives: bool) -> None:
            super().__init__()
            self.gives = gives

    def action_give(self) -> None:
        """Say that the name is meant."""
        self.post_message(self.Left(gives=True))

    def action_leave(self) -> None:
        """Say that it is not."""
        self.post_message(self.Left(gives=False))
