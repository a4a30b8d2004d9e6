"""Tells of agents used as tools from what their own hooks hear, where no stream shows them.

A model's answer comes whole here. Stays out of where hooks are set, and of a call's start and end,
which the gate sees.
"""

from collections.abc import Iterable, Iterator
from itertools import takewhile

# Agents, items and responses are of either library.
from typing import Any

from tui.host.live.normalize import Ledger, Normalizer
from tui.host.live.scope import Call
from tui.host.live.shapes import field, text_field
from tui.host.live.teller import Teller


class NestedRuns:
    """The runs inside the calls of one run.

    Args:
        ledger: The run's items.
        normalizer: Reads what is heard in the shape of a stream's events.
        teller: Where the events go.
    """

    def __init__(self, ledger: Ledger, normalizer: Normalizer, teller: Teller) -> None:
        self._ledger = ledger
        self._normalizer = normalizer
        self._teller = teller

    def began(self, call: Call, agent: Any) -> None:
        """Tell who has the control inside a call, if that is news."""
        self._tell(call, {"type": "agent_updated_stream_event", "new_agent": agent})

    def asks(self, call: Call, agent: Any, items: Iterable[Any]) -> None:
        """Tell of the results that a model is given and that the gate did not see."""
        newest = tuple(takewhile(_is_output, reversed(tuple(items))))
        for item in reversed(newest):
            known = self._ledger.calls.get(text_field(item, "call_id"))
            if known is None or known.within != call.call_id or known.kind == "handoff":
                continue
            output = {"type": "tool_call_output_item", "agent": agent, "raw_item": item}
            self._tell(call, {"type": "run_item_stream_event", "item": output})

    def answered(self, call: Call, response: Any) -> None:
        """Tell what a model answered, and what that cost."""
        for data in _as_stream(response):
            self._tell(call, {"type": "raw_response_event", "data": data})

    def handed_over(self, call: Call, source: Any, target: Any) -> None:
        """Tell that the control passed on inside a call."""
        asked = self._ledger.take_handoffs(call.call_id)
        call_id = asked[0].call_id if asked else ""
        item = {
            "type": "handoff_output_item",
            "agent": source,
            "source_agent": source,
            "target_agent": target,
            "raw_item": {"call_id": call_id},
        }
        self._tell(call, {"type": "run_item_stream_event", "item": item})

    def _tell(self, call: Call, event: Any) -> None:
        nested = {"type": "nested_stream_event", "tool_call_id": call.call_id, "event": event}
        for told in self._normalizer.events(nested):
            self._teller.tell_of_call(call, told)


def _as_stream(response: Any) -> Iterator[dict[str, Any]]:
    """Yield the end of each item of a response, as a stream would bring it."""
    yield {"type": "response.created"}
    for index, item in enumerate(field(response, "output") or ()):
        yield {"type": "response.output_item.done", "output_index": index, "item": item}
    yield {"type": "response.completed", "response": {"usage": field(response, "usage")}}


def _is_output(item: Any) -> bool:
    return text_field(item, "type").endswith("_output")
