"""What the cockpit costs while nothing happens: after a run, and while a call waits."""

from functools import partial

from tests.bench.screens import Screen, opened
from tests.bench.table import Found, Row

IDLE_S = 20
BAR = 0.005


def finished(screen: Screen) -> None:
    """Bring a run to its end."""
    screen.type("Hello there\r")
    screen.until("done")


def waiting(screen: Screen) -> None:
    """Bring a run to a call that needs approval."""
    screen.type("I want a refund for order A-1042\r")
    screen.until("decide")


def idle(reach) -> Found:
    """Measure both processes for a while, once nothing has come for a second."""
    with opened("demo", "--speed", "50") as screen:
        reach(screen)
        screen.rest(2)
        before = screen.cpu_s()
        screen.rest(IDLE_S)
        shares = [
            (after - earlier) / IDLE_S
            for after, earlier in zip(screen.cpu_s(), before, strict=True)
        ]
    each = " + ".join(f"{share:.2%}" for share in shares)
    return Found(f"{sum(shares):.2%} of a core (screen + host: {each})", sum(shares) < BAR)


ROWS = (
    Row(
        "idle-finished",
        "idle CPU, run finished, both processes",
        "< 0.5 %",
        partial(idle, finished),
    ),
    Row("idle-waiting", "the same, a call waits for a person", "< 0.5 %", partial(idle, waiting)),
)
