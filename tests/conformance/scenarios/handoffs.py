"""Control passing from agent to agent."""

from __future__ import annotations

from pydantic import BaseModel

from tests.conformance.scenario import Scenarios
from tui.rehearsal.script import Call, call, reply, say

HANDOFFS = Scenarios()
answers = HANDOFFS.answers


class Reason(BaseModel):
    """Why control passes."""

    why: str


def desk(sdk, *tools):
    """Return a triage agent that may hand to B or to Billing Desk."""
    b = sdk.Agent(name="B", instructions="You are B.", handoff_description="Knows B.")
    billing = sdk.Agent(name="Billing Desk")
    return sdk.Agent(name="A", instructions="Triage.", handoffs=[b, billing], tools=list(tools))


def note_tool(sdk):
    @sdk.function_tool
    def note(text: str) -> str:
        """Keep a note."""
        return f"kept {text}"

    return note


@answers(reply(call("transfer_to_b", "h1")), reply(say("B here.")))
async def handoff(sdk, stage):
    await stage.go(desk(sdk), "Give me B.")


@answers(
    reply(say("I'll pass you on."), call("transfer_to_billing_desk", "h1")), reply(say("Yes?"))
)
async def message_and_handoff(sdk, stage):
    await stage.go(desk(sdk), "Billing, please.")


@answers(
    reply(call("transfer_to_b", "h1"), call("transfer_to_billing_desk", "h2")), reply(say("B."))
)
async def two_handoffs_in_a_turn(sdk, stage):
    await stage.go(desk(sdk), "Both!")


@answers(
    reply(call("note", "c1", text="x"), call("transfer_to_b", "h1")),
    reply(say("B here.")),
)
async def tool_and_handoff(sdk, stage):
    await stage.go(desk(sdk, note_tool(sdk)), "Note and pass on.")


@answers(
    reply(call("transfer_to_b", "h1"), call("note", "c1", text="x"), call("transfer_to_b", "h2")),
    reply(say("B here.")),
)
async def tool_between_two_handoffs(sdk, stage):
    await stage.go(desk(sdk, note_tool(sdk)), "Note and pass on.")


@answers(
    reply(call("transfer_to_b", "h1")), reply(call("transfer_to_a", "h2")), reply(say("A again."))
)
async def there_and_back(sdk, stage):
    a = sdk.Agent(name="A")
    b = sdk.Agent(name="B", handoffs=[a])
    a.handoffs.append(b)
    await stage.go(a, "Back and forth.")


@answers(reply(call("escalate", "h1", why="angry")), reply(say("B here.")))
async def handoff_with_input_and_options(sdk, stage):
    heard = []
    b = sdk.Agent(name="B")
    escalation = sdk.handoff(
        b,
        tool_name_override="escalate",
        tool_description_override="Escalate it.",
        input_type=Reason,
        on_handoff=lambda context, reason: heard.append(reason.why),
    )
    await stage.go(sdk.Agent(name="A", handoffs=[escalation]), "Angry!")
    stage.note(heard=heard)


@answers(reply(Call("escalate", '{"why": 7', "h1")))
async def handoff_with_input_that_does_not_fit(sdk, stage):
    b = sdk.Agent(name="B")
    escalation = sdk.handoff(
        b, tool_name_override="escalate", input_type=Reason, on_handoff=lambda context, reason: None
    )
    await stage.go(sdk.Agent(name="A", handoffs=[escalation]), "Angry!")


@answers(reply(call("transfer_to_b", "h1")), reply(say("B here.")))
async def handoff_with_an_input_filter(sdk, stage):
    def forget_the_calls(data):
        return data.clone(pre_handoff_items=(), new_items=())

    b = sdk.Agent(name="B")
    filtered = sdk.handoff(b, input_filter=forget_the_calls)
    await stage.go(sdk.Agent(name="A", handoffs=[filtered]), "Forget.")


@answers(reply(call("transfer_to_b", "h1")), reply(say("B here.")), reply(say("Still B.")))
async def follow_up_with_the_last_agent(sdk, stage):
    first = await stage.go(desk(sdk), "Give me B.")
    more = {"role": "user", "content": "And now?"}
    await stage.go(first.last_agent, [*first.to_input_list(), more])
