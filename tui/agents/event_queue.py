"""Holds a run's events until they are read. Knows nothing of what they say.

Nothing is lost: a failure is raised after the events before it. A reader that is slow slows the
run; while nobody reads, the run goes on, and neighbouring deltas of one item are joined.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from io import StringIO

from tui.agents.exceptions import UserError
from tui.agents.kinds import RawEvent
from tui.agents.stream_events import AnyStreamEvent, NestedStreamEvent, RawResponsesStreamEvent

WAITING_LIMIT = 1_000
"""How many events wait before the run is held up, or deltas are joined."""


class EventQueue:
    """One writer side, which may have several tasks, and at most one reader.

    Attributes:
        wants_nested: Whether the reader asked for the events of nested runs.
    """

    def __init__(self) -> None:
        self.wants_nested = False
        self._events: deque[AnyStreamEvent | _JoinedDelta] = deque()
        self._error: BaseException | None = None
        self._has_ended = False
        self._has_reader = False
        self._sleeper: asyncio.Future[None] | None = None
        self._writers: deque[asyncio.Future[None]] = deque()

    def put_nowait(self, event: AnyStreamEvent) -> bool:
        """Add an event, and tell whether the run should wait for its reader.

        After the end, or when the reader has left, the event is dropped.
        """
        if self._has_ended:
            return False
        is_full = len(self._events) >= WAITING_LIMIT
        if is_full and not self._has_reader and self._join(event):
            return False
        self._events.append(event)
        sleeper = self._sleeper
        if sleeper is not None and not sleeper.done():
            sleeper.set_result(None)
        return is_full and self._has_reader

    async def put(self, *events: AnyStreamEvent) -> None:
        """Add events, let a waiting reader see them, and wait while it is far behind."""
        reader_waits = self._sleeper is not None
        is_full = [self.put_nowait(event) for event in events]
        if reader_waits:
            # Hooks and tools come after the events that announce them, for the reader too.
            await asyncio.sleep(0)
        if any(is_full):
            await self.room()

    async def room(self) -> None:
        """Wait until the reader has caught up, or left."""
        while self._has_reader and not self._has_ended and len(self._events) >= WAITING_LIMIT:
            writer = asyncio.get_running_loop().create_future()
            self._writers.append(writer)
            await writer

    def close(self, error: BaseException | None = None, *, discard: bool = False) -> None:
        """End the stream after what waits, or at once if `discard`; then raise `error`, once."""
        if self._has_ended and not discard:
            return
        self._has_ended = True
        self._error = error
        if discard:
            self._events.clear()
        if self._sleeper is not None and not self._sleeper.done():
            self._sleeper.set_result(None)
        self._let_writers_go()

    def attach(self) -> None:
        """Begin to read.

        Raises:
            UserError: If somebody else reads already.
        """
        if self._has_reader:
            raise UserError(
                "This run is already being read. Read its events in one place and pass them on."
            )
        self._has_reader = True

    def detach(self) -> None:
        """Stop reading: the run goes on, and its other events are dropped."""
        self._has_reader = False
        self._has_ended = True
        self._events.clear()
        self._error = None
        self._let_writers_go()

    async def get(self) -> AnyStreamEvent:
        """Return the next event.

        Raises:
            StopAsyncIteration: At the end.
            BaseException: What the run failed with, once, in place of the end.
        """
        while (event := self.get_nowait()) is None:
            if self._has_ended:
                error, self._error = self._error, None
                raise StopAsyncIteration if error is None else error
            self._sleeper = asyncio.get_running_loop().create_future()
            try:
                await self._sleeper
            finally:
                self._sleeper = None
        return event

    def get_nowait(self) -> AnyStreamEvent | None:
        """Return the next event, or None if none waits."""
        if not self._events:
            return None
        event = self._events.popleft()
        if self._writers and len(self._events) <= WAITING_LIMIT // 2:
            self._let_writers_go()
        return event.as_event() if isinstance(event, _JoinedDelta) else event

    def _let_writers_go(self) -> None:
        while self._writers:
            writer = self._writers.popleft()
            if not writer.done():
                writer.set_result(None)

    def _join(self, event: AnyStreamEvent) -> bool:
        last = self._events[-1]
        if isinstance(last, _JoinedDelta):
            return last.join(event)
        joined = _JoinedDelta.begin(last)
        if joined is None or not joined.join(event):
            return False
        self._events[-1] = joined
        return True


class _JoinedDelta:
    """Deltas of one item that nobody has read, as one."""

    def __init__(self, first: AnyStreamEvent, key: tuple[object, ...]) -> None:
        self._first = first
        self._key = key
        self._text = StringIO()
        self._text.write(_raw_of(first).delta)

    @classmethod
    def begin(cls, event: AnyStreamEvent) -> _JoinedDelta | None:
        key = _delta_key(event)
        return None if key is None else cls(event, key)

    def join(self, event: AnyStreamEvent) -> bool:
        """Take `event` in, if it is a delta of the same item."""
        if _delta_key(event) != self._key:
            return False
        self._text.write(_raw_of(event).delta)
        return True

    def as_event(self) -> AnyStreamEvent:
        """Return the deltas as one event."""
        data = _raw_of(self._first).model_copy(update={"delta": self._text.getvalue()})
        joined = RawResponsesStreamEvent(data)
        if isinstance(self._first, NestedStreamEvent):
            return replace(self._first, event=joined)
        return joined


def _raw_of(event: AnyStreamEvent) -> RawEvent:
    """Return what the model's stream said, or None if an event is not of it."""
    inner = event.event if isinstance(event, NestedStreamEvent) else event
    return inner.data if isinstance(inner, RawResponsesStreamEvent) else None


def _delta_key(event: AnyStreamEvent) -> tuple[object, ...] | None:
    data = _raw_of(event)
    if not isinstance(getattr(data, "delta", None), str):
        return None
    names = ("type", "item_id", "output_index", "content_index", "summary_index")
    path = event.path if isinstance(event, NestedStreamEvent) else ()
    return (*path, *(getattr(data, name, None) for name in names))


class EventStream:
    """Reads a run's events, once. What `stream_events()` returns.

    Letting go of it (a `break`) lets the run go on unread; `aclose()` cancels the run.
    """

    def __init__(self, queue: EventQueue, cancel: Callable[[], None]) -> None:
        self._queue = queue
        self._cancel = cancel
        self._is_reading = False

    def __aiter__(self) -> EventStream:
        return self

    async def __anext__(self) -> AnyStreamEvent:
        if self._is_reading:
            if (event := self._queue.get_nowait()) is not None:
                return event
        else:
            self._queue.attach()
            self._is_reading = True
        try:
            return await self._queue.get()
        except asyncio.CancelledError:
            self._cancel()
            raise
        except BaseException:
            # The end, or a failure, whose traceback keeps this reader alive.
            self._leave()
            raise

    async def aclose(self) -> None:
        """Cancel the run, unless it has ended."""
        self._cancel()

    def __del__(self) -> None:
        self._leave()

    def _leave(self) -> None:
        if self._is_reading:
            self._is_reading = False
            self._queue.detach()
