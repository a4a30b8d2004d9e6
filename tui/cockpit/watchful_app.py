"""The app as what watches over all conversations: it calls its person, and says what stands.

Stays out of what a finding is and of how a notice reaches anybody.
"""

from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.reactive import reactive

from tui.cockpit.alarms import TerminalAlarms
from tui.cockpit.daemon_work import in_daemon
from tui.cockpit.ledger_app import LedgerApp
from tui.cockpit.lookout import Alarms, Lookout
from tui.cockpit.projection.overview import Overview
from tui.cockpit.screens.run import RunScreen
from tui.cockpit.settings import AttentionSettings
from tui.errors import BatonError
from tui.policy.settings import PolicyFile


class WatchfulApp(LedgerApp):
    """An app whose screens say what stands anywhere, and which calls who looks elsewhere."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # A key that types nothing: while a person writes, letters are text.
        Binding("f12", "extend_budget", "Give as much again", priority=True, id="extend_budget"),
    ]

    overview: reactive[Overview] = reactive(Overview(), repaint=False)

    _lookout: Lookout
    _is_read_only: bool

    def action_extend_budget(self) -> None:
        """Give as much again to what the shown run used up; the banner goes with the event."""
        if isinstance(self.screen, RunScreen):
            self.screen.conversation.extend_budget()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what does something now."""
        if action == "extend_budget":
            return self._has_used_up_here and not self._is_read_only
        return super().check_action(action, parameters)

    def watch_app_focus(self) -> None:
        """Take notice of who looks here."""
        self._look()

    def _look_out(
        self, settings: AttentionSettings, alarms: Alarms | None, wall: Callable[[], float]
    ) -> None:
        self._lookout = Lookout(
            self._conversations,
            alarms or self._terminal_alarms(settings),
            wall=wall,
            later=self.set_timer,
            every_s=settings.every_s,
            may_hold=not self._is_read_only,
        )
        self._conversations.when_changed(self._look)

    def _look(self) -> None:
        """Take notice of what all conversations are together."""
        self._look_at_waiting()
        before = self.overview
        self.overview = self._lookout.look(before, self._look, has_focus=self.app_focus)
        for screen in self._conversations.screens:
            screen.stuck = self._lookout.found(screen.conversation.name)
        if before.is_held != self.overview.is_held:
            self.refresh_bindings()

    def _read_sentinel(self) -> None:
        if self._read_policy is not None:
            work = self._follow_policy(self._read_policy)
            self.run_worker(work, group="sentinel", exit_on_error=False)

    async def _follow_policy(self, read_policy: Callable[[], PolicyFile]) -> None:
        try:
            policy = await in_daemon(read_policy)
        except BatonError as error:
            self.say(str(error))
            return
        self._lookout.follow(policy.sentinel)
        self._look()

    def _terminal_alarms(self, settings: AttentionSettings) -> TerminalAlarms:
        def start_work(work: Coroutine[Any, Any, None]) -> None:
            self.run_worker(work, group="attention", exit_on_error=False)

        return TerminalAlarms(settings, self, start_work=start_work, say=self.say)

    @property
    def _has_used_up_here(self) -> bool:
        screen = self.screen if self._screen_stack else None
        return isinstance(screen, RunScreen) and bool(screen.conversation.view.used_up)
