"""What an event costs to fold, with little and with much behind it, and how many entries weigh.

Run it with `python -m tests.bench.bench_fold`. Both sides of each ratio come from interleaved
rounds, in CPU time, medians of five.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tui.cockpit.projection.reduce import reduce
from tui.cockpit.projection.view import RunView
from tui.wire.events import (
    ArgumentsDelta,
    Event,
    RunStarted,
    TextDelta,
    ToolCalled,
    ToolFinished,
    ToolOutput,
    ToolStarted,
)

ROUNDS = 5
DELTAS = 20_000
CALLS = 2_000
SMALL, LARGE = 1_000, 100_000
CALL_EVENTS = 5


def deltas(count: int, text: str = "five ") -> Iterator[Event]:
    """Deltas of one message."""
    for _ in range(count):
        yield TextDelta(run_id="r", item_id="m", agent="A", text=text)


def calls(count: int, first: int = 0) -> Iterator[Event]:
    """Whole tool calls, one after the other, in `CALL_EVENTS` events each."""
    for number in range(first, first + count):
        of = {"run_id": "r", "agent": "A", "call_id": f"c{number}"}
        tool = {**of, "tool": "t"}
        yield ArgumentsDelta(**tool, item_id=f"i{number}", text="")
        yield ToolCalled(**tool, item_id=f"i{number}", arguments="{}")
        yield ToolStarted(**tool)
        yield ToolFinished(**tool)
        yield ToolOutput(**of, output="42")


def folded(events: Iterator[Event], view: RunView) -> RunView:
    """Fold all of `events`."""
    for event in events:
        view = reduce(view, event)
    return view


def cost(events: Callable[[], Iterator[Event]], view: RunView) -> float:
    """Return CPU microseconds an event takes."""
    listed = list(events())
    gc.collect()
    began = time.process_time()
    folded(iter(listed), view)
    return (time.process_time() - began) / len(listed) * 1e6


def ratio(name: str, events: Callable[[], Iterator[Event]], few: RunView, many: RunView) -> None:
    """Print what `events` cost on both views, and the ratio."""
    rounds = [(cost(events, few), cost(events, many)) for _ in range(ROUNDS)]
    low, high = (statistics.median(side) for side in zip(*rounds, strict=True))
    times = statistics.median(large / small for small, large in rounds)
    print(f"| {name} | {low:.2f} | {high:.2f} | {times:.2f} |")


def resident_bytes() -> int:
    """Return the memory this process has in RAM (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def main() -> None:
    """Print the cost of deltas and calls at both lengths, and the bytes of an entry."""
    begun = reduce(RunView(), RunStarted(run_id="r", agent="A", target="t"))
    small = folded(calls(SMALL), begun)
    before = resident_bytes()
    began = time.process_time()
    large = folded(calls(LARGE), begun)
    whole = time.process_time() - began
    gc.collect()
    weight = (resident_bytes() - before) / LARGE
    print(f"| CPU us an event | at {SMALL:,} entries | at {LARGE:,} entries | ratio |")
    print("| --- | --- | --- | --- |")
    ratio("text delta", lambda: deltas(DELTAS), small, large)
    ratio("tool call", lambda: calls(CALLS, first=LARGE), small, large)
    print(f"\n{LARGE:,} calls in {whole:.2f} s CPU; {weight:.0f} B an entry without payload")


if __name__ == "__main__":
    main()
