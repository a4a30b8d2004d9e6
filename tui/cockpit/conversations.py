"""The open conversations, a screen each, and the hosts in which their agents run.

Stays out of which of them is shown. Starts no worker itself: the app does, by what it gives.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, Protocol

from tui.cockpit.projection.select import waits_since
from tui.cockpit.projection.view import RunView
from tui.cockpit.runs import OpenRun
from tui.cockpit.screens.run import RunScreen
from tui.cockpit.sources.base import AgentHost
from tui.cockpit.sources.kept import Journal
from tui.journal.store import KeptRun

_KEPT: Final = "kept "


@dataclass(frozen=True, slots=True)
class Kept:
    """What reopens conversations.

    Attributes:
        journal: Reads them.
        open_host: Gives a host for more of one, opened as its own was.
    """

    journal: Journal
    open_host: Callable[[KeptRun], AgentHost]


class StartWork(Protocol):
    """How the app runs something beside its screens: one at a time in a group."""

    def __call__(self, work: Coroutine[Any, Any, None], group: str) -> object:
        """Start `work`."""


class Conversations:
    """What is open. Hosts are opened at once and started only after `begin`."""

    def __init__(
        self,
        *,
        open_host: Callable[[str], AgentHost],
        start_work: StartWork,
        wall: Callable[[], float] = time.time,
        kept: Kept | None = None,
    ) -> None:
        """Make it empty.

        Args:
            open_host: Gives the host of a target; called once a target.
            start_work: Runs a host's start and what follows a conversation.
            wall: UTC seconds.
            kept: What reopens conversations; None where nothing is kept.
        """
        self._open_host = open_host
        self._kept = kept
        self._start_work = start_work
        self._wall = wall
        self._hosts: dict[str, AgentHost] = {}
        self._screens: dict[str, RunScreen] = {}
        self._has_begun = False
        self._is_held = False
        self._held_by = ""
        self._changed: Callable[[], None] = lambda: None

    def begin(self, prompt: str | None) -> None:
        """Start the hosts that are open, and send `prompt` to what is open already."""
        self._has_begun = True
        for key, host in self._hosts.items():
            # What is kept may live elsewhere, or be over.
            if not key.startswith(_KEPT):
                self._start(host)
        for screen in self.screens:
            if prompt:
                screen.conversation.send(prompt)

    def open(self, target: str) -> RunScreen:
        """Return the screen of a conversation with the agent of `target` that has not begun."""
        return self.open_with(self._host(target, lambda: self._open_host(target)))

    def open_with(self, host: AgentHost) -> RunScreen:
        """Return the screen of a conversation in a known host that has not begun."""
        for screen in self.screens:
            if screen.conversation.host is host and screen.conversation.is_blank:
                return screen
        if self._has_begun:
            # Again for a known one: what could not be loaded then may have been corrected.
            self._start(host)
        return self._add(host)

    def reopen(self, kept: KeptRun) -> RunScreen:
        """Return the screen of a kept conversation; one that is open is not opened again.

        What the journal has is read aside; then a run that lives is followed, and one that was
        interrupted taken up.
        """
        for screen in self.screens:
            if screen.conversation.root == kept.root:
                return screen
        assert self._kept is not None, "it was found in a journal"
        opening = self._kept
        # Of its own: another conversation's may be of other options, or of another folder.
        host = self._host(f"{_KEPT}{kept.root}", lambda: opening.open_host(kept))
        screen = self._add(host)
        screen.conversation.reopen(kept.run_id, kept.root)
        return screen

    def _host(self, key: str, open_host: Callable[[], AgentHost]) -> AgentHost:
        if key not in self._hosts:
            self._hosts[key] = open_host()
            if self._is_held:
                self._hosts[key].hold_calls(self._held_by)
        return self._hosts[key]

    def _add(self, host: AgentHost) -> RunScreen:
        journal = self._kept.journal if self._kept is not None else None
        conversation = OpenRun(host, wall=self._wall, journal=journal)
        screen = self._screens[conversation.name] = RunScreen(conversation, wall=self._wall)
        self._follow(conversation)
        conversation.subscribe(lambda _: self._changed())
        return screen

    def is_living(self, kept: KeptRun) -> bool:
        """Whether a kept run is under way here."""
        return any(run.is_working and is_of(run.view, kept) for run in self.open_runs)

    def is_open(self, kept: KeptRun) -> bool:
        """Whether a kept conversation is open here."""
        return any(is_of(run.view, kept) for run in self.open_runs)

    def when_changed(self, changed: Callable[[], None]) -> None:
        """Call `changed` after each change of any conversation, a few times a frame at most."""
        self._changed = changed

    def hold(self, by: str = "") -> None:
        """Let no new tool call of any agent begin; of agents to come, neither.

        Args:
            by: Who holds them, "" for the person at this screen.
        """
        self._is_held = True
        self._held_by = by
        for host in self._hosts.values():
            host.hold_calls(by)
        self._changed()

    def release(self) -> None:
        """Let calls begin again, whoever held them."""
        self._is_held = False
        for host in self._hosts.values():
            host.release_calls()
        self._changed()

    async def close(self, *, leaves: bool = False) -> None:
        """End the runs and the processes of their agents.

        Args:
            leaves: Let go on instead what outlives this screen.
        """
        for screen in self.screens:
            screen.conversation.close(leaves=leaves and screen.conversation.host.outlives)
        closing = (host.close(leaves=leaves) for host in self._hosts.values())
        await asyncio.gather(*closing, return_exceptions=True)

    def follow_again(self, group: str | None) -> None:
        """Go on with the conversation whose worker in `group` failed."""
        for screen in self.screens:
            if group == _group(screen.conversation):
                self._follow(screen.conversation)

    @property
    def screens(self) -> tuple[RunScreen, ...]:
        """The screens, in the order they were opened."""
        return tuple(self._screens.values())

    @property
    def open_runs(self) -> tuple[OpenRun, ...]:
        """The conversations, in the order they were opened."""
        return tuple(screen.conversation for screen in self.screens)

    @property
    def is_held(self) -> bool:
        """Whether no new call begins: held from here, or, as its run tells, from elsewhere."""
        return self._is_held or any(run.view.is_held for run in self.open_runs if run.is_working)

    @property
    def waiting(self) -> list[RunScreen]:
        """The screens of what waits for the person, the longest waiting first."""
        since = {screen: waits_since(screen.conversation.view) for screen in self.screens}
        waits = {screen: at for screen, at in since.items() if at is not None}
        return sorted(waits, key=waits.__getitem__)

    def waiting_after(self, screen: object) -> RunScreen | None:
        """Return the next screen with a call that waits, None if there is none but `screen`."""
        waiting = self.waiting
        place = waiting.index(screen) + 1 if screen in waiting else 0
        others = [each for each in (*waiting[place:], *waiting[:place]) if each is not screen]
        return others[0] if others else None

    @property
    def would_lose(self) -> bool:
        """Whether leaving now ends a run."""
        return any(screen.conversation.is_working for screen in self.screens)

    @property
    def all_outlive(self) -> bool:
        """Whether leaving now needs to end no run: each goes on where it is, if it is let."""
        working = [run for run in self.open_runs if run.is_working]
        return all(run.host.outlives for run in working)

    def __getitem__(self, name: str) -> RunScreen:
        return self._screens[name]

    def _start(self, host: AgentHost) -> None:
        self._start_work(self._start_and_tell(host), f"host-{host.target}")

    async def _start_and_tell(self, host: AgentHost) -> None:
        """Say at once, and not only to the first message, that an agent cannot be loaded."""
        if (loss := await host.start()) is None:
            return
        for screen in self.screens:
            if screen.conversation.host is host:
                screen.conversation.tell_loss(loss)

    def _follow(self, conversation: OpenRun) -> None:
        self._start_work(conversation.follow(), _group(conversation))


def is_of(view: RunView, kept: KeptRun) -> bool:
    """Whether a view is of a kept conversation."""
    return bool(view.run_id) and (view.root == kept.root or view.run_id == kept.run_id)


def _group(conversation: OpenRun) -> str:
    return f"run-{conversation.name}"
