"""The cockpit with a scripted host before it, for tests of screens."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from textual import events
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from tests.fakes.fake_source import FIRST_AT, FakeAgentHost, FakeRun, Script
from tui.cockpit.app import BatonApp
from tui.cockpit.conversations import Kept
from tui.cockpit.dialogs.answer_field import ReasonField, ResultField
from tui.cockpit.dialogs.approval import ApprovalPanel
from tui.cockpit.dialogs.editor import ArgumentsField
from tui.cockpit.dialogs.request_card import RequestCard
from tui.cockpit.home_listing import HomeListing
from tui.cockpit.lookout import Alarms
from tui.cockpit.projection.view import RunView
from tui.cockpit.runs import OpenRun
from tui.cockpit.screens.run import RunScreen
from tui.cockpit.settings import Settings
from tui.cockpit.sources.kept import KeptConversations
from tui.cockpit.sources.replay import Recording
from tui.cockpit.widgets.composer import Composer
from tui.cockpit.widgets.key_bar import KeyBar
from tui.cockpit.widgets.queued import QueuedMessages
from tui.policy.settings import PolicyFile, Sentinel

PROMPT = "I want a refund for order A-1001"
DRAWN_WITHIN_S = 60.0
LATER_S = 2.0
"""More than a request must have stood for a click on it to count."""


@dataclass
class Desk:
    """A running app, its pilot and its fake host."""

    app: BatonApp
    pilot: Pilot[None]
    host: FakeAgentHost

    @property
    def screen(self) -> RunScreen:
        assert isinstance(self.app.screen, RunScreen)
        return self.app.screen

    @property
    def conversation(self) -> OpenRun:
        return self.screen.conversation

    @property
    def run(self) -> FakeRun:
        return self.host.run

    @property
    def composer(self) -> Composer:
        return self.screen.query_one(Composer)

    @property
    def card(self) -> RequestCard:
        return self.screen.query_one(RequestCard)

    @property
    def reason(self) -> ReasonField:
        return self.screen.query_one(ReasonField)

    @property
    def result(self) -> ResultField:
        return self.screen.query_one(ResultField)

    @property
    def arguments(self) -> ArgumentsField:
        return self.screen.query_one(ArgumentsField)

    @property
    def panel(self) -> ApprovalPanel:
        return self.screen.query_one(ApprovalPanel)

    @property
    def notice(self) -> str:
        return self.app.screen.query_one(KeyBar).notice or ""

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        names = {" ": "space", "\n": "enter"}
        await self.press(*(names.get(character, character) for character in text))

    async def press_later(self, *keys: str) -> None:
        """Press keys as if some time had gone by."""
        for key in keys:
            self.app.post_message(later(key))
            await self.pilot.pause()

    async def click(self, widget: Widget, later_s: float = LATER_S) -> None:
        """Press and release as the terminal's driver tells it, which Pilot's click does not."""
        column, row = widget.region.offset
        for kind in (events.MouseDown, events.MouseUp):
            event = kind(None, column + 1, row + 1, 0, 0, 1, False, False, False)
            event.time += later_s
            self.app.post_message(event)
        await self.pilot.pause()

    async def until(self, holds: Callable[[RunView], bool]) -> None:
        """Wait for a published view for which `holds`, and for the screen to draw it."""
        seen = asyncio.Event()
        unsubscribe = self.conversation.subscribe(lambda view: seen.set() if holds(view) else None)
        async with asyncio.timeout(DRAWN_WITHIN_S):
            await seen.wait()
        unsubscribe()
        await self.pilot.pause()

    async def comes_to_show(self, holds: Callable[[str], bool]) -> bool:
        """Whether `holds` comes true of the words that are drawn, however the panes break lines.

        A view that is published may take more than one frame until every pane has drawn it.
        """
        deadline = time.monotonic() + DRAWN_WITHIN_S
        while not holds(" ".join(text_of(self.app.screen).split())):
            if time.monotonic() > deadline:
                return False
            await self.pilot.pause()
        return True

    async def until_queued(self, *texts: str) -> None:
        """Wait until the screen shows these messages as waiting."""
        shown = self.screen.query_one(QueuedMessages)
        await self.until(lambda _: shown.messages == texts)

    async def until_asked(self, calls: int = 1) -> None:
        await self.until(lambda view: len(view.pending) == calls and view.status == "waiting")

    async def until_ended(self) -> None:
        await self.until(lambda view: view.status in ("completed", "failed", "cancelled"))


def later(key: str) -> events.Key:
    """A key as if it was pressed when what is shown has stood for a while."""
    event = events.Key(key, key if len(key) == 1 else None)
    event.time += LATER_S
    return event


def text_of(screen: Screen[object]) -> str:
    """What `screen` shows, a line a row, without looks."""
    strips = screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips) + "\n"


def standing_clock() -> float:
    """A wall clock that stands where scripted runs are."""
    return FIRST_AT + 9.0


@asynccontextmanager
async def opened(
    script: Script | Sequence[Script],
    *,
    prompt: str | None = PROMPT,
    size: tuple[int, int] = (120, 40),
    hold: bool = False,
    theme: str = "dark",
    read_only: bool = False,
    home: HomeListing | None = None,
    target: str | None = "support.py:triage",
    wall: Callable[[], float] = standing_clock,
    read_policy: Callable[[], PolicyFile] | None = None,
    sentinel: Sentinel | None = None,
    settings: Settings | None = None,
    alarms: Alarms | None = None,
    journal: Path | None = None,
    replay: Recording | None = None,
) -> AsyncIterator[Desk]:
    """Open the cockpit on runs that play `script`."""
    host = FakeAgentHost(script, hold=hold)
    app = BatonApp(
        open_host=lambda _: host,
        target=target,
        prompt=prompt,
        theme=theme,
        read_only=read_only,
        list_home=lambda: home or HomeListing(()),
        read_policy=(lambda: PolicyFile(sentinel=sentinel)) if sentinel else read_policy,
        wall=wall,
        settings=settings or Settings(),
        alarms=alarms,
        journal=journal,
        kept=Kept(KeptConversations(journal), lambda _: host) if journal is not None else None,
        replay=replay,
    )
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Desk(app, pilot, host)
