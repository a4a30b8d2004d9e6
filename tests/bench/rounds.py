"""Both sides of a ratio from one interleaved run: CPU time, a warm-up each, medians of five."""

import asyncio
import gc
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping

ROUNDS = 5

Work = Callable[[], Awaitable[float | None]]
"""Does the work once. Returns the CPU seconds it counts itself, or None: all it took."""


async def cpu_s(work: Work) -> float:
    """Return the CPU seconds that `work` takes in this process, all threads."""
    gc.collect()
    began = time.process_time()
    counted = await work()
    return time.process_time() - began if counted is None else counted


async def interleaved(sides: Mapping[str, Work], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median CPU seconds of each side, asked in turn, after a warm-up."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for work in sides.values():
        await work()
    for _ in range(rounds):
        for name, work in sides.items():
            found[name].append(await cpu_s(work))
    return {name: statistics.median(times) for name, times in found.items()}


def medians(sides: Mapping[str, Work], rounds: int = ROUNDS) -> dict[str, float]:
    """Do what `interleaved` does, on a loop of its own."""
    return asyncio.run(interleaved(sides, rounds))
