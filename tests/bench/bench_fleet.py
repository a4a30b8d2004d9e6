"""Many runs in one agent process, in real time: what of a core they take."""

import asyncio
import os
import time

from tests import processes
from tests.bench.screens import AGENT, REPOSITORY
from tests.bench.service import running_service
from tests.bench.table import Found, Row
from tui.cockpit.sources.host_options import HostOptions
from tui.cockpit.sources.host_process import spawn_host
from tui.wire.commands import StartRun
from tui.wire.endpoint import DownwardEnd
from tui.wire.events import RunCompleted
from tui.wire.frames import Hello, Ready

RUNS = 300
DELTAS = 1_000
DELTAS_S = 50
WARM_S = 5.0
MEASURED_S = 10.0


async def _fleet(base_url: str) -> tuple[float, float]:
    """Return the share of a core that the host took, and for how long the runs went."""
    environment = {"OPENAI_BASE_URL": base_url, "PYTHONPATH": REPOSITORY}
    others = set(processes.children(os.getpid()))
    host = await spawn_host(f"{AGENT}:agent", HostOptions(environment=environment))
    try:
        await _until_ready(host.line)
        (pid,) = set(processes.children(os.getpid())) - others
        # The first run of a host loads what all of them use.
        host.line.write(StartRun(run_id="first", text="steady-1"))
        await _read_to_the_ends(host.line, 1)
        began = time.monotonic()
        for number in range(RUNS):
            host.line.write(StartRun(run_id=f"r{number}", text=f"steady-{DELTAS}"))
        ended = asyncio.ensure_future(_read_to_the_ends(host.line, RUNS))
        # All have begun then, and none ends before the second look.
        await asyncio.sleep(WARM_S)
        looked, before = time.monotonic(), processes.cpu_s(pid)
        await asyncio.sleep(MEASURED_S)
        share = (processes.cpu_s(pid) - before) / (time.monotonic() - looked)
        await ended
        return share, time.monotonic() - began
    finally:
        host.kill()
        host.line.close()


async def _until_ready(line: DownwardEnd) -> None:
    line.write(Hello())
    while not isinstance(await line.read(), Ready):
        pass


async def _read_to_the_ends(line: DownwardEnd, runs: int) -> None:
    ended = 0
    while ended < runs:
        ended += isinstance(await line.read(), RunCompleted)


def fleet() -> Found:
    """Measure one host that reads, gates and sends on what many models say at once."""
    with running_service() as base_url:
        share, took_s = asyncio.run(_fleet(base_url))
    said_s = DELTAS / DELTAS_S
    both = f"{RUNS} answers of {said_s:.0f} s took {took_s:.1f} s"
    return Found(f"{share:.0%} of a core ({both})", share <= 0.8 and took_s <= said_s * 1.1)


ROWS = (
    Row(
        "fleet",
        f"{RUNS} runs at {DELTAS_S} deltas/s each in one host, in real time",
        "<= 80 % of a core",
        fleet,
    ),
)
