"""The messages that wait above the composer: for a run to begin, to hear them, or to end.

Stays out of sending them.
"""

from typing import ClassVar, Final

from textual.geometry import Size
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.cockpit.widgets.lines import Palette, clip_line
from tui.plain import plain_line

MOST_ROWS = 4
_SENDS: Final = " · Enter sends it"
_TAKES_BACK: Final = " · Up takes it back"


class QueuedMessages(Widget):
    """One line a message, oldest first; of many, how many more there are.

    Attributes:
        starting: The message of a run that has not begun, "" for none.
        steering: Those that the working run has not heard yet.
        messages: Those that wait until the working run has ended.
        is_held: Whether they wait for a person, as the run before them did not complete.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"queued--{name}" for name in ("label", "text")}

    starting: reactive[str] = reactive("", layout=True)
    steering: reactive[tuple[str, ...]] = reactive((), layout=True)
    messages: reactive[tuple[str, ...]] = reactive((), layout=True)
    is_held: reactive[bool] = reactive(False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._palette: Palette | None = None

    def watch_starting(self) -> None:
        """Take no room without messages."""
        self.set_class(bool(self._rows), "-waiting")

    def watch_steering(self) -> None:
        """Take no room without messages."""
        self.set_class(bool(self._rows), "-waiting")

    def watch_messages(self) -> None:
        """Take no room without messages."""
        self.set_class(bool(self._rows), "-waiting")

    def get_content_height(self, _container: Size, _viewport: Size, _width: int) -> int:
        """Return a row a message, and not more than a few."""
        return min(len(self._rows), MOST_ROWS)

    def notify_style_update(self) -> None:
        """Take the colours anew."""
        self._palette = None
        super().notify_style_update()

    def render_line(self, y: int) -> Strip:
        """Draw message `y`."""
        width, rows = self.size.width, self._rows
        if y >= len(rows):
            return Strip.blank(width)
        if self._palette is None:
            self._palette = Palette(self, "queued")
        more = len(rows) - y
        if y == MOST_ROWS - 1 and more > 1:
            return self._palette.strip(((f" and {more} more", "label"),), width)
        label, text = rows[y]
        line = ((f" {label}  ", "label"), (plain_line(text), "text"))
        return self._palette.strip(clip_line(line, width), width)

    @property
    def _rows(self) -> tuple[tuple[str, str], ...]:
        first = (("starting", self.starting),) if self.starting else ()
        steering = (("steering", text) for text in self.steering)
        return (*first, *steering, *zip(self._labels, self.messages, strict=True))

    @property
    def _labels(self) -> list[str]:
        """Enter sends the oldest, Up takes back the newest: where both are one, it says both."""
        labels = ["queued"] * len(self.messages)
        if labels and self.is_held:
            labels[0] += _SENDS
            labels[-1] += _TAKES_BACK
        return labels
