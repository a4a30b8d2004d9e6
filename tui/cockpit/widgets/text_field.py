"""A field for text of several lines: Enter is its owner's, Ctrl+J a new line, a paste is text.

Stays out of what is done with the text.
"""

from typing import Final

from textual import events
from textual.binding import Binding
from textual.widgets import TextArea

from tui.cockpit.keys import pressed_at
from tui.plain import plain

NEW_LINE: Final = Binding("ctrl+j,shift+enter", "new_line", "New line")
"""For the bindings of a subclass, where it stands behind what Enter does."""


class TextField(TextArea):
    """A text area without blinking, syntax or surprises.

    A bound key is handled in the field's own queue, not after it has bubbled up to the app: keys
    typed before it are text by then, and the focus has not gone elsewhere. Handlers here do not
    call the base class's: Textual calls both, this class's first.
    """

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__(
            id=id,
            placeholder=placeholder,
            soft_wrap=True,
            tab_behavior="focus",
            compact=True,
            highlight_cursor_line=False,
        )
        # A blinking cursor would wake an idle screen twice a second.
        self.cursor_blink = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave Ctrl+Z to the app where there is nothing to undo."""
        if action == "undo":
            return bool(self.text or self.history.undo_stack)
        return super().check_action(action, parameters)

    async def _on_key(self, event: events.Key) -> None:
        if await self._run_own_binding(event):
            event.stop()
            event.prevent_default()

    async def _on_paste(self, event: events.Paste) -> None:
        # What is shown is what is sent: what could act on a terminal becomes visible here.
        event.text = plain(event.text)

    def action_new_line(self) -> None:
        """Break the line at the cursor."""
        self.insert("\n")

    async def _run_own_binding(self, event: events.Key) -> bool:
        pressed = pressed_at.set(event.time)
        try:
            for binding in self._bindings.key_to_bindings.get(event.key, ()):
                if await self.app.run_action(binding.action, self):
                    return True
        finally:
            pressed_at.reset(pressed)
        return False
