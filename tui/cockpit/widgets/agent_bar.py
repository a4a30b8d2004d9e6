"""The agent bar: one line with the path of handoffs and who has the control.

Stays out of what the line says (`agent_line`) and of where its view comes from.
"""

from typing import ClassVar

from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.cockpit.projection.pages import Pages
from tui.cockpit.projection.view import AnyEntry, RunView
from tui.cockpit.widgets.agent_line import agent_line
from tui.cockpit.widgets.cast import TONES, Cast
from tui.cockpit.widgets.changes import NOTHING, goes_back, goes_on
from tui.cockpit.widgets.lines import Line, Palette


class AgentBar(Widget):
    """`Triage ─▶ Billing ─▶ [Refunds] ● working`, in whatever width there is."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"agent-bar--{word}"
        for word in (
            *(f"agent-{tone}" for tone in range(TONES)),
            *("active", "last", "nested", "arrow", "quiet", "working", "waiting", "paused"),
            *("done", "failed", "cancelled"),
        )
    }
    DEFAULT_CSS = """
    AgentBar {
        height: 1;
        width: 1fr;
    }
    """

    view: reactive[RunView | None] = reactive(None, repaint=False)

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._entries: Pages[AnyEntry] = NOTHING
        self._cast = Cast()
        self._palette: Palette | None = None
        self._drawn: Line = ()

    def watch_view(self, view: RunView | None) -> None:
        """Learn who appears, so that an agent has the colour it has in the other panes."""
        entries = view.entries if view else NOTHING
        if not (goes_on(self._entries, entries) or goes_back(self._entries, entries)):
            self._entries, self._cast = NOTHING, Cast()
        for place in range(len(self._entries), len(entries)):
            self._cast.meet(entries, place)
        self._entries = entries
        # A frame costs by the distance between its changes, and this is the top of the screen.
        if self._line() != self._drawn:
            self.refresh()

    def notify_style_update(self) -> None:
        """Forget the styles of another theme."""
        super().notify_style_update()
        self._palette = None

    def render_line(self, y: int) -> Strip:
        """Draw the one line."""
        if self._palette is None:
            self._palette = Palette(self, "agent-bar")
        self._drawn = () if y else self._line()
        return self._palette.strip(self._drawn, self.size.width)

    def _line(self) -> Line:
        return agent_line(self.view or RunView(), self._cast, self.size.width)
