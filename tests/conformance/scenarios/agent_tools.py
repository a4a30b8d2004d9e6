"""Agents used as tools with arguments, sessions and conversations of their own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from tests.conformance.scenario import STREAMED, Scenarios
from tests.conformance.scenarios.nested import ASK, inner_tool
from tests.conformance.scenarios.sessions import ListSession
from tests.fakes.delivery import Before, Delivery, Stall
from tui.rehearsal.script import Call, call, reply, say

AGENT_TOOLS = Scenarios()
answers = AGENT_TOOLS.answers


class Trip(BaseModel):
    """A trip to plan."""

    city: str = Field(description="Where to. 東京?")
    days: int
    on_foot: bool = Field(False, description="Whether to walk.")
    season: Literal["spring", "autumn"] = "spring"


class Dated(BaseModel):
    day: date
    note: str | None = Field(None, description="Anything.")


class Inner(BaseModel):
    x: float = Field(description="An amount.")


class Outer(BaseModel):
    inner: Inner
    more: list[Inner] = []


class Odd(BaseModel):
    """Odd ones."""

    one: Literal["a"]
    mixed: Literal["a", 1, 2, 3, 4, 5]
    any_of: int | str


@dataclass
class Plain:
    text: str
    count: int = 1


@dataclass
class Single:
    input: str


def asked(**arguments):
    return call("ask_sub", "outer", **arguments)


TRIP = asked(city="Porto", days=3, on_foot=True, season="autumn")
DATED = asked(day="2026-02-03", note=None)
DEEP = asked(inner={"x": 1}, more=[{"x": 2.5}])
ODD = asked(one="a", mixed=3, any_of="four")


async def ask(sdk, stage, *tools, **options):
    sub = sdk.Agent(name="Sub", instructions="Answer.", tools=list(tools))
    tool = sub.as_tool("ask_sub", "Ask the specialist.", **options)
    return await stage.go(sdk.Agent(name="Outer", tools=[tool]), "Ask.")


def asked_in_turn(*calls):
    """Return the script of programs that ask a specialist once by each call."""
    return [turn for one in calls for turn in (reply(one), reply(say("So.")), reply(say("Ok.")))]


@answers(*asked_in_turn(TRIP, DATED, DEEP, ODD, asked(text="a", count=2), asked(input="Hi")))
async def parameters_of_an_agent_tool(sdk, stage):
    for kind in (Trip, Dated, Outer, Odd, Plain, Single):
        await ask(sdk, stage, parameters=kind)


@answers(*asked_in_turn(TRIP, DATED, DEEP, ODD, asked(text="a", count=2), asked(input="Hi")))
async def parameters_told_with_their_schema(sdk, stage):
    for kind in (Trip, Dated, Outer, Odd, Plain, Single):
        await ask(sdk, stage, parameters=kind, include_input_schema=True)


@answers(
    reply(
        asked(city="Porto"),
        Call("ask_sub", '{"city": 1, "days": 3}', "typed"),
        Call("ask_sub", '{"city"', "cut"),
    ),
    reply(say("Sorry.")),
)
async def parameters_that_do_not_fit(sdk, stage):
    await ask(sdk, stage, parameters=Trip)


@answers(*asked_in_turn(TRIP, TRIP, asked(input="Hi"), TRIP)[:-2], reply(say("Sorry.")))
async def an_input_builder(sdk, stage):
    def told(options):
        stage.note(options=options)
        return f"Plan {options['params']}."

    async def listed(options):
        stage.note(options=options)
        return [{"role": "system", "content": "Plan."}, {"role": "user", "content": "Go."}]

    await ask(sdk, stage, parameters=Trip, input_builder=told, include_input_schema=True)
    await ask(sdk, stage, parameters=Trip, input_builder=listed)
    await ask(sdk, stage, input_builder=told, include_input_schema=True)
    await ask(sdk, stage, parameters=Trip, input_builder=lambda options: 7)


@answers()
async def parameters_of_the_wrong_kind(sdk, stage):
    for kind in (dict, "Trip", Trip(city="a", days=1)):
        try:
            sdk.Agent(name="Sub").as_tool("ask_sub", "", parameters=kind)
        except TypeError as error:
            stage.note(error=str(error))


@answers(reply(TRIP), reply(call("inner", "i1", depth=2)), reply(say("Deep.")), reply(say("Ok.")))
async def what_a_nested_run_knows_of_its_call(sdk, stage):
    def inner(ctx, depth: int) -> str:
        stage.note(tool_input=ctx.tool_input)
        return "deep"

    inner.__annotations__["ctx"] = sdk.RunContextWrapper[object]

    async def extract(result):
        told = result.agent_tool_invocation
        stage.note(told=[told.tool_name, told.tool_call_id, told.tool_arguments])
        return "extracted"

    tool = sdk.function_tool(inner)
    options = {"parameters": Trip, "custom_output_extractor": extract}
    result = await ask(sdk, stage, tool, **options)
    stage.note(outer=result.agent_tool_invocation)


@answers(*asked_in_turn(ASK, ASK))
async def a_session_of_an_agent_tool(sdk, stage):
    session = ListSession()
    for _ in range(2):
        await ask(sdk, stage, session=session)
    stage.note(added=session.added)


PAUSED = (
    reply(ASK),
    reply(call("inner", "i1", depth=2)),
    reply(say("Deep.")),
    reply(say("It is deep.")),
)


@answers(*PAUSED)
async def a_session_of_an_agent_tool_over_a_pause(sdk, stage):
    session = ListSession()
    sub = sdk.Agent(name="Sub", tools=[inner_tool(sdk, needs_approval=True)])
    agent = sdk.Agent(name="Outer", tools=[sub.as_tool("ask_sub", "", session=session)])
    state = (await stage.go(agent, "Ask.")).to_state()
    state.approve(state.get_interruptions()[0])
    await stage.go(agent, state)
    stage.note(added=session.added)


@answers(*PAUSED, modes=STREAMED)
async def a_listener_that_waits_for_what_comes_later(sdk, stage):
    reached = asyncio.Event()
    heard = []

    @sdk.function_tool
    async def inner(depth: int) -> str:
        reached.set()
        return f"at {depth}"

    async def listen(payload):
        await reached.wait()
        heard.append(getattr(payload["event"], "name", payload["event"].type))

    await ask(sdk, stage, inner, on_stream=listen, on_stream_max_pending_events=None)
    stage.note(heard=heard)


@answers(
    reply(ASK),
    Delivery(reply(say("So.")), (Before("response.completed", Stall()),)),
    reply(say("Ok.")),
    modes=STREAMED,
)
async def a_listener_that_is_too_slow(sdk, stage):
    left = []

    async def listen(payload):
        try:
            await asyncio.Event().wait()
        finally:
            left.append(payload["event"].type)

    def explain(ctx, error):
        return f"{error}"

    options = {"on_stream_max_pending_events": 2, "failure_error_function": explain}
    await ask(sdk, stage, on_stream=listen, **options)
    stage.note(left=left)


@answers()
async def a_listener_that_makes_no_sense(sdk, stage):
    for wrong in ({"on_stream": 1}, {"on_stream_max_pending_events": 0}):
        try:
            sdk.Agent(name="Sub").as_tool("ask_sub", "", **wrong)
        except sdk.UserError as error:
            stage.note(error=type(error).__name__)
