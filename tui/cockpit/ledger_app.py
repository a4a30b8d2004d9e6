"""The app as what leads over all conversations: which screen shows, the inbox, grants and audit.

Stays out of what these screens show, and of how conversations begin.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import AwaitMount

from tui.cockpit.audit_file import write_new
from tui.cockpit.conversations import Conversations
from tui.cockpit.daemon_work import in_daemon
from tui.cockpit.ledgers import Ledgers
from tui.cockpit.screens.base import BatonScreen
from tui.cockpit.screens.run import RunScreen
from tui.cockpit.terminal_app import TerminalApp
from tui.errors import BatonError, ExportError
from tui.policy.settings import PolicyFile

if TYPE_CHECKING:
    from tui.cockpit.screens.audit import AuditScreen
    from tui.cockpit.screens.inbox import InboxScreen

_MANY: Final = 2
_TOLD_S: Final = 15.0


class LedgerApp(TerminalApp):
    """An app with a mode for each screen: it keeps its panes while another is shown."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, as all that leads away from a request: a key behind it goes elsewhere.
        Binding("f6", "inbox", "Inbox", priority=True, id="inbox"),
        # The same where one call alone waits, or none: no news for a footer.
        Binding("f6", "inbox_ahead", "Inbox", show=False, priority=True, id="inbox"),
        Binding("i", "inbox_outside_text", "Inbox", show=False),
        Binding("f7", "grants", "Grants and rules", show=False, priority=True, id="grants"),
        Binding("f8", "audit", "Decisions so far", show=False, priority=True, id="audit"),
    ]

    _conversations: Conversations
    _ledgers: Ledgers
    _read_policy: Callable[[], PolicyFile] | None

    def __init__(self, theme: str) -> None:
        """Make it without a screen; whoever derives from it says what is open."""
        super().__init__(theme)
        self._modes_of: dict[Screen[Any], str] = {}
        self._came_from: BatonScreen | None = None
        self._waiting_calls = 0

    def action_inbox(self) -> None:
        """Show every call that waits, in all conversations."""
        self._show_ledger(self._ledgers.inbox())

    def action_inbox_ahead(self) -> None:
        """Show what waits where that is no news."""
        self.action_inbox()

    def action_inbox_outside_text(self) -> None:
        """Show what waits, by a key that is text elsewhere."""
        self.action_inbox()

    def action_grants(self) -> None:
        """Show what was granted, and the rules of the policy file."""
        self._show_ledger(self._ledgers.grants())
        self._read_written()

    def action_audit(self) -> None:
        """Show every decision."""
        self._show_ledger(self._ledgers.audit())

    def on_audit_screen_export_pressed(self, message: "AuditScreen.ExportPressed") -> None:
        """Write decisions into a new file of the working folder, and say which."""
        work = self._export(message.stem, message.lines)
        self.run_worker(work, group="export", exit_on_error=False)

    def on_grants_screen_look_again_pressed(self) -> None:
        """Read the policy file once more."""
        self._read_written()

    def action_leave_ledger(self) -> None:
        """Leave the inbox, the grants or the audit for where they were asked for."""
        self._leave_request()
        if self._came_from is not None:
            self._show(self._came_from)

    def on_inbox_screen_opened(self, message: "InboxScreen.Opened") -> None:
        """Show a call in its conversation; the keys go to it only after one of its own."""
        screen = self._conversations[message.conversation]
        self._leave_request()
        screen.turn_to(message.request)
        self._show(screen)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what does something now."""
        shown = self._ledgers.name_of(self.screen) if self._screen_stack else ""
        match action:
            case "inbox" | "inbox_ahead" | "inbox_outside_text" if shown == "inbox":
                return False
            case "inbox" | "inbox_ahead":
                return (self._waiting_calls >= _MANY) is (action == "inbox")
            case "inbox_outside_text":
                # A key behind it would be judged before it: at a request `F6` leads away.
                return not self._is_at_request
            case "grants" | "audit":
                return shown != action
            case _:
                return super().check_action(action, parameters)

    def _show_ledger(self, ledger: BatonScreen) -> None:
        self._leave_request()
        screen = self.screen
        if isinstance(screen, BatonScreen) and screen not in self._ledgers:
            self._came_from = screen
        self._show(ledger)

    def _show(self, screen: BatonScreen) -> AwaitMount:
        if screen not in self._modes_of:
            self._modes_of[screen] = name = _mode_of(screen)
            self.add_mode(name, lambda: screen)
        return self.switch_mode(self._modes_of[screen])

    def _leave_request(self) -> None:
        if isinstance(self.screen, BatonScreen):
            self.screen.leave_request()

    def _read_written(self) -> None:
        if self._read_policy is not None:
            work = self._tell_written(self._read_policy)
            self.run_worker(work, group="policy", exclusive=True, exit_on_error=False)

    async def _tell_written(self, read_policy: Callable[[], PolicyFile]) -> None:
        screen = self._ledgers.grants()
        try:
            screen.show_written((await in_daemon(read_policy)).rules)
        except BatonError as error:
            screen.show_written(screen.written or (), str(error))

    async def _export(self, stem: str, lines: tuple[bytes, ...]) -> None:
        try:
            path = await in_daemon(lambda: write_new(stem, lines))
        except ExportError as error:
            self.say(str(error), _TOLD_S)
            return
        count = "1 decision" if len(lines) == 1 else f"{len(lines)} decisions"
        self.say(f"Wrote {count} to {path.name} in {path.parent}", _TOLD_S)

    def _look_at_waiting(self) -> None:
        """Take notice of how many calls wait: what the keys do depends on it."""
        before, runs = self._waiting_calls, self._conversations.open_runs
        self._waiting_calls = sum(len(run.view.pending) for run in runs)
        if min(before, _MANY) != min(self._waiting_calls, _MANY):
            self.refresh_bindings()

    @property
    def _is_at_request(self) -> bool:
        return isinstance(self.screen, BatonScreen) and self.screen.is_at_request


def _mode_of(screen: BatonScreen) -> str:
    return screen.conversation.name if isinstance(screen, RunScreen) else type(screen).__name__
