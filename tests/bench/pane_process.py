"""A pane in a process of its own, drawn by a driver that encodes everything and keeps nothing.

Textual's headless driver skips the encoding, so it would flatter every side. A side is a module's
coroutine `(pilot, ask)`; it answers each request with a number. Sides asked in turn are measured
in one interleaved run.
"""

import asyncio
import gc
import multiprocessing
import re
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from textual.app import App, ComposeResult
from textual.drivers.headless_driver import HeadlessDriver
from textual.widget import Widget

from tui.cockpit.stylesheets import style_sheets
from tui.cockpit.theme import THEMES

FRAME_S = 1 / 30
ROUNDS = 5
SIZE = (120, 40)


class NullDriver(HeadlessDriver):
    """Takes what a terminal would get, encodes it, and counts."""

    written = 0

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        NullDriver.written += len(data.encode())

    def flush(self) -> None:
        pass


class BenchApp(App[None]):
    """One pane on a screen."""

    CSS_PATH = style_sheets()

    def __init__(self, pane: Widget) -> None:
        super().__init__(driver_class=NullDriver)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.pane = pane

    def compose(self) -> ComposeResult:
        yield self.pane


async def cpu_ms(change: Callable[[], Awaitable[None] | None]) -> float:
    """Return the CPU milliseconds of one change and the frame that shows it."""
    began = time.process_time()
    if (result := change()) is not None:
        await result
    await asyncio.sleep(FRAME_S)
    return (time.process_time() - began) * 1000


async def frames_ms(change: Callable[[], Awaitable[None] | None], count: int) -> float:
    """Return the median CPU milliseconds of `count` frames, each showing one change."""
    return statistics.median([await cpu_ms(change) for _ in range(count)])


def resident_mb() -> float:
    """Return the resident memory of this process, in MB, after a collection."""
    gc.collect()
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


Body = Callable[[BenchApp, Any, Callable[[float], Awaitable[str]]], Awaitable[None]]
"""Gets the app, the side's argument, and `answer`: sends a number, returns the next request."""


def _child(pipe: Connection, make: Callable[[], Widget], body: Body, argument: Any) -> None:
    async def main() -> None:
        app = BenchApp(make())
        async with app.run_test(headless=False, size=SIZE):
            loop = asyncio.get_running_loop()

            async def answer(number: float) -> str:
                pipe.send(number)
                return await loop.run_in_executor(None, pipe.recv)

            await body(app, argument, answer)

    asyncio.run(main())


class Side:
    """A pane's process; `ask` makes it do its work once and returns the number it found."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.numbers: list[float] = []
        self.ready = pipe.recv()

    def ask(self, request: str = "go") -> float:
        self._pipe.send(request)
        number: float = self._pipe.recv()
        self.numbers.append(number)
        return number

    @property
    def median(self) -> float:
        return statistics.median(self.numbers)


@contextmanager
def side(make: Callable[[], Widget], body: Body, argument: Any = None) -> Iterator[Side]:
    """A side, ready: its first answer has come."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_child, args=(theirs, make, body, argument))
    process.start()
    try:
        yield Side(ours)
    finally:
        process.kill()
        process.join()


def against(one: Side, other: Side) -> None:
    """Ask both in turn, `ROUNDS` times."""
    for _ in range(ROUNDS):
        one.ask()
        other.ask()
