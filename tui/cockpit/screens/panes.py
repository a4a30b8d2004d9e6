"""The panes of a run: beside each other, or one at a time where there is no room.

Stays out of what they show; only passes the view and the time on.
"""

from typing import Final

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.reactive import reactive
from textual.widget import Widget

from tui.cockpit.keymap import key_of
from tui.cockpit.projection.stuck import Finding
from tui.cockpit.projection.view import RunView
from tui.cockpit.widgets.inspector import Inspector
from tui.cockpit.widgets.pane_tabs import PaneTabs
from tui.cockpit.widgets.timeline import Timeline
from tui.cockpit.widgets.transcript import Transcript

TRANSCRIPT: Final = "Transcript"
TIMELINE: Final = "Timeline"
INSPECTOR: Final = "Inspector"
PANES: Final = (TRANSCRIPT, TIMELINE, INSPECTOR)


def _shows(name: str) -> str:
    return f"-shows-{name.lower()}"


class Panes(Container):
    """Timeline beside transcript over inspector; narrow: the chosen one under tabs; wide: a row."""

    # Without repaint: to draw a container again is to draw all that stands in it.
    view: reactive[RunView | None] = reactive(None, repaint=False)
    now: reactive[float] = reactive(0.0, repaint=False)
    stuck: reactive[tuple[Finding, ...]] = reactive((), repaint=False)
    shown: reactive[str] = reactive(TRANSCRIPT, init=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        # A class that is put on later has the styles of all that stands in it made anew.
        super().__init__(id=id, classes=_shows(TRANSCRIPT))
        self._tabs = PaneTabs(PANES, TRANSCRIPT)
        self.timeline = Timeline(id="timeline")
        self.transcript = Transcript(id="transcript")
        self.inspector = Inspector(id="inspector")

    def compose(self) -> ComposeResult:
        """The tabs, and the panes."""
        yield self._tabs
        with Horizontal(id="columns"):
            yield self.timeline
            with Vertical(id="reading"):
                yield self.transcript
                yield self.inspector

    def on_mount(self) -> None:
        """Tell which key leads to which pane."""
        for name in PANES:
            self.pane(name).border_title = f"{key_of(self.app, name.lower())} {name}"

    def watch_view(self, view: RunView | None) -> None:
        """Pass the view on."""
        self.timeline.view = view
        self.transcript.view = view
        self.inspector.view = view

    def watch_now(self, now: float) -> None:
        """Pass the time on to what ages."""
        self.timeline.now = now
        self.inspector.now = now

    def watch_stuck(self, stuck: tuple[Finding, ...]) -> None:
        """Pass on what looks stuck."""
        self.timeline.stuck = stuck

    def watch_shown(self, shown: str) -> None:
        """Mark the chosen pane; the style sheet hides the others where it is narrow."""
        self._tabs.shown = shown
        for name in PANES:
            self.set_class(name == shown, _shows(name))

    def on_pane_tabs_chosen(self, message: PaneTabs.Chosen) -> None:
        """Show the pane whose tab was clicked."""
        message.stop()
        self.go_to(message.name)

    def go_to(self, name: str) -> None:
        """Show the pane called `name` and give it the focus."""
        self.shown = name
        self.screen.set_focus(self.pane(name))

    def pane(self, name: str) -> Widget:
        """Return the pane called `name`."""
        panes: dict[str, Widget] = dict(
            zip(PANES, (self.transcript, self.timeline, self.inspector), strict=True)
        )
        return panes[name]

    def inspect(self, item_id: str) -> None:
        """Show the item in the inspector."""
        self.inspector.item_id = item_id

    def open(self, item_id: str) -> None:
        """Show the item whole, and where it stands in the transcript."""
        self.inspect(item_id)
        self.transcript.jump_to(item_id)
        if not self.inspector.region:
            self.go_to(INSPECTOR)
