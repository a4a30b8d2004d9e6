"""Which calls were made under which id: what was decided for one call must not cover another."""

from __future__ import annotations

import json
from collections.abc import Iterable

from tui.agents.exceptions import ModelBehaviorError
from tui.agents.items import HandoffCallItem, RunItem, ToolCallItem
from tui.agents.kinds import JsonObject, RawItem
from tui.agents.raw import read


class CallIds:
    """Raw calls by their id. Looking one up costs the same however many there are."""

    def __init__(self) -> None:
        self._calls: JsonObject = {}

    def add(self, raw: RawItem) -> None:
        """Remember a call."""
        self._calls[raw.call_id] = raw

    def add_items(self, items: Iterable[RunItem]) -> None:
        """Remember the calls among items."""
        for item in items:
            if isinstance(item, ToolCallItem | HandoffCallItem) and item.call_id:
                self._calls[item.call_id] = item.raw_item

    def knows(self, raw: RawItem, offence: str) -> bool:
        """Tell whether this very call is known already.

        Raises:
            ModelBehaviorError: If its id belongs to a different call; says the `offence`.
        """
        known = self._calls.get(raw.call_id)
        if known is None:
            return False
        if _is_same_call(known, raw):
            return True
        raise ModelBehaviorError(
            f"Model reused {offence}. Use a unique call ID for each tool invocation."
        )


def _is_same_call(one: RawItem, other: RawItem) -> bool:
    if read(one, "name") != read(other, "name"):
        return False
    return _arguments(one) == _arguments(other)


def _arguments(raw: RawItem) -> object:
    text = read(raw, "arguments")
    try:
        return json.loads(text)
    except ValueError:
        return text
