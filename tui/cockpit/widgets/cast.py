"""Who appears in a conversation: each agent's tone and lane, and how deep an entry is nested.

Stays out of how these are drawn. All follow from the entries alone, by first appearance, so that
every pane tells the same agent by the same colour.
"""

from typing import Final, NamedTuple

from tui.cockpit.projection.pages import Pages
from tui.cockpit.projection.view import AnyEntry, ToolEntry

TONES: Final = 6
"""Distinct looks; more agents than that share them, told apart by lane and name."""


class Place(NamedTuple):
    """Where an entry stands: the agent whose lane it is in, and the calls it runs inside."""

    owner: str
    depth: int


class Cast:
    """The agents met so far. `meet` must see every entry once, in order."""

    def __init__(self) -> None:
        self._tones: dict[str, int] = {}
        self._lanes: dict[str, int] = {}
        self._inside: dict[str, Place] = {}

    def meet(self, entries: Pages[AnyEntry], index: int) -> None:
        """Take notice of the entry at `index`."""
        entry = entries[index]
        if not entry.agent:
            return
        self._tones.setdefault(entry.agent, len(self._tones))
        if entry.within is None:
            self._lanes.setdefault(entry.agent, len(self._lanes))
        elif entry.within not in self._inside:
            self._inside[entry.within] = self._find_call(entries, index, entry.within)

    def place(self, entry: AnyEntry) -> Place:
        """Return where `entry` stands; an outer call that never showed counts as one level."""
        if entry.within is None:
            return Place(entry.agent, 0)
        return self._inside.get(entry.within, Place(entry.agent, 1))

    def tone(self, agent: str) -> str:
        """Return the look of `agent`, "" for none."""
        tone = self._tones.get(agent)
        return "" if tone is None else f"agent-{tone % TONES}"

    def lane(self, agent: str) -> int:
        """Return the lane of `agent`, 0 for the first."""
        return self._lanes.get(agent, 0)

    def _find_call(self, entries: Pages[AnyEntry], index: int, call_id: str) -> Place:
        # Backwards: the outer call is usually a few entries above the first one inside it.
        for before in range(index - 1, -1, -1):
            entry = entries[before]
            if isinstance(entry, ToolEntry) and entry.call_id == call_id:
                owner, depth = self.place(entry)
                return Place(owner, depth + 1)
        return Place(entries[index].agent, 1)
