"""What every screen of Baton is: a last line that speaks, a banner, and what the app tells it.

Stays out of what a screen shows.
"""

from textual.screen import Screen

from tui.cockpit.dialogs.painted import WhenHanded
from tui.cockpit.widgets.banner import Banner
from tui.cockpit.widgets.key_bar import NOTICE_S, KeyBar


class BatonScreen(Screen[None]):
    """A screen that stays, behind its key, while another is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._banner = Banner(id="banner")
        self._key_bar = KeyBar(id="key-bar")

    def say(self, text: str, seconds: float = NOTICE_S) -> None:
        """Tell the person `text` in the last line."""
        self._key_bar.say(text, seconds)

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
