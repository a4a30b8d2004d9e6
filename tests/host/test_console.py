"""Prints of several runs and threads between two ticks. The descriptors are tested in a process."""

from __future__ import annotations

import asyncio
import threading

from tui.host.capture import Router
from tui.host.console import MAX_CHARS_A_TICK, Console
from tui.host.live.scope import INSIDE, RUN, Call


class FakeRun:
    """A run that code belongs to."""

    def __init__(self, run_id):
        self.run_id = run_id


def test_a_print_knows_its_run_agent_and_call():
    console = Console()
    RUN.set(FakeRun("r"))
    INSIDE.set(Call(agent="Billing", call_id="c1", tool="lookup"))
    print("looking", "up", file=Router(console, 1))
    RUN.set(None)
    INSIDE.set(None)

    (event,) = console.take("other")
    assert (event.run_id, event.agent, event.call_id) == ("r", "Billing", "c1")
    assert (event.text, event.stream) == ("looking up\n", "stdout")


async def test_prints_of_parallel_calls_are_kept_apart():
    console = Console()

    async def work(name):
        INSIDE.set(Call(agent="A", call_id=name, tool="t"))
        for _ in range(3):
            print(name, file=Router(console, 1))
            await asyncio.sleep(0)

    async def run():
        RUN.set(FakeRun("r"))
        await asyncio.gather(work("c1"), work("c2"))

    await asyncio.create_task(run())

    assert {event.call_id: event.text for event in console.take(None)} == {
        "c1": "c1\n" * 3,
        "c2": "c2\n" * 3,
    }


def test_bytes_of_no_run_go_to_the_current_one_and_wait_where_there_is_none():
    console = Console()
    console.note_raw("early ", "stdout")

    assert console.take(None) == []
    console.note_raw("and late", "stdout")
    (event,) = console.take("r")
    assert (event.run_id, event.text, event.call_id) == ("r", "early and late", None)
    assert console.take("r") == []


def test_a_flood_is_cut_and_counted():
    console = Console()
    console.note_raw("x" * (MAX_CHARS_A_TICK + 1000), "stdout")
    console.note_raw("y" * 234, "stdout")

    (event,) = console.take("r")
    assert "1,234 characters more were printed" in event.text
    assert len(event.text) < MAX_CHARS_A_TICK + 100


def test_the_loop_is_woken_once_a_tick_and_from_any_thread():
    woken = []
    console = Console(lambda: woken.append(threading.current_thread().name))
    thread = threading.Thread(target=console.note_raw, args=("a", "stdout"), name="tool")
    thread.start()
    thread.join()
    console.note_raw("b", "stdout")

    assert woken == ["tool"]
    console.take("r")
    console.note_raw("c", "stdout")
    assert len(woken) == 2


def test_a_router_is_a_stream_that_is_no_terminal():
    router = Router(Console(), 2)

    assert (router.isatty(), router.writable(), router.fileno()) == (False, True, 2)
    assert (router.encoding, router.name) == ("utf-8", "<stderr>")
    assert router.write("") == 0
    router.reconfigure(encoding="latin-1", line_buffering=True)
    router.flush()
