"""A run of a real runtime under rules: a desk with a tool that moves money, and what it did."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.fakes.fake_policy import FakePolicy
from tests.host.running import RunningChain
from tests.host.serving import LIBRARIES, desk
from tui.host.live.rulebook import Rulebook
from tui.rehearsal.script import call, reply, say
from tui.wire.rules import Condition, Rule

DONE = reply(say("done"))

both = pytest.mark.parametrize("library", LIBRARIES)
asked_or_not = pytest.mark.parametrize("asks", [False, True])


class Ruled:
    """A run whose agent Refunds has `refund(cents)` and `lookup()`.

    Attributes:
        paid: The cents of each refund that was really made.
        agent: Refunds itself.
        first: The agent that the run begins with: Triage, if Refunds is its tool.
        run: The run.
        policy: The rules that stand written.
    """

    def __init__(
        self, d: Any, policy: FakePolicy, granted: Sequence[Rule], asks: Any, *, is_inner: bool
    ) -> None:
        self.paid: list[int] = []
        self.looked_up = 0
        self.policy = policy
        self.run_library = d.library
        self._d = d

        async def refund(cents: int) -> str:
            """Pay money back."""
            self.paid.append(cents)
            return f"paid {cents}"

        async def lookup() -> str:
            self.looked_up += 1
            return "found"

        tools = [
            d.library.function_tool(needs_approval=asks)(refund),
            d.library.function_tool(lookup),
        ]
        self.agent = d.agent("Refunds", tools=tools)
        outer = [self.agent.as_tool("ask_refunds", "Ask them.")] if is_inner else []
        first = d.agent("Triage", tools=outer) if is_inner else self.agent
        self.first = first
        self.run: RunningChain = d.run(first, book=Rulebook(policy, granted))

    def decide(self, cents: int, **answer: Any) -> None:
        """Decide the refund of so much."""
        self.run.decide(f"c{cents}", arguments=arguments(cents), **answer)

    def read(self, number: int = 1) -> list[str]:
        """Return the outputs of tools that the model was given with its `number`th request."""
        items = self._d.server.bodies[number]["input"]
        return [each["output"] for each in items if each.get("type") == "function_call_output"]


@asynccontextmanager
async def ruled(
    library: str,
    script: Sequence[Any],
    *rules: Rule,
    asks: Any = False,
    granted: Sequence[Rule] = (),
    is_inner: bool = False,
    **policy: Any,
) -> AsyncIterator[Ruled]:
    """Run the script's replies, a last word behind them, under these rules.

    Args:
        library: "tui.agents" or "agents".
        script: What the model says.
        rules: What stands written.
        asks: The refund's `needs_approval`.
        granted: What is granted from the start.
        is_inner: Whether Refunds is a tool of another agent.
        **policy: What else `FakePolicy` takes.
    """
    async with desk(library, [*script, DONE]) as d:
        yield Ruled(d, FakePolicy(*rules, **policy), granted, asks, is_inner=is_inner)


def refunds(*cents: int) -> Any:
    """Return a reply with one refund each; a refund of 5 has the call id "c5"."""
    return reply(*(call("refund", f"c{each}", cents=each) for each in cents))


def arguments(cents: int) -> str:
    """Return the JSON text that the script gives a refund."""
    return json.dumps({"cents": cents}, separators=(",", ":"))


def rule(effect: Any, tool: str = "refund", at_most: int | None = None, **fields: Any) -> Rule:
    """Return a rule for a tool, up to an amount."""
    conditions = () if at_most is None else (Condition(name="cents", test="max", value=at_most),)
    return Rule(effect=effect, tool=tool, arguments=conditions, **fields)


async def let_pass(seconds: float, monkeypatch: Any) -> None:
    """Have the loop's clock jump, and all run that was due in between."""
    loop = asyncio.get_running_loop()
    now = loop.time
    monkeypatch.setattr(loop, "time", lambda: now() + seconds)
    for _ in range(20):
        await asyncio.sleep(0)
