"""Which calls were made under which id: what was decided for one call must not cover another."""

from __future__ import annotations

from collections.abc import Iterable

from tui.agents.arguments import canonical
from tui.agents.exceptions import ModelBehaviorError
from tui.agents.items import HandoffCallItem, RunItem, ToolCallItem
from tui.agents.kinds import RawItem
from tui.agents.raw import read

_CALLS = (ToolCallItem, HandoffCallItem)


class CallIds:
    """Raw calls by their id. Looking one up costs the same however many there are."""

    def __init__(self) -> None:
        self._calls: dict[str, RawItem] = {}

    def add(self, call_id: str, raw: RawItem) -> None:
        """Remember a call."""
        self._calls[call_id] = raw

    def add_items(self, items: Iterable[RunItem]) -> None:
        """Remember the calls among items."""
        for item in items:
            if isinstance(item, _CALLS) and (call_id := item.call_id):
                self._calls[call_id] = item.raw_item

    def knows(self, call_id: str, raw: RawItem, offence: str) -> bool:
        """Tell whether this very call is known already.

        Raises:
            ModelBehaviorError: If its id belongs to a different call; says the `offence`.
        """
        known = self._calls.get(call_id)
        if known is None:
            return False
        if _asked(known) != _asked(raw):
            raise ModelBehaviorError(
                f"Model reused {offence}. Use a unique call ID for each tool invocation."
            )
        return True


def _asked(raw: RawItem) -> tuple[str, str]:
    return read(raw, "name"), canonical(read(raw, "arguments"))
