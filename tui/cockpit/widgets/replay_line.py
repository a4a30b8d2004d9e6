"""The line of a replay: whether it plays, how fast, where it is, and what was skipped.

Stays out of playing: it is told where that is.
"""

import math
from datetime import UTC, datetime
from typing import ClassVar, Final, NamedTuple

from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.cockpit.widgets.lines import Line, Palette, clip_line, line_width
from tui.cockpit.widgets.words import duration_words

_GAP: Final = ("   ", "")
_LEAST_BAR_CELLS: Final = 12
_MINUTE_S: Final = 60
_HOUR_S: Final = 3600


class Playhead(NamedTuple):
    """Where a replay is.

    Attributes:
        position: How many events have been played.
        total: How many there are.
        at_s: Seconds of play.
        length_s: How many there are.
        speed: Times the usual one; infinite for at once.
        is_playing: Whether time moves it.
        now: The time of the run itself, UTC seconds.
        silence_s: How long a silence lasted that is not played out, None for none.
    """

    position: int = 0
    total: int = 0
    at_s: float = 0.0
    length_s: float = 0.0
    speed: float = 1.0
    is_playing: bool = False
    now: float = 0.0
    silence_s: float | None = None


class ReplayLine(Widget):
    """`Replay  ▶ playing 2×   0:12 / 1:45   event 120 of 830   22:13:21 UTC   ━━━━━━────`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"replay-line--{word}" for word in ("name", "playing", "quiet", "silence", "bar", "rest")
    }

    playhead: reactive[Playhead] = reactive(Playhead(), repaint=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._palette: Palette | None = None
        self._drawn: Line = ()

    def watch_playhead(self, playhead: Playhead) -> None:
        """Draw what another place changes in the line: not every frame does."""
        if replay_line(playhead, self.size.width) != self._drawn:
            self.refresh()

    def notify_style_update(self) -> None:
        """Take the colours anew."""
        super().notify_style_update()
        self._palette = None

    def render_line(self, y: int) -> Strip:
        """Draw the one line."""
        if self._palette is None:
            self._palette = Palette(self, "replay-line")
        width = self.size.width
        self._drawn = () if y else replay_line(self.playhead, width)
        return self._palette.strip(self._drawn, width)


def replay_line(head: Playhead, width: int) -> Line:
    """Return the line, in at most `width` cells; what has no room goes from its end."""
    line: Line = ((" Replay ", "name"), (" ", ""), (_state(head), "playing"))
    parts = [
        (f"{clock_words(head.at_s)} / {clock_words(head.length_s)}", ""),
        (f"event {head.position:,} of {head.total:,}", ""),
        (f"{datetime.fromtimestamp(head.now, UTC):%Y-%m-%d %H:%M:%S} UTC", "quiet"),
    ]
    if head.silence_s is not None:
        # News that goes by: it comes before what stands.
        parts.insert(1, (f"… {duration_words(head.silence_s)} passed", "silence"))
    for part in parts:
        longer = (*line, _GAP, part)
        if line_width(longer) > width:
            return clip_line(line, width)
        line = longer
    room = width - line_width(line) - len(_GAP[0]) - 1
    return (*line, _GAP, *_bar(head, room)) if room >= _LEAST_BAR_CELLS else line


def clock_words(seconds: float) -> str:
    """Return a time of play: `0:07`, `12:30`, `1:02:03`."""
    whole = int(seconds)
    minutes = f"{whole % _HOUR_S // _MINUTE_S}"
    if whole >= _HOUR_S:
        minutes = f"{whole // _HOUR_S}:{minutes:>02}"
    return f"{minutes}:{whole % _MINUTE_S:02}"


def speed_words(speed: float) -> str:
    """Return a speed: `½×`, `1×`, `16×`, `at once`."""
    if math.isinf(speed):
        return "at once"
    return "½×" if speed < 1 else f"{speed:g}×"


def _state(head: Playhead) -> str:
    if head.is_playing:
        return f"▶ playing {speed_words(head.speed)}"
    words = "■ at the end" if head.total and head.position >= head.total else "⏸ paused"
    return words if head.speed == 1 else f"{words} {speed_words(head.speed)}"


def _bar(head: Playhead, cells: int) -> Line:
    done = round(cells * head.at_s / head.length_s) if head.length_s else cells
    return (("━" * done, "bar"), ("─" * (cells - done), "rest"))
