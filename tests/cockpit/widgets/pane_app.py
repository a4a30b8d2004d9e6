"""An app around one pane, with the shipped themes and sheets, that keeps what the pane says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot

from tui.cockpit.stylesheets import style_sheets
from tui.cockpit.theme import THEMES
from tui.cockpit.widgets.timeline import Timeline
from tui.cockpit.widgets.transcript import Transcript


class PaneApp(App[None]):
    """Holds one pane; keeps the messages that reach it."""

    CSS_PATH = style_sheets()

    def __init__(self, pane: Transcript | Timeline) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.pane = pane
        self.said: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_mount(self) -> None:
        self.pane.focus()

    def on_transcript_copied(self, message: Transcript.Copied) -> None:
        self.said.append(message)

    def on_timeline_selected(self, message: Timeline.Selected) -> None:
        self.said.append(message)

    def on_timeline_opened(self, message: Timeline.Opened) -> None:
        self.said.append(message)


def lines(pane: Transcript | Timeline) -> list[str]:
    """What the pane shows, a string a screen line, without spaces at the ends."""
    return [pane.render_line(y).text.rstrip() for y in range(pane.content_region.height)]


@asynccontextmanager
async def shown(
    pane: Transcript | Timeline, size: tuple[int, int] = (40, 12)
) -> AsyncIterator[Pilot[None]]:
    """The pane on a screen of a size."""
    async with PaneApp(pane).run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot
