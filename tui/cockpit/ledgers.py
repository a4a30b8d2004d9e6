"""The screens over all conversations: inbox, grants, audit and history. Made when asked for.

Stays out of which screen shows.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.cockpit.conversations import Conversations
from tui.cockpit.kept_runs import KeptRuns
from tui.journal.store import KeptRun

if TYPE_CHECKING:
    from tui.cockpit.screens.audit import AuditScreen
    from tui.cockpit.screens.grants import GrantsScreen
    from tui.cockpit.screens.history import HistoryScreen
    from tui.cockpit.screens.inbox import InboxScreen


class Ledgers:
    """Gives each of them with what is open now.

    Args:
        conversations: What is open.
        kept: What is kept.
        only_watches: Whether nothing can be decided here.
        wall: UTC seconds.
    """

    def __init__(
        self,
        conversations: Conversations,
        kept: KeptRuns,
        *,
        only_watches: bool = False,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._conversations = conversations
        self._kept = kept
        self._only_watches = only_watches
        self._wall = wall
        self._inbox: InboxScreen | None = None
        self._grants: GrantsScreen | None = None
        self._audit: AuditScreen | None = None
        self._history: HistoryScreen | None = None

    def inbox(self) -> "InboxScreen":
        """Return the screen with every call that waits."""
        from tui.cockpit.screens.inbox import InboxScreen

        if self._inbox is None:
            self._inbox = InboxScreen(only_watches=self._only_watches, wall=self._wall)
        self._inbox.show_open(self._conversations.open_runs)
        return self._inbox

    def grants(self) -> "GrantsScreen":
        """Return the screen with every rule that stands."""
        from tui.cockpit.screens.grants import GrantsScreen

        if self._grants is None:
            self._grants = GrantsScreen(only_watches=self._only_watches, wall=self._wall)
        self._grants.show_open(self._conversations.open_runs)
        return self._grants

    def audit(self) -> "AuditScreen":
        """Return the screen with every decision."""
        from tui.cockpit.screens.audit import AuditScreen

        if self._audit is None:
            self._audit = AuditScreen(wall=self._wall)
        self._audit.show_open(self._conversations.open_runs)
        return self._audit

    def history(self) -> "HistoryScreen":
        """Return the screen with every conversation that is kept."""
        from tui.cockpit.screens.history import HistoryScreen

        if self._history is None:
            self._history = HistoryScreen(
                self._kept,
                is_living=self.is_living,
                only_watches=self._only_watches,
                wall=self._wall,
            )
        return self._history

    def is_living(self, run: KeptRun) -> bool:
        """Whether the process of a kept run is there, be it of this screen or of another."""
        return run.run_id in self._kept.living or self._conversations.is_living(run)

    def name_of(self, screen: object) -> str:
        """Return which of them `screen` is: "inbox", "audit" and so on; "" if it is none."""
        made = {
            "inbox": self._inbox,
            "grants": self._grants,
            "audit": self._audit,
            "history": self._history,
        }
        return next((name for name, each in made.items() if each and each is screen), "")

    def __contains__(self, screen: object) -> bool:
        return bool(self.name_of(screen))
