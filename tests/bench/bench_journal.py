"""What it costs to keep runs, and how long a person waits for what was kept."""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests import processes
from tests.bench.rounds import ROUNDS
from tests.bench.screens import AGENT, REPOSITORY
from tests.bench.service import running_service
from tests.bench.table import Found, Row
from tui.cockpit.app import BatonApp
from tui.cockpit.screens.history import PAGE
from tui.cockpit.sources.host_options import HostOptions
from tui.cockpit.sources.host_process import spawn_host
from tui.cockpit.sources.hosted import HostedAgents
from tui.cockpit.sources.replay import Recording
from tui.cockpit.widgets.history_list import HistoryList
from tui.journal.sqlite_store import SqliteStore
from tui.wire.commands import StartRun
from tui.wire.endpoint import DownwardEnd
from tui.wire.events import (
    MessageOutput,
    RunCompleted,
    RunEvent,
    RunStarted,
    ToolCalled,
    ToolOutput,
    UserMessage,
)
from tui.wire.frames import Hello, Ready

DELTAS = 50_000
RUNS, EVENTS_A_RUN = 10_000, 100


async def _host_cpu_s(base_url: str, journal: str) -> float:
    """Return the CPU seconds that a host takes for a long answer, its journal's thread included."""
    environment = {"OPENAI_BASE_URL": base_url, "PYTHONPATH": REPOSITORY}
    others = set(processes.children(os.getpid()))
    options = HostOptions(environment=environment, journal=journal)
    host = await spawn_host(f"{AGENT}:agent", options)
    try:
        host.line.write(Hello())
        while not isinstance(await host.line.read(), Ready):
            pass
        (pid,) = set(processes.children(os.getpid())) - others
        await _run(host.line, "warm", "deltas-100-event")
        before = processes.cpu_s(pid)
        await _run(host.line, "long", f"deltas-{DELTAS}-event")
        return processes.cpu_s(pid) - before
    finally:
        host.kill()
        host.line.close()


async def _run(line: DownwardEnd, run_id: str, text: str) -> None:
    line.write(StartRun(run_id=run_id, text=text))
    while not isinstance(await line.read(), RunCompleted):
        pass


def journal() -> Found:
    """Measure a host that keeps what passes against one that does not."""
    rounds = []
    with running_service() as base_url, tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            kept = str(Path(folder, f"{number}.sqlite3"))
            sides = [asyncio.run(_host_cpu_s(base_url, path)) for path in ("", kept)]
            rounds.append(sides)
    ratio = statistics.median(on / off for off, on in rounds)
    off, on = (statistics.median(side) for side in zip(*rounds, strict=True))
    return Found(f"{ratio:.2f}x ({on:.2f} s against {off:.2f} s)", ratio <= 1.15)


def _kept_run(number: int) -> Iterator[RunEvent]:
    """Yield a run with as many events as a long one has, a word of its own among them."""
    run_id, at = f"{number:08x}", number * 60.0
    yield RunStarted(run_id=run_id, seq=0, at=at, target="desk.py:triage", agent="Triage")
    yield UserMessage(run_id=run_id, seq=1, at=at, item_id="u", text=f"Refund order A-{number}")
    for seq in range(2, EVENTS_A_RUN - 1, 3):
        call = f"c{seq}"
        said = {"run_id": run_id, "agent": "Triage", "at": at + seq}
        yield ToolCalled(
            seq=seq, item_id=call, call_id=call, tool="lookup", arguments='{"order":1}', **said
        )
        yield ToolOutput(seq=seq + 1, call_id=call, output=f"order {seq} of {number} found", **said)
        yield MessageOutput(seq=seq + 2, item_id=f"m{seq}", text="I look at the next.", **said)
    yield RunCompleted(run_id=run_id, seq=EVENTS_A_RUN, at=at + 50)


async def _screen_ms(journal: Path) -> float:
    """Return the CPU it takes from the key to the rows of the history, in a new app."""
    target = "desk.py:triage"
    app = BatonApp(open_host=lambda _: HostedAgents(target), target=None, journal=journal)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        began = time.process_time()
        await app.action_history()
        await pilot.pause()
        await app.workers.wait_for_complete()
        took_s = time.process_time() - began
        assert app.screen.query_one(HistoryList).virtual_size.height == PAGE
        return took_s * 1000


def _replay_ms() -> tuple[float, float]:
    """Return how long a jump in a long recording takes, the median and the longest."""
    events = [e for number in range(RUNS // 10) for e in _kept_run(number)]
    recording = Recording(events, "long")
    places = range(0, len(events), len(events) // 199)
    # There and back: each jump folds from a kept view on.
    jumps = [_ms(lambda at=at: recording.view_at(at), 1) for at in (*places[::2], *places[1::-2])]
    return statistics.median(jumps), max(jumps)


def replay() -> Found:
    """Measure jumps in a recording of a hundred thousand events."""
    median_ms, longest_ms = _replay_ms()
    return Found(f"{median_ms:.1f} ms, the longest {longest_ms:.1f} ms", longest_ms < 50)


def history() -> Found:
    """Measure the first page, its screen and searches in a journal of years."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "journal.sqlite3")
        store = SqliteStore(path)
        for first in range(0, RUNS, 100):
            store.append([e for number in range(first, first + 100) for e in _kept_run(number)])
        page_ms = _ms(lambda: store.runs(50))
        rare_ms = _ms(lambda: store.search(f"A-{RUNS // 2}"))
        common_ms = _ms(lambda: store.search("order found"))
        store.close()
        screen_ms = statistics.median(asyncio.run(_screen_ms(path)) for _ in range(ROUNDS))
    slowest_ms = max(rare_ms, common_ms)
    searches = f"a rare word {rare_ms:.0f} ms, words in every run {common_ms:.0f} ms"
    found = f"{page_ms:.1f} ms, on the screen {screen_ms:.0f} ms CPU; {searches}"
    return Found(found, screen_ms < 100 and slowest_ms < 300)


def _ms(ask, rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


ROWS = (
    Row("journal", f"journal on against off, {DELTAS // 1000}k deltas: CPU", "<= 1.15x", journal),
    Row(
        "history",
        f"history of {RUNS:,} runs and a million kept events: first page / search",
        "< 100 ms / < 300 ms",
        history,
    ),
    Row("replay", "a jump in a recording of 100,000 events", "< 50 ms", replay),
)
