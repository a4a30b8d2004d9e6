"""A conversation that the service keeps: it is only sent what it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui.agents.history import History
from tui.agents.items import (
    HandoffOutputItem,
    InputItem,
    ModelResponse,
    RunItem,
    ToolCallOutputItem,
    TResponseInputItem,
)

_OURS = (ToolCallOutputItem, HandoffOutputItem, InputItem)
"""What the service does not know by having said it."""


@dataclass
class ServerHistory:
    """How far the service knows a run.

    Attributes:
        conversation_id: The service's conversation, or None.
        previous_response_id: The response that the next request follows, or None.
        known_items: How many of the items that the model sees it knows; None if nothing at all.
        asked_items: How many it was last told or knew before.
    """

    conversation_id: str | None = None
    previous_response_id: str | None = None
    known_items: int | None = None
    asked_items: int = 0

    def unseen(self, history: History, items: Sequence[RunItem]) -> list[TResponseInputItem]:
        """Return what a request must say.

        Args:
            history: The whole conversation.
            items: The items in it, of which the service knows the first.
        """
        self.asked_items = len(items)
        if self.known_items is None:
            return history.model_input()
        fresh = items[self.known_items :]
        return [item.to_input_item() for item in fresh if isinstance(item, _OURS)]

    def take(self, response: ModelResponse) -> None:
        """Note that the service has answered what was last `unseen`."""
        if self.conversation_id is None and response.response_id is None:
            # A service that names no responses keeps none: it is told everything again.
            return
        self.known_items = self.asked_items
        if self.conversation_id is None:
            self.previous_response_id = response.response_id
