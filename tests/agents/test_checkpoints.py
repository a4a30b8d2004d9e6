"""A run that is killed at any checkpoint goes on in a process that knows nothing but its deltas.

It ends as the whole run, and what had an output does not run again. What may differ is named:
outputs of calls that ran beside each other stand in any order, and of a turn that was cut off
between such calls all run again, but for agents used as tools, which go on where they were. The
guardrails of such a tool check its call again, also where the turn had paused inside it before.
"""

from __future__ import annotations

import asyncio
import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from pydantic import BaseModel

from tests.agents import kept_runs
from tests.agents.planned_runs import RAN, World, decide, start_agent, to_the_end, told
from tests.agents.plans import BESIDE, NEST, PLANS, a_plan, beside_each_other, plain
from tui.agents import (
    CheckpointWriter,
    RunConfig,
    RunHooks,
    RunState,
    SQLiteSession,
    folded,
    handoff,
)
from tui.agents.extensions.handoff_filters import remove_all_tools


class Keeping(RunHooks):
    """Keeps the deltas of all checkpoints; of each, that they fold to the state, is checked.

    Attributes:
        kept: The state as it was folded, at each checkpoint.
        sessions: What the session held then.
        ran: The calls whose tools had run then.
    """

    def __init__(self, session: Any = None) -> None:
        self.kept: list[dict[str, Any]] = []
        self.sessions: list[Any] = []
        self.ran: list[list[str]] = []
        self._session = session
        self._writer = CheckpointWriter()
        self._deltas: list[str] = []

    async def on_checkpoint(self, context, state):
        self._deltas.append(json.dumps(self._writer.delta(state)))
        form = folded(map(json.loads, self._deltas))
        assert form == plain(state.to_json())
        self.kept.append(form)
        self.ran.append(list(RAN))
        self.sessions.append(self._session and copy.deepcopy(await self._session.get_items()))


class Scenario:
    """A plan, and what is not in it.

    Args:
        plan: What the agents say.
        tweak: Changes the agents, of which it gets the first.
        agent: Makes the first agent for a plan's world.
        options: More for the runner.
    """

    def __init__(self, plan, tweak=lambda agent: None, has_session=False, **options) -> None:
        self.plan = plan
        self.tweak = tweak
        self.has_session = has_session
        self.options = options

    async def ends_as(self, start: Any = "go", hooks: Any = None, stored: Any = ()) -> Any:
        """Run from `start` to the end, and return what it came to."""
        RAN.clear()
        world = World(self.plan)
        agent = start_agent(world)
        self.tweak(agent)
        options = dict(self.options)
        if self.has_session:
            options["session"] = session = SQLiteSession("s")
            await session.add_items(list(stored))
            hooks = hooks and Keeping(session)
        if hooks is not None:
            options["hooks"] = hooks
        if start != "go":
            start = await RunState.from_json(agent, start)
            decide(start, self.plan)
        result = await to_the_end(agent, start, self.plan, through_json=False, **options)
        end = told(result, world)
        for kind in ("input", "output", "tool_input", "tool_output"):
            end[f"{kind}_guardrails"] = len(getattr(result, f"{kind}_guardrail_results"))
        end["stored"] = self.has_session and await session.get_items()
        if isinstance(end["final_output"], BaseModel):
            end["final_output"] = end["final_output"].model_dump()
        return plain(end), hooks

    async def check(self) -> int:
        """Check all checkpoints, and return how many there were."""
        uncut, _ = await self.ends_as()
        expected, hooks = await self.ends_as(hooks=Keeping())
        assert beside_each_other(expected) == beside_each_other(uncut)
        for form, stored, ran in zip(hooks.kept, hooks.sessions, hooks.ran, strict=True):
            ended, _ = await self.ends_as(form, stored=stored or ())
            assert set(RAN) & set(ran) <= pending(form)
            assert form["pending_response"] is not None or not form["nested"]
            same(ended, expected)
        return len(hooks.kept)


def pending(form: dict[str, Any]) -> set[str]:
    """Return the ids of the calls that have no output yet in a state, or in one inside it."""
    at, items = form["pending_response"], form["items"]
    asked = [] if at is None else form["responses"][at]["output"]
    raws = [items[each]["raw"] if isinstance(each, int) else each for each in asked]
    outputs = [item for item in items if item["type"] == "tool_call_output_item"]
    answered = {item["raw"]["value"]["call_id"] for item in outputs}
    waiting = {raw["value"].get("call_id") for raw in raws} - answered
    return waiting.union(*map(pending, form["nested"].values()))


def same(ended: dict[str, Any], expected: dict[str, Any]) -> None:
    """Check that a run ended as another, and asked its models what was left to ask."""
    asked = ended.pop("asked")
    for talk, requests in expected["asked"].items():
        after = asked.pop(talk, [])
        before = requests[len(requests) - len(after) :]
        assert beside_each_other(after) == beside_each_other(before)
    assert not asked
    rest = {name: value for name, value in expected.items() if name != "asked"}
    assert beside_each_other(ended) == beside_each_other(rest)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(plan=PLANS)
@example(plan=a_plan() | {"turns": NEST})
@example(plan=a_plan(one_by_one=True) | {"turns": NEST})
@example(plan=a_plan(streamed=False) | {"turns": NEST})
@example(plan=a_plan() | {"turns": BESIDE})
def test_a_run_goes_on_from_each_of_its_checkpoints(plan):
    asyncio.run(Scenario(plan).check())


class Answer(BaseModel):
    n: int


def first_to_hand_over(input_filter):
    def tweak(agent):
        agent.handoffs = [handoff(agent.handoffs[0], input_filter=input_filter)]

    return tweak


def forget(data):
    """Hide everything but the newest item, and begin with other words."""
    return data.clone(input_history="A(go)", pre_handoff_items=(), input_items=data.new_items[-1:])


def with_attributes(**attributes):
    def tweak(agent):
        for name, value in attributes.items():
            setattr(agent, name, value)

    return tweak


def guarded(agent):
    other = kept_runs.an_agent()
    agent.tools[0] = other.tools[0]
    guardrails = agent.tools[0].tool_input_guardrails
    agent.tools[-1] = replace(agent.tools[-1], tool_input_guardrails=guardrails)
    agent.output_guardrails = other.handoffs[0].output_guardrails


HANDS_OVER = {
    "A": [[["reason", "so"], ["free", 1]], [["free", 2], ["transfer_to_b", 0]]],
    "B": [[["threaded", 1]]],
}
ASKS_AND_HANDS_OVER = {"A": [[["danger", 0], ["free", 2], ["transfer_to_b", 0]]]}
NESTED = {"A": [[["free", 1]], [["ask", 1]]], "Sub": [[["free", 2]], [["free", 3]]]}
DEEP = NESTED | {
    "Sub": [[["free", 2]], [["ask_deep", 3]]],
    "Deep": [[["free", 5]], [["danger", 5]]],
}
SIDE_BY_SIDE = NESTED | {"A": [[["ask", 1], ["free", 4], ["ask", 2]]]}

SCENARIOS = {
    "text": Scenario(a_plan([["say", "hello"]])),
    "nothing said": Scenario(a_plan([])),
    "reasoning": Scenario(a_plan([["reason", "so"], ["say", "hello"]])),
    "tools": Scenario(a_plan([["free", 1]], [["say", "hm"], ["explode", 2]])),
    "not streamed": Scenario(a_plan([["free", 1]], streamed=False)),
    "parallel tools": Scenario(a_plan([["free", 1], ["threaded", 2], ["free", 3]])),
    "approvals": Scenario(a_plan([["danger", 0], ["free", 1], ["danger", 3]], [["danger", 1]])),
    "approvals one by one": Scenario(a_plan([["danger", 4], ["danger", 3]], one_by_one=True)),
    "handoff": Scenario(a_plan() | {"turns": HANDS_OVER}),
    "handoff that removes tools": Scenario(
        a_plan() | {"turns": HANDS_OVER}, first_to_hand_over(remove_all_tools)
    ),
    "handoff that forgets": Scenario(a_plan() | {"turns": HANDS_OVER}, first_to_hand_over(forget)),
    "approval before a handoff": Scenario(a_plan() | {"turns": ASKS_AND_HANDS_OVER}),
    "nested": Scenario(a_plan() | {"turns": NESTED}),
    "nested and watched": Scenario(a_plan(one_by_one=True) | {"turns": NESTED}),
    "nested, not streamed": Scenario(a_plan(streamed=False) | {"turns": NESTED}),
    "two levels": Scenario(a_plan(one_by_one=True) | {"turns": DEEP}),
    "nested side by side": Scenario(a_plan() | {"turns": SIDE_BY_SIDE}),
    "session": Scenario(a_plan([["free", 1]], [["danger", 5]]), has_session=True),
    "output type": Scenario(
        a_plan([["free", 1]], [["say", '{"n": 1}']]), with_attributes(output_type=Answer)
    ),
    "stop on first tool": Scenario(
        a_plan([["free", 1], ["threaded", 2]]),
        with_attributes(tool_use_behavior="stop_on_first_tool"),
    ),
    "stop at a tool that is asked for": Scenario(
        a_plan([["free", 1], ["danger", 5]]),
        with_attributes(tool_use_behavior={"stop_at_tool_names": ["danger"]}),
    ),
    "guardrails": Scenario(a_plan([["free", 1]], [["free", 2]], guards="beside"), guarded),
    "guardrails of a nested run": Scenario(a_plan() | {"turns": NESTED}, guarded),
    "a tool that is not there": Scenario(
        a_plan([["gone", 1], ["free", 2]]),
        run_config=RunConfig(tool_not_found_behavior="return_error_to_model"),
    ),
}


@pytest.mark.parametrize("name", SCENARIOS)
async def test_such_a_run_goes_on_from_each_of_its_checkpoints(name):
    assert await SCENARIOS[name].check() >= 2
