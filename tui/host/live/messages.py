"""What a person says to one run: its first message, and steering while it works.

Stays out of when a segment ends and the next begins.
"""

from collections.abc import Callable

from tui.host.live.history import user_item
from tui.host.live.shapes import ForeignState, safe
from tui.wire.events import RunEvent, UserMessage


class Messages:
    """The person's messages, told where they enter the conversation.

    Args:
        run_id: The run's id.
        tell: Takes the events.
        count: How many were told before.
    """

    def __init__(self, run_id: str, tell: Callable[[RunEvent], None], count: int = 0) -> None:
        self._run_id = run_id
        self._tell = tell
        self._waiting: list[str] = []
        self._count = count

    @property
    def are_waiting(self) -> bool:
        """Whether something was said that no model has been given."""
        return bool(self._waiting)

    def begin(self, text: str) -> None:
        """Tell the run's first message."""
        self._tell_one(text, steering=False)

    def add(self, text: str) -> None:
        """Keep a message for the next model call."""
        self._waiting.append(safe(text))

    def put_into(self, state: ForeignState) -> bool:
        """Add what waits to a state that goes on; False where it takes no message now."""
        try:
            for text in self._waiting:
                state.add_input(text)
        except Exception:  # noqa: BLE001 - each library refuses with errors of its own
            return False
        self._tell_waiting()
        return True

    def take(self) -> list[dict[str, str]]:
        """Return what waits as model input."""
        items = [user_item(text) for text in self._waiting]
        self._tell_waiting()
        return items

    def _tell_waiting(self) -> None:
        for text in self._waiting:
            self._tell_one(text, steering=True)
        self._waiting.clear()

    def _tell_one(self, text: str, *, steering: bool) -> None:
        item_id = f"{self._run_id}.user{self._count}"
        self._count += 1
        self._tell(
            UserMessage(run_id=self._run_id, item_id=item_id, text=safe(text), steering=steering)
        )
