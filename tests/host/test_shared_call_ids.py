"""Agents inside calls whose services count from the same id: a decision reaches its own call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.fakes.fake_policy import FakePolicy
from tests.host.ruled import arguments, rule
from tests.host.serving import LIBRARIES, desk
from tests.host.told import only
from tui.host.live.requests import SHARED_ID
from tui.host.live.rulebook import Rulebook
from tui.rehearsal.script import call, reply, say
from tui.wire.events import ApprovalRequested, ConsoleOutput, RunCompleted
from tui.wire.rules import Rule

both = pytest.mark.parametrize("library", LIBRARIES)

ASK_A, ASK_B = call("ask_A", "a1", input="x"), call("ask_B", "b1", input="y")


@pytest.fixture(autouse=True)
def _no_traces(monkeypatch):
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")


class Nest:
    """A run of Outer, whose tools are `pay`, `wipe`, and the agents A and B, which have these too.

    Attributes:
        did: What the tools really did.
        read: The outputs of tools that models were given, each once.
        run: The run.
    """

    def __init__(self, d: Any, rules: Sequence[Rule], read: list[str], *, asks: bool) -> None:
        self.did: list[str] = []
        self.read = read

        async def pay(cents: int) -> str:
            self.did.append(f"pay {cents}")
            return "paid"

        async def wipe(cents: int) -> str:
            self.did.append(f"wipe {cents}")
            return "wiped"

        tool = d.library.function_tool
        tools = [tool(needs_approval=asks)(pay), tool(wipe)]
        inner = [d.agent(name, instructions=name, tools=tools) for name in ("A", "B")]
        inside = [agent.as_tool(f"ask_{agent.name}", "Ask.") for agent in inner]
        outer = d.agent("Outer", instructions="Outer", tools=[*tools, *inside])
        self.run = d.run(outer, book=Rulebook(FakePolicy(*rules)))

    async def approve(self, cents: int) -> None:
        """Approve the newest request, for so much, once no more are told at once."""
        await self.run.until(ApprovalRequested)
        await asyncio.sleep(0.05)
        self.run.decide("c1", approve=True, arguments=arguments(cents))


@asynccontextmanager
async def nest(
    library: str, says: Mapping[str, Sequence[Any]], *rules: Rule, asks: bool = False
) -> AsyncIterator[Nest]:
    """Run agents that say these replies, by agent, each in its order, and "done" behind them."""
    read: list[str] = []
    replies = {name: iter(each) for name, each in says.items()}

    def answer(request: Any) -> Any:
        newest = request.body["input"][-1]
        if newest.get("type") == "function_call_output":
            read.append(newest["output"])
        return next(replies[request.body["instructions"]], reply(say("done")))

    async with desk(library, answer) as d:
        yield Nest(d, rules, read, asks=asks)


def c1(tool: str, cents: int) -> Any:
    """Return a reply with one call, whose id is always the same."""
    return reply(call(tool, "c1", cents=cents))


@both
async def test_an_approval_is_used_up_by_its_call_and_covers_no_later_one_of_its_id(library):
    says = {"Outer": [c1("pay", 5), reply(ASK_A)], "A": [c1("wipe", 5)]}
    async with nest(library, says, rule("ask", "pay"), rule("ask", "wipe")) as n:
        await n.approve(5)
        request = await n.run.until(ApprovalRequested, 2)
        assert (request.tool, n.did) == ("wipe", ["pay 5"])
        n.run.decide("c1", approve=False, arguments=arguments(5))
        events = await n.run.ended()

    assert isinstance(events[-1], RunCompleted)
    assert n.did == ["pay 5"]


@both
@pytest.mark.parametrize("cents", [5, 900])
async def test_a_call_at_the_gate_is_refused_while_another_of_its_id_waits(library, cents):
    says = {"Outer": [reply(ASK_A, ASK_B)], "A": [c1("pay", 5)], "B": [c1("pay", cents)]}
    async with nest(library, says, rule("ask", "pay")) as n:
        await n.approve(5)
        events = await n.run.ended()

    assert isinstance(events[-1], RunCompleted)
    assert n.did == ["pay 5"]
    assert [e.arguments for e in only(events, ApprovalRequested)] == [arguments(5)]
    assert sorted(n.read[:2]) == sorted(["paid", SHARED_ID])
    assert any("c1" in e.text for e in only(events, ConsoleOutput) if e.stream == "notice")


@both
async def test_two_runs_of_one_agent_are_told_apart_at_the_gate(library):
    twice = reply(ASK_A, call("ask_A", "a2", input="y"))
    says = {"Outer": [twice], "A": [c1("pay", 5), c1("pay", 5)]}
    async with nest(library, says, rule("ask", "pay")) as n:
        await n.approve(5)
        events = await n.run.ended()

    assert isinstance(events[-1], RunCompleted)
    assert n.did == ["pay 5"]


async def test_a_call_is_refused_at_the_gate_while_a_program_asks_about_one_of_its_id():
    # The SDK tells that a program asks only when nothing else runs.
    says = {"Outer": [reply(ASK_A, ASK_B)], "A": [c1("pay", 5)], "B": [c1("wipe", 5)]}
    async with nest("tui.agents", says, rule("ask", "wipe"), asks=True) as n:
        request = await n.run.until(ApprovalRequested)
        assert request.tool == "pay"
        await asyncio.sleep(0.2)
        assert n.read == [SHARED_ID]
        n.run.decide("c1", approve=True, arguments=arguments(5))
        events = await n.run.ended()

    assert isinstance(events[-1], RunCompleted)
    assert n.did == ["pay 5"]


@both
@pytest.mark.parametrize("cents", [5, 900])
async def test_calls_of_one_id_that_programs_ask_about_at_once_are_not_carried_out(library, cents):
    says = {"Outer": [reply(ASK_A, ASK_B)], "A": [c1("pay", 5)], "B": [c1("pay", cents)]}
    async with nest(library, says, asks=True) as n:
        events = await n.run.ended()

    assert isinstance(events[-1], RunCompleted)
    assert n.did == []
    assert n.read[:2] == [SHARED_ID, SHARED_ID]
    assert any("c1" in e.text for e in only(events, ConsoleOutput) if e.stream == "notice")


@both
async def test_a_denied_call_inside_a_call_of_its_own_id_does_not_run(library):
    outer = reply(call("ask_A", "c1", input="x"))
    says = {"Outer": [outer], "A": [c1("wipe", 5), c1("pay", 6)]}
    async with nest(library, says, rule("deny", "wipe"), rule("ask", "pay")) as n:
        events = await n.run.ended()

    assert isinstance(events[-1], RunCompleted)
    assert n.did == []
