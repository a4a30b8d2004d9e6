"""Plans for runs, made up or written down, and what runs are compared by."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from hypothesis import strategies as st

from tests.agents.planned_runs import World, start_agent, to_the_end, told

NUMBERS = st.integers(min_value=0, max_value=9)
CALLS = ("free", "threaded", "explode", "danger", "danger", "perhaps")


def a_turn(*more_calls: str, handoff: str | None = None):
    calls = st.lists(st.tuples(st.sampled_from((*CALLS, *more_calls * 3)), NUMBERS), max_size=3)
    before = st.sampled_from(
        [[], [["reason", "so"]], [["say", "hm"]], [["reason", "x"], ["say", ""]]]
    )
    after = st.sampled_from([[], [], [[handoff, 0]]] if handoff else [[]])
    turns = st.tuples(before, calls, after)
    return turns.map(lambda t: [*t[0], *map(list, t[1]), *t[2]] or [["danger", 0]])


PLANS = st.fixed_dictionaries(
    {
        "turns": st.fixed_dictionaries(
            {
                "A": st.lists(a_turn("ask", handoff="transfer_to_b"), min_size=1, max_size=3),
                "B": st.lists(a_turn("ask", handoff="transfer_to_a"), max_size=2),
                "Sub": st.lists(a_turn("ask_deep"), min_size=1, max_size=2),
                "Deep": st.lists(a_turn(), max_size=1),
            }
        ),
        "one_by_one": st.booleans(),
        "streamed": st.booleans(),
        "guards": st.sampled_from([None, None, "before", "beside"]),
    }
)


def a_plan(*turns_of_a: list[Any], **changes: Any) -> dict[str, Any]:
    plan = {"turns": {"A": list(turns_of_a)}, "one_by_one": False, "streamed": True, "guards": None}
    return plan | changes


NEST = {
    "A": [[["ask", 1], ["danger", 3], ["ask", 2], ["transfer_to_b", 0]]],
    "B": [[["say", "hm"], ["danger", 4], ["ask", 3]], [["danger", 9]]],
    "Sub": [[["danger", 3], ["ask_deep", 1]], [["perhaps", 7]]],
    "Deep": [[["danger", 2], ["free", 1]]],
}

BESIDE = {"A": [[["ask", 0], ["danger", 0]]], "Sub": [[["danger", 0]]]}


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


def beside_each_other(value: Any) -> Any:
    """Return what was told with the outputs of calls that ran beside each other in one order.

    They stand as they came, and a cut may come between two of them.
    """
    if isinstance(value, dict):
        return {name: beside_each_other(each) for name, each in value.items()}
    if not isinstance(value, list):
        return value
    told: list[Any] = []
    for is_output, group in groupby(map(beside_each_other, value), _is_output):
        members = list(group)
        told += sorted(members, key=json.dumps) if is_output else members
    return told


def _is_output(item: Any) -> bool:
    """Whether it is an output as the model reads it, or an item that holds one."""
    kinds = ("function_call_output", "tool_call_output_item")
    return isinstance(item, dict) and item.get("type") in kinds


async def whole(plan: dict[str, Any]) -> Any:
    world = World(plan)
    result = await to_the_end(start_agent(world), "go", plan, through_json=False)
    return plain(told(result, world))
