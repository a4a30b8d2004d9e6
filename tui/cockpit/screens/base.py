"""What every screen of Baton is: a last line that speaks, a banner, and what the app tells it.

Stays out of what a screen shows.
"""

from collections.abc import Callable

from textual.screen import Screen
from textual.timer import Timer

from tui.cockpit.dialogs.painted import WhenHanded
from tui.cockpit.widgets.banner import Banner
from tui.cockpit.widgets.key_bar import NOTICE_S, KeyBar


class BatonScreen(Screen[None]):
    """A screen that stays, behind its key, while another is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._banner = Banner(id="banner")
        self._key_bar = KeyBar(id="key-bar")
        self._ticker: Timer | None = None
        self._ticks_s: float | None = None

    def say(self, text: str, seconds: float = NOTICE_S) -> None:
        """Tell the person `text` in the last line."""
        self._key_bar.say(text, seconds)

    def tick_every(self, seconds: float | None, tick: Callable[[], None]) -> None:
        """Call `tick` every so many seconds from now on, in place of what ticked; None for never.

        Who asks again for the same is not kept waiting anew.
        """
        if seconds == self._ticks_s:
            return
        if self._ticker is not None:
            self._ticker.stop()
        self._ticks_s = seconds
        self._ticker = self.set_interval(seconds, tick) if seconds else None

    @property
    def is_at_request(self) -> bool:
        """Whether the keys go to a request that is shown."""
        return False

    def leave_request(self) -> None:
        """Take the keys from a request: coming back is not going to it on purpose."""

    def displayed(self, when_handed: WhenHanded) -> None:
        """Take notice that this screen was drawn."""

    def pressed_mouse(self, column: int, row: int) -> None:
        """Take a press of the mouse before anything else does."""
