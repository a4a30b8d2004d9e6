"""What hooks are told, and in which order."""

from __future__ import annotations

from tests.conformance.scenario import STREAMED, Scenarios
from tests.conformance.scenarios.approvals import PAY, cashier, free_tool, pay_tool
from tests.conformance.scenarios.nested import ASK, inner_tool, outer_agent
from tui.rehearsal.script import call, reply, say

HOOKS = Scenarios()
answers = HOOKS.answers


def listening_hooks(sdk, heard):
    """Return run hooks that write down what they are told, arguments by keyword where given so."""

    class Listening(sdk.RunHooks):
        async def on_agent_start(self, context, agent):
            heard.append(["agent_start", agent.name])

        async def on_agent_end(self, context, agent, output):
            heard.append(["agent_end", agent.name, output])

        async def on_llm_start(self, context, agent, system_prompt, input_items):
            heard.append(["llm_start", agent.name, system_prompt, len(input_items)])

        async def on_llm_end(self, context, agent, response):
            heard.append(["llm_end", agent.name, response.response_id])

        async def on_tool_start(self, context, agent, tool):
            heard.append(["tool_start", agent.name, tool.name, context.tool_call_id])

        async def on_tool_end(self, context, agent, tool, result):
            heard.append(["tool_end", agent.name, tool.name, result])

        async def on_handoff(self, context, from_agent, to_agent):
            heard.append(["handoff", from_agent.name, to_agent.name])

    return Listening()


@answers(reply(say("Hello.")))
async def hooks_of_a_plain_run(sdk, stage):
    heard = []
    await stage.go(sdk.Agent(name="A"), "Hi", hooks=listening_hooks(sdk, heard))
    stage.note(heard=heard)


@answers(reply(call("look", "l1")), reply(call("transfer_to_b", "h1")), reply(say("B here.")))
async def hooks_of_a_tool_and_a_handoff(sdk, stage):
    heard = []
    agent = cashier(sdk, free_tool(sdk), handoffs=[sdk.Agent(name="B")])
    await stage.go(agent, "Look.", hooks=listening_hooks(sdk, heard))
    stage.note(heard=heard)


@answers(reply(PAY), reply(say("Paid.")))
async def hooks_across_an_approval(sdk, stage):
    heard = []
    agent = cashier(sdk, pay_tool(sdk))
    hooks = listening_hooks(sdk, heard)
    state = (await stage.go(agent, "Pay 5.", hooks=hooks)).to_state()
    heard.append(["paused"])
    state.approve(state.get_interruptions()[0])
    await stage.go(agent, state, hooks=hooks)
    stage.note(heard=heard)


@answers(reply(PAY), reply(say("Not paid.")))
async def hooks_across_a_rejection(sdk, stage):
    heard = []
    agent = cashier(sdk, pay_tool(sdk))
    hooks = listening_hooks(sdk, heard)
    state = (await stage.go(agent, "Pay 5.", hooks=hooks)).to_state()
    state.reject(state.get_interruptions()[0])
    await stage.go(agent, state, hooks=hooks)
    stage.note(heard=heard)


@answers(
    reply(ASK), reply(call("inner", "i1", depth=2)), reply(say("Deep.")), reply(say("It is deep."))
)
async def hooks_do_not_hear_a_nested_run(sdk, stage):
    heard = []
    agent = outer_agent(sdk, inner_tool(sdk))
    await stage.go(agent, "Ask.", hooks=listening_hooks(sdk, heard))
    stage.note(heard=heard)


@answers(reply(call("broken", "b1")), reply(say("It broke.")))
async def hooks_of_a_tool_that_fails(sdk, stage):
    @sdk.function_tool
    def broken() -> str:
        raise ValueError("a detail")

    heard = []
    agent = sdk.Agent(name="A", tools=[broken])
    await stage.go(agent, "Go.", hooks=listening_hooks(sdk, heard))
    stage.note(heard=heard)


@answers(reply(call("transfer_to_b", "h1")), reply(say("B here.")))
async def hooks_of_one_agent(sdk, stage):
    heard = []

    class Mine(sdk.AgentHooks):
        async def on_start(self, context, agent):
            heard.append(["start", agent.name])

        async def on_end(self, context, agent, output):
            heard.append(["end", agent.name, output])

        async def on_handoff(self, context, agent, source):
            heard.append(["handoff", agent.name, source.name])

    b = sdk.Agent(name="B", hooks=Mine())
    await stage.go(sdk.Agent(name="A", handoffs=[b], hooks=Mine()), "Give me B.")
    stage.note(heard=heard)


@answers(reply(call("look", "l1")), modes=STREAMED)
async def a_hook_that_fails_after_a_tool_has_run(sdk, stage):
    class Failing(sdk.RunHooks):
        async def on_tool_end(self, context, agent, tool, result):
            raise LookupError("no log")

    agent = sdk.Agent(name="A", tools=[free_tool(sdk)])
    await stage.go(agent, "Look.", hooks=Failing())
