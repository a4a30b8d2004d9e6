"""The form of a rule about tool calls: in a policy file, as a grant, on the wire, in an audit.

Stays out of which calls a rule covers.
"""

from typing import Literal, TypeAlias

import msgspec

Effect: TypeAlias = Literal["allow", "ask", "deny"]
Test: TypeAlias = Literal["is", "like", "prefix", "min", "max"]


class Condition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one argument must be.

    Attributes:
        name: The argument's name; inner ones behind dots, as in `order.lines`.
        test: "is" (the same JSON value), "like" (a glob, the whole text), "prefix" (the first words
            of a command), "min" and "max" (numbers, the bound included).
        value: What it is held against.
    """

    name: str
    test: Test
    value: str | int | float | bool | None


class Rule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What becomes of the calls that it covers.

    Attributes:
        effect: "allow" answers a question in a person's place, "ask" makes a call wait for one,
            "deny" refuses it.
        agent: Glob over the name of the agent that calls.
        tool: Glob over the tool's name.
        arguments: All must hold; none covers any arguments.
        exactly: The whole arguments, as JSON text, if only these are covered.
        run: The first run of the only conversation it is for, "" for all.
        until: UTC seconds from which on it covers nothing; 0 for no end.
        reason: Why, for the person and, with "deny", for the model.
        origin: Where it comes from: "policy.toml:12", or who granted it and when.
        granted: Whether a person made it as an answer to a call: it answers rules that ask, too.
        rule_id: Names a grant, so that it can be revoked; "" for what was written by hand.
    """

    effect: Effect
    agent: str = "*"
    tool: str = "*"
    arguments: tuple[Condition, ...] = ()
    exactly: str | None = None
    run: str = ""
    until: float = 0.0
    reason: str = ""
    origin: str = ""
    granted: bool = False
    rule_id: str = ""
