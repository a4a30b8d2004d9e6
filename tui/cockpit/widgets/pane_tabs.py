"""The names of the panes where only one fits; stays out of showing them."""

from typing import ClassVar

from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.cockpit.keymap import key_of
from tui.cockpit.widgets.lines import Line, Palette, line_width


class PaneTabs(Widget):
    """One line: each pane's key and name, the shown one marked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"tabs--{name}" for name in ("key", "label", "shown", "mark")
    }

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    shown: reactive[str] = reactive("")

    def __init__(self, names: tuple[str, ...], shown: str) -> None:
        super().__init__()
        self.set_reactive(PaneTabs.shown, shown)
        self._names = names
        self._palette: Palette | None = None

    def notify_style_update(self) -> None:
        """Take the colours anew."""
        self._palette = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Draw the names."""
        width = self.size.width
        if y:
            return Strip.blank(width)
        if self._palette is None:
            self._palette = Palette(self, "tabs")
        line: Line = tuple(run for place in range(len(self._names)) for run in self._tab(place))
        return self._palette.strip(line, width)

    def on_click(self, event: events.Click) -> None:
        """Say which tab was meant."""
        left = 0
        for place, name in enumerate(self._names):
            left += line_width(self._tab(place))
            if event.x < left:
                self.post_message(self.Chosen(name))
                return

    def _tab(self, place: int) -> Line:
        name = self._names[place]
        key = key_of(self.app, name.lower())
        if name == self.shown:
            return ((" ▌", "mark"), (f"{key} ", "mark"), (f"{name} ", "shown"), (" ", ""))
        return (("  ", ""), (f"{key} ", "key"), (f"{name} ", "label"), (" ", ""))
