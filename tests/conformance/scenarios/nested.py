"""Agents used as tools."""

from __future__ import annotations

import asyncio

from tests.conformance.scenario import Scenarios
from tests.fakes.delivery import http_error
from tui.rehearsal.script import call, reply, say

NESTED = Scenarios()
answers = NESTED.answers

ASK = call("ask_sub", "outer", input="What is it?")


def outer_agent(sdk, *tools):
    """Return an agent whose tool `ask_sub` is the agent Sub with the given tools."""
    sub = sdk.Agent(name="Sub", instructions="Answer.", tools=list(tools))
    ask = sub.as_tool(tool_name="ask_sub", tool_description="Ask the specialist.")
    return sdk.Agent(name="Outer", instructions="Delegate.", tools=[ask])


def inner_tool(sdk, **options):
    @sdk.function_tool(**options)
    def inner(depth: int) -> str:
        """Go deep."""
        return f"at {depth}"

    return inner


@answers(reply(ASK), reply(say("Forty-two.")), reply(say("Sub says forty-two.")))
async def agent_as_tool(sdk, stage):
    await stage.go(outer_agent(sdk), "Ask.")


@answers(
    reply(ASK), reply(call("inner", "i1", depth=2)), reply(say("Deep.")), reply(say("It is deep."))
)
async def agent_as_tool_with_a_tool(sdk, stage):
    await stage.go(outer_agent(sdk, inner_tool(sdk)), "Ask.")


@answers(reply(ASK), http_error(400, "Bad model."), reply(say("Sub failed.")))
async def agent_as_tool_whose_model_fails(sdk, stage):
    await stage.go(outer_agent(sdk), "Ask.")


@answers(reply(ASK), reply(call("endless", "e1")), reply(say("Sub took too long.")))
async def agent_as_tool_whose_tool_runs_out_of_time(sdk, stage):
    @sdk.function_tool(timeout=0.01, timeout_behavior="raise_exception")
    async def endless() -> str:
        await asyncio.Event().wait()

    await stage.go(outer_agent(sdk, endless), "Ask.")


@answers(
    reply(ASK), reply(call("inner", "i1", depth=2)), reply(say("Deep.")), reply(say("It is deep."))
)
async def nested_approval_granted(sdk, stage):
    agent = outer_agent(sdk, inner_tool(sdk, needs_approval=True))
    state = (await stage.go(agent, "Ask.")).to_state()
    state.approve(state.get_interruptions()[0])
    await stage.go(agent, state)


@answers(
    reply(ASK),
    reply(call("inner", "i1", depth=2)),
    http_error(400, "Bad model."),
    reply(say("Sub failed.")),
)
async def nested_approval_granted_to_a_run_that_then_fails(sdk, stage):
    agent = outer_agent(sdk, inner_tool(sdk, needs_approval=True))
    state = (await stage.go(agent, "Ask.")).to_state()
    state.approve(state.get_interruptions()[0])
    await stage.go(agent, state)


@answers(
    reply(ASK), reply(call("inner", "i1", depth=2)), reply(say("No.")), reply(say("Sub refused."))
)
async def nested_approval_refused(sdk, stage):
    agent = outer_agent(sdk, inner_tool(sdk, needs_approval=True))
    state = (await stage.go(agent, "Ask.")).to_state()
    state.reject(state.get_interruptions()[0], rejection_message="Not so deep.")
    await stage.go(agent, state)


@answers(reply(ASK), reply(say("Fine.")), reply(say("Sub says fine.")))
async def agent_as_tool_that_needs_approval(sdk, stage):
    sub = sdk.Agent(name="Sub")
    ask = sub.as_tool(tool_name="ask_sub", tool_description="Ask.", needs_approval=True)
    agent = sdk.Agent(name="Outer", tools=[ask])
    state = (await stage.go(agent, "Ask.")).to_state()
    state.approve(state.get_interruptions()[0])
    await stage.go(agent, state)


@answers(
    reply(ASK),
    reply(call("inner", "i1", depth=2)),
    reply(say("Deep.")),
    reply(say("It is deep.")),
    modes=("streamed",),
)
async def agent_as_tool_with_on_stream(sdk, stage):
    heard = []

    def listen(payload):
        event = payload["event"]
        name = getattr(event, "name", event.type)
        heard.append([payload["agent"].name, payload["tool_call"].call_id, name])

    sub = sdk.Agent(name="Sub", tools=[inner_tool(sdk)])
    ask = sub.as_tool(tool_name="ask_sub", tool_description="Ask.", on_stream=listen)
    await stage.go(sdk.Agent(name="Outer", tools=[ask]), "Ask.")
    stage.note(heard=heard)
