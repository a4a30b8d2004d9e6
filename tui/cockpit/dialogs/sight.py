"""Since when what a widget shows is with the terminal. Stays out of what it shows.

A picture counts only for what the widget showed then, and only where it stood then.
"""

from textual.dom import NoScreen
from textual.errors import NoWidget
from textual.geometry import Region
from textual.widget import Widget

from tui.cockpit.dialogs.painted import WhenHanded
from tui.cockpit.dialogs.request_card import Standing


class Sight:
    """Follows one widget through its drawings; the widget tells which of its rows it drew."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._picture = 1
        self._awaited = 0
        self._handed = (0, 0.0)
        self._drawn: set[int] = set()
        self._standing: Standing | None = None

    @property
    def at(self) -> float | None:
        """When the picture was handed to the terminal, monotonic seconds; None if it was not."""
        picture, at = self._handed
        counts = picture == self._picture and standing_of(self._widget) == self._standing
        return at if counts else None

    @property
    def rows(self) -> range:
        """The rows of the widget that no ancestor and no edge of the terminal cuts off."""
        _, region, visible = standing_of(self._widget)
        return range(visible.y - region.y, visible.bottom - region.y)

    def change(self) -> None:
        """Count nothing that was drawn so far: the widget shows something else."""
        self._picture += 1
        self._drawn.clear()
        self._widget.refresh()

    def drew(self, row: int) -> None:
        """Take notice that a row was drawn."""
        self._drawn.add(row)

    def has_moved(self) -> bool:
        """Tell whether the terminal or the layout has changed; then nothing so far counts."""
        before, self._standing = self._standing, standing_of(self._widget)
        if before == self._standing:
            return False
        self.change()
        return True

    def displayed(self, when_handed: WhenHanded) -> None:
        """Take notice that the screen was drawn: it counts once it is with the terminal."""
        if self._awaited == self._picture or not self._is_drawn:
            return
        self._awaited = picture = self._picture

        def handed(at: float) -> None:
            # May come from the writer's thread, and late: whether it counts is asked by number.
            self._handed = (picture, at)

        when_handed(handed)

    @property
    def _is_drawn(self) -> bool:
        rows = self.rows
        return bool(rows) and self._drawn.issuperset(rows) and self._is_on_top(rows[-1])

    def _is_on_top(self, row: int) -> bool:
        """Whether the widget, and no docked line, has its `row`."""
        region = self._widget.region
        try:
            widget, _ = self._widget.screen.get_widget_at(region.x, region.y + row)
        except NoWidget:
            return False
        return widget is self._widget


def standing_of(widget: Widget) -> Standing:
    """Return where a widget stands now."""
    terminal = widget.app.size
    try:
        place = widget.screen.find_widget(widget)
    except (NoScreen, NoWidget):
        return Standing(terminal, Region(), Region())
    visible = place.visible_region.intersection(terminal.region)
    return Standing(terminal, place.region, visible)
