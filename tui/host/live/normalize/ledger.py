"""Which items of a run have shown, under which ids. Makes no events and reads no foreign shape.

The raw stream announces an item, a run item confirms it, in either order and from either library
version: the ledger is where the two meet.
"""

from dataclasses import dataclass, field
from itertools import count
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["message", "reasoning", "call", "handoff", "hosted", "other"]
CALLS: tuple[Kind, ...] = ("call", "handoff", "hosted")


@dataclass(slots=True, eq=False)
class Item:
    """An item that has an id of ours.

    Attributes:
        raw_id: The service's id, "" or a made-up one with some services.
        whole: What the last whole event said of it (text or arguments); None while in flight.
        part: The part of the reasoning that streams now.
    """

    item_id: str
    kind: Kind
    agent: str
    raw_id: str = ""
    call_id: str = ""
    tool: str = ""
    within: str | None = None
    whole: str | None = None
    part: tuple[str, int] | None = None

    def is_named(self, service_id: str) -> bool:
        """Whether the service calls it so."""
        return service_id in (self.call_id, self.raw_id)


class Lane:
    """The items of one agent loop: the run's own, or one that runs inside a call.

    Attributes:
        within: The call it runs inside, None for the run's own.
        agent: Name of the agent in control.
        handoff_tools: The tools by which that agent hands over.
        has_handed_over: Whether that agent's handoff was told.
    """

    def __init__(self, ledger: "Ledger", within: str | None) -> None:
        self.ledger = ledger
        self.within = within
        self.agent = ""
        self.announced_agent: str | None = None
        self.handoff_tools: frozenset[str] = frozenset()
        self.has_handed_over = False
        self._response = 0
        # Some runtimes give a place to several items, of which each streams on.
        self._in_flight: dict[int, list[Item]] = {}
        self._unconfirmed: list[Item] = []

    def begin_response(self) -> None:
        """Forget the last response's places: output indexes begin again."""
        self._response = self.ledger.next_response()
        self._in_flight = {}
        self._unconfirmed = []

    def open(self, index: int, kind: Kind, raw_id: str, call_id: str = "", tool: str = "") -> Item:
        """Return the item that begins at `index` of this response, the same if told again."""
        if not self._response:
            self.begin_response()
        here = self._in_flight.setdefault(index, [])
        known = self.in_flight(index, kind, call_id or raw_id)
        if known is not None and known.whole is None and known.is_named(call_id or raw_id):
            return known
        item_id = f"{self.ledger.prefix}.{self._response}.{index}" + (
            f".{len(here)}" if here else ""
        )
        item = Item(item_id, kind, self.agent, raw_id, call_id, tool, self.within)
        here.append(item)
        self._unconfirmed.append(item)
        if call_id:
            self.ledger.calls[call_id] = item
        return item

    def in_flight(self, index: int, kind: Kind, service_id: str = "") -> Item | None:
        """Return the item of this kind that has begun at `index` of this response, if one has.

        The service's id decides where there are several, else the newest is meant.
        """
        here = self._in_flight.get(index, ())
        if len(here) == 1 and here[0].kind == kind:
            return here[0]
        alike = [item for item in here if item.kind == kind or _are_alike(item.kind, kind)]
        if len(alike) < 2:
            return alike[0] if alike else None
        named = [item for item in alike if service_id and item.is_named(service_id)]
        return (named or alike)[-1]

    def confirm(self, kind: Kind, agent: str, raw_id: str) -> Item:
        """Return the message or reasoning that a run item tells of; a new one if none showed.

        The service's id decides where there is one; else those of a kind come in order.
        """
        waiting = [item for item in self._unconfirmed if item.kind == kind]
        same = [item for item in waiting if raw_id and item.raw_id == raw_id]
        if not waiting:
            return Item(self.ledger.new_id(), kind, agent, raw_id, within=self.within)
        item = (same or waiting)[0]
        self._unconfirmed.remove(item)
        return item

    def confirm_call(self, kind: Kind, agent: str, call_id: str, tool: str) -> Item:
        """Return the call that a run item tells of; a new one if it never showed."""
        item = self.ledger.calls.get(call_id)
        if item is None:
            item = Item(self.ledger.new_id(), kind, agent, "", call_id, tool, self.within)
            self.ledger.calls[call_id] = item
        elif item.kind != kind:
            # The raw stream cannot tell a handoff whose tool the agent does not list.
            item.kind, item.whole = kind, None
        return item


@dataclass(slots=True, eq=False)
class Ledger:
    """All items of one run.

    Attributes:
        prefix: What the ids of its items begin with: no two processes may make the same one.
        calls: By call id.
    """

    run_id: str
    prefix: str = ""
    calls: dict[str, Item] = field(default_factory=dict)
    _lanes: dict[str | None, Lane] = field(default_factory=dict)
    _responses: "count[int]" = field(default_factory=lambda: count(1))
    _others: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.prefix = self.prefix or self.run_id

    def lane(self, within: str | None = None) -> Lane:
        """Return the lane of the run itself, or of what runs inside the call `within`."""
        lane = self._lanes.get(within)
        if lane is None:
            lane = self._lanes[within] = Lane(self, within)
        return lane

    def take_handoffs(self, within: str | None) -> list[Item]:
        """Return the handoffs of a lane that nobody answered, in order, and forget them."""
        calls = self.calls.values()
        asked = [item for item in calls if item.kind == "handoff" and item.within == within]
        for item in asked:
            self.forget(item.call_id)
        return asked

    def forget(self, call_id: str) -> None:
        """Forget an answered call: some services use an id again in a later response."""
        self.calls.pop(call_id, None)
        self._lanes.pop(call_id, None)

    def next_response(self) -> int:
        """Return the number of a response that begins, 1 upward over all lanes."""
        return next(self._responses)

    def new_id(self) -> str:
        """Return an id for an item that no response announced."""
        return f"{self.prefix}.n{next(self._others)}"


def _are_alike(one: Kind, other: Kind) -> bool:
    """Whether the same deltas may belong to items of both kinds."""
    return one in CALLS and other in CALLS
