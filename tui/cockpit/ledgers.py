"""The screens over all conversations: the inbox, the grants and the audit. Made when asked for.

Stays out of which screen shows.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.cockpit.conversations import Conversations

if TYPE_CHECKING:
    from tui.cockpit.screens.audit import AuditScreen
    from tui.cockpit.screens.grants import GrantsScreen
    from tui.cockpit.screens.inbox import InboxScreen


class Ledgers:
    """Gives each of them with what is open now.

    Args:
        conversations: What is open.
        only_watches: Whether nothing can be decided here.
        wall: UTC seconds.
    """

    def __init__(
        self,
        conversations: Conversations,
        *,
        only_watches: bool = False,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._conversations = conversations
        self._only_watches = only_watches
        self._wall = wall
        self._inbox: InboxScreen | None = None
        self._grants: GrantsScreen | None = None
        self._audit: AuditScreen | None = None

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

    def name_of(self, screen: object) -> str:
        """Return which of them `screen` is: "inbox", "grants" or "audit"; "" if it is none."""
        made = {"inbox": self._inbox, "grants": self._grants, "audit": self._audit}
        return next((name for name, each in made.items() if each and each is screen), "")

    def __contains__(self, screen: object) -> bool:
        return bool(self.name_of(screen))
