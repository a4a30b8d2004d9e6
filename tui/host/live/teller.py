"""Passes a run's events on in an order a reader can follow: first the call, then what it does.

The gate hears of a call at once, the stream of it a little later. Knows no foreign shape.
"""

from collections.abc import Callable

from tui.host.live.recalled import Recalled
from tui.host.live.scope import Call
from tui.host.live.unseen import Unseen
from tui.wire.events import (
    DELTAS,
    ConsoleOutput,
    Ending,
    HandoffRequested,
    RunEvent,
    ToolCalled,
    ToolOutput,
    ToolStarted,
)


class Teller:
    """The one place through which a run's events go.

    Args:
        run_id: The run's id.
        emit: Takes each event, in order.
        new_id: Makes an item id.
        before: What was told in a process that was lost, None for a new run.

    Attributes:
        unseen: What is said of calls that were not seen to begin.
    """

    def __init__(
        self,
        run_id: str,
        emit: Callable[[RunEvent], None],
        new_id: Callable[[], str],
        before: Recalled | None = None,
    ) -> None:
        self._run_id = run_id
        self._emit = emit
        self._new_id = new_id
        self._known: set[str] = set()
        self.unseen = Unseen(self._note)
        self._early: dict[str, tuple[Call, list[RunEvent]]] = {}
        self._is_over = False
        self._before = before
        if before is not None:
            self._recall(before)

    def tell(self, event: RunEvent) -> None:
        """Pass `event` on, and behind a call what came too early for it."""
        if self._is_over or (self._before is not None and self._before.was_told(event)):
            return
        if isinstance(event, DELTAS):
            self._emit(event)
        else:
            self._tell_in_order(event)

    def _tell_in_order(self, event: RunEvent) -> None:
        match event:
            case ToolStarted():
                self.unseen.began(event.call_id)
            case ToolOutput():
                event = self.unseen.answered(event)
        self._emit(event)
        match event:
            case ToolOutput():
                # Some services use an id again in a later response.
                self._known.discard(event.call_id)
            case ToolCalled():
                self.unseen.called(event)
                self._tell_early(event.call_id)
            case HandoffRequested():
                # It may have been taken for a tool's call before.
                self.unseen.began(event.call_id)
                self._tell_early(event.call_id)

    def _recall(self, before: Recalled) -> None:
        for call_id, called in before.open_calls.items():
            self._known.add(call_id)
            if isinstance(called, ToolCalled) and not before.was_begun(call_id):
                self.unseen.called(called)
            else:
                self.unseen.began(call_id)

    def _tell_early(self, call_id: str) -> None:
        if self._before is not None and call_id not in self._known:
            # Another call bears the id now.
            self._before.forget(call_id)
        self._known.add(call_id)
        for early in self._early.pop(call_id, (None, []))[1]:
            self.tell(early)

    def _note(self, text: str) -> None:
        self.tell(ConsoleOutput(run_id=self._run_id, text=f"{text}\n", stream="notice"))

    def tell_of_call(self, call: Call, event: RunEvent) -> None:
        """Pass on an event of a call as soon as the call itself was told."""
        if call.call_id in self._known:
            self.tell(event)
        else:
            self._early.setdefault(call.call_id, (call, []))[1].append(event)

    def announce(self, call: Call) -> None:
        """Tell of a call that no stream will tell of, unless it was told."""
        if call.call_id in self._known:
            return
        self.tell(
            ToolCalled(
                run_id=self._run_id,
                item_id=self._new_id(),
                agent=call.agent,
                call_id=call.call_id,
                tool=call.tool,
                arguments=call.arguments,
                within=call.within,
            )
        )

    def settle(self) -> None:
        """Tell what still waits for its call: the stream ended and will not bring it."""
        for call, _ in list(self._early.values()):
            self.announce(call)

    def end(self, ending: Ending) -> None:
        """Tell the run's last event; what comes later is dropped."""
        try:
            self.settle()
        finally:
            self.tell(ending)
            self._is_over = True
