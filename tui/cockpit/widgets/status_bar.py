"""The status bar: the top line, with target, run, time, tokens and what waits for the person.

Stays out of what the line says (`status_line`) and keeps no timer: its screen tells it the time.
"""

from typing import ClassVar

from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.cockpit.projection.stuck import Finding
from tui.cockpit.projection.view import RunView
from tui.cockpit.widgets.lines import Line, Palette
from tui.cockpit.widgets.status_line import status_line


class StatusBar(Widget):
    """`Baton · target · run 7f3a ── ● Billing ── 00:42 ── 3.1k tok ── ⚠ 1 waiting for you`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"status-bar--{word}"
        for word in (
            *("brand", "target", "rehearsal", "quiet", "rule", "time", "working", "waiting"),
            *("done", "failed", "cancelled"),
        )
    }
    DEFAULT_CSS = """
    StatusBar {
        height: 1;
        width: 1fr;
    }
    """

    view: reactive[RunView | None] = reactive(None, repaint=False)
    now: reactive[float] = reactive(0.0, repaint=False)
    stuck: reactive[tuple[Finding, ...]] = reactive((), repaint=False)

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._palette: Palette | None = None
        self._drawn: Line = ()

    def watch_view(self) -> None:
        """Draw what the view changes in the line."""
        self._draw_changes()

    def watch_now(self) -> None:
        """Draw what the time changes in the line."""
        self._draw_changes()

    def watch_stuck(self) -> None:
        """Draw what looks stuck."""
        self._draw_changes()

    def notify_style_update(self) -> None:
        """Forget the styles of another theme."""
        super().notify_style_update()
        self._palette = None

    def render_line(self, y: int) -> Strip:
        """Draw the one line."""
        if self._palette is None:
            self._palette = Palette(self, "status-bar")
        self._drawn = self._line() if y == 0 else ()
        return self._palette.strip(self._drawn, self.size.width)

    def _line(self) -> Line:
        return status_line(self.view or RunView(), self.now, self.size.width, self.stuck)

    def _draw_changes(self) -> None:
        # A frame costs by the distance between its changes, and this is the top of the screen.
        if self._line() != self._drawn:
            self.refresh()
