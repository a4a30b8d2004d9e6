"""The field for words by which a list is filtered, as they are typed. Filters nothing itself."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tui.cockpit.widgets.text_field import TextField


class FilterField(TextField):
    """One line; Enter keeps the words, Esc gives them up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,down", "keep", "Keep the filter"),
        Binding("escape", "give_up", "No filter"),
    ]

    class Left(Message):
        """The person goes back to the list."""

        def __init__(self, *, keeps: bool) -> None:
            super().__init__()
            self.keeps = keeps

    def action_keep(self) -> None:
        """Say that the words stay."""
        self.post_message(self.Left(keeps=True))

    def action_give_up(self) -> None:
        """Say that the words go."""
        self.post_message(self.Left(keeps=False))
