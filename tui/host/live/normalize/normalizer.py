"""The door of a runtime's stream: says which kind of event it is and who reads it."""

from collections.abc import Callable, Iterable, Iterator

# Foreign events have no closer type.
from typing import Any

from tui.host.live.normalize import telling
from tui.host.live.normalize.items import item_events
from tui.host.live.normalize.ledger import Lane, Ledger
from tui.host.live.normalize.raw import raw_events
from tui.host.live.normalize.text import as_json, plain_value
from tui.host.live.shapes import field, name_of, text_field
from tui.wire.events import AgentChanged, RunEvent, UnknownItem


class Normalizer:
    """Turns the events of one run, over all its segments, into wire events.

    Args:
        ledger: The run's items.
        handoff_tools: Names an agent's handoff tools.
    """

    def __init__(self, ledger: Ledger, handoff_tools: Callable[[Any], frozenset[str]]) -> None:
        self._ledger = ledger
        self._handoff_tools = handoff_tools

    def events(self, event: Any) -> Iterable[RunEvent]:
        """Return what one event of the stream tells, none or several. Never raises, nor later."""
        lane = self._ledger.lane()
        try:
            told = self._events(lane, event)
        except Exception as error:  # noqa: BLE001 - a foreign value may raise anything when read
            return (_unreadable(lane, event, error),)
        return told if isinstance(told, tuple) else _readable(lane, event, told)

    def _events(self, lane: Lane, event: Any) -> Iterable[RunEvent]:
        match field(event, "type"):
            case "raw_response_event":
                return raw_events(lane, field(event, "data"))
            case "run_item_stream_event":
                return item_events(lane, field(event, "item"))
            case "agent_updated_stream_event":
                return self._agent_changed(lane, field(event, "new_agent"))
            case "nested_stream_event":
                within = text_field(event, "tool_call_id")
                return self._events(self._ledger.lane(within), field(event, "event"))
            case kind:
                return (_unknown(lane, str(kind or type(event).__name__), event),)

    def _agent_changed(self, lane: Lane, agent: Any) -> Iterator[RunEvent]:
        lane.agent = name_of(agent)
        lane.handoff_tools = self._handoff_tools(agent)
        # Every segment begins with its agent: only a change is news.
        if lane.announced_agent != lane.agent:
            lane.announced_agent = lane.agent
            yield from self._untold_handoff(lane)
            yield AgentChanged(run_id=self._ledger.run_id, agent=lane.agent, within=lane.within)

    def _untold_handoff(self, lane: Lane) -> Iterator[RunEvent]:
        """Tell of the handoff that led to a new agent, unless the runtime did.

        It does not where the handoff's filter took it out of what the new agent reads.
        """
        was_told, lane.has_handed_over = lane.has_handed_over, False
        asked = self._ledger.take_handoffs(lane.within)
        # Of several the runtimes carry out the first.
        if asked and not was_told:
            yield telling.handed_over(lane, asked[0].agent, asked[0].call_id, lane.agent)


def _readable(lane: Lane, event: Any, told: Iterable[RunEvent]) -> Iterator[RunEvent]:
    try:
        yield from told
    except Exception as error:  # noqa: BLE001 - as where it is read at once
        yield _unreadable(lane, event, error)


def _unreadable(lane: Lane, event: Any, error: Exception) -> UnknownItem:
    return _unknown(lane, f"unreadable event ({type(error).__name__})", repr(event))


def _unknown(lane: Lane, kind: str, event: Any) -> UnknownItem:
    return UnknownItem(
        run_id=lane.ledger.run_id,
        item_id=lane.ledger.new_id(),
        agent=lane.agent,
        kind=kind,
        text=as_json(plain_value(event)),
        within=lane.within,
    )
