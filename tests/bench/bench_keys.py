"""How long a typed key takes to stand on the screen while an agent keeps the machine busy.

This is wall time: on a machine that others use it says little, so the time at rest stands beside
it. `chrt -r 10 python -m tests.bench keys` (root) puts it before what others run.
"""

import itertools
import random
import statistics
import time
from functools import partial

from tests.bench.screens import Screen, agent_opened
from tests.bench.service import running_service
from tests.bench.table import Found, Row

KEYS = 600
# In no text of the screen. A letter comes again only when the line it stood in is gone.
LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
LINE = 32
CLEAR = "\x15"
_PAUSES_S = (0.02, 0.08)
_LOST_S = 5.0


def echo_ms(screen: Screen, letter: str) -> float:
    """Type a letter and return the milliseconds until it was written to the terminal."""
    since = len(screen.output)
    began = time.perf_counter()
    screen.type(letter)
    screen.until(letter, since, within_s=_LOST_S)
    return (time.perf_counter() - began) * 1000


def latencies_ms(screen: Screen, count: int) -> list[float]:
    """Type `count` letters at a person's pace and return how long each took."""
    pauses = random.Random(1)
    times = []
    for number, letter in enumerate(itertools.islice(itertools.cycle(LETTERS), count)):
        if number and not number % LINE:
            screen.type(CLEAR)
            screen.rest(0.1)
        times.append(echo_ms(screen, letter))
        screen.rest(pauses.uniform(*_PAUSES_S))
    return times


def keys(*busy: str) -> Found:
    """Measure keys while the last of the runs called `busy` goes on."""
    with running_service() as base_url, agent_opened(base_url) as screen:
        quiet = _percentiles(latencies_ms(screen, KEYS // 4))
        screen.type(CLEAR)
        for name in busy[:-1]:
            screen.run_to_end(name)
        screen.type(f"{busy[-1]}\r")
        screen.rest(1)
        times = latencies_ms(screen, KEYS)
    middle, late = _percentiles(times)
    measured = f"p50 {middle:.1f}, p95 {late:.1f}, longest {max(times):.0f} ms"
    at_rest = f"with nothing else going on {quiet[0]:.1f} and {quiet[1]:.1f}"
    return Found(f"{measured} ({at_rest})", middle <= 4 and late <= 16)


def _percentiles(times: list[float]) -> tuple[float, float]:
    """Return the 50th and the 95th."""
    cuts = statistics.quantiles(times, n=100)
    return cuts[49], cuts[94]


ROWS = (
    Row(
        "keys-deltas",
        "keys while 100 deltas/s arrive, small transcript",
        "p50 <= 4, p95 <= 16 ms",
        partial(keys, "paced-20000"),
    ),
    Row(
        "keys-large",
        "the same at 10 MB",
        "p50 <= 4, p95 <= 16 ms",
        partial(keys, "large-10240", "paced-20000"),
    ),
    Row(
        "keys-burn",
        "keys while a tool burns CPU in the host",
        "p50 <= 4, p95 <= 16 ms",
        partial(keys, "burn-120"),
    ),
)
