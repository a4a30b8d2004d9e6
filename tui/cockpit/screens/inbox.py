"""The inbox on a screen of its own: what waits in all conversations, and what is decided of it.

Stays out of when a key decides.
"""

import time
from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Static

from tui.cockpit.dialogs.approval_rule import Request
from tui.cockpit.dialogs.at_hand import request_of
from tui.cockpit.dialogs.inbox import InboxPanel
from tui.cockpit.dialogs.inbox_rule import Notice
from tui.cockpit.dialogs.painted import WhenHanded
from tui.cockpit.projection.waiting import all_waiting
from tui.cockpit.runs import OpenRun
from tui.cockpit.screens.base import BatonScreen
from tui.cockpit.sources.base import Answer

_TICK_S: Final = 1.0


class InboxScreen(BatonScreen, inherit_bindings=False):
    """A heading that counts, and the panel in which a person decides."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.leave_ledger", "Back", priority=True),
    ]
    AUTO_FOCUS = "InboxList"

    class Opened(Message):
        """A call is to be shown in its conversation."""

        def __init__(self, conversation: str, request: Request) -> None:
            super().__init__()
            self.conversation = conversation
            self.request = request

    def __init__(
        self, *, only_watches: bool = False, wall: Callable[[], float] = time.time
    ) -> None:
        super().__init__()
        self._wall = wall
        self._only_watches = only_watches
        self._heading = Static("", id="inbox-heading", classes="heading", markup=False)
        self._panel = InboxPanel(only_watches=only_watches, id="inbox")
        self._open: dict[str, OpenRun] = {}
        self._unsubscribe: list[Callable[[], None]] = []
        self._ticked = 0
        self._told = ""
        self._refused: dict[str, tuple[str, str] | None] = {}

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield self._banner
        yield self._heading
        yield self._panel
        yield self._key_bar

    def show_open(self, conversations: Sequence[OpenRun]) -> None:
        """Show what waits in these conversations."""
        self._open = {run.name: run for run in conversations}
        self._refused = {run.name: run.view.refused for run in conversations}
        self._show_waiting()

    def on_screen_resume(self) -> None:
        """Follow the conversations; nothing drawn before counts."""
        self._panel.uncovered()
        self._unsubscribe += [
            run.subscribe(lambda _: self._show_waiting()) for run in self._open.values()
        ]
        self._show_waiting()

    def on_screen_suspend(self) -> None:
        """Follow them no longer: another screen is shown."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe.clear()
        self.tick_every(None, self._age)

    def leave_request(self) -> None:
        """Forget what is ticked: coming back is not ticking it again."""
        self._panel.untick()

    def displayed(self, when_handed: WhenHanded) -> None:
        """Take notice that this screen was drawn."""
        self._panel.displayed(when_handed)

    def on_inbox_panel_decided(self, message: InboxPanel.Decided) -> None:
        """Pass the decisions on, each to its own conversation."""
        message.stop()
        for name, request in message.decided:
            self._decide(self._open[name], request, approve=message.approve)

    def on_inbox_panel_opened(self, message: InboxPanel.Opened) -> None:
        """Say which call is to be shown."""
        message.stop()
        self.post_message(self.Opened(message.conversation, message.request))

    def on_inbox_panel_noticed(self, message: InboxPanel.Noticed) -> None:
        """Say what the panel has to say."""
        message.stop()
        self.say(message.text)

    def on_inbox_panel_ticked(self, message: InboxPanel.Ticked) -> None:
        """Tell how many are ticked."""
        message.stop()
        self._ticked = message.count
        self._tell_count()

    def _decide(self, run: OpenRun, request: Request, *, approve: bool) -> None:
        if self._only_watches:
            return
        # The newest view may know more than the rows that were shown.
        if request not in map(request_of, run.view.pending):
            self.say(Notice.LOST.value)
            return
        run.decide(Answer(request.call_id, request.arguments_hash, approve=approve))

    def _show_waiting(self) -> None:
        self._panel.waiting = all_waiting((run.name, run.view) for run in self._open.values())
        self._tell_count()
        self._tell_refused()
        self._age()
        self.tick_every(_TICK_S if self._panel.waiting else None, self._age)

    def _age(self) -> None:
        self._panel.now = self._wall()

    def _tell_refused(self) -> None:
        for name, run in self._open.items():
            refused = run.view.refused
            if refused is not None and refused is not self._refused.get(name):
                self.say(f"The answer was not taken: {refused[1]}")
            self._refused[name] = refused

    def _tell_count(self) -> None:
        count = len(self._panel.waiting)
        waits = "1 call waits" if count == 1 else f"{count} calls wait"
        ticked = f" · {self._ticked} ticked" if self._ticked else ""
        told = f"Inbox · {waits} for you{ticked}" if count else "Inbox"
        if told != self._told:
            self._told = told
            self._heading.update(told)
