"""Agents used as tools at the same time. Each answers by what it was asked, in whatever order."""

from __future__ import annotations

from tests.conformance.scenario import Scenarios
from tests.fakes.delivery import Delivery
from tests.fakes.http1 import ReceivedRequest
from tui.rehearsal.script import Reply, call, reply, say

PARALLEL_AGENTS = Scenarios()
answered_by = PARALLEL_AGENTS.answered_by


def two_questions(request: ReceivedRequest) -> Delivery:
    """Let Outer ask Sub twice in one turn; Sub calls its tool for each and reports."""
    items = request.body.get("input") or request.body["messages"]
    question = next(item["content"] for item in items if item.get("role") == "user")
    has_output = items[-1].get("role") != "user"
    return Delivery(_answer(question, has_output), response_id=f"resp_{question}_{has_output}")


def _answer(question: str, has_output: bool) -> Reply:
    if question == "ask both":
        asking = [call("ask_sub", f"outer_{side}", input=side) for side in ("left", "right")]
        return reply(say("Both know.")) if has_output else reply(*asking)
    if has_output:
        return reply(say(f"The {question} is deep."))
    return reply(call("inner", f"inner_{question}", side=question))


def outer_agent(sdk, **options):
    @sdk.function_tool(**options)
    def inner(side: str) -> str:
        """Look at a side."""
        return f"seen {side}"

    sub = sdk.Agent(name="Sub", tools=[inner])
    ask = sub.as_tool(tool_name="ask_sub", tool_description="Ask the specialist.")
    return sdk.Agent(name="Outer", instructions="Delegate.", tools=[ask])


@answered_by(two_questions)
async def two_nested_runs_at_once(sdk, stage):
    await stage.go(outer_agent(sdk), "ask both")


@answered_by(two_questions)
async def two_nested_approvals_at_once(sdk, stage):
    agent = outer_agent(sdk, needs_approval=True)
    state = (await stage.go(agent, "ask both")).to_state()
    left, right = state.get_interruptions()
    state.approve(left)
    state.reject(right, rejection_message="Not that side.")
    await stage.go(agent, state)


# Resumed with one of two nested calls undecided, the SDK lists the other's request among the
# outer run's items, which it does neither at first nor anywhere else. Ours never does.
UNLISTED = ("new_items",)


@answered_by(two_questions)
async def two_nested_approvals_one_after_the_other(sdk, stage):
    agent = outer_agent(sdk, needs_approval=True)
    state = (await stage.go(agent, "ask both")).to_state()
    state.approve(state.get_interruptions()[1])
    result = stage.begin(agent, state)
    state = (await stage.end_of(result, without=UNLISTED)).to_state()
    stage.note(left=[item.call_id for item in state.get_interruptions()])
    for item in state.get_interruptions():
        state.approve(item)
    await stage.end_of(stage.begin(agent, state), without=UNLISTED)


@answered_by(two_questions)
async def always_approved_inside_a_nested_run(sdk, stage):
    agent = outer_agent(sdk, needs_approval=True)
    state = (await stage.go(agent, "ask both")).to_state()
    state.approve(state.get_interruptions()[0], always_approve=True)
    await stage.end_of(stage.begin(agent, state), without=UNLISTED)


@answered_by(two_questions)
async def two_nested_approvals_after_a_round_trip_through_json(sdk, stage):
    agent = outer_agent(sdk, needs_approval=True)
    text = (await stage.go(agent, "ask both")).to_state().to_string()
    state = await sdk.RunState.from_string(agent, text)
    for item in state.get_interruptions():
        state.approve(item)
    await stage.go(agent, state)
