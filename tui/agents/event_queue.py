"""Holds a run's events until they are read. Knows nothing of what they say.

Nothing is lost: a failure is raised after the events before it. A reader that is slow slows the
run; while nobody reads, the run goes on, and neighbouring deltas of one item are joined.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from tui.agents.exceptions import UserError
from tui.agents.kinds import RawEvent
from tui.agents.loop_turn import loop_turn
from tui.agents.stream_events import AnyStreamEvent, NestedStreamEvent, RawResponsesStreamEvent

WAITING_LIMIT = 1_000
"""How many events wait before the run is held up, or deltas are joined."""
_FEW = WAITING_LIMIT // 2
"""How many wait when a run that was held up goes on."""
_ONE_READER = "This run is already being read. Read its events in one place and pass them on."


class EventQueue:
    """One writer side, which may have several tasks, and at most one reader."""

    def __init__(self) -> None:
        self.wants_nested = False
        """Whether the reader asked for the events of nested runs."""
        self.waiting: deque[AnyStreamEvent | _JoinedDelta] = deque()
        """What nobody has read yet."""
        self._error: BaseException | None = None
        self._has_ended = False
        self._has_reader = False
        self._sleeper: asyncio.Future[None] | None = None
        # Until the reader was woken; it sleeps on until the loop comes to it.
        self._is_asleep = False
        self._has_moved = asyncio.Event()
        """Set when a reader that was far behind is not, or one waits for more, or has left."""

    def put_nowait(self, event: AnyStreamEvent) -> bool:
        """Add an event, and tell whether the run should wait for its reader.

        After the end, or when the reader has left, the event is dropped.
        """
        if self._has_ended or len(self.waiting) >= WAITING_LIMIT:
            return self._put_late(event)
        self.waiting.append(event)
        if self._is_asleep:
            self._wake_reader()
        return False

    async def put(self, *events: AnyStreamEvent) -> None:
        """Add events, let a waiting reader see them, and wait while it is far behind."""
        reader_waits = self._sleeper is not None
        for event in events:
            self.put_nowait(event)
        if reader_waits:
            # Hooks and tools come after the events that announce them, for the reader too.
            await loop_turn()
        if len(self.waiting) >= WAITING_LIMIT:
            await self.room()

    async def room(self) -> None:
        """Wait until the reader has caught up, or left."""
        while self._has_reader and not self._has_ended and len(self.waiting) >= WAITING_LIMIT:
            self._has_moved.clear()
            await self._has_moved.wait()

    async def drained(self) -> None:
        """Wait until the reader, if there is one, is done with all events and waits for more."""
        while self._has_reader and not self._has_ended and (self.waiting or not self._is_asleep):
            self._has_moved.clear()
            await self._has_moved.wait()

    def close(self, error: BaseException | None = None, *, discard: bool = False) -> None:
        """End the stream after what waits, or at once if `discard`; then raise `error`, once."""
        if self._has_ended and not discard:
            return
        self._has_ended = True
        self._error = error
        if discard:
            self.waiting.clear()
        self._wake_reader()
        self._has_moved.set()

    def attach(self) -> None:
        """Begin to read; a `UserError` if somebody else reads already."""
        if self._has_reader:
            raise UserError(_ONE_READER)
        self._has_reader = True

    def detach(self) -> None:
        """Stop reading: the run goes on, and its other events are dropped."""
        self._has_reader = False
        self.close(discard=True)

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits for an event."""
        return self._sleeper is not None

    async def arrival(self) -> None:
        """Wait until an event waits; raise the end, or in its place, once, the run's failure."""
        while not self.waiting:
            if self._has_ended:
                error, self._error = self._error, None
                raise StopAsyncIteration if error is None else error
            self._sleeper = asyncio.get_running_loop().create_future()
            self._is_asleep = True
            self._has_moved.set()
            try:
                await self._sleeper
            finally:
                self._sleeper = None
                self._is_asleep = False

    def taken(self, event: AnyStreamEvent | _JoinedDelta) -> AnyStreamEvent:
        """Return what was taken out of `waiting` as an event."""
        if len(self.waiting) == _FEW:
            self._has_moved.set()
        return event.as_event() if isinstance(event, _JoinedDelta) else event

    def _put_late(self, event: AnyStreamEvent) -> bool:
        """Add an event where there is much, or nobody to read it any more; as `put_nowait`."""
        if self._has_ended:
            return False
        if self._has_reader or not self._join(event):
            self.waiting.append(event)
        return self._has_reader

    def _wake_reader(self) -> None:
        self._is_asleep = False
        if self._sleeper is not None and not self._sleeper.done():
            self._sleeper.set_result(None)

    def _join(self, event: AnyStreamEvent) -> bool:
        """Take a delta into the last event that waits, if that is one of the same item."""
        last, delta = self.waiting[-1], _delta_of(event)
        if not isinstance(last, _JoinedDelta):
            first = _delta_of(last)
            if first is None:
                return False
            last = _JoinedDelta(last, first[0], [first[1]])
        if delta is None or delta[0] != last.key:
            return False
        last.texts.append(delta[1])
        self.waiting[-1] = last
        return True


@dataclass(slots=True)
class _JoinedDelta:
    """Deltas of one item that nobody has read, as one."""

    first: AnyStreamEvent
    key: tuple[object, ...]
    texts: list[str]

    def as_event(self) -> AnyStreamEvent:
        first = self.first
        data = _raw_of(first).model_copy(update={"delta": "".join(self.texts)})
        joined = RawResponsesStreamEvent(data)
        return replace(first, event=joined) if isinstance(first, NestedStreamEvent) else joined


def _raw_of(event: AnyStreamEvent) -> RawEvent:
    """Return what the model's stream said, or None if an event is not of it."""
    inner = event.event if isinstance(event, NestedStreamEvent) else event
    return inner.data if isinstance(inner, RawResponsesStreamEvent) else None


def _delta_of(event: AnyStreamEvent) -> tuple[tuple[object, ...], str] | None:
    """Return whose delta an event is, and its text; None if it is no delta of a text."""
    data = _raw_of(event)
    text = getattr(data, "delta", None)
    if not isinstance(text, str):
        return None
    names = ("type", "item_id", "output_index", "content_index", "summary_index")
    path = event.path if isinstance(event, NestedStreamEvent) else ()
    return (*path, *(getattr(data, name, None) for name in names)), text


class EventStream:
    """Reads a run's events, once. What `stream_events()` returns.

    Letting go of it (a `break`) lets the run go on unread; `aclose()` cancels the run.
    """

    def __init__(self, queue: EventQueue, cancel: Callable[[], None]) -> None:
        self._queue = queue
        self._waiting = queue.waiting
        self._cancel = cancel
        self._is_reading = False

    def __aiter__(self) -> EventStream:
        return self

    async def __anext__(self) -> AnyStreamEvent:
        if not (self._is_reading and self._waiting):
            await self._arrival()
        event = self._waiting.popleft()
        # Nearly always that is all: to ask the queue each time costs more than the rest.
        if len(self._waiting) == _FEW or isinstance(event, _JoinedDelta):
            return self._queue.taken(event)
        return event

    async def aclose(self) -> None:
        """Cancel the run, unless it has ended."""
        self._cancel()

    def __del__(self) -> None:
        self._leave()

    async def _arrival(self) -> None:
        if not self._is_reading:
            self._queue.attach()
            self._is_reading = True
        elif self._queue.is_awaited:
            raise UserError(_ONE_READER)
        try:
            await self._queue.arrival()
        except asyncio.CancelledError:
            self._cancel()
            raise
        except BaseException:
            # The end, or a failure, whose traceback keeps this reader alive.
            self._leave()
            raise

    def _leave(self) -> None:
        if self._is_reading:
            self._is_reading = False
            self._queue.detach()
