"""The list of what is kept. Stays out of what a row says (`kept_rows`) and of where rows are."""

from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.message import Message

from tui.cockpit.widgets.row_list import RowList

_NEAR: Final = 40
"""Rows below the screen with which the end is near."""


class HistoryList(RowList):
    """Rows of conversations, or of places that were found; says when its end is near."""

    LOOKS: ClassVar[str] = "history-list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"history-list--{word}"
        for word in (
            *("detail", "quiet", "working", "waiting", "done", "failed", "cancelled"),
            *("star", "found", "bad", "cursor", "cursor-blurred"),
        )
    }

    class NearEnd(Message):
        """A person comes near the last row."""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell when the end is near."""
        super().watch_scroll_y(old_value, new_value)
        if self.is_near_end:
            self.post_message(self.NearEnd())

    @property
    def is_near_end(self) -> bool:
        """Whether few rows, or none, are below the screen."""
        below = self.virtual_size.height - self.size.height - round(self.scroll_y)
        return bool(self.size) and below <= _NEAR
