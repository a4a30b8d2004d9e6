"""What the whole costs: events through host and wire into the screen, its memory, its start."""

import os
import statistics
import subprocess
import sys
from functools import cache

from tests import processes
from tests.bench import bench_first_frame
from tests.bench.rounds import ROUNDS
from tests.bench.screens import REPOSITORY, agent_opened
from tests.bench.service import running_service
from tests.bench.table import Found, Row

EVENTS = 50_000

_HEADLESS = """
import asyncio, time
from tests.bench.agent_file import agent
from tui.agents import Runner

async def drain(text):
    async for _ in Runner.run_streamed(agent, text).stream_events():
        pass

async def main():
    await drain("deltas-100-whole")
    began = time.process_time()
    await drain("deltas-{events}-event")
    print(time.process_time() - began)

asyncio.run(main())
"""


def headless_s(base_url: str) -> float:
    """Return the CPU seconds of a program that only reads the events."""
    env = {**os.environ, "OPENAI_BASE_URL": base_url, "PYTHONPATH": REPOSITORY}
    argv = [sys.executable, "-c", _HEADLESS.format(events=EVENTS)]
    return float(subprocess.run(argv, check=True, capture_output=True, text=True, env=env).stdout)


def shown_s(base_url: str) -> tuple[float, float]:
    """Return the CPU seconds of screen and host for the same events, shown."""
    with agent_opened(base_url) as screen:
        before = screen.cpu_s()
        screen.run_to_end(f"deltas-{EVENTS}-event")
        spent = [after - earlier for after, earlier in zip(screen.cpu_s(), before, strict=True)]
    return spent[0], spent[1]


def through() -> Found:
    """Measure events shown against events read."""
    with running_service() as base_url:
        rounds = [(*shown_s(base_url), headless_s(base_url)) for _ in range(ROUNDS)]
    screen, host, headless = (statistics.median(side) for side in zip(*rounds, strict=True))
    ratio = statistics.median((one + two) / alone for one, two, alone in rounds)
    sides = f"screen {screen:.2f} s, host {host:.2f} s, headless {headless:.2f} s"
    return Found(f"{ratio:.2f}x ({sides})", ratio <= 1.3)


def large_transcript() -> Found:
    """Measure the screen's memory with 10 MB shown."""
    with running_service() as base_url, agent_opened(base_url) as screen:
        screen.run_to_end("large-10240")
        resident = processes.resident_mb(screen.process.pid)
    return Found(f"{resident:.0f} MB", resident <= 120)


@cache
def starts() -> list[tuple[tuple[float, float, float], tuple[float, float, float]]]:
    """Return what the starts of a bare app and of `baton demo` took, in turn."""
    sides = (bench_first_frame.BARE, bench_first_frame.BATON)
    return [
        (bench_first_frame.measure(sides[0]), bench_first_frame.measure(sides[1]))
        for _ in range(bench_first_frame.ROUNDS)
    ]


def first_frame() -> Found:
    """Measure the start of `baton demo` beside that of a bare app."""
    bare, baton = (statistics.median(round_[side][0] for round_ in starts()) for side in (0, 1))
    ratio = statistics.median(ours[0] / theirs[0] for theirs, ours in starts())
    return Found(f"{ratio:.2f}x ({baton:.0f} ms against {bare:.0f} ms)", ratio <= 1.25)


def first_frame_rss() -> Found:
    """Measure the screen's memory at its start."""
    bare, baton = (statistics.median(round_[side][2] for round_ in starts()) for side in (0, 1))
    return Found(f"{baton:.1f} MB (bare {bare:.1f} MB)", baton <= 50)


ROWS = (
    Row(
        "through",
        "50k events over HTTP through host and wire into the screen against a headless drain",
        "<= 1.3x",
        through,
    ),
    Row(
        "first-frame",
        "first frame with a key echoed against a bare Textual app",
        "<= 1.25x",
        first_frame,
    ),
    Row(
        "first-frame-rss",
        "RSS of the screen's process at the first frame",
        "<= 50 MB",
        first_frame_rss,
    ),
    Row("large-rss", "the same with a 10 MB transcript", "<= 120 MB", large_transcript),
)
