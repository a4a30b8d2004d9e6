"""The event loop that the synchronous calls of one thread share."""

import asyncio
import signal
import subprocess
import sys
import threading

import pytest

from tui.thread_loop import run_in_thread_loop


async def its_loop():
    return asyncio.get_running_loop()


def in_a_thread(work):
    """Return what `work` gives in a thread that no loop was made for."""
    given = []
    thread = threading.Thread(target=lambda: given.append(work()))
    thread.start()
    thread.join()
    return given[0]


def closing(*loops):
    for loop in loops:
        loop.close()


def test_two_calls_share_a_loop_that_stays_open():
    def twice():
        first, second = run_in_thread_loop(its_loop()), run_in_thread_loop(its_loop())
        told = first is second, first.is_closed()
        closing(first)
        return told

    assert in_a_thread(twice) == (True, False)


def test_a_loop_of_its_own_in_between_does_not_part_them():
    def three():
        first = run_in_thread_loop(its_loop())
        between = asyncio.run(its_loop())
        last = run_in_thread_loop(its_loop())
        told = first is last, between is last
        closing(first)
        return told

    assert in_a_thread(three) == (True, False)


def test_the_loop_of_the_thread_is_used_and_left_as_it_is():
    def within():
        own = asyncio.new_event_loop()
        asyncio.set_event_loop(own)
        told = run_in_thread_loop(its_loop()) is own, asyncio.get_event_loop() is own
        closing(own)
        return told

    assert in_a_thread(within) == (True, True)


def test_a_loop_that_was_closed_is_replaced():
    def after_closing():
        first = run_in_thread_loop(its_loop())
        first.close()
        second = run_in_thread_loop(its_loop())
        told = second.is_closed()
        closing(second)
        return told

    assert in_a_thread(after_closing) is False


def test_only_tasks_that_the_call_left_behind_are_cancelled():
    def with_tasks():
        own = asyncio.new_event_loop()
        asyncio.set_event_loop(own)
        earlier = own.create_task(asyncio.Event().wait())
        left = run_in_thread_loop(leave_a_task())
        told = left.cancelled(), earlier.done()
        earlier.cancel()
        own.run_until_complete(asyncio.gather(earlier, return_exceptions=True))
        closing(own)
        return told

    async def leave_a_task():
        return asyncio.ensure_future(asyncio.Event().wait())

    assert in_a_thread(with_tasks) == (True, False)


def test_the_loop_of_a_thread_is_closed_with_it():
    loop = in_a_thread(lambda: run_in_thread_loop(its_loop()))
    assert loop.is_closed()


@pytest.fixture
def loop_of_the_main_thread():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()


@pytest.mark.usefixtures("loop_of_the_main_thread")
def test_an_interrupt_lets_the_call_put_things_in_order():
    orders = []

    async def held():
        try:
            signal.raise_signal(signal.SIGINT)
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            orders.append("in order")

    with pytest.raises(KeyboardInterrupt):
        run_in_thread_loop(held())
    assert orders == ["in order"]


PROGRAM = """
import asyncio, atexit
from tui.thread_loop import run_in_thread_loop

async def connection():
    try:
        yield
    finally:
        print("closed")

async def main():
    global kept
    kept = connection()
    await anext(kept)

run_in_thread_loop(main())
print("over")
"""


@pytest.mark.parametrize("before", ["", "import asyncio; asyncio.run(asyncio.sleep(0))"])
def test_what_lives_in_the_loop_ends_with_the_program(before):
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", before + PROGRAM],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("over\nclosed\n", "")
