"""How long a typed key takes to stand on the screen while an agent keeps the machine busy."""

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


def latencies_ms(screen: Screen) -> list[float]:
    """Type at a person's pace and return how long each key took."""
    pauses = random.Random(1)
    times = []
    for number, letter in enumerate(itertools.islice(itertools.cycle(LETTERS), KEYS)):
        if number and not number % LINE:
            screen.type(CLEAR)
            screen.rest(0.1)
        times.append(echo_ms(screen, letter))
        screen.rest(pauses.uniform(*_PAUSES_S))
    return times


def keys(*busy: str) -> Found:
    """Measure keys while the last of the runs called `busy` goes on."""
    with running_service() as base_url, agent_opened(base_url) as screen:
        for name in busy[:-1]:
            screen.run_to_end(name)
        screen.type(f"{busy[-1]}\r")
        screen.rest(1)
        times = latencies_ms(screen)
    middle, late = (statistics.quantiles(times, n=100)[at] for at in (49, 94))
    measured = f"p50 {middle:.1f}, p95 {late:.1f}, longest {max(times):.0f} ms"
    return Found(measured, middle <= 4 and late <= 16)


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
