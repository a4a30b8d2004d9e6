"""The event loop that the synchronous calls of one thread share.

A client keeps its connections in the loop that used it first: one that is ended after each call, as
`asyncio.run` does, leaves the next call with a client it cannot use. Stays out of what runs.
"""

import asyncio
import threading
import warnings
import weakref
from collections.abc import Callable, Coroutine
from typing import Final, TypeVar

T = TypeVar("T")
LoopAct = Callable[[asyncio.AbstractEventLoop], None]


class _End:
    """Goes with its thread, or with the program: then what was to be done at its end is."""

    def __init__(self, act: LoopAct, loop: asyncio.AbstractEventLoop) -> None:
        weakref.finalize(self, act, loop)


class _Kept(threading.local):
    """The loop that calls of this thread used last, and the ends of all they used."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.ends: list[_End] = []


_kept: Final = _Kept()


def run_in_thread_loop(main: Coroutine[object, object, T]) -> T:
    """Run `main` in this thread's loop as `asyncio.run` does in a new one, and leave it open.

    Tasks that `main` left behind are cancelled; those that were in the loop before are not.

    Raises:
        RuntimeError: If an event loop runs in this thread.
    """
    loop = _thread_loop()
    before = asyncio.all_tasks(loop)
    try:
        # Never closed: that would close the loop too.
        return asyncio.Runner(loop_factory=lambda: loop).run(main)
    finally:
        _cancel(loop, asyncio.all_tasks(loop) - before)


def _thread_loop() -> asyncio.AbstractEventLoop:
    """Return the loop that is set, else the one used last, else a new one."""
    loop = _loop_that_is_set() or _kept.loop
    if loop is None or loop.is_closed():
        loop = asyncio.new_event_loop()
        _kept.ends.append(_End(_close, loop))
    elif loop is not _kept.loop:
        _kept.ends.append(_End(_end_what_lives_in, loop))
    asyncio.set_event_loop(loop)
    _kept.loop = loop
    return loop


def _loop_that_is_set() -> asyncio.AbstractEventLoop | None:
    with warnings.catch_warnings():
        # In a program's main thread some versions make one, and warn that later ones will not.
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            loop = asyncio.get_event_loop()
        except RuntimeError:
            return None
    return None if loop.is_closed() else loop


def _cancel(loop: asyncio.AbstractEventLoop, left: set["asyncio.Task[object]"]) -> None:
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))


def _end_what_lives_in(loop: asyncio.AbstractEventLoop) -> None:
    """Let what lives as long as the loop, such as the connections of a client, be closed."""
    if not loop.is_closed() and not loop.is_running():
        loop.run_until_complete(loop.shutdown_asyncgens())


def _close(loop: asyncio.AbstractEventLoop) -> None:
    _end_what_lives_in(loop)
    if not loop.is_running():
        loop.close()
