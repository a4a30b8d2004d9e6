"""Work in a thread that no exit waits for. Stays out of what the work is."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def in_daemon(work: Callable[[], T]) -> "asyncio.Future[T]":
    """Start `work` in a daemon thread and return what it will come to.

    `asyncio.to_thread` would do, but the end of the process waits for its threads: a folder of a
    server that is gone would keep the person from leaving.
    """
    outcome: Future[T] = Future()
    threading.Thread(target=_settle, args=(outcome, work), name="aside", daemon=True).start()
    return asyncio.wrap_future(outcome)


def _settle(outcome: Future[T], work: Callable[[], T]) -> None:
    # Once it says that it runs, who stops waiting cannot cancel it any more.
    outcome.set_running_or_notify_cancel()
    try:
        outcome.set_result(work())
    except BaseException as error:  # noqa: BLE001 - who waits is told
        outcome.set_exception(error)
