"""Runs that follow a plan wherever they are: cut, kept, and gone on with in another process.

The plan is plain JSON. What a model says depends on its request alone, so a run that goes on in a
process that knows nothing but the plan and the state meets the models that it left.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tui.agents import (
    Agent,
    GuardrailFunctionOutput,
    InputGuardrail,
    Runner,
    RunState,
    ToolContext,
    function_tool,
)
from tui.agents.items_json import write_item
from tui.agents.models.interface import Model, ModelRequest
from tui.agents.models.scripted import ScriptedModel, call, reason, say

TOP = ("A", "B")


@dataclass
class World:
    """What a run meets in one process.

    Attributes:
        plan: What each agent says, turn by turn: `{"turns": {name: [[part, ...], ...]}, ...}`.
        asked: The requests of each conversation of an agent, oldest first.
        breaks_at: The request of an agent at the top that breaks off, counted from 1.
        trips: Whether the input guardrail is yet to trip.
    """

    plan: dict[str, Any]
    asked: defaultdict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    breaks_at: int = 0
    trips: bool = False
    top_requests: int = 0

    def breaks(self, name: str) -> bool:
        """Count a request, and tell whether it breaks off."""
        self.top_requests += name in TOP
        return name in TOP and self.top_requests == self.breaks_at

    def check(self, *_: object) -> GuardrailFunctionOutput:
        """Trip once, if the input guardrail is to trip."""
        trips, self.trips = self.trips, False
        return GuardrailFunctionOutput(None, tripwire_triggered=trips)


class FakePlannedModel(Model):
    """Says what comes after the last of its own turns that stands in the request."""

    def __init__(self, name: str, world: World) -> None:
        self.name = name
        self.world = world

    async def get_response(self, *given, **options):
        if self.world.breaks(self.name):
            raise OSError("reset")
        return await self._answer(ModelRequest(*given, **options)).get_response(*given, **options)

    async def stream_response(self, *given, **options):
        breaks = self.world.breaks(self.name)
        answer = self._answer(ModelRequest(*given, **options))
        async for event in answer.stream_response(*given, **options):
            if breaks and event.type == "response.output_item.done":
                raise OSError("reset")
            yield event

    def _answer(self, request: ModelRequest) -> ScriptedModel:
        talk = f"{self.name}({request.input[0]['content']})"
        said = {
            "input": request.input,
            "instructions": request.system_instructions,
            "tools": [each.name for each in request.tools],
            "handoffs": [each.tool_name for each in request.handoffs],
        }
        self.world.asked[talk].append(said)
        mine = re.compile(re.escape(talk) + r"\.(\d+)\.")
        ids = [str(item.get("call_id") or item.get("id")) for item in request.input]
        turns = [int(found[1]) for each in ids if (found := mine.match(each))]
        turn = max(turns, default=-1) + 1
        planned = self.world.plan["turns"].get(self.name, [])
        parts = planned[turn] if turn < len(planned) else [["say", f"end of {self.name}"]]
        return ScriptedModel([[_item(p, f"{talk}.{turn}.{n}") for n, p in enumerate(parts)]])


def _item(part: list[Any], item_id: str) -> dict[str, Any]:
    match part:
        case ["say", text]:
            return say(text) | {"id": item_id}
        case ["reason", text]:
            return reason(text) | {"id": item_id}
        case ["ask" | "ask_deep" as name, x]:
            # Each conversation with an agent used as a tool begins with words of its own.
            return call(name, {"input": f"{item_id}:{x}"}, item_id) | {"id": f"id-{item_id}"}
        case [name, x]:
            arguments = {} if name.startswith("transfer") else {"x": x}
            return call(name, arguments, item_id) | {"id": f"id-{item_id}"}
    raise AssertionError(part)


RAN: list[str] = []
"""The ids of the calls whose tools have run."""


@function_tool
async def free(ctx: ToolContext, x: int) -> list[int]:
    RAN.append(ctx.tool_call_id)
    return [x]


@function_tool
def threaded(ctx: ToolContext, x: int) -> str:
    RAN.append(ctx.tool_call_id)
    return f"{x} of {ctx.tool_name}"


@function_tool
def explode(ctx: ToolContext, x: int) -> str:
    RAN.append(ctx.tool_call_id)
    raise ValueError(f"no {x}")


@function_tool(needs_approval=True)
async def danger(ctx: ToolContext, x: int) -> dict[str, int]:
    RAN.append(ctx.tool_call_id)
    return {"x": x}


@function_tool(needs_approval=lambda _context, arguments, _call_id: arguments["x"] > 2)
async def perhaps(ctx: ToolContext, x: int) -> str:
    RAN.append(ctx.tool_call_id)
    return f"perhaps {x}"


TOOLS = [free, threaded, explode, danger, perhaps]


def start_agent(world: World) -> Agent:
    """Return the agent at which every plan starts."""

    def agent(name: str, *more: Any) -> Agent:
        model = FakePlannedModel(name, world)
        return Agent(name=name, instructions=f"Be {name}.", model=model, tools=[*TOOLS, *more])

    deep = agent("Deep")
    sub = agent("Sub", deep.as_tool("ask_deep", "asks deeper"))
    a, b = (agent(name, sub.as_tool("ask", "asks")) for name in TOP)
    a.handoffs, b.handoffs = [b], [a]
    if world.plan.get("guards"):
        a.input_guardrails = [
            InputGuardrail(
                world.check, name="check", run_in_parallel=world.plan["guards"] == "beside"
            )
        ]
    return a


def decide(state: RunState, plan: dict[str, Any]) -> None:
    """Decide what a state waits for: always the same of a call with the same arguments."""
    items = state.get_interruptions()
    for item in items[:1] if plan["one_by_one"] else items:
        x = int(re.search(r"\d+", str(item.arguments))[0])
        match x % 5:
            case 0 | 4:
                state.approve(item)
            case 1:
                state.reject(item)
            case 2:
                state.reject(item, rejection_message=f"not {x}")
            case 3:
                state.approve(item, arguments={"x": x + 100})
        if x == 4:
            state.approve(item, always_approve=True)


async def to_the_end(
    agent: Agent, given: Any, plan: dict[str, Any], *, through_json: bool, **options: Any
) -> Any:
    """Run to the end, deciding at each pause, and return the result. The options are `run`'s."""
    if not isinstance(given, RunState):
        options.setdefault("max_turns", None)
    while True:
        if plan["streamed"]:
            result = Runner.run_streamed(agent, given, **options)
            async for _ in result.stream_events(nested=plan["one_by_one"]):
                pass
        else:
            result = await Runner.run(agent, given, **options)
        if result.status != "interrupted":
            return result
        given = result.to_state()
        if through_json:
            given = await RunState.from_string(agent, given.to_string())
        decide(given, plan)


def told(result: Any, world: World) -> dict[str, Any]:
    """Return what a run came to, as plain JSON."""
    items = [write_item(item) for item in result.new_items]
    for item in items:
        item.pop("input_id", None)
    return {
        "status": result.status,
        "final_output": result.final_output,
        "last_agent": result.last_agent.name,
        "items": items,
        "input": result.to_input_list(),
        "asked": world.asked,
    }
