"""The field in which a person changes the arguments of a call. It decides nothing.

Says what is wrong as they type; leaving it keeps the text, whatever is wrong with it.
"""

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static, TextArea

from tui.cockpit.dialogs.editing import Edit, edit_of, editable
from tui.cockpit.keys import pressed_at
from tui.cockpit.projection.view import PendingApproval
from tui.cockpit.widgets.agent_names import shown_name
from tui.cockpit.widgets.text_field import TextField
from tui.plain import plain_line

_FRAME_S: Final = 1 / 30


class ArgumentsField(TextField):
    """JSON, with line numbers: a fault names them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,escape", "leave", "Back to the request"),
        Binding("f5", "edit_outside", "In your editor", key_display="F5"),
    ]

    class Left(Message):
        """Ctrl+S or Esc was pressed, at monotonic seconds."""

        def __init__(self, at: float | None) -> None:
            super().__init__()
            self.at = at

    class Noticed(Message):
        """Something to tell the person in one line."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__()
        self.show_line_numbers = True

    def action_leave(self) -> None:
        """Say that the person is done."""
        self.post_message(self.Left(pressed_at.get()))

    def action_edit_outside(self) -> None:
        """Let the person change the text in the editor that they know."""
        from tui.cockpit.dialogs.outside_editor import NotEditedError, edited_outside

        try:
            text = edited_outside(self.text, self.app.suspend)
        except NotEditedError as error:
            self.post_message(self.Noticed(str(error)))
            return
        if text != self.text:
            # Not loaded: what was there before can be had again by undoing.
            self.replace(editable(text), (0, 0), self.document.end)


class EditPane(Vertical):
    """Whose arguments these are, the field, and what is wrong with them."""

    def __init__(self) -> None:
        super().__init__()
        self.field = ArgumentsField()
        self._title = Static(id="edit-title")
        self._verdict = Static(id="edit-verdict")
        self._asked: PendingApproval | None = None
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield self._title
        yield self.field
        yield self._verdict

    def open(self, asked: PendingApproval, edit: Edit | None) -> None:
        """Show the arguments of a call, or what a person made of them so far."""
        self._asked = asked
        self.field.load_text(editable(asked.arguments) if edit is None else edit.text)
        tool, agent = plain_line(asked.tool), shown_name(asked.agent)
        self._title.update(Content(f"━━ ✎ What {tool} gets from {agent} "))
        self._judge()

    @property
    def edit(self) -> Edit | None:
        """What the person made of the arguments; None if they are the same."""
        if self._asked is None:
            return None
        return edit_of(self.field.text, self._asked.arguments, self._asked.schema)

    def on_text_area_changed(self, message: TextArea.Changed) -> None:
        """Judge what is written now, once a frame."""
        message.stop()
        if self._timer is None:
            self._timer = self.set_timer(_FRAME_S, self._judge)

    def _judge(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        edit = self.edit
        fault = edit.fault if edit else ""
        words = "✓ it fits the tool" if edit else "· as it was asked for"
        self._verdict.update(Content(f"✗ {plain_line(fault)}" if fault else words))
        self._verdict.set_class(bool(fault), "-faulty")
