"""Where a person writes to the agents.

It says what was wished in messages; whether that starts a run, waits or steers is its screen's.
"""

import time
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive

from tui.cockpit.keymap import key_of
from tui.cockpit.keys import pressed_at
from tui.cockpit.projection.select import message_to_retry
from tui.cockpit.projection.view import RunView
from tui.cockpit.widgets.history import History
from tui.cockpit.widgets.text_field import NEW_LINE, TextField

_PLACEHOLDERS = {
    "idle": "Say what you need",
    "running": "Write the next message; it waits until the run has ended",
    "waiting": "A call waits for you: {go_to_request} goes to it",
    "completed": "Answer, or ask for something else",
    "failed": "Write another message",
    "cancelled": "Say how to go on",
}
_TRY_AGAIN: Final = "Try again, or say something else"
_SEND_QUEUED: Final = "Enter sends what is queued; what you write goes behind it"
_STARTING: Final = "The agents are starting; what you write next waits"
_WAITING_ELSEWHERE: Final = "A call waits for you"
"""Where the focus is elsewhere, it may be at that call already."""


class Composer(TextField):
    """The text field of a run: what Enter, Esc and the arrows at the edges do depends on `view`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send_queued", "Send the queued one"),
        Binding("enter", "send", "Send"),
        Binding("enter", "queue", "Queue"),
        NEW_LINE,
        Binding("ctrl+t", "steer", "Steer now", id="steer"),
        Binding("escape", "cancel_run", "Cancel the run"),
        Binding("up", "take_back", "Take back"),
        Binding("up", "older", "Older message", show=False),
        Binding("up", "cursor_up", "Cursor up", show=False),
        Binding("down", "newer", "Newer message", show=False),
        Binding("down", "cursor_down", "Cursor down", show=False),
    ]

    class Sent(Message):
        """A message for an agent that waits for one."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Queued(Sent):
        """A message for when the working run has ended."""

    class Steered(Sent):
        """A message for the working run's next model call."""

    class SendQueuedPressed(Message):
        """Enter in the empty field while a message is queued and no run works."""

    class CancelPressed(Message):
        """Esc in the empty field while a run works.

        Attributes:
            at: When it was pressed, monotonic seconds.
        """

        def __init__(self, at: float) -> None:
            super().__init__()
            self.at = at

    class TakeBackPressed(Message):
        """Up in the empty field while a message waits."""

    view: reactive[RunView | None] = reactive(None, repaint=False)
    has_queued: reactive[bool] = reactive(False, repaint=False)
    is_starting: reactive[bool] = reactive(False, repaint=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, placeholder=_PLACEHOLDERS["idle"])
        self._history = History()

    def watch_view(self, old: RunView | None, new: RunView | None) -> None:
        """Say in the empty field what a message would do now."""
        if _state(old) != _state(new):
            self._say_what_a_message_does()
            self.refresh_bindings()

    def watch_has_focus(self, value: bool) -> None:
        """Name the way to a waiting call only as long as nobody went it."""
        super().watch_has_focus(value)
        self._say_what_a_message_does()

    def watch_is_starting(self) -> None:
        """A run that has not begun can be cancelled, and what is written waits."""
        self._say_what_a_message_does()
        self.refresh_bindings()

    def watch_has_queued(self) -> None:
        """Up and Enter mean something else while a message waits."""
        self._say_what_a_message_does()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Tell which of the actions on one key is meant now."""
        match action:
            case "send_queued":
                return self._is_held and not self.text.strip()
            case "send":
                return not self._is_working
            case "queue":
                return self._is_working
            case "steer":
                return self._is_working and not self.is_starting
            case "cancel_run":
                return self._is_working and not self.text
            case "take_back":
                return self.has_queued and not self.text
            case "older":
                return self.navigator.is_first_wrapped_line(self.cursor_location)
            case "newer":
                at_end = self.navigator.is_last_wrapped_line(self.cursor_location)
                return at_end and self._history.is_browsing
            case _:
                return super().check_action(action, parameters)

    def action_send(self) -> None:
        """Send what stands here."""
        self._say(self.Sent)

    def action_send_queued(self) -> None:
        """Wish that the oldest queued message is sent now."""
        self.post_message(self.SendQueuedPressed())

    def action_queue(self) -> None:
        """Keep it for when the run has ended."""
        self._say(self.Queued)

    def action_steer(self) -> None:
        """Give it to the working run."""
        self._say(self.Steered)

    def action_cancel_run(self) -> None:
        """Wish the run to end; what it takes is not this field's to know."""
        self.post_message(self.CancelPressed(pressed_at.get() or time.monotonic()))

    def action_take_back(self) -> None:
        """Ask for the newest waiting message."""
        self.post_message(self.TakeBackPressed())

    def action_older(self) -> None:
        """Show the message sent before."""
        self._show(self._history.older(self.text))

    def action_newer(self) -> None:
        """Show the message sent after, or the draft."""
        self._show(self._history.newer())

    def put_back(self, text: str) -> None:
        """Put `text` into the field, for the person to change."""
        self._show(text)

    @property
    def _is_working(self) -> bool:
        if self.is_starting:
            return True
        return self.view is not None and self.view.status in ("running", "waiting")

    @property
    def _is_held(self) -> bool:
        return self.has_queued and not self._is_working

    def _say(self, message: type[Sent]) -> None:
        if not (text := self.text.strip()):
            return
        self._history.keep(text)
        self.clear()
        self.post_message(message(text))

    def _show(self, text: str | None) -> None:
        if text is not None:
            self.load_text(text)
            self.move_cursor(self.document.end)

    def _say_what_a_message_does(self) -> None:
        if self.is_starting:
            self.placeholder = _STARTING
            return
        if self._is_held:
            self.placeholder = _SEND_QUEUED
            return
        if self.view is not None and message_to_retry(self.view) is not None:
            self.placeholder = _TRY_AGAIN
            return
        status = self.view.status if self.view else "idle"
        is_elsewhere = status == "waiting" and not self.has_focus
        self.placeholder = _WAITING_ELSEWHERE if is_elsewhere else self._placeholder(status)

    def _placeholder(self, status: str) -> str:
        return _PLACEHOLDERS[status].format(go_to_request=key_of(self.app, "go_to_request"))


def _state(view: RunView | None) -> tuple[str, str]:
    # Two runs that fail at once may be shown as one change.
    return (view.run_id, view.status) if view else ("", "idle")
