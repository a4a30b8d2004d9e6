"""The timeline: what an append costs at 100,000 items against 5,000, and what an item weighs.

Run it with `python -m tests.bench.bench_timeline`.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from tests.bench.pane_process import BenchApp, against, frames_ms, resident_mb, side
from tui.cockpit.projection.pages import Pages
from tui.cockpit.projection.view import AnyEntry, RunView, ToolEntry
from tui.cockpit.widgets.timeline import Timeline
from tui.cockpit.widgets.transcript import Transcript

Answer = Callable[[float], Awaitable[str]]
FRAMES = 30
AGENTS = ("Triage", "Billing", "Refunds", "Technical")


def entry(n: int) -> ToolEntry:
    """The n-th call; its strings are its own, as in a real run."""
    return ToolEntry(
        item_id=f"item-{n}",
        run_id="r",
        at=float(n),
        agent=AGENTS[n // 7 % len(AGENTS)],
        call_id=f"call-{n}",
        tool="lookup_order",
        state="done",
        started_at=n + 0.1,
        ended_at=n + 0.4,
    )


def pages_of(count: int) -> Pages[AnyEntry]:
    pages: Pages[AnyEntry] = Pages()
    for n in range(count):
        pages = pages.append(entry(n))
    return pages


async def appends(app: BenchApp, count: int, answer: Answer) -> None:
    """Measures the CPU of an append and the frame that shows it."""
    assert isinstance(app.pane, Timeline | Transcript)
    pane = app.pane
    pages = pages_of(count)
    pane.view = RunView(run_id="r", entries=pages)
    await asyncio.sleep(0.5)

    def append() -> None:
        nonlocal pages
        pages = pages.append(entry(len(pages)))
        pane.view = RunView(run_id="r", entries=pages)

    await answer(0)
    while True:
        await answer(await frames_ms(append, FRAMES))


async def weighed(app: BenchApp, count: int, answer: Answer) -> None:
    """Says how many bytes an item takes, its entry included, then how long showing all took."""
    assert isinstance(app.pane, Timeline | Transcript)
    await asyncio.sleep(0.5)
    before = resident_mb()
    pages = pages_of(count)
    bare = resident_mb()
    began = time.process_time()
    app.pane.view = RunView(run_id="r", entries=pages)
    await asyncio.sleep(0.5)
    took_ms = (time.process_time() - began) * 1000
    await answer((resident_mb() - before) * 1024 * 1024 / count)
    await answer((bare - before) * 1024 * 1024 / count)
    await answer(took_ms)


def main() -> None:
    """Print the rows."""
    print("| what | one side | other side | ratio |")
    print("| --- | --- | --- | --- |")
    for pane in (Timeline, Transcript):
        name = pane.__name__.lower()
        with side(pane, appends, 5_000) as few, side(pane, appends, 100_000) as many:
            against(few, many)
            ratio = many.median / few.median
            what = f"{name}: an append at 100,000 / at 5,000"
            print(f"| {what} | {many.median:.2f} ms | {few.median:.2f} ms | {ratio:.2f} |")
        with side(pane, weighed, 100_000) as one:
            bare = one.ask()
            ratio = one.ready / bare
            what = f"{name}: bytes an item of 100,000 / its entry alone"
            print(f"| {what} | {one.ready:.0f} B | {bare:.0f} B | {ratio:.2f} |")
            print(f"| {name}: CPU to show 100,000 at once | {one.ask():.0f} ms | | |", flush=True)


if __name__ == "__main__":
    main()
