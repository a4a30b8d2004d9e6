"""Who works at the demo desk: names and instructions, by which the service knows who is asking."""

from __future__ import annotations

from enum import Enum

SHOP = "Fernhill Goods"


class Role(Enum):
    """An agent of the desk; the value is its name."""

    TRIAGE = "Triage"
    BILLING = "Billing"
    TECHNICAL = "Technical"
    REFUNDS = "Refunds"
    POLICIES = "Policies"

    @property
    def instructions(self) -> str:
        """What the agent is told to be."""
        return f"You are {self.value} at the support desk of {SHOP}. {_DUTIES[self]}"


_DUTIES = {
    Role.TRIAGE: (
        "Greet the customer, find out what it is about, and hand over to the right specialist: "
        "Billing, Technical or Refunds. Answer small talk yourself."
    ),
    Role.BILLING: (
        "Explain invoices and payments. If money has to go back, hand over to Refunds. "
        "Hand everything else back to Triage."
    ),
    Role.TECHNICAL: (
        "Find out what does not work and how to mend it. Look before you guess: use your tools in "
        "parallel. Hand everything else back to Triage."
    ),
    Role.REFUNDS: (
        "Give money back where the rules allow it. Check the order and the payment and ask "
        "Policies first. A colleague approves every refund; if one is rejected, tell the customer "
        "why. Hand everything else back to Triage."
    ),
    Role.POLICIES: "Answer questions about the shop's rules in one or two sentences.",
}


def role_of(instructions: object) -> Role | None:
    """Return the agent that has these instructions."""
    return next((role for role in Role if role.instructions == instructions), None)
