"""The demo agents: a support desk, written with the runtime's public names like any agent file.

Knows nothing of the script its models follow.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel

from tui.agents import Agent, FunctionTool, Handoff, Model, RunContextWrapper, handoff
from tui.rehearsal.pace import Pace
from tui.rehearsal.roles import Role
from tui.rehearsal.tools import (
    billing_tools,
    order_tools,
    policy_tools,
    refund_tools,
    technical_tools,
)


class Handover(BaseModel):
    """What an agent tells the next one.

    Attributes:
        reason: Why it hands over, in a sentence.
    """

    reason: str


def support_desk(model: Model, pace: Pace) -> Agent:
    """Return Triage, from whom all the others can be reached; every agent carries `model`."""
    policies = _agent(Role.POLICIES, model, "Knows the rules.", tools=policy_tools(pace))
    ask_policies = policies.as_tool(
        tool_name="ask_policies",
        tool_description="Ask the specialist for the shop's rules.",
    )
    refunds = _agent(
        Role.REFUNDS,
        model,
        "Gives money back.",
        tools=[*order_tools(pace), ask_policies, *refund_tools(pace)],
    )
    billing = _agent(
        Role.BILLING,
        model,
        "Explains invoices and payments.",
        tools=[*billing_tools(pace), *order_tools(pace)],
    )
    technical = _agent(Role.TECHNICAL, model, "Mends what is broken.", tools=technical_tools(pace))
    triage = _agent(Role.TRIAGE, model, "Knows who can help.")
    triage.handoffs = [_handover(agent) for agent in (billing, technical, refunds)]
    billing.handoffs = [_handover(refunds), _handover(triage)]
    technical.handoffs = [_handover(triage)]
    refunds.handoffs = [_handover(triage)]
    return triage


def _agent(role: Role, model: Model, description: str, tools: Iterable[FunctionTool] = ()) -> Agent:
    return Agent(
        name=role.value,
        handoff_description=description,
        instructions=role.instructions,
        model=model,
        tools=list(tools),
    )


def _handover(agent: Agent) -> Handoff:
    def tell(context: RunContextWrapper, handover: Handover) -> None:  # noqa: ARG001
        print(f"desk: {agent.name} takes over: {handover.reason}")  # noqa: T201

    return handoff(agent, input_type=Handover, on_handoff=tell)
