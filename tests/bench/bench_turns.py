"""What a turn with tools costs: early and late in a run, over HTTP, with many calls, when kept."""

import asyncio
import json
import statistics
import time
from functools import partial
from types import ModuleType
from typing import Any

from tests.bench.libraries import (
    LIBRARIES,
    agent_that_adds,
    calls,
    client_of,
    drain,
    scripted_model,
    service_model,
)
from tests.bench.rounds import ROUNDS, Work, interleaved, medians
from tests.bench.service import running_service
from tests.bench.table import Found, Row
from tui import agents as ours

PARALLEL, PARALLEL_TURNS = 128, 10


async def _turns(library: str, turns: int, parallel: int = 1) -> float:
    """Return the CPU seconds of a whole run with a model in the process."""
    module = LIBRARIES[library]
    agent = agent_that_adds(module, scripted_model(module, calls(turns, parallel)))
    began = time.process_time()
    await drain(module, agent, max_turns=turns + 1)
    return time.process_time() - began


def in_process(turns: int, bar: float, parallel: int = 1) -> Found:
    """Measure a turn against the SDK's."""
    # The SDK's four hundred turns take seconds: fewer rounds of them tell as much.
    rounds = ROUNDS if turns < 400 else 3
    costs = medians({name: partial(_turns, name, turns, parallel) for name in LIBRARIES}, rounds)
    ratio = costs["sdk"] / costs["ours"]
    ours, theirs = (costs[name] / turns * 1000 for name in ("ours", "sdk"))
    return Found(f"{ratio:.0f}x ({ours:.3f} ms against {theirs:.2f} ms a turn)", ratio >= bar)


def _stamped(module: ModuleType, model: Any, stamps: list[float]) -> Any:
    class StampedModel(module.Model):
        async def get_response(self, *given: Any, **options: Any) -> Any:
            return await model.get_response(*given, **options)

        def stream_response(self, *given: Any, **options: Any) -> Any:
            stamps.append(time.process_time())
            return model.stream_response(*given, **options)

    return StampedModel()


async def _last_against_first(turns: int) -> float:
    module = LIBRARIES["ours"]
    stamps: list[float] = []
    model = _stamped(module, scripted_model(module, calls(turns)), stamps)
    await drain(module, agent_that_adds(module, model), max_turns=turns + 1)
    tenth = turns // 10
    return (stamps[-1] - stamps[-1 - tenth]) / (stamps[tenth] - stamps[0])


def growth() -> Found:
    """Measure the last tenth of 400 turns against the first."""
    ratios = [asyncio.run(_last_against_first(400)) for _ in range(ROUNDS + 1)][1:]
    ratio = statistics.median(ratios)
    return Found(f"{ratio:.2f}x", ratio <= 1.15)


async def _over_http(base_url: str, turns: int) -> dict[str, float]:
    async with client_of(base_url) as client:

        def side(library: str) -> Work:
            module = LIBRARIES[library]
            model = service_model(module, f"turns-{turns}", client)

            async def work() -> None:
                await drain(module, agent_that_adds(module, model), max_turns=turns + 1)

            return work

        return await interleaved({name: side(name) for name in LIBRARIES}, rounds=3)


def over_http(turns: int, bar: float) -> Found:
    """Measure tool turns over HTTP against the SDK's."""
    with running_service() as base_url:
        costs = asyncio.run(_over_http(base_url, turns))
    ratio = costs["sdk"] / costs["ours"]
    ours, theirs = (costs[name] / turns * 1000 for name in ("ours", "sdk"))
    return Found(f"{ratio:.0f}x ({ours:.2f} ms against {theirs:.1f} ms a turn)", ratio >= bar)


class _Keeping(ours.RunHooks):
    """Writes all checkpoints as JSON lines.

    Attributes:
        size: The bytes of them.
        state: The last state.
        costs_s: The CPU seconds of each.
    """

    def __init__(self) -> None:
        self.size = 0
        self.state: ours.RunState | None = None
        self.costs_s: list[float] = []
        self._writer = ours.CheckpointWriter()

    async def on_checkpoint(self, context: Any, state: ours.RunState) -> None:
        began = time.process_time()
        self.size += len(json.dumps(self._writer.delta(state)))
        self.costs_s.append(time.process_time() - began)
        self.state = state


async def _run_with(hooks: ours.RunHooks, turns: int) -> None:
    agent = agent_that_adds(ours, scripted_model(ours, calls(turns)))
    result = ours.Runner.run_streamed(agent, "Go", max_turns=turns + 1, hooks=hooks)
    async for _ in result.stream_events():
        pass


def checkpoints(turns: int, bar: float) -> Found:
    """Measure what the checkpoints of a run take against its final state."""
    hooks = _Keeping()
    asyncio.run(_run_with(hooks, turns))
    assert hooks.state is not None
    ratio = hooks.size / len(hooks.state.to_string())
    sides: dict[str, Work] = {
        "kept": lambda: _run_with(_Keeping(), turns),
        "bare": lambda: _run_with(ours.RunHooks(), turns),
    }
    costs = medians(sides)
    kept, bare = (costs[name] / turns * 1000 for name in ("kept", "bare"))
    tenth = len(hooks.costs_s) // 10
    growth = statistics.median(hooks.costs_s[-tenth:]) / statistics.median(hooks.costs_s[:tenth])
    text = (
        f"{ratio:.2f}x, {hooks.size / 1000:.0f} kB ({kept:.3f} ms CPU a turn against {bare:.3f}"
        f" without; the last tenth costs {growth:.2f}x the first to write)"
    )
    return Found(text, ratio <= bar)


ROWS = (
    Row(
        "turns-100",
        "in-process tool turn at T=100 against openai-agents",
        ">= 50x",
        partial(in_process, 100, 50),
    ),
    Row("turns-400", "the same at T=400", ">= 150x", partial(in_process, 400, 150)),
    Row("turns-growth", "last tenth of turns against the first, T=400", "<= 1.15x", growth),
    Row(
        "turns-http",
        "HTTP tool turns at T=100 against openai-agents",
        ">= 35x",
        partial(over_http, 100, 35),
    ),
    Row("turns-http-200", "the same at T=200", ">= 60x", partial(over_http, 200, 60)),
    Row(
        "parallel",
        "128 parallel tools a turn against openai-agents",
        ">= 40x",
        partial(in_process, PARALLEL_TURNS, 40, PARALLEL),
    ),
    Row(
        "checkpoints",
        "bytes of checkpoints written at T=400 against the final state",
        "<= 3x",
        partial(checkpoints, 400, 3),
    ),
)
