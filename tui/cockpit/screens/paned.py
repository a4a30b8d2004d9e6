"""A screen around the panes of a run: how they lie, and the keys that lead to them.

Stays out of where their view comes from.
"""

from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType

from tui.cockpit.screens.base import BatonScreen
from tui.cockpit.screens.panes import INSPECTOR, TIMELINE, TRANSCRIPT, Panes
from tui.cockpit.widgets.timeline import Timeline

NARROW_BELOW: Final = (100, 30)
"""Cells: a terminal with fewer columns or rows shows one pane at a time."""
WIDE_FROM: Final = 170
"""Cells: a terminal with so many columns shows the inspector beside the transcript."""


class PanedScreen(BatonScreen):
    """A screen with transcript, timeline and inspector; whoever derives from it places them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # With priority, as all that leads away from a request: a key behind it goes elsewhere.
        Binding(
            "f2", f"pane('{TRANSCRIPT}')", TRANSCRIPT, show=False, priority=True, id="transcript"
        ),
        Binding("f3", f"pane('{TIMELINE}')", TIMELINE, show=False, priority=True, id="timeline"),
        Binding("f4", f"pane('{INSPECTOR}')", INSPECTOR, show=False, priority=True, id="inspector"),
        Binding("tab", "app.focus_next", "Next pane", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", "Previous pane", show=False, priority=True),
        Binding("1", f"pane('{TRANSCRIPT}')", TRANSCRIPT, show=False),
        Binding("2", f"pane('{TIMELINE}')", TIMELINE, show=False),
        Binding("3", f"pane('{INSPECTOR}')", INSPECTOR, show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._panes = Panes(id="panes")

    def on_resize(self, event: events.Resize) -> None:
        """Show one pane at a time where there is no room for more, all side by side where it is."""
        columns, rows = NARROW_BELOW
        is_narrow = event.size.width < columns or event.size.height < rows
        self.set_class(is_narrow, "-narrow")
        self.set_class(event.size.width >= WIDE_FROM and not is_narrow, "-wide")

    def on_timeline_selected(self, message: Timeline.Selected) -> None:
        """Inspect what the cursor is on."""
        message.stop()
        self._panes.inspect(message.item_id)

    def on_timeline_opened(self, message: Timeline.Opened) -> None:
        """Inspect the item, and show where it stands in the transcript."""
        message.stop()
        self._panes.open(message.item_id)

    def action_pane(self, name: str) -> None:
        """Show a pane and give it the focus."""
        self._panes.go_to(name)
