"""What stands on every screen as long as it holds: approve all, the hold, what is used up.

Stays out of making it so. Takes no room while there is nothing to say.
"""

from typing import ClassVar, Final

from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.cockpit.keymap import key_of
from tui.cockpit.projection.overview import Overview
from tui.cockpit.projection.view import RunView, UsedUp
from tui.cockpit.widgets.banner_text import BannerKeys, banner_lines
from tui.cockpit.widgets.lines import Line, Palette

OVERVIEW: Final = "overview"
"""The app's reactive that every banner follows."""


class Banner(Widget):
    """One part of what holds beside the other, in as many lines as they take."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"banner--{word}" for word in ("danger", "held", "alarm", "quiet", "key")
    }
    DEFAULT_CSS = """
    Banner {
        display: none;
        width: 1fr;
        height: auto;
        &.-speaking { display: block; }
    }
    """

    view: reactive[RunView | None] = reactive(None, repaint=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._overview = Overview()
        self._used_up: tuple[UsedUp, ...] = ()
        self._laid_out: tuple[int, tuple[Line, ...]] | None = None
        self._palette: Palette | None = None

    def on_mount(self) -> None:
        """Follow what the app says of all conversations."""
        if hasattr(self.app, OVERVIEW):
            self.watch(self.app, OVERVIEW, self._take)

    def watch_view(self, view: RunView | None) -> None:
        """Tell what the conversation of this screen has used up."""
        used_up = view.used_up if view else ()
        if used_up != self._used_up:
            self._used_up = used_up
            self._change()

    def notify_style_update(self) -> None:
        """Take the colours anew."""
        super().notify_style_update()
        self._palette = None

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Return the lines that it takes."""
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """Draw line `y`."""
        width = self.size.width
        if self._palette is None:
            self._palette = Palette(self, "banner")
        lines = self._lines(width)
        return self._palette.strip(lines[y] if y < len(lines) else (), width)

    def _take(self, overview: Overview) -> None:
        if overview != self._overview:
            self._overview = overview
            self._change()

    def _change(self) -> None:
        before = len(self._laid_out[1]) if self._laid_out else 0
        self._laid_out = None
        lines = self._lines(self.app.size.width)
        self.set_class(bool(lines), "-speaking")
        # An age that ticks must not lay the whole screen out anew.
        self.refresh(layout=len(lines) != before)

    def _lines(self, width: int) -> tuple[Line, ...]:
        if self._laid_out is None or self._laid_out[0] != width:
            self._laid_out = (
                width,
                banner_lines(self._overview, self._used_up, width, self._keys()),
            )
        return self._laid_out[1]

    def _keys(self) -> BannerKeys:
        return BannerKeys(*(key_of(self.app, action) for action in BannerKeys._fields))
