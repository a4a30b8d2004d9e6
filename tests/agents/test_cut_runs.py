"""Any cut of any planned run, kept as JSON and taken up in another process, ends as the whole run.

The same items, and from the cut on the same requests to the models.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.agents.planned_runs import World, decide, start_agent, told
from tests.agents.plans import BESIDE, NEST, PLANS, a_plan, beside_each_other, plain, whole
from tui.agents import Runner, RunState

KINDS = ("pause", "pause", "after_turn", "fails", "max_turns", "guardrail", "cancel", "cancel")
CUTS = st.tuples(st.sampled_from(KINDS), st.integers(0, 200))


class Cutting:
    """Runs a plan up to its cut.

    Args:
        plan: The plan.
        kind: What cuts it, "" for nothing.
        at: Which of its kind, counted from 1.

    Attributes:
        met: How many occasions to cut it there were so far, by kind.
    """

    def __init__(self, plan: dict[str, Any], kind: str = "", at: int = 0) -> None:
        self.plan = plan
        self.kind = kind
        self.at = at
        self.met: Counter[str] = Counter(guardrail=1 if plan["guards"] else 0)
        self.world = World(plan, breaks_at=at if kind == "fails" else 0, trips=kind == "guardrail")
        self.agent = start_agent(self.world)

    async def run(self) -> Any:
        """Return the result of the segment that was cut, or of the last one."""
        start = "go"
        while True:
            result = await self._segment(start)
            self.met["fails"] = self.met["max_turns"] = self.world.top_requests
            if result.status != "interrupted" or self._cuts("pause"):
                return result
            start = result.to_state()
            decide(start, self.plan)

    async def _segment(self, start: Any) -> Any:
        max_turns = self.at if self.kind == "max_turns" else None
        result = Runner.run_streamed(self.agent, start, max_turns=max_turns)
        # How a run that is cut ends is told by its status.
        with suppress(Exception):
            async for event in result.stream_events(nested=True):
                if self._cuts("cancel"):
                    result.cancel()
                kind = event.data.type if event.type == "raw_response_event" else ""
                if kind == "response.completed" and self._cuts("after_turn"):
                    result.cancel("after_turn")
        await result.aclose()
        return result

    def _cuts(self, kind: str) -> bool:
        self.met[kind] += 1
        return self.kind == kind and self.met[kind] == self.at


class OtherProcess:
    """The process that goes on with runs, started once."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.agents.resuming_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def go_on(self, **request: Any) -> dict[str, Any]:
        """Have a state loaded there and run to its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=60)


@pytest.fixture(scope="module")
def other_process():
    process = OtherProcess()
    yield process
    process.close()


async def cut_state(plan: dict[str, Any], cut: tuple[str, int], decides: bool) -> Any:
    """Run up to the cut and return what is needed to go on, or what the run came to.

    The cut's number is taken modulo the occasions that there are in the plan's whole run.
    """
    kind, number = cut
    counting = Cutting(plan)
    await counting.run()
    if not counting.met[kind]:
        kind = "cancel"
    cutting = Cutting(plan, kind, 1 + number % counting.met[kind])
    result = await cutting.run()
    if result.status == "completed":
        return None, plain(told(result, cutting.world))
    state: RunState = result.to_state()
    state.max_turns = None
    if decides:
        decide(state, plan)
    return {"plan": plan, "state": state.to_string(), "is_decided": decides}, None


@settings(
    max_examples=250,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(plan=PLANS, cut=CUTS, decides=st.booleans())
@example(plan=a_plan() | {"turns": NEST}, cut=("pause", 1), decides=True)
@example(plan=a_plan(one_by_one=True) | {"turns": NEST}, cut=("pause", 2), decides=False)
@example(plan=a_plan() | {"turns": NEST}, cut=("cancel", 45), decides=False)
@example(plan=a_plan([["free", 1]], [["danger", 3]]), cut=("after_turn", 0), decides=False)
@example(plan=a_plan([["free", 1]], [["danger", 3]]), cut=("fails", 1), decides=False)
@example(plan=a_plan([["free", 1]], [["free", 3]]), cut=("max_turns", 0), decides=False)
@example(plan=a_plan([["free", 1]], guards="beside"), cut=("guardrail", 0), decides=False)
@example(plan=a_plan() | {"turns": BESIDE}, cut=("cancel", 16), decides=False)
def test_a_cut_run_ends_as_the_whole_run(other_process, plan, cut, decides):
    expected = asyncio.run(whole(plan))
    request, ended = asyncio.run(cut_state(plan, cut, decides))
    if request is None:
        assert {**ended, "asked": None} == {**expected, "asked": None}
        return
    ended = other_process.go_on(**request)
    asked = ended.pop("asked")
    for talk, requests in expected.pop("asked").items():
        after = asked.pop(talk, [])
        before = requests[len(requests) - len(after) :]
        assert beside_each_other(after) == beside_each_other(before)
    assert not asked
    assert beside_each_other(ended) == beside_each_other(expected)
